package io.eventbroker.core.diagram;

import io.eventbroker.core.EventBrokerException;
import io.eventbroker.core.topology.MultiRegion;
import io.eventbroker.core.topology.Topology;
import java.util.Collection;

/**
 * A picture of a platform.
 *
 * <pre>{@code
 * Files.writeString(Path.of("kafka-prod.svg"), Diagram.of(topology).toSvg());
 * }</pre>
 */
public final class Diagram {
    private final Picture picture;

    private Diagram(Picture picture) {
        this.picture = picture;
    }

    /**
     * One cluster: its clients at the top, then what they pass, then the services, then the brokers in their zones.
     * Listeners are boxes of their own, with port, protocol and authentication, and arrows end at them.
     */
    public static Diagram of(Topology topology) {
        return new Diagram(new TopologyPicture(topology).draw());
    }

    /**
     * Several clusters, each in its region with its brokers in their zones, and what is copied between them.
     *
     * @param topologies those of the regions' clusters; a cluster without one is drawn by its name alone
     */
    public static Diagram of(MultiRegion regions, Collection<Topology> topologies) {
        return new Diagram(new RegionsPicture(regions, topologies).draw());
    }

    /** As a Mermaid flow chart, which GitHub and many wikis show. Ends with a line break. */
    public String toMermaid() {
        return Mermaid.write(picture);
    }

    /**
     * As an SVG document, laid out by PlantUML.
     *
     * @throws EventBrokerException if {@code net.sourceforge.plantuml:plantuml-mit} is not on the class path, or the
     *     machine has no fonts to measure text with
     */
    public String toSvg() {
        return Svg.write(picture);
    }
}
