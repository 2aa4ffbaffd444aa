package io.eventbroker.core.topology;

import java.util.Set;

/**
 * How far a cluster is on its way from ZooKeeper to KRaft. A migration passes through all states in this order, one at a
 * time; a rolling restart of controllers or brokers lies between each two of them. Until it is finished it can go back
 * step by step, for ZooKeeper still has the whole metadata.
 *
 * <p>Source: KIP-866, and the five phases of Confluent's guide
 * <a href="https://docs.confluent.io/platform/7.9/installation/migrate-zk-kraft.html">Migrate from ZooKeeper to KRaft</a>,
 * which names Confluent Platform 7.6.1 as the first release for production and warns against Kafka 3.6.1 and earlier.
 */
public enum KraftMigration {
    /** ZooKeeper keeps the metadata; there are no controllers. */
    NOT_STARTED,
    /** The controllers run in migration mode, know ZooKeeper, and wait until every broker has registered. */
    CONTROLLERS_STARTED,
    /**
     * Every broker was restarted with the controllers' addresses, still as a broker of ZooKeeper. The controllers have
     * copied the metadata; the quorum leads, and writes to both.
     */
    BROKERS_REGISTERED,
    /** Every broker was restarted as a broker of KRaft. The controllers still write to both. The last way back is here. */
    DUAL_WRITE,
    /** The controllers were restarted without ZooKeeper, which can be removed. There is no way back. */
    FINISHED;

    /** Whether the controllers are part of the cluster. */
    public boolean needsControllers() {
        return this != NOT_STARTED;
    }

    /** Whether ZooKeeper is part of the cluster. */
    public boolean needsZooKeeper() {
        return this != FINISHED;
    }

    /** Whether brokers take their metadata from ZooKeeper, and are configured with its address. */
    public boolean brokersUseZooKeeper() {
        return compareTo(DUAL_WRITE) < 0;
    }

    /** Whether the brokers must know the controllers ({@code controller.quorum.voters} and the migration flag). */
    public boolean brokersKnowControllers() {
        return compareTo(BROKERS_REGISTERED) >= 0;
    }

    /** The states that a single step leads to: on, and back while that is possible. */
    public Set<KraftMigration> steps() {
        return switch (this) {
            case NOT_STARTED -> Set.of(CONTROLLERS_STARTED);
            case CONTROLLERS_STARTED -> Set.of(NOT_STARTED, BROKERS_REGISTERED);
            case BROKERS_REGISTERED -> Set.of(CONTROLLERS_STARTED, DUAL_WRITE);
            case DUAL_WRITE -> Set.of(BROKERS_REGISTERED, FINISHED);
            case FINISHED -> Set.of();
        };
    }
}
