package io.eventbroker.backup.internal.copy;

import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;

/** A partition on its way. Its fields belong to {@link LeaderTasks} and {@link Lanes}; engines use the methods. */
abstract class MovingPartition {
    enum State {
        LEADERLESS,
        ASSIGNED,
        /** All is read; the store has not taken all yet. */
        SEALING,
        ENDED
    }

    final TopicPartition partition;
    final Uuid topicId;
    final int lane;
    State state = State.LEADERLESS;
    /** The broker that serves it: the leader, or a follower that the leader has named. */
    int leader = -1;

    boolean atFollower;
    int leaderEpoch = -1;
    /** Counts the assignments: answers to what was asked in an earlier one concern nobody. */
    int assignment;
    /** Has a slot, and keeps it until it ends. */
    boolean open;
    /** When there was progress last, or when the slot was taken. */
    long progressAt;
    /** Since when a partition without a slot has had no leader that can be reached; 0 while it has one. */
    long unreachableSince;

    long notBefore = System.nanoTime();
    int failures;

    MovingPartition(TopicPartition partition, Uuid topicId, int lane) {
        this.partition = partition;
        this.topicId = topicId;
        this.lane = lane;
    }

    final TopicPartition partition() {
        return partition;
    }

    final Uuid topicId() {
        return topicId;
    }

    /** Of the metadata that named the leader. */
    final int leaderEpoch() {
        return leaderEpoch;
    }

    /** Whether a follower serves it. */
    final boolean isAtFollower() {
        return atFollower;
    }

    final int assignment() {
        return assignment;
    }
}
