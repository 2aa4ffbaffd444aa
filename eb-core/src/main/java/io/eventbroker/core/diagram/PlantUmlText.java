package io.eventbroker.core.diagram;

import java.util.List;
import java.util.stream.Collectors;

/**
 * Writes a picture in PlantUML's language. Every character of a name but letters, digits and a few harmless signs is
 * written by its number, as in HTML, so that no name can be taken for a directive, a tag or a link.
 */
final class PlantUmlText {
    private static final String SAFE = " .,:";

    private PlantUmlText() {}

    static String write(Picture picture) {
        StringBuilder text = new StringBuilder("""
                @startuml
                !pragma layout smetana
                skinparam shadowing false
                skinparam defaultTextAlignment center
                skinparam defaultFontName sans-serif
                skinparam rectangle {
                  BorderColor #555555
                  FontColor #111111
                }
                """);
        picture.boxes().forEach(box -> box(box, "", text));
        picture.arrows().forEach(arrow -> arrow(arrow, text));
        return text.append("@enduml\n").toString();
    }

    private static void box(Box box, String indent, StringBuilder text) {
        text.append(indent)
                .append("rectangle \"")
                .append(label(box.lines()))
                .append("\" as ")
                .append(box.id())
                .append(' ')
                .append(box.look().fill());
        if (box.inside().isEmpty()) {
            text.append('\n');
            return;
        }
        text.append(" {\n");
        box.inside().forEach(inner -> box(inner, indent + "  ", text));
        text.append(indent).append("}\n");
    }

    private static void arrow(Arrow arrow, StringBuilder text) {
        String line = switch (arrow.style()) {
            case CONNECTS -> "-->";
            case BOTH_WAYS -> "<->";
            case REPLICATES -> "=[#B85450,bold]=>";
            case ABOVE -> "-[hidden]->";
        };
        text.append(arrow.from()).append(' ').append(line).append(' ').append(arrow.to());
        if (!arrow.lines().isEmpty()) {
            text.append(" : ").append(label(arrow.lines()));
        }
        text.append('\n');
    }

    private static String label(List<String> lines) {
        return lines.stream().map(line -> Entities.escape(line, SAFE, "&#")).collect(Collectors.joining("\\n"));
    }
}
