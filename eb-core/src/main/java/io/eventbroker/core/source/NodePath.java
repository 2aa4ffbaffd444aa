package io.eventbroker.core.source;

import org.jspecify.annotations.Nullable;

/** Where in a document: {@code spec.topics[3].configs[retention.ms]}. Rendered only when there is a problem to report. */
public record NodePath(@Nullable NodePath parent, String segment, boolean bracketed) {
    public static NodePath of(String segment) {
        return new NodePath(null, segment, false);
    }

    /** A key that holds a dot would read as two, so it stands in brackets. */
    public NodePath key(String key) {
        return new NodePath(this, key, key.indexOf('.') >= 0 || key.indexOf('[') >= 0);
    }

    public NodePath index(int index) {
        return new NodePath(this, Integer.toString(index), true);
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        append(text);
        return text.toString();
    }

    private void append(StringBuilder text) {
        if (parent != null) {
            parent.append(text);
        }
        if (bracketed) {
            text.append('[').append(segment).append(']');
        } else {
            text.append(text.length() == 0 ? "" : ".").append(segment);
        }
    }
}
