package io.eventbroker.backup;

import java.util.Collections;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.TreeMap;

/** What of a recovery point to restore, and how. Immutable; each method gives a changed copy. */
public final class RestoreOptions {
    private static final RestoreOptions EVERYTHING =
            new RestoreOptions(TopicPattern.glob("*"), true, OptionalInt.empty(), new TreeMap<>());

    private final TopicPattern topics;
    private final boolean groups;
    private final OptionalInt replicationFactor;
    private final SortedMap<String, String> configs;

    private RestoreOptions(
            TopicPattern topics, boolean groups, OptionalInt replicationFactor, SortedMap<String, String> configs) {
        this.topics = topics;
        this.groups = groups;
        this.replicationFactor = replicationFactor;
        this.configs = Collections.unmodifiableSortedMap(configs);
    }

    /** All topics and all group positions, with the replication factors that they had. */
    public static RestoreOptions everything() {
        return EVERYTHING;
    }

    /** Only topics that match, and the positions of groups in them. */
    public RestoreOptions topics(TopicPattern pattern) {
        return new RestoreOptions(pattern, groups, replicationFactor, configs);
    }

    /** Leaves group positions out. */
    public RestoreOptions withoutGroups() {
        return new RestoreOptions(topics, false, replicationFactor, configs);
    }

    /** Gives every topic so many replicas, as for a smaller cluster. */
    public RestoreOptions replicationFactor(int replicas) {
        if (replicas < 1) {
            throw new IllegalArgumentException("a topic has at least 1 replica, was " + replicas);
        }
        return new RestoreOptions(topics, groups, OptionalInt.of(replicas), configs);
    }

    /**
     * Gives every topic this value in place of the one that it had, if any: {@code min.insync.replicas} for a smaller
     * cluster, say. The plan shows it; the target's brokers check it when the topic is created.
     */
    public RestoreOptions config(String key, String value) {
        if (key.isBlank()) {
            throw new IllegalArgumentException("a topic configuration has a key");
        }
        SortedMap<String, String> more = new TreeMap<>(configs);
        more.put(key, value);
        return new RestoreOptions(topics, groups, replicationFactor, more);
    }

    SortedMap<String, String> configs() {
        return configs;
    }

    TopicPattern topicPattern() {
        return topics;
    }

    boolean includesGroups() {
        return groups;
    }

    OptionalInt replicationFactor() {
        return replicationFactor;
    }
}
