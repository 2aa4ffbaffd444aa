package io.eventbroker.benchmarks.internal;

import com.sun.management.OperatingSystemMXBean;
import io.eventbroker.backup.BackupPlan;
import io.eventbroker.backup.Backups;
import io.eventbroker.backup.KafkaConnection;
import io.eventbroker.backup.RecoveryPoint;
import io.eventbroker.backup.Selection;
import io.eventbroker.backup.TopicPattern;
import io.eventbroker.core.Deadline;
import io.eventbroker.core.cluster.ClusterState;
import io.eventbroker.core.json.CanonicalJson;
import io.eventbroker.core.run.RunOptions;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.tools.ConsumerPerformance;

/**
 * The program that benchmarks of backups run in a JVM of its own, once for each run, as cold as a scheduled job is: reads a
 * topic once in one of two ways, and writes what that took. The start of the JVM is left out on both sides.
 */
public final class ReadingRuns {
    /** A backup to a store that forgets it, from the plan's run to the recovery point. */
    public static final String BACKUP = "backup";
    /** {@code kafka-consumer-perf-test}; the rate is its own, without the time that the group takes to form. */
    public static final String CONSUMER = "consumer";

    private static final Duration PATIENCE = Duration.ofMinutes(5);
    private static final int FETCHED_RECORDS_A_SECOND = 9;

    private ReadingRuns() {}

    /** What a run took. */
    public record Cost(double recordsPerSecond, double cpuSeconds) {}

    /**
     * Reads a topic once.
     *
     * @param args {@link #BACKUP} or {@link #CONSUMER}, bootstrap servers, the topic, its number of records, the file to
     *     write
     */
    public static void main(String[] args) throws IOException {
        long records = Long.parseLong(args[3]);
        Cost cost = args[0].equals(BACKUP) ? backup(args[1], args[2], records) : consume(args[1], args[2], records);
        Files.writeString(Path.of(args[4]), CanonicalJson.writePretty(cost) + "\n");
    }

    private static Cost backup(String bootstrapServers, String topic, long records) {
        Map<String, Object> client = Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
        try (Admin admin = Admin.create(client)) {
            Backups backups = Backups.in(new DiscardingStore());
            BackupPlan plan = backups.plan(
                    ClusterState.read(admin, Deadline.after(PATIENCE), Set.of(ClusterState.Part.SIZES)),
                    Selection.topics(TopicPattern.glob(topic)));
            KafkaConnection connection = KafkaConnection.of(client).using(admin);
            double cpu = cpuSeconds();
            long start = System.nanoTime();
            RecoveryPoint point = backups.run(plan, connection, RunOptions.defaults())
                    .await(Deadline.after(PATIENCE))
                    .recoveryPoint();
            double seconds = (System.nanoTime() - start) / 1e9;
            Cost cost = new Cost(records / seconds, cpuSeconds() - cpu);
            if (point.records() != records) {
                throw new IllegalStateException("the backup has " + point.records() + " of " + records + " records");
            }
            return cost;
        }
    }

    private static Cost consume(String bootstrapServers, String topic, long records) {
        PrintStream before = System.out;
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        double cpu = cpuSeconds();
        try {
            System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
            ConsumerPerformance.main(new String[] {
                "--bootstrap-server",
                bootstrapServers,
                "--topic",
                topic,
                "--num-records",
                Long.toString(records),
                "--hide-header",
                "--timeout",
                "60000"
            });
        } finally {
            System.setOut(before);
        }
        double used = cpuSeconds() - cpu;
        String line = printed.toString(StandardCharsets.UTF_8)
                .lines()
                .filter(l -> l.chars().filter(c -> c == ',').count() == FETCHED_RECORDS_A_SECOND)
                .reduce((first, last) -> last)
                .orElseThrow(() -> new IllegalStateException("kafka-consumer-perf-test gave no figures: " + printed));
        String[] figures = line.split(",", -1);
        return new Cost(Double.parseDouble(figures[FETCHED_RECORDS_A_SECOND].trim()), used);
    }

    private static double cpuSeconds() {
        return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getProcessCpuTime() / 1e9;
    }
}
