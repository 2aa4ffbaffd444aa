package io.eventbroker.core.diagram;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * Writes a picture as a Mermaid flow chart. Every character of a name that could mean something to Mermaid, Markdown or
 * HTML is written as an entity ({@code #34;}), as
 * <a href="https://mermaid.js.org/syntax/flowchart.html#entity-codes-to-escape-characters">its documentation</a> says.
 */
final class Mermaid {
    private static final String SAFE = " .,:-_/×…()";

    private Mermaid() {}

    static String write(Picture picture) {
        StringBuilder text = new StringBuilder("flowchart TB\n");
        picture.boxes().forEach(box -> box(box, "  ", text));
        picture.arrows().forEach(arrow -> arrow(arrow, text));
        for (Box.Look look : Box.Look.values()) {
            text.append("  classDef ")
                    .append(styleClass(look))
                    .append(" fill:")
                    .append(look.fill())
                    .append(",stroke:#555555,color:#111111\n");
        }
        return text.toString();
    }

    private static void box(Box box, String indent, StringBuilder text) {
        String look = styleClass(box.look());
        if (box.inside().isEmpty()) {
            text.append(indent)
                    .append(box.id())
                    .append("[\"")
                    .append(label(box.lines()))
                    .append("\"]:::")
                    .append(look)
                    .append('\n');
            return;
        }
        text.append(indent)
                .append("subgraph ")
                .append(box.id())
                .append(" [\"")
                .append(label(box.lines()))
                .append("\"]\n");
        box.inside().forEach(inner -> box(inner, indent + "  ", text));
        text.append(indent).append("end\n");
        text.append(indent)
                .append("class ")
                .append(box.id())
                .append(' ')
                .append(look)
                .append('\n');
    }

    /** Mermaid has classes of its own, such as "cluster", which must not be met. */
    private static String styleClass(Box.Look look) {
        return "look" + look.name().toLowerCase(Locale.ROOT);
    }

    private static void arrow(Arrow arrow, StringBuilder text) {
        String line = switch (arrow.style()) {
            case CONNECTS -> "-->";
            case BOTH_WAYS -> "<-->";
            case REPLICATES -> "==>";
            case ABOVE -> "~~~";
        };
        text.append("  ").append(arrow.from()).append(' ').append(line);
        if (!arrow.lines().isEmpty()) {
            text.append("|\"").append(label(arrow.lines())).append("\"|");
        }
        text.append(' ').append(arrow.to()).append('\n');
    }

    private static String label(List<String> lines) {
        return lines.stream().map(line -> Entities.escape(line, SAFE, "#")).collect(Collectors.joining("<br/>"));
    }
}
