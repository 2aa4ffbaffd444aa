package io.eventbroker.scaling;

import io.eventbroker.core.BrokerId;
import io.eventbroker.core.Deadline;
import io.eventbroker.core.EventBrokerException;
import io.eventbroker.core.Rate;
import io.eventbroker.core.cluster.AdminCalls;
import io.eventbroker.core.json.CanonicalJson;
import io.eventbroker.core.plan.ActionId;
import io.eventbroker.core.run.RunContext;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.AlterConfigOp.OpType;
import org.apache.kafka.clients.admin.AlterConfigsOptions;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.ConfigEntry.ConfigSource;
import org.apache.kafka.clients.admin.DescribeConfigsOptions;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/**
 * Kafka's replication throttle (KIP-73): a rate on each broker, and on each topic the lists of replicas that it applies
 * to. What was there before is written to the journal before anything is set, so that a resume knows what is ours.
 */
final class Throttle {
    static final String LEADER_RATE = "leader.replication.throttled.rate";
    static final String FOLLOWER_RATE = "follower.replication.throttled.rate";
    static final String LEADER_REPLICAS = "leader.replication.throttled.replicas";
    static final String FOLLOWER_REPLICAS = "follower.replication.throttled.replicas";
    private static final List<String> RATES = List.of(LEADER_RATE, FOLLOWER_RATE);
    private static final List<String> REPLICAS = List.of(LEADER_REPLICAS, FOLLOWER_REPLICAS);
    private static final Duration PROPAGATION = Duration.ofSeconds(10);
    private static final long POLL_NANOS = 50_000_000;
    private static final int RESOURCES_PER_REQUEST = 1_000;
    private static final String ALL = "*";

    private final Admin admin;
    private final Rate rate;
    private final List<Move> moves;

    /**
     * What the journal knows.
     *
     * @param removed true once nothing of ours is left
     * @param rates that we have set, one for each run of the journal with another throttle
     * @param brokers whose rates we set, by id and key, with what was set on that very broker before; empty if nothing
     * @param topics that had lists of throttled replicas before, with those lists by key
     */
    record Trace(
            boolean removed,
            List<Long> rates,
            SortedMap<String, SortedMap<String, String>> brokers,
            SortedMap<String, SortedMap<String, String>> topics) {}

    Throttle(Admin admin, Rate rate, List<Move> moves) {
        this.admin = admin;
        this.rate = rate;
        this.moves = moves;
    }

    /** Any action of the plan would do; the first is always there. */
    private ActionId keeper() {
        return moves.get(0).id();
    }

    private Optional<Trace> trace(RunContext run) {
        return run.lastCheckpoint(keeper()).map(note -> CanonicalJson.read(note, Trace.class));
    }

    /** True if this run or an earlier one of the journal has set something and not taken it away. */
    boolean isLeftBehind(RunContext run) {
        return trace(run).map(trace -> !trace.removed()).orElse(false);
    }

    /** Sets the rates of the brokers that are alive and take part. */
    void setRates(Set<BrokerId> alive, RunContext run, Deadline deadline) {
        SortedSet<BrokerId> involved = new TreeSet<>();
        for (Move move : moves) {
            if (!move.arriving().isEmpty()) {
                involved.addAll(move.from());
                involved.addAll(move.to());
            }
        }
        involved.retainAll(alive);
        Map<ConfigResource, Config> brokers =
                describe(involved.stream().map(id -> broker(id.toString())).toList(), deadline);
        Optional<Trace> earlier = trace(run).filter(trace -> !trace.removed());
        SortedMap<String, SortedMap<String, String>> changed =
                new TreeMap<>(earlier.map(Trace::brokers).orElse(new TreeMap<>()));
        Set<Long> rates = new LinkedHashSet<>(earlier.map(Trace::rates).orElse(List.of()));
        Map<ConfigResource, Collection<AlterConfigOp>> ops = new HashMap<>();
        brokers.forEach((resource, config) -> {
            SortedMap<String, String> before = new TreeMap<>(changed.getOrDefault(resource.name(), new TreeMap<>()));
            for (String key : RATES) {
                if (before.containsKey(key) || effectiveRate(config, key) > rate.bytesPerSecond()) {
                    before.putIfAbsent(key, ownValue(config, key).orElse(""));
                    ops.computeIfAbsent(resource, any -> new ArrayList<>())
                            .add(op(key, Long.toString(rate.bytesPerSecond()), OpType.SET));
                }
            }
            if (!before.isEmpty()) {
                changed.put(resource.name(), before);
            }
        });
        rates.add(rate.bytesPerSecond());
        SortedMap<String, SortedMap<String, String>> topics =
                earlier.map(Trace::topics).orElseGet(() -> listsOfOthers(deadline));
        // Written first: after a kill in between, what was not set yet is only looked for in vain.
        run.checkpoint(keeper(), CanonicalJson.write(new Trace(false, List.copyOf(rates), changed, topics)));
        alter(ops, deadline);
    }

    private SortedMap<String, SortedMap<String, String>> listsOfOthers(Deadline deadline) {
        SortedMap<String, SortedMap<String, String>> lists = new TreeMap<>();
        describe(topics(moves), deadline).forEach((topic, config) -> {
            for (String key : REPLICAS) {
                ownValue(config, key)
                        .filter(value -> !value.isEmpty())
                        .ifPresent(value -> lists.computeIfAbsent(topic.name(), any -> new TreeMap<>())
                                .put(key, value));
            }
        });
        return lists;
    }

    /** Has the throttle apply to these moves. */
    void cover(List<Move> starting, RunContext run, Deadline deadline) {
        alter(lists(starting, trace(run), OpType.APPEND), deadline);
    }

    private static Map<ConfigResource, Collection<AlterConfigOp>> lists(
            List<Move> moves, Optional<Trace> trace, OpType type) {
        Map<ConfigResource, Collection<AlterConfigOp>> ops = new HashMap<>();
        Map<String, List<Move>> byTopic = moves.stream()
                .collect(Collectors.groupingBy(move -> move.topic().value()));
        for (ConfigResource topic : topics(moves)) {
            for (String key : REPLICAS) {
                Set<String> ours = ours(topic.name(), key, byTopic.getOrDefault(topic.name(), List.of()), trace);
                if (!ours.isEmpty()) {
                    ops.computeIfAbsent(topic, any -> new ArrayList<>()).add(op(key, String.join(",", ours), type));
                }
            }
        }
        return ops;
    }

    /** The entries of a topic's list that are there for these moves, without those that were there before. */
    private static Set<String> ours(String topic, String key, List<Move> moves, Optional<Trace> trace) {
        Set<String> entries = new TreeSet<>();
        for (Move move : moves) {
            if (!move.arriving().isEmpty()) {
                List<BrokerId> brokers = key.equals(LEADER_REPLICAS) ? move.from() : move.arriving();
                brokers.forEach(broker -> entries.add(move.partition() + ":" + broker));
            }
        }
        Set<String> before = split(trace.map(Trace::topics)
                .map(topics -> topics.get(topic))
                .map(lists -> lists.get(key))
                .orElse(""));
        if (before.contains(ALL)) {
            return Set.of();
        }
        entries.removeAll(before);
        return entries;
    }

    /**
     * Takes away all that is ours, and puts back the rates that were there before unless somebody has changed them since.
     *
     * @throws EventBrokerException if something of ours may be left
     */
    void remove(Set<BrokerId> alive, RunContext run, Deadline deadline) {
        Optional<Trace> found = trace(run).filter(trace -> !trace.removed());
        if (found.isEmpty()) {
            return;
        }
        Trace trace = found.get();
        removeLists(trace, deadline);

        List<ConfigResource> reachable = trace.brokers().keySet().stream()
                .filter(id -> alive.contains(BrokerId.of(Integer.parseInt(id))))
                .map(Throttle::broker)
                .toList();
        Map<ConfigResource, Collection<AlterConfigOp>> ops = new HashMap<>();
        describe(reachable, deadline)
                .forEach((resource, config) -> trace.brokers()
                        .getOrDefault(resource.name(), new TreeMap<>())
                        .forEach((key, before) -> {
                            // A broker may not have learnt yet what we set on it, so only another's value stops us.
                            String now = ownValue(config, key).orElse("");
                            if (now.isEmpty() || now.equals(before) || isOneOf(trace.rates(), now)) {
                                ops.computeIfAbsent(resource, any -> new ArrayList<>())
                                        .add(
                                                before.isEmpty()
                                                        ? op(key, "", OpType.DELETE)
                                                        : op(key, before, OpType.SET));
                            }
                        }));
        alter(ops, deadline);
        awaitSeen(ops, deadline.atMost(PROPAGATION));
        if (reachable.size() < trace.brokers().size()) {
            List<String> dead = trace.brokers().keySet().stream()
                    .filter(id -> !alive.contains(BrokerId.of(Integer.parseInt(id))))
                    .toList();
            throw new EventBrokerException("brokers " + dead + " are not alive, so " + LEADER_RATE + " and "
                    + FOLLOWER_RATE
                    + " stay set on them (no replica is listed for them any more); start them and run the"
                    + " same plan with the same journal, or remove the two keys with kafka-configs");
        }
        run.checkpoint(keeper(), CanonicalJson.write(new Trace(true, trace.rates(), new TreeMap<>(), new TreeMap<>())));
    }

    /** Has the throttle no longer apply to these moves. */
    void uncover(List<Move> ended, RunContext run, Deadline deadline) {
        alter(lists(ended, trace(run), OpType.SUBTRACT), deadline);
    }

    /** Takes our entries out of the topics' lists, and the lists away if nobody else has an entry in them. */
    private void removeLists(Trace trace, Deadline deadline) {
        Map<ConfigResource, Collection<AlterConfigOp>> ops = new HashMap<>();
        Map<String, List<Move>> byTopic = moves.stream()
                .collect(Collectors.groupingBy(move -> move.topic().value()));
        describe(topics(moves), deadline).forEach((topic, config) -> {
            List<Move> here = byTopic.getOrDefault(topic.name(), List.of());
            for (String key : REPLICAS) {
                Set<String> ours = ours(topic.name(), key, here, Optional.of(trace));
                Set<String> others = split(ownValue(config, key).orElse(""));
                others.removeAll(ours);
                boolean hadNone = !trace.topics()
                        .getOrDefault(topic.name(), new TreeMap<>())
                        .containsKey(key);
                if (!ours.isEmpty()) {
                    ops.computeIfAbsent(topic, any -> new ArrayList<>())
                            .add(
                                    hadNone && others.isEmpty()
                                            ? op(key, "", OpType.DELETE)
                                            : op(key, String.join(",", ours), OpType.SUBTRACT));
                }
            }
        });
        alter(ops, deadline);
        awaitSeen(ops, deadline.atMost(PROPAGATION));
    }

    /** Waits until whoever answers has learnt of these changes, so that whoever looks next finds them. */
    private void awaitSeen(Map<ConfigResource, Collection<AlterConfigOp>> ops, Deadline deadline) {
        boolean seen = ops.isEmpty();
        while (!seen && !deadline.hasPassed()) {
            Map<ConfigResource, Config> now = describe(List.copyOf(ops.keySet()), deadline);
            seen = now.entrySet().stream()
                    .allMatch(entry -> ops.getOrDefault(entry.getKey(), List.of()).stream()
                            .allMatch(op -> isSeen(
                                    op,
                                    ownValue(entry.getValue(), op.configEntry().name()))));
            if (!seen) {
                LockSupport.parkNanos(POLL_NANOS);
            }
        }
    }

    private static boolean isSeen(AlterConfigOp op, Optional<String> now) {
        return switch (op.opType()) {
            case DELETE -> now.isEmpty();
            case SUBTRACT ->
                Collections.disjoint(
                        split(now.orElse("")), split(op.configEntry().value()));
            default -> now.equals(Optional.of(op.configEntry().value()));
        };
    }

    private static AlterConfigOp op(String key, String value, OpType type) {
        return new AlterConfigOp(new ConfigEntry(key, value), type);
    }

    private static boolean isOneOf(Collection<Long> rates, String value) {
        return rates.stream().anyMatch(rate -> Long.toString(rate).equals(value));
    }

    private static Set<String> split(String list) {
        Set<String> entries = new TreeSet<>();
        for (String entry : list.split(",", -1)) {
            if (!entry.isBlank()) {
                entries.add(entry.trim());
            }
        }
        return entries;
    }

    /** What is set on this very broker or topic. */
    private static Optional<String> ownValue(Config config, String key) {
        return Optional.ofNullable(config.get(key))
                .filter(entry -> entry.source() == ConfigSource.DYNAMIC_BROKER_CONFIG
                        || entry.source() == ConfigSource.DYNAMIC_TOPIC_CONFIG)
                .map(ConfigEntry::value);
    }

    private static long effectiveRate(Config config, String key) {
        ConfigEntry entry = config.get(key);
        if (entry == null || entry.value() == null || entry.value().isEmpty()) {
            return Long.MAX_VALUE;
        }
        try {
            return Long.parseLong(entry.value());
        } catch (NumberFormatException e) {
            return Long.MAX_VALUE;
        }
    }

    private static ConfigResource broker(String id) {
        return new ConfigResource(ConfigResource.Type.BROKER, id);
    }

    private static List<ConfigResource> topics(List<Move> moves) {
        return moves.stream()
                .filter(move -> !move.arriving().isEmpty())
                .map(move -> move.topic().value())
                .distinct()
                .sorted()
                .map(name -> new ConfigResource(ConfigResource.Type.TOPIC, name))
                .toList();
    }

    /** Topics that are gone are left out. */
    private Map<ConfigResource, Config> describe(List<ConfigResource> resources, Deadline deadline) {
        Map<ConfigResource, Config> configs = new HashMap<>();
        inBatches(
                        resources,
                        batch -> admin.describeConfigs(
                                        batch,
                                        new DescribeConfigsOptions().timeoutMs(Math.max(1, deadline.remainingMillis())))
                                .values())
                .forEach((resource, future) -> {
                    try {
                        configs.put(
                                resource,
                                AdminCalls.read(future, "describe the configuration of " + resource, deadline));
                    } catch (EventBrokerException e) {
                        if (!(e.getCause() instanceof UnknownTopicOrPartitionException)) {
                            throw e;
                        }
                    }
                });
        return configs;
    }

    private void alter(Map<ConfigResource, Collection<AlterConfigOp>> ops, Deadline deadline) {
        inBatches(List.copyOf(ops.keySet()), batch -> {
                    Map<ConfigResource, Collection<AlterConfigOp>> part = new HashMap<>();
                    batch.forEach(resource -> part.put(resource, ops.getOrDefault(resource, List.of())));
                    return admin.incrementalAlterConfigs(
                                    part, new AlterConfigsOptions().timeoutMs(Math.max(1, deadline.remainingMillis())))
                            .values();
                })
                .forEach((resource, future) -> {
                    try {
                        AdminCalls.change(future, "change the replication throttle of " + resource, deadline);
                    } catch (EventBrokerException e) {
                        if (!(e.getCause() instanceof UnknownTopicOrPartitionException)) {
                            throw e;
                        }
                    }
                });
    }

    /** Sends every batch before any answer is awaited. */
    private static <T> Map<ConfigResource, KafkaFuture<T>> inBatches(
            List<ConfigResource> resources, Function<List<ConfigResource>, Map<ConfigResource, KafkaFuture<T>>> send) {
        Map<ConfigResource, KafkaFuture<T>> futures = new HashMap<>();
        for (int from = 0; from < resources.size(); from += RESOURCES_PER_REQUEST) {
            futures.putAll(
                    send.apply(resources.subList(from, Math.min(resources.size(), from + RESOURCES_PER_REQUEST))));
        }
        return futures;
    }
}
