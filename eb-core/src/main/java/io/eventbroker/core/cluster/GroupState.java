package io.eventbroker.core.cluster;

import java.util.Collections;
import java.util.Comparator;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/**
 * A group of any type and what it has committed.
 *
 * @param type {@code Classic}, {@code Consumer} (KIP-848), {@code Share} (KIP-932) or {@code Streams} (KIP-1071), as
 *     Kafka writes it
 * @param state {@code Empty}, {@code Stable} …, as Kafka writes it
 * @param members how many there are; empty if that could not be read
 * @param committed by topic and partition; empty if it could not be read, which {@link ClusterState#gaps} explains
 */
public record GroupState(
        String id,
        String type,
        String state,
        OptionalInt members,
        Optional<SortedMap<TopicPartition, GroupOffset>> committed) {
    static final Comparator<TopicPartition> BY_TOPIC =
            Comparator.comparing(TopicPartition::topic).thenComparing(TopicPartition::partition);

    public GroupState {
        committed = committed.map(offsets -> {
            SortedMap<TopicPartition, GroupOffset> copy = new TreeMap<>(BY_TOPIC);
            copy.putAll(offsets);
            return Collections.unmodifiableSortedMap(copy);
        });
    }

    /**
     * Committed positions; of a share group its start offsets.
     *
     * @throws NotReadException if they could not be read
     */
    public SortedMap<TopicPartition, OffsetAndMetadata> offsets() {
        SortedMap<TopicPartition, OffsetAndMetadata> offsets = new TreeMap<>(BY_TOPIC);
        required().forEach((partition, offset) -> offsets.put(partition, offset.toKafka()));
        return offsets;
    }

    /**
     * Records that lie between each committed position and the end of its partition, never negative. Partitions whose
     * end is not known are left out: read the cluster with {@link ClusterState.Part#OFFSETS} too.
     *
     * @throws NotReadException if the positions could not be read
     */
    public SortedMap<TopicPartition, Long> lags() {
        SortedMap<TopicPartition, Long> lags = new TreeMap<>(BY_TOPIC);
        required().forEach((partition, offset) -> {
            if (offset.lag() >= 0) {
                lags.put(partition, offset.lag());
            }
        });
        return lags;
    }

    private SortedMap<TopicPartition, GroupOffset> required() {
        return committed.orElseThrow(
                () -> new NotReadException(
                        "the offsets of group " + id
                                + " could not be read; give the client's principal the right Read or Describe on it and on its topics"));
    }

    /** True while members may commit: positions set now could be overwritten. */
    public boolean isActive() {
        return !state.equals("Empty") && !state.equals("Dead");
    }
}
