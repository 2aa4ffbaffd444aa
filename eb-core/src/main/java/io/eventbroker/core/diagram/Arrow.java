package io.eventbroker.core.diagram;

import java.util.List;

/**
 * A way between two boxes.
 *
 * @param from the id of a box
 * @param to the id of a box
 * @param style how it is drawn
 * @param lines what is written beside it; not escaped
 */
record Arrow(String from, String to, Style style, List<String> lines) {
    /** How an arrow is drawn. */
    enum Style {
        CONNECTS,
        BOTH_WAYS,
        REPLICATES,
        /** Not at all: it only puts one box below the other. */
        ABOVE
    }

    Arrow {
        lines = List.copyOf(lines);
    }

    static Arrow of(String from, String to, Style style, String... lines) {
        return new Arrow(from, to, style, List.of(lines));
    }
}
