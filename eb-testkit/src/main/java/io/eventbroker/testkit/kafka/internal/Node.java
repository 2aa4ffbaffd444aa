package io.eventbroker.testkit.kafka.internal;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** A node of a cluster, running or not. Calls for one node come from one thread at a time. */
public interface Node {
    NodeConfig config();

    /** Starts the node and returns at once; the future completes when the node is up, or with why it is not. */
    CompletableFuture<Void> start();

    /**
     * Stops the node.
     *
     * @param patience how long the broker may take to hand over its partitions; zero when nobody is there to take them
     * @param limit after which it is ended by force
     */
    void stop(Duration patience, Duration limit);

    /** Stops the controller part that {@link #stopBroker} left running, if any. */
    default void stopController(Duration limit) {}

    /** Stops the broker part only, so that the controllers of a cluster that is closed outlive its brokers. */
    default void stopBroker(Duration patience, Duration limit) {
        stop(patience, limit);
    }

    /** Ends the node without warning. */
    void kill();

    boolean isRunning();

    /** The operating system's process id; empty for a node in this JVM. */
    Optional<Long> pid();

    /** What remains of a stopped node: threads or processes, described. */
    List<String> leftovers();

    /** The last lines that the node logged, when it logs to a file of its own. */
    default String logTail() {
        return "";
    }
}
