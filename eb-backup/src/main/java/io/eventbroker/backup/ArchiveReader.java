package io.eventbroker.backup;

import io.eventbroker.backup.internal.archive.Manifest;
import io.eventbroker.backup.internal.copy.RecordReader;
import io.eventbroker.backup.store.ObjectStore;
import io.eventbroker.core.EventBrokerException;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/**
 * Reads the records of a recovery point, for audits and extraction. Needs the store and no Kafka, and changes nothing. Made
 * with {@link Backups#open}.
 *
 * <p>Records are those that a read-committed consumer saw when the recovery point was taken: at their offsets in the source,
 * with key, value, headers, timestamp and its type, and the leader's epoch. Records of aborted transactions, control batches,
 * and what lay before the partition's start or behind its end are not in an archive, so there are gaps between offsets.
 *
 * <p>May be used by many threads and needs no closing. A stream of records belongs to one thread at a time and is read as far
 * as it is asked for: it holds one batch as stored, one record decompressed, and two buffers on the heap of 2 MiB and the
 * partition's largest batch each. Close it unless it was read to its end, because some codecs hold memory outside the heap.
 *
 * <p>The CRC-32C of each batch that is read is checked. All methods, and streams when they are read, throw {@link
 * EventBrokerException} if an object is damaged or missing, naming it and the byte, and {@link
 * io.eventbroker.core.RetryableException} if the store does not answer for five minutes.
 */
public final class ArchiveReader {
    private final RecoveryPoint point;
    private final ObjectStore store;
    private final SortedMap<TopicPartition, Manifest.Partition> partitions =
            new TreeMap<>(Comparator.comparing(TopicPartition::topic).thenComparingInt(TopicPartition::partition));

    ArchiveReader(RecoveryPoint point, ObjectStore store) {
        this.point = point;
        this.store = store;
        point.manifest().partitions().forEach(p -> partitions.put(p.topicPartition(), p));
    }

    /** All partitions of the recovery point, those without records too; by topic and number. */
    public List<TopicPartition> partitions() {
        return List.copyOf(partitions.keySet());
    }

    /**
     * All records of a partition, in order of offsets.
     *
     * @throws EventBrokerException if the partition is not in the recovery point
     */
    public Stream<ConsumerRecord<byte[], byte[]>> records(TopicPartition partition) {
        return recordsFrom(partition, partition(partition).start());
    }

    /**
     * The records from an offset of the source on. If there is none at the offset, from the next one on; none if it is behind
     * the end.
     *
     * @throws EventBrokerException as {@link #records}
     */
    public Stream<ConsumerRecord<byte[], byte[]>> recordsFrom(TopicPartition partition, long offset) {
        return reader(partition).from(offset);
    }

    /**
     * The records from the one on that {@link #findFirst} finds; later ones may have earlier timestamps. Looks for it when
     * this is called.
     *
     * @throws EventBrokerException as {@link #records}
     */
    public Stream<ConsumerRecord<byte[], byte[]>> recordsFrom(TopicPartition partition, Instant time) {
        return findFirst(partition, time)
                .map(first -> recordsFrom(partition, first.offset()))
                .orElseGet(Stream::empty);
    }

    /**
     * The record at an offset of the source, if there is one. Reads the index of one segment and a stretch of about 64 KiB of
     * it: two calls of the store at most.
     *
     * @throws EventBrokerException as {@link #records}
     */
    public Optional<ConsumerRecord<byte[], byte[]>> find(TopicPartition partition, long offset) {
        return reader(partition).at(offset);
    }

    /**
     * The first record in order of offsets with a timestamp at or after a time, if there is one: what {@code
     * KafkaConsumer.offsetsForTimes} finds. Reads as much as {@link #find}; more only where records were deleted or compacted
     * away from the middle of a batch.
     *
     * @throws EventBrokerException as {@link #records}
     */
    public Optional<ConsumerRecord<byte[], byte[]>> findFirst(TopicPartition partition, Instant time) {
        return reader(partition).since(Timestamps.ceiling(time));
    }

    private RecordReader reader(TopicPartition partition) {
        return new RecordReader(store, partition(partition));
    }

    private Manifest.Partition partition(TopicPartition partition) {
        Manifest.Partition found = partitions.get(partition);
        if (found == null) {
            throw new EventBrokerException(
                    "partition " + partition + " is not in " + point + "; it has the topics " + point.topics());
        }
        return found;
    }

    @Override
    public String toString() {
        return "reader of " + point;
    }
}
