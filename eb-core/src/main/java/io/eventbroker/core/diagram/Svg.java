package io.eventbroker.core.diagram;

import io.eventbroker.core.EventBrokerException;

/** Has a picture laid out and drawn. The only class that asks for PlantUML, which is an optional dependency. */
final class Svg {
    private Svg() {}

    static String write(Picture picture) {
        try {
            return PlantUml.svg(PlantUmlText.write(picture));
        } catch (NoClassDefFoundError e) {
            throw new EventBrokerException(
                    "SVG needs PlantUML for its layout: add net.sourceforge.plantuml:plantuml-mit to the class path, or use"
                            + " toMermaid()",
                    e);
        }
    }
}
