package io.eventbroker.core.topology;

import io.eventbroker.core.BrokerId;
import io.eventbroker.core.kind.Checks;
import io.eventbroker.core.kind.Default;
import io.eventbroker.core.kind.Description;
import io.eventbroker.core.kind.Inherit;
import io.eventbroker.core.kind.Inline;
import io.eventbroker.core.kind.Range;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SortedMap;
import java.util.stream.IntStream;

/**
 * The brokers of one cluster. Their {@code config} must not have what the model says itself: ids, listeners, racks, log
 * folders, quorum.
 *
 * @param firstId the {@code node.id} of the first pod; the others follow
 * @param listeners at least one, with distinct names and ports
 */
public record KafkaBrokers(
        @Inherit String name,
        @Inline Workload workload,

        @Default("0")
        @Range(min = 0, max = Component.MOST_FIRST_ID)
        @Description("The node.id of the first replica; the others follow")
        int firstId,

        List<Listener> listeners)
        implements Component {

    private static final Set<String> OWN = Set.of(
            "broker.id",
            "node.id",
            "process.roles",
            "listeners",
            "advertised.listeners",
            "listener.security.protocol.map",
            "inter.broker.listener.name",
            "controller.listener.names",
            "controller.quorum.voters",
            "controller.quorum.bootstrap.servers",
            "zookeeper.connect",
            "zookeeper.metadata.migration.enable",
            "broker.rack",
            "log.dir",
            "log.dirs");

    /** Replication factors that no cluster may ask for beyond its brokers. */
    private static final List<String> FACTORS = List.of(
            "default.replication.factor",
            "offsets.topic.replication.factor",
            "transaction.state.log.replication.factor",
            "share.coordinator.state.topic.replication.factor");

    private static final String FACTOR = "default.replication.factor";
    private static final String MIN_INSYNC = "min.insync.replicas";

    public KafkaBrokers {
        listeners = List.copyOf(listeners);
        Checks checks = Component.checkStateful(name, workload, listeners)
                .require(!listeners.isEmpty(), "listeners", "there must be at least one", "add an internal listener");
        Component.checkFirstId(firstId, checks);
        Topology.checkDistributionsRelease(workload, checks);
        check(workload.config(), workload.replicas(), checks);
        checks.end();
    }

    private static void check(SortedMap<String, String> config, int replicas, Checks checks) {
        for (String key : config.keySet()) {
            checks.require(
                    !OWN.contains(key),
                    "config[" + key + "]",
                    "is set by the model",
                    "remove it; ids, listeners, racks and folders follow from the other fields");
        }
        for (String key : FACTORS) {
            OptionalInt factor = positive(config, key, checks);
            if (factor.isPresent() && replicas >= 1 && factor.getAsInt() > replicas) {
                checks.refuse(
                        "replicas",
                        replicas + (replicas == 1 ? " broker" : " brokers") + " cannot hold " + key + "="
                                + factor.getAsInt(),
                        "add brokers or lower the factor");
            }
        }
        int factor = number(config, FACTOR).orElse(1);
        OptionalInt min = positive(config, MIN_INSYNC, checks);
        if (min.isPresent() && min.getAsInt() > factor) {
            checks.refuse(
                    "config[" + MIN_INSYNC + "]",
                    min.getAsInt() + " in-sync replicas can never be reached with " + FACTOR + "=" + factor
                            + (config.containsKey(FACTOR) ? "" : " (Kafka's default)"),
                    "lower it, or raise " + FACTOR);
        }
        positive(config, "num.partitions", checks);
    }

    private static OptionalInt positive(SortedMap<String, String> config, String key, Checks checks) {
        String text = config.get(key);
        OptionalInt number = number(config, key);
        checks.require(
                text == null || (number.isPresent() && number.getAsInt() >= 1),
                "config[" + key + "]",
                "expected a whole number from 1, found '" + text + "'",
                "write a number such as 3");
        return number;
    }

    private static OptionalInt number(SortedMap<String, String> config, String key) {
        String text = config.getOrDefault(key, "");
        return text.matches("[0-9]{1,9}") ? OptionalInt.of(Integer.parseInt(text)) : OptionalInt.empty();
    }

    /** Whether the model says a property itself, such as {@code listeners}, so that files and layers must not. */
    public static boolean isModelled(String key) {
        return OWN.contains(key);
    }

    /** {@code default.replication.factor}; 1, Kafka's default, if it is not set. */
    public int defaultReplicationFactor() {
        return number(config(), FACTOR).orElse(1);
    }

    /** {@code min.insync.replicas}; 1, Kafka's default, if it is not set. */
    public int minInsyncReplicas() {
        return number(config(), MIN_INSYNC).orElse(1);
    }

    /** {@code num.partitions}; 1, Kafka's default, if it is not set. */
    public int defaultPartitions() {
        return number(config(), "num.partitions").orElse(1);
    }

    /** The ids, in the order of the pods. */
    public List<BrokerId> brokerIds() {
        return IntStream.range(0, replicas())
                .mapToObj(ordinal -> BrokerId.of(firstId + ordinal))
                .toList();
    }

    /**
     * The names by which a broker is found, for its certificate and its advertised addresses: those of its pod, shortest
     * first, then those of the Service that clients bootstrap from.
     *
     * @throws IllegalArgumentException if no broker has the id
     */
    public List<String> hostNames(BrokerId id) {
        List<String> names = new ArrayList<>(podHostNames(id.value() - firstId));
        names.addAll(serviceHostNames());
        return List.copyOf(names);
    }

    /** The listener that what runs beside the brokers connects to, and they themselves: the first that is internal. */
    public Optional<Listener> internalListener() {
        return listeners.stream()
                .filter(listener -> listener.exposure() == Listener.Exposure.INTERNAL)
                .findFirst();
    }

    /** The volumes of each replica. */
    public Storage storage() {
        return workload.storage().orElseThrow();
    }

    @Override
    public <R> R accept(Handler<R> handler) {
        return handler.kafkaBrokers(this);
    }
}
