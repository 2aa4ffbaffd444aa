package io.eventbroker.provisioning.topic;

import io.eventbroker.core.Deadline;
import io.eventbroker.core.TopicName;
import io.eventbroker.core.cluster.ClusterState;
import io.eventbroker.core.law.PlanLaws;
import io.eventbroker.core.plan.Plan;
import io.eventbroker.core.run.Report;
import io.eventbroker.core.run.Run;
import io.eventbroker.core.run.RunOptions;
import io.eventbroker.core.topic.TopicSet;
import io.eventbroker.core.topic.TopicSpec;
import io.eventbroker.testkit.kafka.EmbeddedKafka;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** The laws of plans, on topics of a real cluster. */
class TopicPlanLawsTest extends PlanLaws<TopicPlanLawsTest.World, TopicAction> {
    private static final AtomicInteger WORLDS = new AtomicInteger();
    private static EmbeddedKafka kafka;
    private static Admin admin;

    /** Topics under a prefix of their own, some there already, and what is wanted of them. */
    record World(String prefix, TopicSet wanted) {}

    @BeforeAll
    static void startCluster() {
        kafka = EmbeddedKafka.builder().brokers(2).start();
        admin = kafka.admin();
    }

    @AfterAll
    static void stopCluster() {
        admin.close();
        kafka.close();
    }

    private static Deadline soon() {
        return Deadline.after(Duration.ofMinutes(1));
    }

    @Override
    protected int seeds() {
        return 4;
    }

    @Override
    protected int seedsToKill() {
        return 1;
    }

    @Override
    protected World world(int seed) {
        Random random = new Random(seed);
        String prefix = "w" + WORLDS.incrementAndGet() + ".";
        List<TopicSpec> before = new ArrayList<>();
        List<TopicSpec> wanted = new ArrayList<>();
        List<String> retired = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            String name = prefix + "t" + i;
            int partitions = 1 + random.nextInt(2);
            if (random.nextBoolean()) {
                before.add(TopicsTest.topic(name, partitions, configs(random)));
            }
            if (random.nextInt(4) == 0) {
                retired.add(name);
            } else {
                wanted.add(TopicsTest.topic(name, partitions + random.nextInt(2), configs(random)));
            }
        }
        Topics topics = Topics.on(admin);
        topics.run(topics.plan(topics.read(soon()), List.of(TopicsTest.set(before))), RunOptions.defaults())
                .await(soon())
                .requireSuccess();
        return new World(prefix, TopicsTest.set(wanted, retired.toArray(String[]::new)));
    }

    private static Map<String, String> configs(Random random) {
        Map<String, String> configs = new TreeMap<>();
        if (random.nextBoolean()) {
            configs.put("retention.ms", Integer.toString(1_000_000 + random.nextInt(3)));
        }
        if (random.nextBoolean()) {
            configs.put("max.message.bytes", Integer.toString(2_000_000 + random.nextInt(3)));
        }
        return configs;
    }

    @Override
    protected Plan<TopicAction> plan(World world) {
        Topics topics = Topics.on(admin);
        return topics.plan(topics.read(soon()), List.of(world.wanted()));
    }

    @Override
    protected Plan<TopicAction> planAfterSimulating(World world, Plan<TopicAction> plan) {
        Topics topics = Topics.on(admin);
        return topics.plan(Topics.simulate(topics.read(soon()), plan), List.of(world.wanted()));
    }

    @Override
    protected Run<Report> run(World world, Plan<TopicAction> plan, RunOptions options) {
        return Topics.on(admin).run(plan, options);
    }

    @Override
    protected Object state(World world) {
        SortedMap<String, String> state = new TreeMap<>();
        ClusterState cluster = Topics.on(admin).read(soon());
        cluster.topics().forEach((name, topic) -> {
            if (name.value().startsWith(world.prefix())) {
                state.put(
                        name.value().substring(world.prefix().length()),
                        topic.partitions().size() + "x" + topic.replicationFactor() + " " + topic.overrides());
            }
        });
        return state;
    }

    @Override
    protected void disturb(World world) {
        TopicName name = world.wanted().topics().get(0).name();
        Topics topics = Topics.on(admin);
        TopicSet other = TopicsTest.set(List.of(TopicsTest.topic(name.value(), 7, Map.of("segment.bytes", "1048576"))));
        topics.run(topics.plan(topics.read(soon()), List.of(other)), RunOptions.defaults())
                .await(soon())
                .requireSuccess();
    }
}
