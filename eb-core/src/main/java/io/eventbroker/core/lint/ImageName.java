package io.eventbroker.core.lint;

import io.eventbroker.core.topology.Version;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The name of a container image, taken apart.
 *
 * @param repository with its registry, if it has one
 */
record ImageName(String text, String repository, Optional<String> tag, Optional<String> digest) {
    private static final Pattern VERSION = Pattern.compile("v?(\\d{1,4})\\.(\\d{1,4})(?:\\.(\\d{1,4}))?(?!\\d)");
    private static final Pattern KAFKA_VERSION =
            Pattern.compile("-kafka-(\\d{1,4})\\.(\\d{1,4})(?:\\.(\\d{1,4}))?(?!\\d)");

    /** Empty for what is filled in later, such as {@code {{ .Values.image }}}. */
    static Optional<ImageName> parse(String text) {
        if (text.isBlank() || text.indexOf('{') >= 0 || text.indexOf('$') >= 0) {
            return Optional.empty();
        }
        int at = text.indexOf('@');
        Optional<String> digest = at < 0 ? Optional.empty() : Optional.of(text.substring(at + 1));
        String name = at < 0 ? text : text.substring(0, at);
        int colon = name.lastIndexOf(':');
        boolean tagged = colon > name.lastIndexOf('/');
        return Optional.of(new ImageName(
                text,
                tagged ? name.substring(0, colon) : name,
                tagged ? Optional.of(name.substring(colon + 1)) : Optional.empty(),
                digest));
    }

    /** The last part of the repository, such as {@code cp-server}. */
    String name() {
        return repository.substring(repository.lastIndexOf('/') + 1);
    }

    boolean isConfluents() {
        return name().startsWith("cp-");
    }

    /** The version that the tag says; for Strimzi's images that of Kafka. */
    Optional<Version> version() {
        return tag.flatMap(ImageName::version);
    }

    private static Optional<Version> version(String tag) {
        Matcher kafka = KAFKA_VERSION.matcher(tag);
        Matcher leading = VERSION.matcher(tag);
        Matcher found = kafka.find() ? kafka : leading;
        return found == kafka || leading.lookingAt()
                ? Optional.of(new Version(
                        Integer.parseInt(found.group(1)),
                        Integer.parseInt(found.group(2)),
                        found.group(3) == null ? 0 : Integer.parseInt(found.group(3))))
                : Optional.empty();
    }

    /** What release of the platform it holds, if it is an image of Kafka or of what belongs to it. */
    Optional<Release> release() {
        return version().map(version -> new Release(isConfluents(), version));
    }
}
