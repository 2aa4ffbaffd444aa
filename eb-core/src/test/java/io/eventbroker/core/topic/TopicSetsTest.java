package io.eventbroker.core.topic;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class TopicSetsTest {
    @Test
    void picksTheSetsOfAClusterAndThoseThatNameNone() {
        // Given
        List<TopicSet> sets = List.of(
                set("prod", Optional.of("kafka-prod")),
                set("dr", Optional.of("kafka-dr")),
                set("any", Optional.empty()));

        // When
        List<TopicSet> ofProd = TopicSets.forCluster(sets, "kafka-prod");

        // Then
        assertThat(ofProd).extracting(TopicSet::name).containsExactly("prod", "any");
    }

    private static TopicSet set(String name, Optional<String> cluster) {
        return new TopicSet(
                name,
                cluster,
                new TopicDefaults(Optional.empty(), Optional.empty(), new TreeMap<>()),
                List.of(),
                Set.of());
    }
}
