package io.eventbroker.core.diagram;

import java.util.List;

/**
 * Something in a picture, maybe with others inside.
 *
 * @param id letters and digits, unique in its picture; never a name that a person chose
 * @param look how it is drawn
 * @param lines what is written in it; not escaped
 * @param inside what it holds, in order
 */
record Box(String id, Look look, List<String> lines, List<Box> inside) {
    /** How a box is drawn. */
    enum Look {
        CLIENT("#FFFFFF"),
        GATEWAY("#FFF3D6"),
        CLUSTER("#F7F9FB"),
        SERVICE("#DDEBFA"),
        QUORUM("#EDE3F7"),
        BROKERS("#FFFFFF"),
        LISTENER("#E3F4E1"),
        ZONE("#F1F1F1"),
        BROKER("#D5E8D4");

        private final String fill;

        Look(String fill) {
            this.fill = fill;
        }

        String fill() {
            return fill;
        }
    }

    Box {
        lines = List.copyOf(lines);
        inside = List.copyOf(inside);
    }

    static Box of(String id, Look look, String... lines) {
        return new Box(id, look, List.of(lines), List.of());
    }

    Box holding(List<Box> boxes) {
        return new Box(id, look, lines, boxes);
    }
}
