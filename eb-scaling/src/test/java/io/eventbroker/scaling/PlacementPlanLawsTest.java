package io.eventbroker.scaling;

import static org.awaitility.Awaitility.await;

import io.eventbroker.core.BrokerId;
import io.eventbroker.core.Deadline;
import io.eventbroker.core.Rate;
import io.eventbroker.core.TopicName;
import io.eventbroker.core.cluster.ClusterState;
import io.eventbroker.core.cluster.ClusterState.Part;
import io.eventbroker.core.cluster.PartitionState;
import io.eventbroker.core.cluster.Simulation;
import io.eventbroker.core.law.PlanLaws;
import io.eventbroker.core.plan.Plan;
import io.eventbroker.core.run.Report;
import io.eventbroker.core.run.Run;
import io.eventbroker.core.run.RunOptions;
import io.eventbroker.testkit.kafka.EmbeddedKafka;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.ConfigEntry.ConfigSource;
import org.apache.kafka.clients.admin.NewPartitionReassignment;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** The laws of plans, on a real cluster whose topics lie on two of its three brokers. */
class PlacementPlanLawsTest extends PlanLaws<PlacementPlanLawsTest.World, Move> {
    private static final Duration SOON = Duration.ofSeconds(30);
    private static final AtomicInteger WORLDS = new AtomicInteger();
    private static EmbeddedKafka kafka;
    private static Admin admin;
    private static KafkaProducer<byte[], byte[]> producer;

    /** The only topic of the cluster. */
    record World(String topic) {}

    @BeforeAll
    static void start() {
        kafka = EmbeddedKafka.builder()
                .brokers(3)
                .racks("az-a", "az-b", "az-c")
                .property("auto.leader.rebalance.enable", "false")
                .start();
        admin = kafka.admin();
        producer = new KafkaProducer<>(
                new HashMap<>(kafka.clientProperties()), new ByteArraySerializer(), new ByteArraySerializer());
    }

    @AfterAll
    static void stop() {
        producer.close();
        admin.close();
        kafka.close();
    }

    @Override
    protected int seeds() {
        return 2;
    }

    @Override
    protected int seedsToKill() {
        return 1;
    }

    /** A record a partition, so that sizes are the same in every world of a seed. */
    @Override
    protected World world(int seed) {
        Random random = new Random(seed);
        String topic = "world-" + WORLDS.incrementAndGet();
        int partitions = 2 + seed;
        Map<Integer, List<Integer>> replicas = new HashMap<>();
        for (int p = 0; p < partitions; p++) {
            replicas.put(p, random.nextBoolean() ? List.of(0, 1) : List.of(1, 0));
        }
        try {
            admin.createTopics(List.of(new NewTopic(topic, replicas))).all().get();
            List<Future<?>> sent = new ArrayList<>();
            for (int p = 0; p < partitions; p++) {
                byte[] value = new byte[50_000 + random.nextInt(50_000)];
                random.nextBytes(value);
                sent.add(producer.send(new ProducerRecord<>(topic, p, null, value)));
            }
            for (Future<?> one : sent) {
                one.get();
            }
        } catch (Exception e) {
            throw new AssertionError(e);
        }
        // Every follower has its copy, and every broker knows of it.
        soon().until(() -> {
            ClusterState state = read();
            return state.topics().keySet().equals(Set.of(TopicName.of(topic)))
                    && partitionsOf(state, topic).size() == partitions
                    && partitionsOf(state, topic).stream()
                            .allMatch(p -> p.size() > 0 && p.isr().size() == 2);
        });
        return new World(topic);
    }

    private static ConditionFactory soon() {
        return await().atMost(SOON).pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(20));
    }

    private static ClusterState read() {
        return ClusterState.read(admin, Deadline.after(SOON), Set.of(Part.SIZES));
    }

    private static List<PartitionState> partitionsOf(ClusterState state, String topic) {
        return state.topic(TopicName.of(topic)).map(one -> one.partitions()).orElse(List.of());
    }

    private static PlacementPlan plan(ClusterState state) {
        return Placement.of(state)
                .withBrokers(BrokerId.of(2))
                .within(Band.percent(40))
                .plan();
    }

    @Override
    protected Plan<Move> plan(World world) {
        return plan(read());
    }

    @Override
    protected Plan<Move> planAfterSimulating(World world, Plan<Move> plan) {
        Simulation simulation = read().simulate();
        plan.actions().forEach(move -> simulation.moveReplicas(move.topic(), move.partition(), move.to()));
        return plan(simulation.state());
    }

    @Override
    protected Run<? extends Report> run(World world, Plan<Move> plan, RunOptions options) {
        return Reassignment.on(admin).throttledAt(Rate.mebibytesPerSecond(100)).run(plan, options);
    }

    /** Replicas, preferred leader first, and every throttle. */
    @Override
    protected Object state(World world) {
        Map<String, String> state = new TreeMap<>();
        List<PartitionState> partitions = partitionsOf(read(), world.topic());
        for (int p = 0; p < partitions.size(); p++) {
            state.put("partition " + p, partitions.get(p).replicas().toString());
        }
        List<ConfigResource> resources = new ArrayList<>();
        resources.add(new ConfigResource(ConfigResource.Type.TOPIC, world.topic()));
        for (int id = 0; id < 3; id++) {
            resources.add(new ConfigResource(ConfigResource.Type.BROKER, Integer.toString(id)));
        }
        try {
            for (Map.Entry<ConfigResource, Config> one :
                    admin.describeConfigs(resources).all().get().entrySet()) {
                for (ConfigEntry entry : one.getValue().entries()) {
                    boolean own = entry.source() == ConfigSource.DYNAMIC_BROKER_CONFIG
                            || entry.source() == ConfigSource.DYNAMIC_TOPIC_CONFIG;
                    if (own && entry.name().contains("replication.throttled")) {
                        state.put(one.getKey().type() + " " + entry.name(), entry.value());
                    }
                }
            }
        } catch (Exception e) {
            throw new AssertionError(e);
        }
        return state;
    }

    @Override
    protected void disturb(World world) {
        PartitionState first = partitionsOf(read(), world.topic()).get(0);
        List<Integer> swapped =
                List.of(first.replicas().get(1).value(), first.replicas().get(0).value());
        try {
            admin.alterPartitionReassignments(Map.of(
                            new TopicPartition(world.topic(), 0), Optional.of(new NewPartitionReassignment(swapped))))
                    .all()
                    .get();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
        soon().until(() ->
                !partitionsOf(read(), world.topic()).get(0).replicas().equals(first.replicas()));
    }

    @Override
    protected void close(World world) {
        try {
            admin.deleteTopics(List.of(world.topic())).all().get();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }
}
