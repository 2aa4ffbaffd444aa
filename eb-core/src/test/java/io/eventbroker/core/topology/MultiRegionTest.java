package io.eventbroker.core.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.eventbroker.core.topology.MultiRegion.Mode;
import io.eventbroker.core.topology.MultiRegion.Region;
import io.eventbroker.core.topology.Replicator.Naming;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Which flows fit together. */
class MultiRegionTest {
    @Test
    void letsActiveClustersCopyToEachOther() {
        MultiRegion both = regions(Mode.ACTIVE_ACTIVE, Naming.PREFIXED, "a b", "b a", "b c");

        assertThat(both.actives()).containsExactly("a", "b", "c");
        assertThat(both.standbys()).isEmpty();
    }

    @Test
    void tellsStandbysFromActives() {
        MultiRegion chain = regions(Mode.ACTIVE_PASSIVE, Naming.UNCHANGED, "a b", "b c");

        assertThat(chain.actives()).containsExactly("a");
        assertThat(chain.standbys()).containsExactly("b", "c");
    }

    @Test
    void refusesACycleOfThreeWhereOneStandsBy() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> regions(Mode.ACTIVE_PASSIVE, Naming.PREFIXED, "a b", "b c", "c a"))
                .withMessageContaining("flows[2]: closes the cycle a → b → c → a, so that no cluster stands by");
    }

    @Test
    void refusesACycleInWhichNothingIsRenamed() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> regions(Mode.ACTIVE_ACTIVE, Naming.UNCHANGED, "a b", "b a"))
                .withMessageContaining("flows[1]: in the cycle a → b → a no flow renames its topics");
    }

    @Test
    void namesEveryFaultAtOnce() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> regions(Mode.ACTIVE_ACTIVE, Naming.PREFIXED, "a b", "a b", "x a"))
                .withMessageContaining("flows[1]: flows[0] already copies a → b")
                .withMessageContaining("flows[2].from: 'x' is not a cluster of these regions; they are a, b, c");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new MultiRegion("m", Mode.ACTIVE_ACTIVE, List.of(new Region("east", "a")), List.of()))
                .withMessageContaining("regions: there must be at least two");
    }

    private static MultiRegion regions(Mode mode, Naming naming, String... flows) {
        return new MultiRegion(
                "m",
                mode,
                Stream.of("a", "b", "c")
                        .map(cluster -> new Region("in-" + cluster, cluster))
                        .toList(),
                Arrays.stream(flows)
                        .map(flow -> flow.split(" ", -1))
                        .map(ends -> new ReplicationFlow(
                                ends[0], ends[1], new Replicator.MirrorMaker(Optional.empty(), naming), List.of("*")))
                        .toList());
    }
}
