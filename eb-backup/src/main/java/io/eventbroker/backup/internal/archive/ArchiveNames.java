package io.eventbroker.backup.internal.archive;

import org.apache.kafka.common.TopicPartition;

/** Where what is in the store. */
public final class ArchiveNames {
    private static final int DIGITS = 20;

    public static final String MANIFESTS = "manifests/";

    private ArchiveNames() {}

    public static String manifest(String point) {
        return MANIFESTS + point + ".json";
    }

    /** The folder of one backup set. */
    public static String set(String set) {
        return "sets/" + set + "/";
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

    private static String padded(long base) {
        String digits = Long.toString(base);
        return "0".repeat(DIGITS - digits.length()) + digits;
    }

    public static boolean isIndex(String name) {
        return name.endsWith(".ebindex");
    }
}
