package io.eventbroker.backup.internal.copy;

import io.eventbroker.backup.internal.archive.ArchiveException;
import io.eventbroker.backup.internal.archive.BufferPool;
import io.eventbroker.backup.internal.archive.Manifest;
import io.eventbroker.backup.internal.archive.SegmentIndex;
import io.eventbroker.backup.internal.wire.BatchHeader;
import io.eventbroker.backup.internal.wire.WireFormatException;
import io.eventbroker.backup.store.ObjectStore;
import java.util.Optional;
import java.util.Spliterator;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** Reads the records of one partition of a recovery point: all in order, or one of them by its offset or its time. */
public final class RecordReader {
    private final ObjectStore store;
    private final Manifest.Partition source;
    private final TopicPartition partition;

    public RecordReader(ObjectStore store, Manifest.Partition source) {
        this.store = store;
        this.source = source;
        this.partition = source.topicPartition();
    }

    /** The record at an offset. Reads an index and, if that does not tell that there is none, one stretch. */
    public Optional<ConsumerRecord<byte[], byte[]>> at(long offset) {
        for (Manifest.Segment segment : source.segments()) {
            if (offset >= segment.base() && offset < segment.next() && segment.records() > 0) {
                SegmentIndex index = index(segment);
                int entry = index.entryForOffset(offset);
                if (index.entries().get(entry).offset() > offset
                        || index.dropped().stream().anyMatch(d -> d.first() <= offset && offset <= d.last())) {
                    return Optional.empty();
                }
                return first(
                        stretch(index, entry),
                        batch -> BatchHeader.lastOffset(batch.buffer(), batch.at()) >= offset,
                        record -> record.offset() == offset);
            }
        }
        return Optional.empty();
    }

    /**
     * The first record with at least that timestamp. Reads the index of a segment that has one, and a stretch that has
     * one; more only where compaction or deletion took that record out of its batch.
     */
    public Optional<ConsumerRecord<byte[], byte[]>> since(long timestamp) {
        for (Manifest.Segment segment : source.segments()) {
            if (segment.records() == 0 || segment.maxTimestamp() < timestamp) {
                continue;
            }
            SegmentIndex index = index(segment);
            for (int entry = 0; entry < index.entries().size(); entry++) {
                if (index.entries().get(entry).maxTimestamp() < timestamp) {
                    continue;
                }
                Optional<ConsumerRecord<byte[], byte[]>> found = first(
                        stretch(index, entry),
                        batch -> BatchHeader.maxTimestamp(batch.buffer(), batch.at()) >= timestamp,
                        record -> record.timestamp() >= timestamp);
                if (found.isPresent()) {
                    return found;
                }
            }
        }
        return Optional.empty();
    }

    private SegmentIndex index(Manifest.Segment segment) {
        return SealedSegments.read(store, partition, segment);
    }

    private Stretch stretch(SegmentIndex index, int entry) {
        String name = source.name(index.segment());
        return StoreCalls.await(Stretch.read(store, name, index, entry, entry), name);
    }

    private Optional<ConsumerRecord<byte[], byte[]>> first(
            Stretch stretch, Predicate<Stretch> batches, Predicate<RecordCursor> records) {
        while (stretch.next()) {
            if (!batches.test(stretch)) {
                continue;
            }
            try (RecordCursor cursor = new RecordCursor(stretch.buffer(), stretch.at())) {
                while (cursor.next()) {
                    if (cursor.offset() >= stretch.from() && records.test(cursor)) {
                        return Optional.of(cursor.toRecord(partition));
                    }
                }
            } catch (WireFormatException e) {
                throw damaged(stretch.object(), stretch.position(), e);
            }
        }
        return Optional.empty();
    }

    private static ArchiveException damaged(String object, long position, WireFormatException e) {
        return new ArchiveException(object + " is damaged at byte " + position + ": " + e.getMessage(), e);
    }

    /** The records from an offset on, read a chunk ahead. */
    public Stream<ConsumerRecord<byte[], byte[]>> from(long offset) {
        Records records = new Records(offset);
        return StreamSupport.stream(records, false).onClose(records::close);
    }

    private final class Records implements Spliterator<ConsumerRecord<byte[], byte[]>> {
        private final long first;
        private final PartitionReader reader;
        private PartitionReader.@Nullable Batch batch;
        private @Nullable RecordCursor cursor;
        private boolean ended;

        Records(long first) {
            this.first = first;
            // Buffers on the heap, of which nobody has to be told that they are not needed any more.
            this.reader = new PartitionReader(
                    store, source, Slice.offsets(first, Long.MAX_VALUE), Long.MAX_VALUE, new BufferPool(0, 0));
        }

        @Override
        public boolean tryAdvance(Consumer<? super ConsumerRecord<byte[], byte[]>> action) {
            ConsumerRecord<byte[], byte[]> record = next();
            if (record == null) {
                close();
                return false;
            }
            action.accept(record);
            return true;
        }

        private @Nullable ConsumerRecord<byte[], byte[]> next() {
            while (!ended) {
                PartitionReader.Batch here = batch;
                if (here == null) {
                    here = reader.next();
                    if (here == null) {
                        return null;
                    }
                    if (here.records() == 0) {
                        continue;
                    }
                    batch = here;
                }
                try {
                    ConsumerRecord<byte[], byte[]> record = next(here);
                    if (record != null) {
                        return record;
                    }
                } catch (WireFormatException e) {
                    throw damaged(here.object(), here.position(), e);
                }
            }
            return null;
        }

        private @Nullable ConsumerRecord<byte[], byte[]> next(PartitionReader.Batch here) {
            RecordCursor open = cursor;
            if (open == null) {
                open = new RecordCursor(here.buffer(), here.at());
                cursor = open;
            }
            while (open.next()) {
                if (open.offset() >= Math.max(first, here.from())) {
                    return open.toRecord(partition);
                }
            }
            cursor = null;
            batch = null;
            open.close();
            return null;
        }

        /** Also in the middle; what an iterator of the stream asks for afterwards is not there. */
        void close() {
            ended = true;
            RecordCursor open = cursor;
            cursor = null;
            reader.close();
            if (open != null) {
                open.close();
            }
        }

        @Override
        public @Nullable Spliterator<ConsumerRecord<byte[], byte[]>> trySplit() {
            return null;
        }

        @Override
        public long estimateSize() {
            return Long.MAX_VALUE;
        }

        @Override
        public int characteristics() {
            return ORDERED | NONNULL | IMMUTABLE;
        }
    }
}
