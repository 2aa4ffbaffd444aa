package io.eventbroker.backup;

import static io.eventbroker.backup.TestTopics.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eventbroker.backup.store.FileStore;
import io.eventbroker.core.DataSize;
import io.eventbroker.core.Deadline;
import io.eventbroker.core.EventBrokerException;
import io.eventbroker.core.cluster.ClusterState;
import io.eventbroker.core.run.ActionResult;
import io.eventbroker.core.run.Journal;
import io.eventbroker.core.run.JournalEntry;
import io.eventbroker.core.run.Report;
import io.eventbroker.core.run.Run;
import io.eventbroker.core.run.RunId;
import io.eventbroker.core.run.RunListener;
import io.eventbroker.core.run.RunOptions;
import io.eventbroker.testkit.kafka.EmbeddedKafka;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Others are at work too: a second run of the same plan, producers and consumers in the target cluster. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class InterferenceTest {
    private static final Duration LONG = Duration.ofMinutes(2);
    private static final int RECORDS = 200;
    private static final int PARTITIONS = 2;

    @TempDir
    Path directory;

    private EmbeddedKafka source;
    private EmbeddedKafka target;
    private Admin from;
    private Admin to;

    @BeforeAll
    void start() {
        source = EmbeddedKafka.builder().start();
        target = EmbeddedKafka.builder().start();
        from = source.admin();
        to = target.admin();
    }

    @AfterAll
    void stop() {
        source.close();
        target.close();
    }

    private static void write(EmbeddedKafka kafka, String topic, int records) {
        try (KafkaProducer<byte[], byte[]> producer =
                TestTopics.producer(kafka.clientProperties(), "batch.size", "500", "linger.ms", "0")) {
            for (int i = 0; i < records; i++) {
                TestTopics.send(
                        producer, new ProducerRecord<>(topic, i % PARTITIONS, bytes("k" + i), bytes("value " + i)));
            }
        }
    }

    private void fill(String topic) throws Exception {
        from.createTopics(List.of(new NewTopic(topic, PARTITIONS, (short) 1)))
                .all()
                .get();
        write(source, topic, RECORDS);
    }

    private Backups backups(String name) {
        return Backups.in(FileStore.at(directory.resolve(name))).segmentSize(DataSize.ofBytes(2_000));
    }

    private BackupPlan planBackup(Backups backups, String topic) {
        return backups.plan(
                ClusterState.read(from, Deadline.after(LONG)),
                Selection.topics(TopicPattern.glob(topic)).withGroups());
    }

    private Run<BackupReport> start(Backups backups, BackupPlan plan, RunOptions options) {
        return backups.run(plan, KafkaConnection.of(source.clientProperties()), options);
    }

    private RestorePlan planRestore(Backups backups, String topic) {
        RecoveryPoint point = start(backups, planBackup(backups, topic), RunOptions.defaults())
                .await(Deadline.after(LONG))
                .recoveryPoint();
        return backups.planRestore(point, ClusterState.read(to, Deadline.after(LONG)), RestoreOptions.everything());
    }

    private Report restore(Backups backups, RestorePlan plan, RunOptions options) {
        return backups.run(plan, KafkaConnection.of(target.clientProperties()), options)
                .await(Deadline.after(LONG));
    }

    private static String text(Report report) {
        StringBuilder text = new StringBuilder();
        report.printTo(text);
        return text.toString();
    }

    /** What a restore leaves behind that was killed before its first request went out, or before its answer came. */
    private Journal killedWhileCreating(RestorePlan plan, String topic) {
        Journal journal = Journal.file(directory.resolve(topic + ".journal"));
        try (Journal.Session session = journal.open(plan.hash())) {
            RunId run = RunId.random("restore");
            session.append(List.of(
                    JournalEntry.of(JournalEntry.Event.STARTED, run),
                    JournalEntry.of(JournalEntry.Event.BEGUN, run, RestoreAction.CreateTopic.id(topic))));
        }
        return journal;
    }

    private static RestoreAction.CreateTopic create(RestorePlan plan) {
        return plan.actions().stream()
                .filter(a -> a instanceof RestoreAction.CreateTopic)
                .map(a -> (RestoreAction.CreateTopic) a)
                .findFirst()
                .orElseThrow();
    }

    private void make(RestoreAction.CreateTopic create) throws Exception {
        to.createTopics(List.of(new NewTopic(create.topic(), create.partitions(), (short) 1).configs(create.configs())))
                .all()
                .get();
    }

    private long recordsInTarget(String topic) throws Exception {
        return TestTopics.read(target.clientProperties(), to, topic).stream()
                .mapToLong(List::size)
                .sum();
    }

    @Test
    void neverWritesIntoATopicThatAProducerMadeFirst() throws Exception {
        // Given
        fill("auto.created");
        Backups backups = backups("auto.created");
        RestorePlan plan = planRestore(backups, "auto.created");
        Journal journal = killedWhileCreating(plan, "auto.created");
        to.createTopics(List.of(new NewTopic("auto.created", PARTITIONS, (short) 1)))
                .all()
                .get();
        write(target, "auto.created", 10);

        // When
        Report report = restore(backups, plan, RunOptions.defaults().journal(journal));

        // Then
        assertThat(report.succeeded()).isFalse();
        assertThat(text(report)).contains("topic auto.created", "not made by this restore");
        assertThat(recordsInTarget("auto.created")).isEqualTo(10);
    }

    @Test
    void neverWritesIntoATopicThatOnlyLooksLikeItsOwn() throws Exception {
        // Given
        fill("look.alike");
        Backups backups = backups("look.alike");
        RestorePlan plan = planRestore(backups, "look.alike");
        Journal journal = killedWhileCreating(plan, "look.alike");
        make(create(plan));
        write(target, "look.alike", 10);

        // When
        Report report = restore(backups, plan, RunOptions.defaults().journal(journal));

        // Then
        assertThat(report.succeeded()).isFalse();
        assertThat(recordsInTarget("look.alike")).isEqualTo(10);
    }

    @Test
    void goesOnWithATopicThatItMadeJustBeforeItWasKilled() throws Exception {
        // Given
        fill("made");
        Backups backups = backups("made");
        RestorePlan plan = planRestore(backups, "made");
        Journal journal = killedWhileCreating(plan, "made");
        make(create(plan));

        // When
        Report report = restore(backups, plan, RunOptions.defaults().journal(journal));

        // Then
        report.requireSuccess();
        assertThat(recordsInTarget("made")).isEqualTo(RECORDS);
    }

    @Test
    void refusesATopicThatWasMadeAgainMeanwhile() throws Exception {
        // Given
        fill("again");
        RestorePlan plan = planRestore(backups("again"), "again");
        Backups unreadable = Backups.in(new ForwardingStore(FileStore.at(directory.resolve("again"))) {
            @Override
            public CompletableFuture<Void> read(String name, long offset, ByteBuffer into) {
                return name.endsWith(".log")
                        ? CompletableFuture.failedFuture(new EventBrokerException("no segments today"))
                        : super.read(name, offset, into);
            }
        });
        RunOptions options = RunOptions.defaults().journal(Journal.file(directory.resolve("again.journal")));
        assertThat(restore(unreadable, plan, options).succeeded()).isFalse();
        to.deleteTopics(List.of("again")).all().get();
        Awaitility.await()
                .atMost(LONG)
                .until(() -> !to.listTopics().names().get().contains("again"));
        make(create(plan));

        // When
        Report report = restore(backups("again"), plan, options);

        // Then
        assertThat(report.succeeded()).isFalse();
        assertThat(text(report)).contains("topic again", "made again");
        assertThat(recordsInTarget("again")).isZero();
    }

    @Test
    void noticesAProducerThatWritesBeforeTheFirstRestoredRecord() throws Exception {
        // Given
        fill("waited.for");
        Backups backups = backups("waited.for");
        RestorePlan plan = planRestore(backups, "waited.for");
        RunListener producer = new RunListener() {
            @Override
            public void onActionEnded(RunId run, ActionResult result) {
                if (result.action().equals(RestoreAction.CreateTopic.id("waited.for"))) {
                    write(target, "waited.for", 10);
                }
            }
        };

        // When
        Report report = restore(backups, plan, RunOptions.defaults().listener(producer));

        // Then
        assertThat(report.succeeded()).isFalse();
        assertThat(text(report)).contains("someone else writes to it");
        assertThat(recordsInTarget("waited.for")).isEqualTo(10);
    }

    @Test
    void letsOneOfTwoRunsOfAPlanCommit() throws Exception {
        // Given
        fill("contested");
        Backups backups = backups("contested");
        BackupPlan plan = planBackup(backups, "contested");

        // When
        List<Run<BackupReport>> runs = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            Journal journal = Journal.file(directory.resolve("contested." + i));
            runs.add(start(backups, plan, RunOptions.defaults().journal(journal)));
        }
        List<BackupReport> reports = new ArrayList<>();
        for (Run<BackupReport> run : runs) {
            reports.add(run.await(Deadline.after(LONG)));
        }

        // Then
        assertThat(reports.stream().filter(Report::succeeded)).hasSize(1);
        assertThat(reports.stream().filter(r -> !r.succeeded()))
                .singleElement()
                .satisfies(r -> assertThat(text(r)).contains("another run", "new plan"));
        RecoveryPoint point = backups.recoveryPoint(plan.point());
        assertThat(point.records()).isEqualTo(RECORDS);
        backups.verify(point, RunOptions.defaults()).await(Deadline.after(LONG)).requireSuccess();
    }

    @Test
    void leavesAFinishedBackupAlone() throws Exception {
        // Given
        fill("finished");
        Backups backups = backups("finished");
        BackupPlan plan = planBackup(backups, "finished");
        start(backups, plan, RunOptions.defaults()).await(Deadline.after(LONG)).requireSuccess();

        // When
        BackupReport second = start(backups, plan, RunOptions.defaults()).await(Deadline.after(LONG));

        // Then
        assertThat(second.succeeded()).isFalse();
        assertThat(text(second)).contains("another run", "new plan");
        backups.verify(backups.recoveryPoint(plan.point()), RunOptions.defaults())
                .await(Deadline.after(LONG))
                .requireSuccess();
    }

    @Test
    void goesOnBehindTheUnbrokenChainThatAKilledBackupLeft() throws Exception {
        // Given a backup that fails for one segment, with later ones sealed, and sealed with other sizes
        fill("torn");
        Path folder = directory.resolve("torn");
        AtomicInteger refused = new AtomicInteger();
        Backups failing = Backups.in(new ForwardingStore(FileStore.at(folder)) {
                    @Override
                    public CompletableFuture<Boolean> putIfAbsent(String name, ByteBuffer content) {
                        return name.endsWith(".ebindex")
                                        && !name.endsWith("/00000000000000000000.ebindex")
                                        && refused.getAndIncrement() == 0
                                ? CompletableFuture.failedFuture(new EventBrokerException("no index today"))
                                : super.putIfAbsent(name, content);
                    }
                })
                .segmentSize(DataSize.ofBytes(1_100));
        BackupPlan plan = planBackup(failing, "torn");
        RunOptions options = RunOptions.defaults().journal(Journal.file(directory.resolve("torn.journal")));
        assertThat(start(failing, plan, options).await(Deadline.after(LONG)).succeeded())
                .isFalse();
        assertThat(refused.get()).isGreaterThan(1);

        // When
        Backups backups = Backups.in(FileStore.at(folder)).segmentSize(DataSize.ofBytes(3_000));
        RecoveryPoint point =
                start(backups, plan, options).await(Deadline.after(LONG)).recoveryPoint();

        // Then
        assertThat(point.records()).isEqualTo(RECORDS);
        backups.verify(point, RunOptions.defaults()).await(Deadline.after(LONG)).requireSuccess();
    }

    @Test
    void refusesToMoveAGroupThatHasMembers() throws Exception {
        // Given
        fill("consumed");
        TopicPartition partition = new TopicPartition("consumed", 0);
        from.alterConsumerGroupOffsets("busy", Map.of(partition, new OffsetAndMetadata(7)))
                .all()
                .get();
        Backups backups = backups("consumed");
        RestorePlan plan = planRestore(backups, "consumed");
        RecoveryPoint point = backups.recoveryPoint(plan.point());
        to.createTopics(List.of(new NewTopic("elsewhere", 1, (short) 1))).all().get();
        Map<String, Object> properties = new HashMap<>(target.clientProperties());
        properties.put("group.id", "busy");
        RunOptions options = RunOptions.defaults().journal(Journal.file(directory.resolve("consumed.journal")));
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            consumer.subscribe(List.of("elsewhere"));
            Awaitility.await().atMost(LONG).until(() -> {
                var unused = consumer.poll(Duration.ofMillis(100));
                return !consumer.assignment().isEmpty();
            });

            // When
            Report report = restore(backups, plan, options);

            // Then
            assertThat(report.succeeded()).isFalse();
            assertThat(text(report)).contains("group busy has members", "stop its consumers");
            ClusterState now = ClusterState.read(to, Deadline.after(LONG));
            assertThatThrownBy(() -> backups.planRestore(point, now, RestoreOptions.everything()))
                    .isInstanceOf(RestoreRefusedException.class)
                    .hasMessageContaining("group busy has members");
        }
        restore(backups, plan, options).requireSuccess();
        assertThat(to.listConsumerGroupOffsets("busy")
                        .partitionsToOffsetAndMetadata()
                        .get()
                        .get(partition)
                        .offset())
                .isEqualTo(7);
    }
}
