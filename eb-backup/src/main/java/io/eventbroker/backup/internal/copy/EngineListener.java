package io.eventbroker.backup.internal.copy;

import org.apache.kafka.common.TopicPartition;

/** Hears from an engine's threads what becomes of each partition. */
public interface EngineListener {
    /** Bytes moved so far for the partition, of how many as far as known. */
    void moved(TopicPartition partition, long bytes, long ofBytes);

    /** The partition is finished. */
    void done(TopicPartition partition, String detail);

    /** The partition has failed; others go on. */
    void failed(TopicPartition partition, RuntimeException cause);

    /** True once the engine should stop where it is. */
    boolean isCancelled();
}
