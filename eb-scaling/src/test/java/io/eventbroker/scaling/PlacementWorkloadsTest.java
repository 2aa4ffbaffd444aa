package io.eventbroker.scaling;

import static org.assertj.core.api.Assertions.assertThat;

import io.eventbroker.core.BrokerId;
import io.eventbroker.core.TopicName;
import io.eventbroker.core.cluster.Broker;
import io.eventbroker.core.cluster.ClusterState;
import io.eventbroker.core.cluster.PartitionState;
import io.eventbroker.core.cluster.TopicState;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Plans clusters of up to 450,000 replicas, drawn by another planner's generator. They are not part of the sources: name
 * the folder with {@code -Deb.workloads=DIR}.
 */
class PlacementWorkloadsTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "brokers40-replicas50k-uniform",
                "brokers40-replicas50k-exponential",
                "brokers100-replicas150k-uniform",
                "brokers200-replicas450k-uniform"
            })
    void comesNearTheBound(String workload, TestReporter reporter) throws IOException {
        String folder = System.getProperty("eb.workloads");
        Assumptions.assumeTrue(folder != null, "needs -Deb.workloads=DIR");
        ClusterState state = read(Path.of(folder, workload + ".csv.gz"));
        PlacementPlan uneven = report(reporter, workload, Placement.of(state).within(Band.percent(9)));
        assertThat(uneven.maxOverAverageAfter()).isLessThanOrEqualTo(1.0901);
        assertThat(uneven.gapPercent()).isLessThanOrEqualTo(30);

        var simulation = state.simulate();
        uneven.actions().forEach(move -> simulation.moveReplicas(move.topic(), move.partition(), move.to()));
        ClusterState even = simulation.state();
        assertThat(Placement.of(even).within(Band.percent(9)).plan().actions()).isEmpty();

        Placement grown = Placement.of(even).within(Band.percent(9));
        List<String> racks = state.racks();
        for (int added = 0; added < 4; added++) {
            grown = grown.withBrokers(Clusters.broker(10_000 + added, racks.get(added % racks.size())));
        }
        PlacementPlan filled = report(reporter, workload + ", 4 empty brokers added", grown);
        assertThat(filled.maxOverAverageAfter()).isLessThanOrEqualTo(1.0901);
        assertThat(filled.gapPercent()).isLessThanOrEqualTo(5);
    }

    /** Tells the figures, also in {@code target/placement-workloads.txt}, for surefire drops what is published. */
    private static PlacementPlan report(TestReporter reporter, String name, Placement placement) throws IOException {
        long started = System.nanoTime();
        PlacementPlan plan = placement.plan();
        long millis = (System.nanoTime() - started) / 1_000_000;
        String line = String.format(
                Locale.ROOT,
                "%d ms, %d moves, %s = %.3f × bound, %d leader changes, fullest %.3f → %.3f × average; counts %s; %s",
                millis,
                plan.actions().size(),
                plan.bytesToCopy().forPeople(),
                (double) plan.bytesToCopy().bytes() / plan.bytesLowerBound().bytes(),
                plan.leaderChanges(),
                plan.maxOverAverageBefore(),
                plan.maxOverAverageAfter(),
                spread(plan),
                plan.notes());
        reporter.publishEntry(name, line);
        Files.writeString(
                Path.of("target", "placement-workloads.txt"),
                name + ": " + line + "\n",
                StandardOpenOption.CREATE,
                StandardOpenOption.APPEND);
        return plan;
    }

    private static String spread(PlacementPlan plan) {
        var before = plan.brokers().stream()
                .mapToInt(load -> load.before().replicas())
                .summaryStatistics();
        var replicas = plan.brokers().stream()
                .mapToInt(load -> load.after().replicas())
                .summaryStatistics();
        var leaders =
                plan.brokers().stream().mapToInt(load -> load.after().leaders()).summaryStatistics();
        return before.getMin() + ".." + before.getMax() + " to " + replicas.getMin() + ".." + replicas.getMax()
                + " replicas, " + leaders.getMin() + ".." + leaders.getMax() + " leaders";
    }

    private static ClusterState read(Path file) throws IOException {
        SortedMap<BrokerId, Broker> brokers = new TreeMap<>();
        Map<String, SortedMap<Integer, Drawn>> topics = new TreeMap<>();
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(
                        new GZIPInputStream(Files.newInputStream(file)), StandardCharsets.UTF_8));
                Stream<String> rows = lines.lines()) {
            rows.map(row -> row.split(",", -1)).forEach(row -> {
                if (row[0].equals("b")) {
                    BrokerId id = BrokerId.of(Integer.parseInt(row[1]));
                    brokers.put(id, Clusters.broker(id.value(), row[2]));
                } else if (row[0].equals("r")) {
                    Drawn drawn = topics.computeIfAbsent(row[1], any -> new TreeMap<>())
                            .computeIfAbsent(Integer.parseInt(row[2]), any -> new Drawn());
                    BrokerId id = BrokerId.of(Integer.parseInt(row[3]));
                    drawn.replicas.add(row[4].equals("1") || row[4].equals("true") ? 0 : drawn.replicas.size(), id);
                    // Megabytes with a fraction.
                    drawn.size = Math.round(Double.parseDouble(row[8]) * (1 << 20));
                }
            });
        }
        List<TopicState> states = new ArrayList<>();
        topics.forEach((name, partitions) -> states.add(new TopicState(
                TopicName.of(name),
                "id-of-" + name,
                partitions.values().stream()
                        .map(drawn -> new PartitionState(
                                Optional.of(drawn.replicas.get(0)), drawn.replicas, drawn.replicas, drawn.size, 0, 0))
                        .toList(),
                new TreeMap<>())));
        return Clusters.of(brokers, states);
    }

    private static final class Drawn {
        private final List<BrokerId> replicas = new ArrayList<>();
        private long size;
    }
}
