package io.eventbroker.core.diagram;

import static org.assertj.core.api.Assertions.assertThat;

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
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What the README shows of regions and pictures is what happens. */
class TopologyReadmeTest {
    private static final Pattern CHECKED =
            Pattern.compile("<!-- checked by TopologyReadmeTest -->\n```(?:yaml|java)\n(.*?)```\n", Pattern.DOTALL);

    @Test
    void showsWhatWorks() throws IOException {
        // Given
        List<String> blocks = CHECKED.matcher(Files.readString(Path.of("README.md")))
                .results()
                .map((MatchResult block) -> block.group(1))
                .toList();
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
        String here = squeezed(
                Files.readString(Path.of("src/test/java/io/eventbroker/core/diagram/TopologyReadmeTest.java")));
        assertThat(here).as("the snippet is the code above").contains(squeezed(blocks.get(1)));
    }

    private static String squeezed(String code) {
        return code.replaceAll("\\s+", "");
    }
}
