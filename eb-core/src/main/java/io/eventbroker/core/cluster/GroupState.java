package io.eventbroker.core.cluster;

import java.util.Collections;
import java.util.Comparator;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/**
 * A consumer group and what it has committed.
 *
 * @param type {@code Classic}, {@code Consumer}, {@code Share} or {@code Streams}, as Kafka writes it
 * @param state {@code Empty}, {@code Stable} …, as Kafka writes it
 * @param offsets committed positions; share groups have none of this kind
 */
public record GroupState(String id, String type, String state, SortedMap<TopicPartition, OffsetAndMetadata> offsets) {
    private static final Comparator<TopicPartition> BY_TOPIC =
            Comparator.comparing(TopicPartition::topic).thenComparing(TopicPartition::partition);

    public GroupState {
        SortedMap<TopicPartition, OffsetAndMetadata> copy = new TreeMap<>(BY_TOPIC);
        copy.putAll(offsets);
        offsets = Collections.unmodifiableSortedMap(copy);
    }

    public static GroupState of(String id, String type, String state, Map<TopicPartition, OffsetAndMetadata> offsets) {
        SortedMap<TopicPartition, OffsetAndMetadata> sorted = new TreeMap<>(BY_TOPIC);
        sorted.putAll(offsets);
        return new GroupState(id, type, state, sorted);
    }

    /** True while members may commit: positions set now could be overwritten. */
    public boolean isActive() {
        return !state.equals("Empty") && !state.equals("Dead");
    }
}
