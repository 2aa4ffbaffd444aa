package io.eventbroker.backup.internal.archive;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.eventbroker.core.json.CanonicalJson;
import io.eventbroker.core.json.Sha256;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.kafka.common.TopicPartition;

/**
 * A recovery point: everything that can be restored from it. Written last; what no manifest names does not exist.
 *
 * @param formatVersion {@link #FORMAT_VERSION} or older
 * @param point names the recovery point
 * @param parent the recovery point that this one goes on from; empty for a full backup. Only for people and for runs that
 *     are under way: everything that a restore needs is named here
 * @param clusterId of the cluster that was backed up
 * @param cutAt when the end of every partition had been read: the moment that a restore goes back to
 * @param committedAt when the manifest was made
 */
public record Manifest(
        int formatVersion,
        String point,
        Optional<String> parent,
        String clusterId,
        Instant cutAt,
        Instant committedAt,
        Document topics,
        Document groups,
        List<Partition> partitions) {
    public static final int FORMAT_VERSION = 2;

    /** An object that the manifest vouches for. */
    public record Document(String name, long bytes, int crc32c) {}

    /**
     * One partition's share.
     *
     * @param start first offset that is covered: the first that was there when the cut was made, or the first of the
     *     segment that holds it, if that one was carried over from the parent
     * @param end one past the last offset of the cut
     * @param compacted whether the topic was compacted when the cut was made; true where version 0 does not say
     * @param absent covered offsets at which there was neither a record nor a marker, as compaction leaves them; 0 where
     *     version 0 does not say
     * @param heldBack offsets behind the last stable one when the cut was made, because a transaction was open; 0 where
     *     version 0 does not say
     * @param lastEpoch of the leader that wrote the last covered offset; −1 if unknown
     */
    public record Partition(
            String topic,
            String topicId,
            int partition,
            long start,
            long end,
            boolean compacted,
            long absent,
            long heldBack,
            int lastEpoch,
            List<Segment> segments) {
        public Partition {
            segments = List.copyOf(segments);
        }

        public TopicPartition topicPartition() {
            return new TopicPartition(topic, partition);
        }

        /** The name of one of its segments. */
        public String name(Segment segment) {
            return ArchiveNames.segment(topicPartition(), segment);
        }

        public long records() {
            return segments.stream().mapToLong(Segment::records).sum();
        }

        public long bytes() {
            return segments.stream().mapToLong(Segment::bytes).sum();
        }

        public long lost() {
            return segments.stream().mapToLong(Segment::lost).sum();
        }

        /** Offsets that should have held records: nothing but compaction leaves holes behind. */
        public long missing() {
            return compacted ? 0 : absent;
        }
    }

    /**
     * One segment and its index.
     *
     * @param set the backup set whose folder holds them
     * @param base first offset that it covers; also in the object's name
     * @param next first offset that it does not cover any more: the base of the segment after it
     * @param bytes of the segment object
     * @param crc32c of the segment object
     * @param records that a restore brings back from it
     * @param batches that it holds
     * @param rewritten how many of the batches cannot be restored as they are: gaps left by compaction, append times
     *     set by the broker, a batch that the start offset cuts
     * @param largestBatch in bytes
     * @param lost how many offsets retention had removed before they could be read
     * @param maxTimestamp the latest of any record, in milliseconds; −1 if there is none
     */
    public record Segment(
            String set,
            long base,
            long next,
            long bytes,
            int crc32c,
            long records,
            long batches,
            long rewritten,
            int largestBatch,
            long lost,
            long maxTimestamp,
            long indexBytes,
            int indexCrc32c) {}

    /** The document {@code topics.json}. */
    public record Topics(List<Topic> topics) {
        public Topics {
            topics = List.copyOf(topics);
        }
    }

    /**
     * A topic as it was.
     *
     * @param configs the values that were set on the topic itself
     */
    public record Topic(
            String name, String id, int partitions, int replicationFactor, SortedMap<String, String> configs) {
        public Topic {
            configs = java.util.Collections.unmodifiableSortedMap(new TreeMap<>(configs));
        }
    }

    /** The document {@code groups.json}. */
    public record Groups(List<Group> groups) {
        public Groups {
            groups = List.copyOf(groups);
        }
    }

    /** A group and where it stood. */
    public record Group(String id, String type, List<Position> positions) {
        public Group {
            positions = List.copyOf(positions);
        }
    }

    /**
     * A committed position.
     *
     * @param offset as it was committed in the cluster that was backed up
     * @param recordsBefore how many restored records stand before it: its offset after a restore
     */
    public record Position(String topic, int partition, long offset, long recordsBefore, String metadata) {}

    /**
     * The document {@code cut.json}: what was agreed on before the first byte was copied.
     *
     * @param token of the run that has made it, which alone may go on with the backup; its journal keeps it
     * @param parent the recovery point that the backup goes on from; empty for a full one
     */
    public record Cut(
            int formatVersion,
            String token,
            Optional<String> parent,
            String clusterId,
            Instant at,
            List<Topic> topics,
            List<Range> ranges,
            List<Group> groups) {
        public Cut {
            topics = List.copyOf(topics);
            ranges = List.copyOf(ranges);
            groups = List.copyOf(groups);
        }
    }

    /**
     * What of a partition is copied: from start to before end, isolation read-committed.
     *
     * @param compacted whether the topic's {@code cleanup.policy} included {@code compact}
     * @param heldBack offsets from the end, which is the last stable offset, to the high watermark
     * @param carried what the parent holds of the partition, up to the start; empty if the partition is copied whole
     * @param whole why it is copied whole though there is a parent; empty otherwise
     */
    public record Range(
            String topic,
            int partition,
            long start,
            long end,
            boolean compacted,
            long heldBack,
            Optional<Carried> carried,
            String whole) {
        public TopicPartition topicPartition() {
            return new TopicPartition(topic, partition);
        }

        /** The parent's segments that belong to this recovery point as well. */
        public List<Segment> carriedSegments() {
            return carried.map(Carried::segments).orElse(List.of());
        }
    }

    /**
     * What a recovery point takes over from its parent.
     *
     * @param segments those that still hold an offset from the log's start on; they are kept whole
     * @param absent as in {@link Partition}, of these segments
     * @param lastEpoch of the leader that wrote the last offset; −1 if unknown
     * @param readBy when the copy must be at its end, because markers of deleted keys may vanish from then on; empty if the
     *     topic is not compacted
     */
    public record Carried(List<Segment> segments, long absent, int lastEpoch, Optional<Instant> readBy) {
        public Carried {
            segments = List.copyOf(segments);
        }
    }

    public Manifest {
        partitions = List.copyOf(partitions);
    }

    /** The form in which documents are stored: the content beside its own checksum. */
    public static ByteBuffer encode(Object content) {
        TreeMap<String, Object> envelope = new TreeMap<>();
        envelope.put("content", content);
        envelope.put("sha256", CanonicalJson.hash(content));
        return ByteBuffer.wrap(CanonicalJson.write(envelope).getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Reads what {@link #encode} wrote.
     *
     * @throws ArchiveException if it is damaged
     */
    public static <T> T decode(String name, ByteBuffer stored, Class<T> type) {
        try {
            JsonNode envelope = CanonicalJson.readTree(
                    StandardCharsets.UTF_8.decode(stored.duplicate()).toString());
            JsonNode content = envelope.path("content");
            if (!Sha256.of(CanonicalJson.write(content))
                    .hex()
                    .equals(envelope.path("sha256").asText())) {
                throw new ArchiveException(name + " is damaged: its content does not match its SHA-256");
            }
            if (type == Manifest.class) {
                readable(name, content);
            } else if (type == Cut.class && content.path("formatVersion").asInt(-1) != FORMAT_VERSION) {
                throw new ArchiveException(
                        name + " was made by another version of the SDK; finish the backup with that one, or make a"
                                + " new plan");
            }
            return CanonicalJson.fromTree(content, type);
        } catch (ArchiveException e) {
            throw e;
        } catch (RuntimeException e) {
            throw new ArchiveException(name + " is damaged: " + e.getMessage(), e);
        }
    }

    /** Gives an older manifest what it lacks. */
    private static void readable(String name, JsonNode manifest) {
        int version = manifest.path("formatVersion").asInt(-1);
        if (version < 0 || version > FORMAT_VERSION) {
            throw new ArchiveException(name + " is of format version "
                    + manifest.path("formatVersion").asText() + "; this SDK reads versions 0 to " + FORMAT_VERSION);
        }
        if (version < 2 && manifest instanceof ObjectNode old) {
            old.putNull("parent");
        }
        for (JsonNode partition : manifest.path("partitions")) {
            if (version == 0 && partition instanceof ObjectNode old) {
                old.put("compacted", true).put("absent", 0).put("heldBack", 0);
            }
            if (version < 2 && partition instanceof ObjectNode old) {
                JsonNode set = old.remove("set");
                old.put("lastEpoch", -1);
                for (JsonNode segment : old.path("segments")) {
                    if (segment instanceof ObjectNode oldSegment) {
                        oldSegment.set("set", set);
                    }
                }
            }
        }
    }
}
