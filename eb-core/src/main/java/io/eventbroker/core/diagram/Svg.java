package io.eventbroker.core.diagram;

import io.eventbroker.core.EventBrokerException;

/** Has a picture laid out and drawn. The only class that asks for PlantUML, which is an optional dependency. */
final class Svg {
    private Svg() {}

    static String write(Picture picture) {
        try {
            return PlantUml.svg(PlantUmlText.write(picture));
        } catch (LinkageError | InternalError e) {
            boolean absent = e instanceof NoClassDefFoundError
                    && e.getMessage() != null
                    && e.getMessage().contains("plantuml");
            throw new EventBrokerException(
                    (absent
                                    ? "SVG needs PlantUML for its layout: add net.sourceforge.plantuml:plantuml-mit to the"
                                            + " class path"
                                    : "SVG needs fonts to measure text with, and this machine has none that Java finds:"
                                            + " install fontconfig and a font")
                            + ", or use toMermaid()",
                    e);
        }
    }
}
