package io.eventbroker.core.topology;

import io.eventbroker.core.kind.Description;
import io.eventbroker.core.kind.Examples;
import io.eventbroker.core.kind.TextPattern;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A release such as {@code 7.9.2} or {@code 4.3}; without a patch number, patch 0. */
@Description("A release, such as 4.3 or 7.9.2; quote the short form: '4.3'")
@TextPattern("(0|[1-9][0-9]{0,5})\\.(0|[1-9][0-9]{0,5})(\\.(0|[1-9][0-9]{0,5}))?")
@Examples({"3.9.1", "4.1.0", "7.9.2", "8.1.0"})
public record Version(int major, int minor, int patch) implements Comparable<Version> {
    private static final Pattern TEXT =
            Pattern.compile("(0|[1-9][0-9]{0,5})\\.(0|[1-9][0-9]{0,5})(?:\\.(0|[1-9][0-9]{0,5}))?");

    public Version {
        if (major < 0 || minor < 0 || patch < 0) {
            throw new IllegalArgumentException("a version has no negative parts");
        }
    }

    public static Version of(int major, int minor) {
        return new Version(major, minor, 0);
    }

    /**
     * Reads {@code 7.9.2} or {@code 7.9}.
     *
     * @throws IllegalArgumentException if the text is not like that
     */
    public static Version parse(String text) {
        Matcher matcher = TEXT.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("'" + text + "' is not a version; write it like 7.9.2");
        }
        String patch = matcher.group(3);
        return new Version(
                Integer.parseInt(matcher.group(1)),
                Integer.parseInt(matcher.group(2)),
                patch == null ? 0 : Integer.parseInt(patch));
    }

    public boolean isBefore(Version other) {
        return compareTo(other) < 0;
    }

    @Override
    public int compareTo(Version other) {
        int byMajor = Integer.compare(major, other.major);
        int byMinor = Integer.compare(minor, other.minor);
        return byMajor != 0 ? byMajor : byMinor != 0 ? byMinor : Integer.compare(patch, other.patch);
    }

    @Override
    public String toString() {
        return major + "." + minor + "." + patch;
    }
}
