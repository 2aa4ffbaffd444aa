package io.eventbroker.backup;

import static org.assertj.core.api.Assertions.assertThat;

import io.eventbroker.backup.internal.archive.Manifest;
import io.eventbroker.core.BrokerId;
import io.eventbroker.core.TopicName;
import io.eventbroker.core.cluster.ConfigValue;
import io.eventbroker.core.cluster.PartitionState;
import io.eventbroker.core.cluster.TopicState;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** When a partition goes on from a recovery point, and what is said when it cannot. */
class ContinuationTest {
    private static final Instant TAKEN = Instant.parse("2026-06-10T12:00:00Z");
    private static final Instant SOON = TAKEN.plusSeconds(60);
    private static final String CLUSTER = "cluster";
    private static final String ID = "AAAAAAAAAAAAAAAAAAAAAQ";

    private static Manifest.Segment segment(long base, long next) {
        return new Manifest.Segment("set", base, next, 100, 0, next - base, 1, 0, 100, 0, 0, 100, 0);
    }

    private static Continuation from(boolean compacted) {
        Manifest.Document none = new Manifest.Document("none", 0, 0);
        List<Manifest.Segment> segments = List.of(segment(0, 40), segment(40, 70), segment(70, 100));
        Manifest manifest = new Manifest(
                2,
                "point",
                Optional.empty(),
                CLUSTER,
                TAKEN,
                TAKEN,
                none,
                none,
                List.of(new Manifest.Partition("t", ID, 0, 0, 100, compacted, 0, 0, -1, segments)));
        Manifest.Topic topic = new Manifest.Topic("t", ID, 1, 1, new TreeMap<>());
        return new Continuation(
                new RecoveryPoint(manifest, new Manifest.Topics(List.of(topic)), new Manifest.Groups(List.of())));
    }

    private static PartitionState partition(long start, long end) {
        return new PartitionState(
                Optional.of(BrokerId.of(0)), List.of(BrokerId.of(0)), List.of(BrokerId.of(0)), 1_000, start, end);
    }

    private static TopicState topic(String id, long start, long end) {
        return TopicState.placed(TopicName.of("t"), id, List.of(partition(start, end), partition(0, 0)));
    }

    private static TopicState compacted(Duration deleteRetention) {
        SortedMap<String, ConfigValue> configs = new TreeMap<>();
        configs.put("cleanup.policy", new ConfigValue("compact,delete", true));
        configs.put("delete.retention.ms", new ConfigValue(String.valueOf(deleteRetention.toMillis()), false));
        return new TopicState(TopicName.of("t"), ID, List.of(partition(0, 120)), configs);
    }

    @ParameterizedTest
    @CsvSource({"0, 100", "0, 101", "55, 100", "100, 100", "100, 300", "-1, -1"})
    void goesOnWhereTheLogStillHoldsTheEnd(long start, long end) {
        assertThat(from(false).obstacle(CLUSTER, topic(ID, start, end), 0, SOON))
                .isEmpty();
    }

    @Test
    void saysWhyItCannot() {
        Continuation parent = from(false);

        assertThat(parent.obstacle("other", topic(ID, 0, 100), 0, SOON)).hasValue("point is of cluster cluster");
        assertThat(parent.obstacle(CLUSTER, topic(ID, 0, 100), 1, SOON)).hasValue("not in point");
        assertThat(parent.obstacle(CLUSTER, topic("AAAAAAAAAAAAAAAAAAAAAg", 0, 100), 0, SOON))
                .hasValueSatisfying(why -> assertThat(why).contains("made again"));
        assertThat(parent.obstacle(CLUSTER, topic(ID, 0, 99), 0, SOON))
                .hasValueSatisfying(why -> assertThat(why).contains("ends at offset 99", "at 100", "truncated"));
        assertThat(parent.obstacle(CLUSTER, topic(ID, 103, 110), 0, SOON))
                .hasValueSatisfying(why -> assertThat(why).contains("offsets 100 to 102", "deleted"));
    }

    @ParameterizedTest
    @CsvSource({
        // An hour before a day is over, and a quarter before an hour is.
        "PT24H, PT22H59M, true",
        "PT24H, PT23H, false",
        "PT1H, PT44M, true",
        "PT1H, PT45M, false",
        "PT0S, PT1S, false",
    })
    void copiesCompactedTopicsWholeOnceTombstonesMayBeGone(Duration kept, Duration later, boolean goesOn) {
        Optional<String> obstacle = from(true).obstacle(CLUSTER, compacted(kept), 0, TAKEN.plus(later));

        assertThat(obstacle.isEmpty()).isEqualTo(goesOn);
        obstacle.ifPresent(why -> assertThat(why).contains("compacted", "delete.retention.ms is " + kept.toMillis()));
        assertThat(from(true).obstacle(CLUSTER, compacted(kept), 0, TAKEN.plus(later)))
                .isEqualTo(from(false).obstacle(CLUSTER, compacted(kept), 0, TAKEN.plus(later)));
    }

    @ParameterizedTest
    @CsvSource({"0, 3", "39, 3", "40, 2", "70, 1", "99, 1", "100, 0"})
    void carriesTheSegmentsOverThatStillHoldAnOffsetOfTheLog(long logStart, int segments) {
        Manifest.Partition before = from(false)
                .partition(new org.apache.kafka.common.TopicPartition("t", 0))
                .orElseThrow();

        assertThat(Continuation.carried(before, logStart)).hasSize(segments);
    }
}
