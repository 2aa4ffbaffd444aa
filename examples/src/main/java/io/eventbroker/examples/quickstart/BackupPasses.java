package io.eventbroker.examples.quickstart;

import io.eventbroker.backup.BackupPlan;
import io.eventbroker.backup.Backups;
import io.eventbroker.backup.KafkaConnection;
import io.eventbroker.backup.RecoveryPoint;
import io.eventbroker.backup.Selection;
import io.eventbroker.backup.TopicPattern;
import io.eventbroker.core.cluster.ClusterState;
import io.eventbroker.core.run.RunOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;

/** Backs the orders up several times, each time after a consumer has read them, so that both are measured alike. */
final class BackupPasses {
    private static final int WARM_UPS = 5;
    /** Of fewer records the passes are over before there is anything to compare. */
    private static final long COMPARABLE_RECORDS = 100_000;

    private static final int BACKUP_PASSES = 3;

    private final Stage stage;
    private final Narration narration;
    private final Throughput throughput;

    BackupPasses(Stage stage, Throughput throughput) {
        this.stage = stage;
        this.narration = stage.narration();
        this.throughput = throughput;
    }

    /** What the passes measured, in MB/s. */
    record Speeds(RecoveryPoint point, double wire, List<Double> backup, List<Double> consumer) {}

    /** Backs up in several passes, of which the last is verified. */
    Speeds run(Backups backups, Map<String, Object> operator, TopicHash source) throws Exception {
        List<Double> backupRates = new ArrayList<>();
        List<Double> wireRates = new ArrayList<>();
        List<Double> consumerRates = new ArrayList<>();
        RecoveryPoint point = null;
        try (Admin admin = Stage.admin(operator)) {
            KafkaConnection connection = KafkaConnection.of(operator).using(admin);
            // The consumer is warm after one pass; what a backup runs through takes the compiler longer.
            boolean comparable = source.records() >= COMPARABLE_RECORDS;
            int warmUps = comparable ? WARM_UPS : 1;
            for (int pass = 1 - warmUps; pass <= BACKUP_PASSES; pass++) {
                boolean warmUp = pass < 1;
                if (comparable) {
                    Throughput.awaitCompiler(); // What one side left to compile must not slow the other down.
                }
                double consumer = ConsumerBaseline.fetchMegabytesPerSecond(
                        Orders.TOPIC, source.records(), operator, stage.work());
                BackupPlan plan = backups.plan(
                        ClusterState.read(admin, Stage.soon()),
                        Selection.topics(TopicPattern.glob("orders.*")).withGroups());
                if (pass == 1 - warmUps) {
                    narration.sayFirst(6, Stage.printed(plan));
                }
                RunOptions options =
                        stage.options("backup-" + (pass + warmUps)).listener(throughput.of("backup (wire)"));
                if (comparable) {
                    Throughput.awaitCompiler();
                }
                long start = System.nanoTime();
                point = backups.run(plan, connection, options)
                        .await(Stage.later())
                        .recoveryPoint();
                double seconds = (System.nanoTime() - start) / 1e9;
                Stage.require(
                        point.records() == source.records(),
                        "the backup has " + point.records() + " of " + source.records() + " records");
                double payload = source.payloadBytes() / Throughput.MEGABYTE / seconds;
                if (!warmUp) {
                    backupRates.add(payload);
                    wireRates.add(point.size().bytes() / Throughput.MEGABYTE / seconds);
                    consumerRates.add(consumer);
                }
                narration.say(
                        "%s: backup %.0f MB/s of payload (%s in %.2f s), kafka-consumer-perf-test %.0f MB/s",
                        warmUp ? "warm-up " + (pass + warmUps) : "pass " + pass,
                        payload,
                        Stage.size(point.size().bytes()),
                        seconds,
                        consumer);
            }
        }
        if (point == null) {
            throw new IllegalStateException("no pass ran");
        }
        backups.verify(point, RunOptions.defaults().listener(narration.progress()))
                .await(Stage.later())
                .requireSuccess();
        narration.say(
                "verified %s; median %.0f MB/s against %.0f MB/s: %.1f times as fast",
                point,
                Throughput.median(backupRates),
                Throughput.median(consumerRates),
                Throughput.median(backupRates) / Throughput.median(consumerRates));
        return new Speeds(point, Throughput.median(wireRates), backupRates, consumerRates);
    }
}
