package io.eventbroker.backup;

import static io.eventbroker.backup.TestTopics.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import io.eventbroker.backup.store.EncryptedStore;
import io.eventbroker.backup.store.FileStore;
import io.eventbroker.backup.store.ObjectStore;
import io.eventbroker.backup.store.TestKeys;
import io.eventbroker.core.DataSize;
import io.eventbroker.core.Deadline;
import io.eventbroker.core.TopicName;
import io.eventbroker.core.cluster.ClusterState;
import io.eventbroker.core.run.Journal;
import io.eventbroker.core.run.RunOptions;
import io.eventbroker.testkit.kafka.EmbeddedKafka;
import java.io.File;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Processes that are killed (SIGKILL) at random moments; the next one goes on, and nothing is lost or doubled. */
class KillTest {
    private static final int PARTITIONS = 6;
    private static final int RECORDS = 60_000;
    private static final int KILLS = 3;

    @TempDir
    Path directory;

    /** The killed process: runs the plan in a file with the journal beside it. */
    public static void main(String[] args) throws Exception {
        Path work = Path.of(args[0]);
        KafkaConnection connection = KafkaConnection.of(Map.of("bootstrap.servers", args[1]));
        ObjectStore files = FileStore.at(work.resolve("store"));
        ObjectStore below = args[3].equals("slow") ? new SlowStore(files) : files;
        ObjectStore store = args[4].equals("encrypted") ? encrypted(below) : below;
        Backups backups = Backups.in(store).segmentSize(DataSize.ofBytes(100_000));
        Path plan = work.resolve(args[2]);
        RunOptions options = RunOptions.defaults().journal(Journal.file(work.resolve(args[2] + ".journal")));
        Deadline deadline = Deadline.after(Duration.ofMinutes(2));
        String json = Files.readString(plan);
        if (args[2].equals("backup")) {
            backups.run(BackupPlan.read(json), connection, options)
                    .await(deadline)
                    .requireSuccess();
        } else {
            backups.run(RestorePlan.read(json), connection, options)
                    .await(deadline)
                    .requireSuccess();
        }
    }

    private static EncryptedStore encrypted(ObjectStore below) {
        return EncryptedStore.over(below, TestKeys.ring("2026-11"));
    }

    /** A store whose answers take their time, so that a process lives long enough to be killed at its work. */
    private static final class SlowStore extends ForwardingStore {
        private static final int SHORTEST_MILLIS = 200;
        private static final int LONGEST_MILLIS = 1_000;

        SlowStore(ObjectStore store) {
            super(store);
        }

        private static <T> CompletableFuture<T> later(Supplier<CompletableFuture<T>> call) {
            int millis = ThreadLocalRandom.current().nextInt(SHORTEST_MILLIS, LONGEST_MILLIS);
            return new CompletableFuture<Boolean>()
                    .completeOnTimeout(true, millis, TimeUnit.MILLISECONDS)
                    .thenComposeAsync(waited -> call.get());
        }

        @Override
        public CompletableFuture<Void> put(String name, ByteBuffer content) {
            return later(() -> super.put(name, content));
        }

        @Override
        public CompletableFuture<Boolean> putIfAbsent(String name, ByteBuffer content) {
            return later(() -> super.putIfAbsent(name, content));
        }

        @Override
        public CompletableFuture<Void> read(String name, long offset, ByteBuffer into) {
            return later(() -> super.read(name, offset, into));
        }
    }

    /** Runs the plan in processes of which the first few are killed at their work, and the last one is not. */
    private void runKilled(String plan, String bootstrap, String kind, Random random) throws Exception {
        int killed = 0;
        while (true) {
            Path log = directory.resolve(plan + ".log");
            Process process = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-Xmx256m",
                            "-XX:TieredStopAtLevel=1",
                            "-cp",
                            System.getProperty("java.class.path"),
                            KillTest.class.getName(),
                            directory.toString(),
                            bootstrap,
                            plan,
                            killed < KILLS ? "slow" : "fast",
                            kind)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                    .start();
            try {
                if (killed < KILLS) {
                    // From the moment the journal shows life: in the middle of the work, not of the JVM's start.
                    File journal = directory.resolve(plan + ".journal").toFile();
                    long before = journal.length();
                    while (process.isAlive() && journal.length() == before) {
                        Thread.onSpinWait();
                    }
                    assertThat(process.waitFor(random.nextInt(1_000), TimeUnit.MILLISECONDS))
                            .as("ended before it could be killed, after %s kills: %s", killed, Files.readString(log))
                            .isFalse();
                    process.destroyForcibly().waitFor();
                    killed++;
                    continue;
                }
                assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();
                assertThat(process.exitValue()).as(Files.readString(log)).isZero();
                return;
            } finally {
                process.destroyForcibly();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"plain", "encrypted"})
    void resumesBackupAndRestoreAfterKills(String kind) throws Exception {
        Random random = new Random(20261120);
        long now = System.currentTimeMillis();
        try (EmbeddedKafka source = EmbeddedKafka.builder().start();
                EmbeddedKafka target = EmbeddedKafka.builder().start();
                Admin from = source.admin();
                Admin to = target.admin()) {
            from.createTopics(List.of(new NewTopic("killed", PARTITIONS, (short) 1)))
                    .all()
                    .get();
            try (KafkaProducer<byte[], byte[]> producer =
                    TestTopics.producer(source.clientProperties(), "compression.type", "lz4", "batch.size", "2000")) {
                for (int i = 0; i < RECORDS; i++) {
                    byte[] value = new byte[100];
                    random.nextBytes(value);
                    // In no order, so that a moment in the middle goes through every batch.
                    long timestamp = now - RECORDS + i * 7_919L % RECORDS;
                    TestTopics.send(
                            producer, new ProducerRecord<>("killed", i % PARTITIONS, timestamp, bytes("k" + i), value));
                }
            }
            TopicPartition partition = new TopicPartition("killed", 3);
            from.alterConsumerGroupOffsets("group", Map.of(partition, new OffsetAndMetadata(4_321)))
                    .all()
                    .get();
            Deadline deadline = Deadline.after(Duration.ofMinutes(2));
            ObjectStore store = FileStore.at(directory.resolve("store"));
            Backups backups = Backups.in(kind.equals("encrypted") ? encrypted(store) : store);
            BackupPlan backup = backups.plan(
                    ClusterState.read(from, deadline),
                    Selection.topics(TopicPattern.glob("killed")).withGroups());
            Files.writeString(directory.resolve("backup"), backup.toJson());

            runKilled("backup", source.bootstrapServers(), kind, random);

            RecoveryPoint point = backups.recoveryPoint(backup.point());
            backups.verify(point, RunOptions.defaults()).await(deadline).requireSuccess();
            assertThat(point.records()).isEqualTo(RECORDS);
            RestorePlan restore =
                    backups.planRestore(point, ClusterState.read(to, deadline), RestoreOptions.everything());
            Files.writeString(directory.resolve("restore"), restore.toJson());

            runKilled("restore", target.bootstrapServers(), kind, random);

            assertThat(new ArrayList<>(TestTopics.digests(target.clientProperties(), to, "killed")))
                    .isEqualTo(TestTopics.digests(source.clientProperties(), from, "killed"));
            assertThat(to.listConsumerGroupOffsets("group")
                            .partitionsToOffsetAndMetadata()
                            .get()
                            .get(partition)
                            .offset())
                    .isEqualTo(4_321);

            resumesAPartOfIt(source, target, backups, point, Instant.ofEpochMilli(now - RECORDS / 2), kind);
        }
    }

    /** Into a topic that exists, up to a moment that cuts every batch. */
    private void resumesAPartOfIt(
            EmbeddedKafka source,
            EmbeddedKafka target,
            Backups backups,
            RecoveryPoint point,
            Instant moment,
            String kind)
            throws Exception {
        try (Admin from = source.admin();
                Admin to = target.admin()) {
            to.createTopics(List.of(new NewTopic("killed.again", PARTITIONS, (short) 1)))
                    .all()
                    .get();
            RestoreOptions part = RestoreOptions.everything()
                    .until(moment)
                    .rename(topic -> TopicName.of(topic + ".again"))
                    .intoExistingTopics();
            RestorePlan plan =
                    backups.planRestore(point, ClusterState.read(to, Deadline.after(Duration.ofMinutes(2))), part);
            Files.writeString(directory.resolve("part"), plan.toJson());

            runKilled("part", target.bootstrapServers(), kind, new Random(3));

            List<List<ConsumerRecord<byte[], byte[]>>> all = TestTopics.read(source.clientProperties(), from, "killed");
            List<List<ConsumerRecord<byte[], byte[]>>> restored =
                    TestTopics.read(target.clientProperties(), to, "killed.again");
            for (int i = 0; i < PARTITIONS; i++) {
                List<ConsumerRecord<byte[], byte[]>> kept = all.get(i).stream()
                        .filter(r -> r.timestamp() <= moment.toEpochMilli())
                        .toList();
                assertThat(kept).hasSizeBetween(RECORDS / PARTITIONS / 3, RECORDS / PARTITIONS * 2 / 3);
                assertThat(TestTopics.digest(restored.get(i))).isEqualTo(TestTopics.digest(kept));
            }
            long before = all.get(3).stream()
                    .filter(r -> r.offset() < 4_321 && r.timestamp() <= moment.toEpochMilli())
                    .count();
            assertThat(to.listConsumerGroupOffsets("group")
                            .partitionsToOffsetAndMetadata()
                            .get()
                            .get(new TopicPartition("killed.again", 3))
                            .offset())
                    .isEqualTo(before);
        }
    }
}
