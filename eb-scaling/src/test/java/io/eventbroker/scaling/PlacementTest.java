package io.eventbroker.scaling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eventbroker.core.BrokerId;
import io.eventbroker.core.EventBrokerException;
import io.eventbroker.core.Rate;
import io.eventbroker.core.TopicName;
import io.eventbroker.core.cluster.Broker;
import io.eventbroker.core.cluster.ClusterState;
import io.eventbroker.core.cluster.PartitionState;
import io.eventbroker.core.cluster.Simulation;
import io.eventbroker.core.cluster.TopicState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PlacementTest {
    private static final Band BAND = Band.percent(9);

    static IntStream seeds() {
        return IntStream.rangeClosed(1, 60);
    }

    /** A cluster of one seed, grown, shrunk or only uneven. */
    private static Placement drawn(int seed) {
        Random random = new Random(seed);
        int racks = random.nextInt(5);
        int count = Math.max(4, racks * (1 + random.nextInt(4)));
        int factor = 1 + random.nextInt(3);
        ClusterState state = Clusters.draw(seed, count, racks, 5 + random.nextInt(60), factor);
        Placement placement = Placement.of(state).within(BAND);
        for (int added = random.nextInt(3); added > 0; added--) {
            int id = count + added - 1;
            placement = placement.withBrokers(Clusters.broker(id, racks == 0 ? "" : "az-" + random.nextInt(racks)));
        }
        return random.nextInt(4) == 0 && count > 2 * Math.max(racks, 2)
                ? placement.draining(BrokerId.of(random.nextInt(count)))
                : placement;
    }

    private static ClusterState after(Placement placement, PlacementPlan plan) {
        Simulation simulation = placement.state().simulate();
        placement.brokers().values().forEach(simulation::addBroker);
        plan.actions().forEach(move -> simulation.moveReplicas(move.topic(), move.partition(), move.to()));
        return simulation.state();
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void planOfTheSameStateIsTheSameToTheBit(int seed) {
        assertThat(drawn(seed).plan().toJson()).isEqualTo(drawn(seed).plan().toJson());
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void planReadsBackEqual(int seed) {
        PlacementPlan plan = drawn(seed).plan();
        PlacementPlan read = PlacementPlan.read(plan.toJson());
        assertThat(read).isEqualTo(plan);
        assertThat(read.actions()).isEqualTo(plan.actions());
        assertThat(read.brokers()).isEqualTo(plan.brokers());
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void secondPlanIsEmpty(int seed) {
        Placement placement = drawn(seed);
        ClusterState reached = after(placement, placement.plan());
        Placement again = Placement.of(reached).within(BAND).draining(held(placement, reached));
        assertThat(again.plan().actions()).isEmpty();
    }

    private static BrokerId[] held(Placement placement, ClusterState reached) {
        return placement.draining().stream()
                .filter(id -> reached.brokers().containsKey(id))
                .toArray(BrokerId[]::new);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void neverCopiesFewerBytesThanTheBound(int seed) {
        PlacementPlan plan = drawn(seed).plan();
        assertThat(plan.bytesToCopy()).isGreaterThanOrEqualTo(plan.bytesLowerBound());
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void keepsReplicasApart(int seed) {
        Placement placement = drawn(seed);
        ClusterState reached = after(placement, placement.plan());
        long racks = placement.brokers().values().stream()
                .filter(broker -> !placement.draining().contains(broker.id()))
                .flatMap(broker -> broker.rack().stream())
                .distinct()
                .count();
        reached.topics().forEach((name, topic) -> {
            for (int number = 0; number < topic.partitions().size(); number++) {
                List<BrokerId> replicas = topic.partitions().get(number).replicas();
                assertThat(new HashSet<>(replicas)).hasSameSizeAs(replicas);
                assertThat(replicas).noneMatch(id -> placement.draining().contains(id));
                Map<String, Integer> inRack = new HashMap<>();
                replicas.forEach(id ->
                        placement.brokers().get(id).rack().ifPresent(rack -> inRack.merge(rack, 1, Integer::sum)));
                if (racks > 0) {
                    assertThat(inRack.values()).allMatch(n -> n <= (replicas.size() + racks - 1) / racks);
                }
            }
        });
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void certificateTellsWhatTheMovesLeadTo(int seed) {
        Placement placement = drawn(seed);
        PlacementPlan plan = placement.plan();
        ClusterState reached = after(placement, plan);
        Map<BrokerId, Long> bytes = new HashMap<>();
        Map<BrokerId, Integer> replicas = new HashMap<>();
        Map<BrokerId, Integer> leaders = new HashMap<>();
        for (TopicState topic : reached.topics().values()) {
            for (PartitionState partition : topic.partitions()) {
                leaders.merge(partition.replicas().get(0), 1, Integer::sum);
                partition.replicas().forEach(id -> {
                    bytes.merge(id, partition.size(), Long::sum);
                    replicas.merge(id, 1, Integer::sum);
                });
            }
        }
        assertThat(plan.brokers()).allSatisfy(load -> {
            assertThat(load.after().bytes().bytes()).isEqualTo(bytes.getOrDefault(load.broker(), 0L));
            assertThat(load.after().replicas()).isEqualTo(replicas.getOrDefault(load.broker(), 0));
            assertThat(load.after().leaders()).isEqualTo(leaders.getOrDefault(load.broker(), 0));
        });
    }

    @Test
    void fillsAddedBrokersAtThePriceOfTheBound() {
        ClusterState uneven = Clusters.draw(7, 12, 3, 400, 3);
        Placement even = Placement.of(uneven).within(BAND);
        ClusterState balanced = after(even, even.plan());
        Broker[] added = {Clusters.broker(12, "az-0"), Clusters.broker(13, "az-1"), Clusters.broker(14, "az-2")};

        PlacementPlan plan =
                Placement.of(balanced).withBrokers(added).within(BAND).plan();

        assertThat(plan.notes()).isEmpty();
        assertThat(plan.gapPercent()).isLessThanOrEqualTo(1);
        assertThat(plan.maxOverAverageAfter()).isLessThanOrEqualTo(1.09);
        assertThat(plan.brokers()).allSatisfy(load -> {
            assertThat(load.after().bytes().bytes()).isBetween(BAND.lowest(share(load)), BAND.highest(share(load)) + 1);
            assertThat((double) load.after().replicas()).isBetween(replicas(plan) * 0.9, replicas(plan) * 1.1);
            assertThat((double) load.after().leaders()).isBetween(leaders(plan) * 0.9, leaders(plan) * 1.1);
        });
    }

    private static double share(BrokerLoad load) {
        return load.fairShare().bytes();
    }

    private static double replicas(PlacementPlan plan) {
        return plan.brokers().stream()
                .mapToInt(load -> load.after().replicas())
                .average()
                .orElseThrow();
    }

    private static double leaders(PlacementPlan plan) {
        return plan.brokers().stream()
                .mapToInt(load -> load.after().leaders())
                .average()
                .orElseThrow();
    }

    @Test
    void fourthBrokerOfThreeRacksSharesTheLoadOfItsOwnRack() {
        List<PartitionState> partitions = new ArrayList<>();
        for (int p = 0; p < 12; p++) {
            partitions.add(Clusters.partition(1000, p % 3, (p + 1) % 3, (p + 2) % 3));
        }
        ClusterState state = Clusters.of(Clusters.brokers(3, 3), List.of(Clusters.topic("orders", partitions)));

        PlacementPlan plan = Placement.of(state)
                .withBrokers(Clusters.broker(3, "az-0"))
                .within(BAND)
                .plan();

        assertThat(plan.actions()).allSatisfy(move -> {
            if (!move.arriving().isEmpty()) {
                assertThat(move.leaving()).containsExactly(BrokerId.of(0));
                assertThat(move.arriving()).containsExactly(BrokerId.of(3));
            }
        });
        assertThat(plan.bytesToCopy().bytes()).isEqualTo(6000);
        assertThat(plan.brokers()).extracting(load -> load.after().replicas()).containsExactly(6, 12, 12, 6);
        assertThat(plan.brokers()).extracting(load -> load.after().leaders()).containsExactly(3, 3, 3, 3);
    }

    @Test
    void emptyPartitionsAreSpreadByCountForNothing() {
        List<PartitionState> partitions = new ArrayList<>();
        for (int p = 0; p < 30; p++) {
            partitions.add(Clusters.partition(0, p % 3));
        }
        ClusterState state = Clusters.of(Clusters.brokers(3, 0), List.of(Clusters.topic("idle", partitions)));

        PlacementPlan plan =
                Placement.of(state).withBrokers(Clusters.broker(3, "")).plan();

        assertThat(plan.bytesToCopy().bytes()).isZero();
        assertThat(plan.brokers()).extracting(load -> load.after().replicas()).allMatch(n -> n == 7 || n == 8);
    }

    @Test
    void drainsADeadBroker() {
        ClusterState state = Clusters.draw(3, 8, 0, 40, 2);
        ClusterState dead = ClusterState.of(state.clusterId(), state.brokers().headMap(BrokerId.of(7)), state.topics());

        assertThatThrownBy(() -> Placement.of(dead).plan())
                .isInstanceOf(EventBrokerException.class)
                .hasMessageContaining("broker 7 holds")
                .hasMessageContaining("is not alive");
        PlacementPlan plan = Placement.of(dead).draining(BrokerId.of(7)).plan();
        assertThat(plan.brokers().get(7).after().replicas()).isZero();
        assertThat(plan.bytesLowerBound())
                .isGreaterThanOrEqualTo(plan.brokers().get(7).before().bytes());
    }

    @Test
    void refusesToDrainWhatTheOthersCannotHold() {
        ClusterState state = Clusters.draw(1, 3, 3, 5, 3);
        assertThatThrownBy(() -> Placement.of(state).draining(BrokerId.of(1)).plan())
                .isInstanceOf(EventBrokerException.class)
                .hasMessageContaining("have nowhere to go");
    }

    @Test
    void refusesUnknownSizes() {
        ClusterState state = Clusters.of(
                Clusters.brokers(3, 3), List.of(Clusters.topic("orders", List.of(Clusters.partition(-1, 0, 1)))));
        assertThatThrownBy(() -> Placement.of(state).plan())
                .isInstanceOf(EventBrokerException.class)
                .hasMessageContaining("orders-0")
                .hasMessageContaining("Part.SIZES");
    }

    @Test
    void refusesBrokersThatHaveNotRegistered() {
        assertThatThrownBy(() -> Placement.of(Clusters.draw(1, 3, 3, 1, 3)).withBrokers(BrokerId.of(9)))
                .isInstanceOf(EventBrokerException.class)
                .hasMessageContaining("broker 9 is not registered");
    }

    @Test
    void printsThePlanBesideItsBound() {
        StringBuilder text = new StringBuilder();
        Placement.of(Clusters.draw(7, 6, 3, 30, 3))
                .withBrokers(Clusters.broker(6, "az-0"))
                .throttledAt(Rate.mebibytesPerSecond(1))
                .plan()
                .printTo(text);
        assertThat(text.toString()).contains("bound ", "gap ", "leader changes", "at least ", "a broker", "→", "hash ");
    }

    @Test
    void timeBoundIsThatOfTheBusiestBroker() {
        ClusterState state = Clusters.of(
                Clusters.brokers(2, 0),
                List.of(Clusters.topic(
                        "orders", List.of(Clusters.partition(4 << 20, 0), Clusters.partition(4 << 20, 0)))));
        PlacementPlan plan = Placement.of(state).plan();
        assertThat(plan.actions()).hasSize(1);
        assertThat(plan.shortestTime(Rate.mebibytesPerSecond(2))).isEqualTo(Duration.ofSeconds(2));
    }

    @Test
    void pictureNamesEveryBroker() {
        PlacementPlan plan = Placement.of(Clusters.draw(7, 6, 3, 30, 3)).plan();
        assertThat(plan.toSvg())
                .startsWith("<svg")
                .contains("broker 5", "before", "after", "fair share")
                .endsWith("</svg>\n");
    }

    @Test
    void thousandsOfPartitionsOfOneTopicAreNamedByNumber() {
        Move move = new Move(
                TopicName.of("orders"),
                4,
                List.of(BrokerId.of(1), BrokerId.of(2)),
                List.of(BrokerId.of(3), BrokerId.of(2)),
                io.eventbroker.core.DataSize.ofMebibytes(3));
        assertThat(move.summary()).isEqualTo("move orders-4 from 1 to 3 (3.00 MiB, leader becomes 3)");
        assertThat(move.id().value()).isEqualTo("partition/orders/4/replicas");
    }
}
