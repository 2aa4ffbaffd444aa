package io.eventbroker.core.diagram;

import io.eventbroker.core.EventBrokerException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import net.sourceforge.plantuml.FileFormat;
import net.sourceforge.plantuml.FileFormatOption;
import net.sourceforge.plantuml.SourceStringReader;
import net.sourceforge.plantuml.core.DiagramDescription;

/** Calls PlantUML, with its own layout in Java, so that no Graphviz is needed. */
final class PlantUml {
    private PlantUml() {}

    static String svg(String text) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            // without metadata: the text would be kept in the picture a second time
            DiagramDescription drawn =
                    new SourceStringReader(text).outputImage(out, new FileFormatOption(FileFormat.SVG, false));
            if (drawn == null || drawn.getDescription().contains("Error")) {
                throw new EventBrokerException("PlantUML refused a picture: " + (drawn == null ? "" : drawn));
            }
        } catch (IOException e) {
            throw new EventBrokerException("cannot draw the picture: " + e.getMessage(), e);
        }
        return out.toString(StandardCharsets.UTF_8);
    }
}
