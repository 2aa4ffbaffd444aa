package io.eventbroker.backup;

import io.eventbroker.core.TopicName;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** Chooses topics by name. */
public final class TopicPattern {
    private final String text;
    private final Pattern pattern;

    private TopicPattern(String text, Pattern pattern) {
        this.text = text;
        this.pattern = pattern;
    }

    /** {@code *} stands for any number of characters, {@code ?} for one: {@code orders.*}. */
    public static TopicPattern glob(String glob) {
        StringBuilder regex = new StringBuilder();
        for (int i = 0; i < glob.length(); i++) {
            char c = glob.charAt(i);
            regex.append(c == '*' ? ".*" : c == '?' ? "." : Pattern.quote(String.valueOf(c)));
        }
        return new TopicPattern(glob, Pattern.compile(regex.toString()));
    }

    /**
     * A Java regular expression that the whole name must match.
     *
     * @throws IllegalArgumentException if it is not one
     */
    public static TopicPattern regex(String regex) {
        try {
            return new TopicPattern("/" + regex + "/", Pattern.compile(regex));
        } catch (PatternSyntaxException e) {
            throw new IllegalArgumentException("'" + regex + "' is not a regular expression: " + e.getMessage(), e);
        }
    }

    /** Whether this topic is chosen. */
    public boolean matches(TopicName topic) {
        return pattern.matcher(topic.value()).matches();
    }

    @Override
    public String toString() {
        return text;
    }
}
