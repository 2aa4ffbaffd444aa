package io.eventbroker.backup;

import java.util.OptionalInt;

/** What of a recovery point to restore, and how. Immutable; each method gives a changed copy. */
public final class RestoreOptions {
    private static final RestoreOptions EVERYTHING =
            new RestoreOptions(TopicPattern.glob("*"), true, OptionalInt.empty());

    private final TopicPattern topics;
    private final boolean groups;
    private final OptionalInt replicationFactor;

    private RestoreOptions(TopicPattern topics, boolean groups, OptionalInt replicationFactor) {
        this.topics = topics;
        this.groups = groups;
        this.replicationFactor = replicationFactor;
    }

    /** All topics and all group positions, with the replication factors that they had. */
    public static RestoreOptions everything() {
        return EVERYTHING;
    }

    /** Only topics that match, and the positions of groups in them. */
    public RestoreOptions topics(TopicPattern pattern) {
        return new RestoreOptions(pattern, groups, replicationFactor);
    }

    /** Leaves group positions out. */
    public RestoreOptions withoutGroups() {
        return new RestoreOptions(topics, false, replicationFactor);
    }

    /** Gives every topic so many replicas, as for a smaller cluster. */
    public RestoreOptions replicationFactor(int replicas) {
        if (replicas < 1) {
            throw new IllegalArgumentException("a topic has at least 1 replica, was " + replicas);
        }
        return new RestoreOptions(topics, groups, OptionalInt.of(replicas));
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
