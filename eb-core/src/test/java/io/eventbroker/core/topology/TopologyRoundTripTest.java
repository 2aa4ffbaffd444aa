package io.eventbroker.core.topology;

import static org.assertj.core.api.Assertions.assertThat;

import io.eventbroker.core.spec.Platform;
import io.eventbroker.core.spec.SpecWriter;
import io.eventbroker.core.spec.Specs;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Law: read(write(x)) equals x for every topology and every set of regions, and writing again gives the same text. */
class TopologyRoundTripTest {
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void topologies(long seed) {
        TopologyGenerator generate = new TopologyGenerator(seed);
        for (int i = 0; i < 50; i++) {
            Topology written = generate.topology("kafka-" + i);
            String text = SpecWriter.write(Topologies.KIND, written);

            Topology read = Specs.standard()
                    .parse("seed " + seed, text + "---\n" + SpecWriter.write(Environments.KIND, TopologyGenerator.ANY))
                    .topology(written.name());

            assertThat(read).as(text).isEqualTo(written);
            assertThat(SpecWriter.write(Topologies.KIND, read)).isEqualTo(text);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void regions(long seed) {
        TopologyGenerator generate = new TopologyGenerator(seed);
        for (int i = 0; i < 20; i++) {
            List<Topology> clusters = new ArrayList<>();
            for (int n = 0; n < 4; n++) {
                clusters.add(generate.cluster("kafka-" + n));
            }
            MultiRegion written = generate.regions(clusters);
            String text = SpecWriter.write(MultiRegions.KIND, written);

            Platform read = Specs.standard()
                    .parse(
                            "seed " + seed,
                            text + "---\n" + SpecWriter.write(Topologies.KIND, clusters) + "---\n"
                                    + SpecWriter.write(Environments.KIND, TopologyGenerator.ANY));

            assertThat(read.one(MultiRegions.KIND, written.name())).as(text).isEqualTo(written);
        }
    }
}
