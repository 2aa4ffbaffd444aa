package io.eventbroker.benchmarks.internal;

import io.eventbroker.core.Deadline;
import io.eventbroker.core.cluster.AdminCalls;
import io.eventbroker.core.cluster.ClusterState;
import io.eventbroker.core.cluster.ClusterState.Part;
import io.eventbroker.core.json.CanonicalJson;
import io.eventbroker.testkit.TestKitException;
import io.eventbroker.testkit.kafka.EmbeddedKafka;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.utils.AppInfoParser;

/**
 * The program that the benchmark of cluster states runs in a JVM of its own: starts brokers, makes topics, reads them in
 * both ways in turn, after a run of each to warm up, and writes what it measured.
 */
public final class ClusterStateRuns {
    private static final int TOPICS = 2_000;
    private static final int PARTITIONS = 6;
    private static final int RUNS = 3;
    /** How often in a row all topics must be seen. */
    private static final int LOOKS = 12;

    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private ClusterStateRuns() {}

    record Cost(double millis, long requests, long bytes) {}

    record Side(List<Double> millis, long requests, long bytesAPartition) {}

    record Runs(String kafka, Side state, Side single) {}

    private interface Work {
        void run(Admin admin);
    }

    /**
     * Measures.
     *
     * @param args the file to write
     */
    public static void main(String[] args) throws IOException, InterruptedException {
        Path output = Path.of(args[0]);
        Files.deleteIfExists(output);
        try {
            measure(output);
        } catch (TestKitException e) {
            if (Files.notExists(output)) {
                throw e;
            }
            System.err.println("all was measured, but the brokers did not close: " + e.getMessage());
        }
        // Brokers of thousands of logs that did not close in time have threads left, which would keep this JVM.
        Runtime.getRuntime().halt(0);
    }

    private static void measure(Path output) throws IOException, InterruptedException {
        try (EmbeddedKafka kafka = EmbeddedKafka.builder().brokers(3).start();
                Admin admin = kafka.admin()) {
            create(admin);
            awaitTopics(kafka);
            measure(kafka, ClusterStateRuns::whole);
            measure(kafka, ClusterStateRuns::single);
            List<Cost> whole = new ArrayList<>();
            List<Cost> single = new ArrayList<>();
            for (int run = 0; run < RUNS; run++) {
                whole.add(measure(kafka, ClusterStateRuns::whole));
                single.add(measure(kafka, ClusterStateRuns::single));
            }
            Runs runs = new Runs(AppInfoParser.getVersion(), side(whole), side(single));
            Files.writeString(output, CanonicalJson.writePretty(runs) + "\n");
        }
    }

    private static void create(Admin admin) {
        for (int from = 0; from < TOPICS; from += 100) {
            List<NewTopic> batch = new ArrayList<>();
            for (int t = from; t < from + 100; t++) {
                batch.add(new NewTopic("benchmark.topic." + t, PARTITIONS, (short) 1));
            }
            AdminCalls.change(admin.createTopics(batch).all(), "create topics", Deadline.after(PATIENCE));
        }
    }

    /** Brokers learn of new topics each at its own pace, and a new client asks any of them first. */
    private static void awaitTopics(EmbeddedKafka kafka) throws InterruptedException {
        Deadline deadline = Deadline.after(PATIENCE);
        for (int seen = 0; seen < LOOKS; seen = readsWhole(kafka) ? seen + 1 : 0) {
            deadline.check("all brokers to know the topics");
            Thread.sleep(200);
        }
    }

    private static boolean readsWhole(EmbeddedKafka kafka) {
        try (Admin admin = kafka.admin()) {
            return ClusterState.read(admin, Deadline.after(PATIENCE), Set.of()).topics().values().stream()
                            .filter(topic -> topic.partitions().stream()
                                    .allMatch(partition -> partition.leader().isPresent()))
                            .count()
                    == TOPICS;
        }
    }

    /** With a client of its own, which knows nothing yet, as a host's first look does. */
    private static Cost measure(EmbeddedKafka kafka, Work work) {
        try (Admin admin = kafka.admin()) {
            long start = System.nanoTime();
            work.run(admin);
            double millis = (System.nanoTime() - start) / 1e6;
            return new Cost(
                    millis,
                    Math.round(total(admin, "request-total")),
                    Math.round(total(admin, "outgoing-byte-total") + total(admin, "incoming-byte-total")));
        }
    }

    private static double total(Admin admin, String metric) {
        return admin.metrics().entrySet().stream()
                .filter(e ->
                        e.getKey().name().equals(metric) && e.getKey().group().equals("admin-client-metrics"))
                .mapToDouble(e -> ((Number) e.getValue().metricValue()).doubleValue())
                .sum();
    }

    private static Side side(List<Cost> costs) {
        Cost last = costs.get(costs.size() - 1);
        return new Side(
                costs.stream().map(Cost::millis).toList(), last.requests(), last.bytes() / (TOPICS * PARTITIONS));
    }

    private static void whole(Admin admin) {
        ClusterState state = ClusterState.read(admin, Deadline.after(PATIENCE), Set.of(Part.CONFIGS, Part.OFFSETS));
        state.requireWhole(Part.TOPICS, Part.CONFIGS, Part.OFFSETS);
        if (state.topics().size() != TOPICS) {
            throw new IllegalStateException("there are " + state.topics().size() + " topics");
        }
    }

    private static void single(Admin admin) {
        Deadline deadline = Deadline.after(PATIENCE);
        for (String topic : AdminCalls.read(admin.listTopics().names(), "list the topics", deadline)) {
            int partitions = AdminCalls.read(
                            admin.describeTopics(List.of(topic)).allTopicNames(), "describe a topic", deadline)
                    .values()
                    .iterator()
                    .next()
                    .partitions()
                    .size();
            AdminCalls.read(
                    admin.describeConfigs(List.of(new ConfigResource(ConfigResource.Type.TOPIC, topic)))
                            .all(),
                    "describe its properties",
                    deadline);
            for (OffsetSpec spec : List.of(OffsetSpec.earliest(), OffsetSpec.latest())) {
                Map<TopicPartition, OffsetSpec> asked = new HashMap<>();
                for (int p = 0; p < partitions; p++) {
                    asked.put(new TopicPartition(topic, p), spec);
                }
                AdminCalls.read(
                        admin.listOffsets(asked, new ListOffsetsOptions(IsolationLevel.READ_COMMITTED))
                                .all(),
                        "read its offsets",
                        deadline);
            }
        }
    }
}
