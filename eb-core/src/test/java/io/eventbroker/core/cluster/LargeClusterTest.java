package io.eventbroker.core.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.eventbroker.core.Deadline;
import io.eventbroker.core.cluster.ClusterState.Part;
import java.lang.reflect.Constructor;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ClassicGroupDescription;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.DescribeClassicGroupsResult;
import org.apache.kafka.clients.admin.DescribeClusterResult;
import org.apache.kafka.clients.admin.DescribeConfigsResult;
import org.apache.kafka.clients.admin.DescribeLogDirsResult;
import org.apache.kafka.clients.admin.DescribeTopicsResult;
import org.apache.kafka.clients.admin.GroupListing;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsResult;
import org.apache.kafka.clients.admin.ListGroupsResult;
import org.apache.kafka.clients.admin.ListOffsetsResult;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.ListTopicsResult;
import org.apache.kafka.clients.admin.LogDirDescription;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.ReplicaInfo;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.admin.TopicListing;
import org.apache.kafka.clients.admin.internals.CoordinatorKey;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.ClassicGroupState;
import org.apache.kafka.common.GroupState;
import org.apache.kafka.common.GroupType;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.internals.KafkaFutureImpl;
import org.junit.jupiter.api.Test;

/**
 * A cluster larger than a test can start: 100 brokers, 20,000 topics of 5 partitions with 3 replicas, 10,000 groups
 * and one of a type that is not known yet. The Admin client is simulated: it answers every question after the ones before, and counts them.
 */
class LargeClusterTest {
    private static final int BROKERS = 100;
    private static final int TOPICS = 20_000;
    private static final int PARTITIONS = 5;
    private static final int GROUPS = 10_000;

    private final List<Node> nodes = new ArrayList<>();
    private final TreeMap<String, AtomicInteger> calls = new TreeMap<>();
    private final AtomicInteger open = new AtomicInteger();
    private final AtomicInteger mostOpen = new AtomicInteger();
    private final ExecutorService answers = Executors.newSingleThreadExecutor();

    @Test
    void isReadInFewQuestionsOfWhichFewAreOpen() {
        for (int id = 0; id < BROKERS; id++) {
            nodes.add(new Node(id, "host-" + id, 9092, "az-" + id % 3));
        }
        ClusterState state;
        try {
            state = ClusterState.read(
                    simulated(),
                    Deadline.after(Duration.ofMinutes(5)),
                    Set.of(Part.CONFIGS, Part.OFFSETS, Part.SIZES, Part.GROUPS));
        } finally {
            answers.shutdownNow();
        }

        assertThat(state.gaps()).singleElement().satisfies(gap -> {
            assertThat(gap.reason()).isEqualTo(Gap.Reason.NOT_SUPPORTED);
            assertThat(gap.resources()).containsExactly("group of-tomorrow");
        });
        assertThat(state.topics()).hasSize(TOPICS);
        assertThat(state.topics().values())
                .allMatch(topic -> topic.partitions().size() == PARTITIONS
                        && topic.partitions().get(4).endOffset() == 70
                        && topic.partitions().get(4).startOffset() == 30
                        && topic.partitions().get(4).sizes().equals(List.of(9L, 9L, 9L)));
        assertThat(state.groups()).hasSize(GROUPS + 1);
        assertThat(state.groups().get("of-tomorrow").committed()).isEmpty();
        assertThat(state.groups().get("group-7").lags()).containsValue(20L);
        TreeMap<String, Integer> counted = new TreeMap<>();
        calls.forEach((name, count) -> counted.put(name, count.get()));
        assertThat(counted)
                .isEqualTo(Map.of(
                        "describeCluster", 1,
                        "listTopics", 1,
                        "describeTopics", 40,
                        "describeConfigs", 40,
                        "listOffsets", 40,
                        "describeLogDirs", BROKERS,
                        "listGroups", 1,
                        "describeClassicGroups", 50,
                        "listConsumerGroupOffsets", 50));
        assertThat(mostOpen.get()).isBetween(2, 2 * Lane.IN_FLIGHT);
    }

    /** Answers when all earlier questions have been answered; as long counts as open. */
    private <T> KafkaFuture<T> later(Supplier<T> answer) {
        KafkaFutureImpl<T> future = new KafkaFutureImpl<>();
        answers.execute(() -> future.complete(answer.get()));
        return future;
    }

    /** As {@link #later} for questions whose parts have futures of their own. */
    private <K, V> Map<K, KafkaFuture<V>> each(Collection<K> keys, java.util.function.Function<K, V> answer) {
        Map<K, KafkaFuture<V>> futures = new HashMap<>();
        keys.forEach(key -> futures.put(key, new KafkaFutureImpl<>()));
        answers.execute(
                () -> futures.forEach((key, future) -> ((KafkaFutureImpl<V>) future).complete(answer.apply(key))));
        return futures;
    }

    private Admin simulated() {
        return (Admin) Proxy.newProxyInstance(
                Admin.class.getClassLoader(), new Class<?>[] {Admin.class}, (proxy, method, args) -> {
                    calls.computeIfAbsent(method.getName(), name -> new AtomicInteger())
                            .incrementAndGet();
                    mostOpen.accumulateAndGet(open.incrementAndGet(), Math::max);
                    Object result = answer(method.getName(), args);
                    answers.execute(open::decrementAndGet);
                    return result;
                });
    }

    @SuppressWarnings("unchecked")
    private Object answer(String method, Object[] args) throws Exception {
        return switch (method) {
            case "describeCluster" ->
                made(
                        DescribeClusterResult.class,
                        later(() -> nodes),
                        later(() -> nodes.get(0)),
                        later(() -> "large"),
                        later(Set::of));
            case "listTopics" ->
                made(ListTopicsResult.class, later(() -> {
                    Map<String, TopicListing> names = new HashMap<>();
                    for (int t = 0; t < TOPICS; t++) {
                        names.put("topic-" + t, new TopicListing("topic-" + t, new Uuid(7, t + 1), false));
                    }
                    return names;
                }));
            case "describeTopics" ->
                made(DescribeTopicsResult.class, null, each((Collection<String>) args[0], this::topic));
            case "describeConfigs" ->
                made(
                        DescribeConfigsResult.class,
                        each(
                                (Collection<ConfigResource>) args[0],
                                topic -> new Config(List.of(new ConfigEntry("retention.ms", "1000")))));
            case "listOffsets" ->
                made(
                        ListOffsetsResult.class,
                        each(
                                ((Map<TopicPartition, OffsetSpec>) args[0]).keySet(),
                                partition -> new ListOffsetsResultInfo(
                                        ((Map<TopicPartition, OffsetSpec>) args[0]).get(partition)
                                                        instanceof OffsetSpec.EarliestSpec
                                                ? 30
                                                : 70,
                                        -1,
                                        Optional.empty())));
            case "describeLogDirs" ->
                made(
                        DescribeLogDirsResult.class,
                        each(
                                (Collection<Integer>) args[0],
                                id -> Map.of("/data", new LogDirDescription(null, held(id)))));
            case "listGroups" ->
                made(ListGroupsResult.class, later(() -> {
                    List<Object> groups = new ArrayList<>();
                    for (int g = 0; g < GROUPS; g++) {
                        groups.add(new GroupListing(
                                "group-" + g,
                                Optional.of(GroupType.CLASSIC),
                                "consumer",
                                Optional.of(GroupState.EMPTY)));
                    }
                    groups.add(new GroupListing(
                            "of-tomorrow", Optional.of(GroupType.UNKNOWN), "", Optional.of(GroupState.STABLE)));
                    return groups;
                }));
            case "describeClassicGroups" ->
                made(
                        DescribeClassicGroupsResult.class,
                        each(
                                (Collection<String>) args[0],
                                id -> new ClassicGroupDescription(
                                        id, "consumer", "", List.of(), ClassicGroupState.EMPTY, nodes.get(0))));
            case "listConsumerGroupOffsets" ->
                made(
                        ListConsumerGroupOffsetsResult.class,
                        each(
                                ((Map<String, ?>) args[0])
                                        .keySet().stream()
                                                .map(CoordinatorKey::byGroupId)
                                                .toList(),
                                id -> Map.of(new TopicPartition("topic-1", 0), new OffsetAndMetadata(50))));
            default -> throw new AssertionError("unexpected question " + method);
        };
    }

    private TopicDescription topic(String name) {
        int number = Integer.parseInt(name.substring("topic-".length()));
        List<TopicPartitionInfo> partitions = new ArrayList<>();
        for (int p = 0; p < PARTITIONS; p++) {
            List<Node> replicas = List.of(
                    nodes.get((number + p) % BROKERS),
                    nodes.get((number + p + 1) % BROKERS),
                    nodes.get((number + p + 2) % BROKERS));
            partitions.add(new TopicPartitionInfo(p, replicas.get(0), replicas, replicas, List.of(), List.of()));
        }
        return new TopicDescription(name, false, partitions, Set.of(), new Uuid(7, number + 1));
    }

    private Map<TopicPartition, ReplicaInfo> held(int broker) {
        Map<TopicPartition, ReplicaInfo> held = new HashMap<>();
        for (int t = 0; t < TOPICS; t++) {
            for (int p = 0; p < PARTITIONS; p++) {
                if (Math.floorMod(broker - t - p, BROKERS) < 3) {
                    held.put(new TopicPartition("topic-" + t, p), new ReplicaInfo(9, 0, false));
                }
            }
        }
        return held;
    }

    /** Kafka keeps the constructors of most results to itself. */
    private static <T> T made(Class<T> type, Object... arguments) throws Exception {
        for (Constructor<?> constructor : type.getDeclaredConstructors()) {
            if (constructor.getParameterCount() == arguments.length) {
                constructor.setAccessible(true);
                return type.cast(constructor.newInstance(arguments));
            }
        }
        throw new AssertionError("no constructor of " + type + " with " + arguments.length + " arguments");
    }
}
