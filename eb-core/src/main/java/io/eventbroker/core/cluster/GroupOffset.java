package io.eventbroker.core.cluster;

import java.util.OptionalInt;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;

/**
 * How far a group has come in a partition.
 *
 * @param offset the committed position; of a share group the share-partition start offset: all before it is done with
 * @param leaderEpoch that was committed with it, if one was
 * @param metadata what the consumer wrote beside it, or empty
 * @param lag records between it and the end that was read; of a share group as the broker tells; −1 if it is not known
 */
public record GroupOffset(long offset, OptionalInt leaderEpoch, String metadata, long lag) {

    /** As Kafka's own clients have it. */
    public OffsetAndMetadata toKafka() {
        return new OffsetAndMetadata(
                offset,
                leaderEpoch.isPresent() ? java.util.Optional.of(leaderEpoch.getAsInt()) : java.util.Optional.empty(),
                metadata);
    }
}
