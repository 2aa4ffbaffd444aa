package io.eventbroker.backup.internal.archive;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.common.TopicPartition;

/** Where what is in the store. */
public final class ArchiveNames {
    private static final int DIGITS = 20;

    public static final String MANIFESTS = "manifests/";
    public static final String SETS = "sets/";
    public static final String HOLDS = "holds/";
    public static final String DOCUMENT = ".json";

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmssSSS'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);
    private static final Pattern POINT = Pattern.compile("(\\d{8}T\\d{9}Z)-[0-9a-f]{8}");

    private ArchiveNames() {}

    /** An id that sorts by the time that it was made. */
    public static String newPoint(Instant now) {
        return TIME.format(now) + "-" + UUID.randomUUID().toString().substring(0, 8);
    }

    /** When the id was made; empty if it is none of ours. */
    public static Optional<Instant> madeAt(String point) {
        Matcher matcher = POINT.matcher(point);
        return matcher.matches() ? Optional.of(TIME.parse(matcher.group(1), Instant::from)) : Optional.empty();
    }

    public static String manifest(String point) {
        return MANIFESTS + point + DOCUMENT;
    }

    /** Why a recovery point must stay, whatever a policy says. */
    public static String hold(String point) {
        return HOLDS + point + DOCUMENT;
    }

    /** The folder of one backup set. */
    public static String set(String set) {
        return SETS + set + "/";
    }

    /** What was agreed on before the first byte was copied. */
    public static String cut(String set) {
        return set(set) + "cut.json";
    }

    public static String topics(String set) {
        return set(set) + "topics.json";
    }

    public static String groups(String set) {
        return set(set) + "groups.json";
    }

    public static String partition(String set, TopicPartition partition) {
        return set(set) + "data/" + partition.topic() + "/" + partition.partition() + "/";
    }

    /** A segment; named as Kafka names its own, so that its tools read it. */
    public static String segment(String set, TopicPartition partition, long base) {
        return partition(set, partition) + padded(base) + ".log";
    }

    /** The index beside a segment. Written after it: where there is an index, the segment is whole. */
    public static String index(String set, TopicPartition partition, long base) {
        return partition(set, partition) + padded(base) + ".ebindex";
    }

    public static String segment(TopicPartition partition, Manifest.Segment segment) {
        return segment(segment.set(), partition, segment.base());
    }

    public static String index(TopicPartition partition, Manifest.Segment segment) {
        return index(segment.set(), partition, segment.base());
    }

    private static String padded(long base) {
        String digits = Long.toString(base);
        return "0".repeat(DIGITS - digits.length()) + digits;
    }

    public static boolean isIndex(String name) {
        return name.endsWith(".ebindex");
    }
}
