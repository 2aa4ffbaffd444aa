package io.eventbroker.core.topology;

import io.eventbroker.core.BrokerId;
import io.eventbroker.core.kind.Checks;
import io.eventbroker.core.kind.Default;
import io.eventbroker.core.kind.Inherit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * The brokers of one cluster.
 *
 * @param firstId the {@code node.id} of the first pod; the others follow
 * @param listeners at least one, with distinct names and ports
 * @param config broker properties; what the model says itself (ids, listeners, racks, log folders, quorum) must not
 *     appear in it
 */
public record KafkaBrokers(
        @Inherit String name,
        @Inherit String namespace,
        int replicas,
        @Default("0") int firstId,
        Image image,
        Resources resources,
        Jvm jvm,
        Storage storage,
        List<Listener> listeners,
        SortedMap<String, String> config)
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
        config = Collections.unmodifiableSortedMap(new TreeMap<>(config));
        Checks checks = Component.check(name, namespace, replicas, resources, jvm)
                .require(firstId >= 0, "firstId", "must not be negative, was " + firstId, "write 0 or more");
        check(listeners, checks);
        check(config, replicas, checks);
        checks.end();
    }

    private static void check(List<Listener> listeners, Checks checks) {
        checks.require(!listeners.isEmpty(), "listeners", "there must be at least one", "add an internal listener");
        Map<String, Integer> byName = new HashMap<>();
        Map<Integer, Integer> byPort = new HashMap<>();
        for (int i = 0; i < listeners.size(); i++) {
            Listener listener = listeners.get(i);
            Integer named = byName.putIfAbsent(listener.name(), i);
            checks.require(
                    named == null,
                    "listeners[" + i + "].name",
                    "'" + listener.name() + "' is also the name of listeners[" + named + "]",
                    "give each listener its own name");
            Integer bound = byPort.putIfAbsent(listener.port(), i);
            checks.require(
                    bound == null,
                    "listeners[" + i + "].port",
                    "port " + listener.port() + " is also that of listeners[" + bound + "]",
                    "give each listener its own port");
        }
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
        return number(config, FACTOR).orElse(1);
    }

    /** {@code min.insync.replicas}; 1, Kafka's default, if it is not set. */
    public int minInsyncReplicas() {
        return number(config, MIN_INSYNC).orElse(1);
    }

    /** {@code num.partitions}; 1, Kafka's default, if it is not set. */
    public int defaultPartitions() {
        return number(config, "num.partitions").orElse(1);
    }

    /** The ids, in the order of the pods. */
    public List<BrokerId> brokerIds() {
        return IntStream.range(0, replicas)
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

    /** The listener of this name. */
    public Optional<Listener> listener(String listenerName) {
        return listeners.stream()
                .filter(listener -> listener.name().equals(listenerName))
                .findFirst();
    }

    @Override
    public Optional<Storage> volumes() {
        return Optional.of(storage);
    }

    @Override
    public <R> R accept(Handler<R> handler) {
        return handler.kafkaBrokers(this);
    }
}
