package io.eventbroker.core.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.eventbroker.core.BrokerId;
import io.eventbroker.core.TopicName;
import io.eventbroker.core.cluster.StateDiff.Change;
import io.eventbroker.core.cluster.StateDiff.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class StateDiffTest {
    private static final TopicName ORDERS = TopicName.of("orders");

    @Test
    void emptyExactlyForEqualStates() {
        int different = 0;
        for (long seed = 0; seed < 3_000; seed++) {
            ClusterState one = new StateGenerator(seed).draw();
            ClusterState other = new StateGenerator(seed / 2).draw();

            assertThat(one.diff(other).isEmpty()).as("seed %d", seed).isEqualTo(one.equals(other));
            assertThat(one.diff(new StateGenerator(seed).draw()).isEmpty()).isTrue();
            different += one.equals(other) ? 0 : 1;
        }
        assertThat(different).isGreaterThan(1_000);
    }

    /** States that differ in one part alone, which whole drawn states seldom do. */
    @Test
    void noPartIsOverlooked() {
        for (long seed = 0; seed < 2_000; seed++) {
            ClusterState one = new StateGenerator(seed).draw();
            ClusterState other = new StateGenerator(seed + 1).draw();
            StateBuilder mixed = StateBuilder.of(one);
            StateBuilder from = StateBuilder.of(other);
            switch ((int) (seed % 9)) {
                case 0 -> mixed.groups = from.groups;
                case 1 -> mixed.logDirs = from.logDirs;
                case 2 -> mixed.brokerConfigs = from.brokerConfigs;
                case 3 -> mixed.features = from.features;
                case 4 -> mixed.quorum = from.quorum;
                case 5 -> mixed.acls = from.acls;
                case 6 -> mixed.quotas = from.quotas;
                case 7 -> mixed.scramUsers = from.scramUsers;
                default -> {
                    // The same topics, but for a single one.
                    mixed.topics.keySet().stream()
                            .findFirst()
                            .ifPresent(name -> Optional.ofNullable(from.topics.get(name))
                                    .ifPresent(topic -> mixed.topics.put(
                                            name,
                                            new TopicState(
                                                    name,
                                                    one.topic(name)
                                                            .orElseThrow()
                                                            .id(),
                                                    topic.partitions(),
                                                    topic.configTable().orElse(null)))));
                }
            }
            ClusterState after = new ClusterState(mixed);
            assertThat(one.diff(after).isEmpty())
                    .as("seed %d: %s", seed, one.toJson() + "\n" + after.toJson())
                    .isEqualTo(one.equals(after));
        }
    }

    private static ClusterState cluster(int brokers, TopicState... topics) {
        SortedMap<BrokerId, Broker> ids = new TreeMap<>();
        for (int id = 0; id < brokers; id++) {
            ids.put(BrokerId.of(id), new Broker(BrokerId.of(id), "host", 9092, Optional.of("az-" + id)));
        }
        SortedMap<TopicName, TopicState> byName = new TreeMap<>();
        for (TopicState topic : topics) {
            byName.put(topic.name(), topic);
        }
        return ClusterState.of("drawn", ids, byName);
    }

    private static PartitionState led(int leader, List<Integer> isr) {
        return new PartitionState(
                Optional.of(BrokerId.of(leader)),
                List.of(BrokerId.of(0), BrokerId.of(1), BrokerId.of(2)),
                isr.stream().map(BrokerId::of).toList(),
                10,
                0,
                5);
    }

    private static TopicState topic(String id, PartitionState... partitions) {
        SortedMap<String, ConfigValue> configs = new TreeMap<>();
        configs.put("retention.ms", new ConfigValue("1000", true));
        return new TopicState(ORDERS, id, List.of(partitions), configs);
    }

    @Test
    void saysWhatHappened() {
        ClusterState before = cluster(3, topic("a", led(0, List.of(0, 1, 2)), led(1, List.of(0, 1))));
        ClusterState after = cluster(
                        4,
                        topic("a", led(1, List.of(1, 2)), led(1, List.of(0, 1, 2)))
                                .withConfigs(
                                        new TreeMap<>(java.util.Map.of("retention.ms", new ConfigValue("5", true)))))
                .simulate()
                .addPartitionsUpTo(ORDERS, 3)
                .createTopic(TopicName.of("new"), 2, 2, java.util.Map.of())
                .state();

        assertThat(before.diff(after).toString()).isEqualTo("""
                brokers joined: 1
                  broker 3: host:9092 in az-3
                topics created: 1
                  new: 2 partitions, 2 replicas
                topics with another number of partitions: 1
                  orders: 2 → 3
                leaders moved: 1
                  orders-0: 0 → 1
                replicas fell out of sync: 1
                  orders-0: without [0], now [1, 2]
                replicas came into sync: 1
                  orders-1: with [2], now [0, 1, 2]
                topic properties changed: 1
                  orders: retention.ms: 1000 (TOPIC) → 5 (TOPIC)
                """);
        assertThat(after.diff(before).of(Kind.BROKERS_LEFT)).hasSize(1);
        assertThat(after.diff(before).of(Kind.TOPICS_DELETED))
                .containsExactly(new Change("new", "2 partitions, 2 replicas"));
    }

    @Test
    void countsAndSizesAreWrittenForPeople() {
        TopicState one = TopicState.placed(
                ORDERS,
                "a",
                List.of(new PartitionState(
                        Optional.of(BrokerId.of(0)), List.of(BrokerId.of(0)), List.of(BrokerId.of(0)), 1566, 0, 1)));
        ClusterState before = described(cluster(1), OptionalLong.of(32), 1566, 1);
        ClusterState after = described(cluster(1, one), OptionalLong.of(99), 83_871_531_008L, 21);
        ClusterState little = described(cluster(1, one), OptionalLong.empty(), 83_871_531_009L, 21);

        assertThat(before.diff(after).toString()).isEqualTo("""
                features changed: 1
                  epoch: 32 → 99
                log directories: 1
                  broker 0: /data 1 replica, 1.53 KiB, usable 78.1 GiB → /data 21 replicas, 78.1 GiB, usable 78.1 GiB
                topics created: 1
                  orders: 1 partition, 1 replica
                """);
        assertThat(after.diff(little).toString()).as("what rounding would hide").isEqualTo("""
                features changed: 1
                  epoch: 99 → none
                log directories: 1
                  broker 0: /data 21 replicas, 83871531008 bytes, usable 83871531008 bytes → /data 21 replicas, 83871531009 bytes, usable 83871531008 bytes
                """);
        assertThat(after).hasToString("cluster drawn (1 broker, 1 topic, 0 gaps)");
    }

    private static ClusterState described(ClusterState state, OptionalLong epoch, long bytes, int replicas) {
        StateBuilder described = StateBuilder.of(state);
        described.features = new Features(new TreeMap<>(), epoch, new TreeMap<>());
        described.logDirs = new TreeMap<>(java.util.Map.of(
                BrokerId.of(0),
                List.of(new LogDir(
                        "/data",
                        OptionalLong.empty(),
                        OptionalLong.of(83_871_531_008L),
                        bytes,
                        replicas,
                        Optional.empty()))));
        return new ClusterState(described);
    }

    @Test
    void quotasUsersAndPartsReadAsSentences() {
        // Given
        StateBuilder before = StateBuilder.of(cluster(1));
        before.parts.add(ClusterState.Part.QUOTAS);
        before.parts.add(ClusterState.Part.SCRAM_USERS);
        before.quotas = List.of(new ClientQuota(
                new TreeMap<>(java.util.Map.of("user", Optional.of("alice"))),
                new TreeMap<>(java.util.Map.of("producer_byte_rate", 1_048_576.0, "request_percentage", 12.5))));
        before.scramUsers = new TreeMap<>(java.util.Map.of(
                "bob",
                new ScramUser("bob", new TreeMap<>(java.util.Map.of("SCRAM-SHA-256", 4096, "SCRAM-SHA-512", 8192)))));
        StateBuilder after = StateBuilder.of(new ClusterState(before));
        after.quotas = List.of(new ClientQuota(
                new TreeMap<>(java.util.Map.of("user", Optional.of("alice"))),
                new TreeMap<>(java.util.Map.of("producer_byte_rate", 2_097_152.0))));
        after.scramUsers = new TreeMap<>();
        after.parts.add(ClusterState.Part.ACLS);
        after.acls = new Acls(true, List.of());
        Gap gap = new Gap(
                ClusterState.Part.ACLS,
                Gap.Reason.NOT_AUTHORIZED,
                "Describe on the cluster is missing",
                new java.util.TreeSet<>(List.of("cluster")));
        after.gaps.add(gap);

        // When
        String text = new ClusterState(before).diff(new ClusterState(after)).toString();

        // Then
        assertThat(text).isEqualTo("""
                what was read: 2
                  a new gap: ACLS of cluster: Describe on the cluster is missing
                  access rules: not known → known
                quotas: 1
                  user alice: producer_byte_rate 1048576, request_percentage 12.5 → producer_byte_rate 2097152
                SCRAM users: 1
                  bob: SCRAM-SHA-256 4096 iterations, SCRAM-SHA-512 8192 iterations → none
                """);
    }

    @Test
    void noFieldOfAPartitionIsOverlooked() {
        List<BrokerId> replicas = List.of(BrokerId.of(0), BrokerId.of(1));
        Optional<BrokerId> leader = Optional.of(BrokerId.of(0));
        List<PartitionState> variants = List.of(
                new PartitionState(leader, replicas, replicas, Optional.empty(), List.of(1L, 1L), 0, 5),
                new PartitionState(Optional.empty(), replicas, replicas, Optional.empty(), List.of(1L, 1L), 0, 5),
                new PartitionState(leader, replicas, List.of(), Optional.empty(), List.of(1L, 1L), 0, 5),
                new PartitionState(leader, replicas, replicas, Optional.of(List.of()), List.of(1L, 1L), 0, 5),
                new PartitionState(leader, replicas, replicas, Optional.of(replicas), List.of(1L, 1L), 0, 5),
                new PartitionState(leader, replicas, replicas, Optional.empty(), List.of(1L, 2L), 0, 5),
                new PartitionState(leader, replicas, replicas, Optional.empty(), List.of(1L, 1L), 1, 5),
                new PartitionState(leader, replicas, replicas, Optional.empty(), List.of(1L, 1L), 0, 6));
        for (PartitionState one : variants) {
            for (PartitionState other : variants) {
                StateDiff diff = cluster(2, topic("a", one)).diff(cluster(2, topic("a", other)));
                assertThat(diff.isEmpty()).as("%s and %s", one, other).isEqualTo(one.equals(other));
            }
        }
    }

    @Test
    void aTopicOfTheSameNameIsAnother() {
        StateDiff diff = cluster(3, topic("a", led(0, List.of(0)))).diff(cluster(3, topic("b", led(1, List.of(0)))));

        assertThat(diff.changes()).containsOnlyKeys(Kind.TOPICS_RECREATED);
        assertThat(diff.toString()).contains("a → b");
    }

    @Test
    void tenThousandMovesAreAFewLines() {
        List<PartitionState> was = new ArrayList<>();
        List<PartitionState> is = new ArrayList<>();
        for (int p = 0; p < 10_000; p++) {
            was.add(led(0, List.of(0, 1, 2)));
            is.add(led(p % 3 == 0 ? 2 : 1, List.of(0, 1, 2)));
        }
        TopicState before = TopicState.placed(ORDERS, "a", was);

        StateDiff diff = cluster(3, before).diff(cluster(3, before.withPartitions(is)));

        assertThat(diff.of(Kind.LEADERS_MOVED)).hasSize(10_000);
        StringBuilder printed = new StringBuilder();
        diff.printTo(printed);
        assertThat(printed.toString()).isEqualTo("""
                leaders moved: 10,000
                  orders-1 and 6,665 more: 0 → 1
                  orders-0 and 3,333 more: 0 → 2
                """);
    }

    @Test
    void whatIsAlikeInNothingIsCut() {
        List<Change> changes = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            changes.add(new Change("topic-" + i, i + " → " + (i + 1)));
        }
        StateDiff diff = new StateDiff(new TreeMap<>(java.util.Map.of(Kind.OFFSETS, changes)));

        assertThat(diff.toString().lines()).hasSize(7).last().isEqualTo("  and 995 more");
        assertThat(new StateDiff(new TreeMap<>()).toString()).isEqualTo("no difference\n");
    }
}
