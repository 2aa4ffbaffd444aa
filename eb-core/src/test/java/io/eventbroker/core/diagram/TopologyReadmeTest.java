package io.eventbroker.core.diagram;

import static org.assertj.core.api.Assertions.assertThat;

import io.eventbroker.core.law.Readme;
import io.eventbroker.core.spec.Platform;
import io.eventbroker.core.spec.Specs;
import io.eventbroker.core.topology.MultiRegion;
import io.eventbroker.core.topology.MultiRegions;
import io.eventbroker.core.topology.Topologies;
import io.eventbroker.core.topology.Topology;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the README shows of regions and pictures is what happens. */
class TopologyReadmeTest {
    private final Readme readme = Readme.of(TopologyReadmeTest.class);

    @Test
    void showsWhatWorks() throws IOException {
        // Given
        List<String> blocks = readme.blocks();
        String sample = Files.readString(Path.of("src/test/resources/topology/production.yaml"));
        String topologies = sample.substring(0, sample.lastIndexOf("---\n"));
        Platform platform = Specs.standard().parse("readme.yaml", topologies + "---\n" + blocks.get(0));

        // When
        Topology prod = platform.topology("kafka-prod");
        MultiRegion regions = platform.one(MultiRegions.KIND, "event-platform");
        String mermaid = Diagram.of(prod).toMermaid(); // for a README or a wiki
        String svg = Diagram.of(regions, platform.all(Topologies.KIND)).toSvg();

        // Then
        assertThat(mermaid).contains("kafka-prod-11");
        assertThat(svg).contains("MirrorMaker").contains("kafka-standby-8");
        readme.assertShowsCode(blocks.get(1));
    }
}
