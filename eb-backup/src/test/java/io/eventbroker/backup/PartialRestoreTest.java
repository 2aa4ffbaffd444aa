package io.eventbroker.backup;

import static io.eventbroker.backup.TestTopics.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eventbroker.backup.store.FileStore;
import io.eventbroker.core.DataSize;
import io.eventbroker.core.Deadline;
import io.eventbroker.core.EventBrokerException;
import io.eventbroker.core.TopicName;
import io.eventbroker.core.cluster.ClusterState;
import io.eventbroker.core.run.Report;
import io.eventbroker.core.run.RunOptions;
import io.eventbroker.testkit.kafka.EmbeddedKafka;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Restores of a part, under other names, into topics that exist: what comes back is exactly what was asked for. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PartialRestoreTest {
    private static final Duration LONG = Duration.ofMinutes(2);
    private static final long BASE = 1_700_000_000_000L;
    private static final int BATCH = 50;
    private static final int BATCHES = 8;

    @TempDir
    Path directory;

    private EmbeddedKafka source;
    private EmbeddedKafka target;
    private Admin from;
    private Admin to;

    @BeforeAll
    void start() {
        source = EmbeddedKafka.builder().property("log.retention.ms", "-1").start();
        target = EmbeddedKafka.builder().property("log.retention.ms", "-1").start();
        from = source.admin();
        to = target.admin();
    }

    @AfterAll
    void stop() {
        source.close();
        target.close();
    }

    private static void create(Admin admin, String topic, int partitions, Map<String, String> configs)
            throws Exception {
        admin.createTopics(List.of(new NewTopic(topic, partitions, (short) 1).configs(configs)))
                .all()
                .get();
    }

    /** Two partitions, in batches of fifty records each; timestamps go up by 10 ms, every seventh one a little back. */
    private void fill(String topic, String... settings) throws Exception {
        String[] all = new String[settings.length + 2];
        System.arraycopy(settings, 0, all, 2, settings.length);
        all[0] = "linger.ms";
        all[1] = "10000";
        create(from, topic, 2, Map.of());
        try (KafkaProducer<byte[], byte[]> producer = TestTopics.producer(source.clientProperties(), all)) {
            for (int batch = 0; batch < BATCHES; batch++) {
                for (int i = 0; i < BATCH; i++) {
                    int n = batch * BATCH + i;
                    long timestamp = BASE + 10L * n - (n % 7 == 0 ? 333 : 0);
                    for (int partition = 0; partition < 2; partition++) {
                        ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(
                                topic,
                                partition,
                                timestamp,
                                n % 5 == 0 ? null : bytes("k" + n),
                                n % 9 == 0 ? null : bytes("value " + n + " of " + partition));
                        record.headers().add("n", bytes("" + n)).add("n", null);
                        TestTopics.send(producer, record);
                    }
                }
                producer.flush();
            }
        }
    }

    private void commit(String group, String topic, int partition, long offset) throws Exception {
        from.alterConsumerGroupOffsets(
                        group, Map.of(new TopicPartition(topic, partition), new OffsetAndMetadata(offset, group)))
                .all()
                .get();
    }

    private Backups backups(String name) {
        return Backups.in(FileStore.at(directory.resolve(name))).segmentSize(DataSize.ofBytes(8_000));
    }

    private RecoveryPoint backUp(Backups backups, String topics) {
        Deadline deadline = Deadline.after(LONG);
        BackupPlan plan = backups.plan(
                ClusterState.read(from, deadline),
                Selection.topics(TopicPattern.glob(topics)).withGroups());
        return backups.run(plan, KafkaConnection.of(source.clientProperties()), RunOptions.defaults())
                .await(deadline)
                .recoveryPoint();
    }

    private RestorePlan plan(Backups backups, RecoveryPoint point, Admin admin, RestoreOptions options) {
        RestorePlan plan = backups.planRestore(point, ClusterState.read(admin, Deadline.after(LONG)), options);
        assertThat(RestorePlan.read(plan.toJson()).hash()).isEqualTo(plan.hash());
        return plan;
    }

    private static Report run(Backups backups, RestorePlan plan, EmbeddedKafka kafka) {
        return backups.run(plan, KafkaConnection.of(kafka.clientProperties()), RunOptions.defaults())
                .await(Deadline.after(LONG));
    }

    private static String text(Report report) {
        StringBuilder text = new StringBuilder();
        report.printTo(text);
        return text.toString();
    }

    private static long position(Admin admin, String group, String topic, int partition) throws Exception {
        return admin.listConsumerGroupOffsets(group)
                .partitionsToOffsetAndMetadata()
                .get()
                .get(new TopicPartition(topic, partition))
                .offset();
    }

    /** Holds each partition against those records of the source that are wanted; gives these. */
    private List<List<ConsumerRecord<byte[], byte[]>>> assertRestored(
            String topic,
            EmbeddedKafka kafka,
            Admin admin,
            String name,
            Predicate<ConsumerRecord<byte[], byte[]>> wanted)
            throws Exception {
        List<List<ConsumerRecord<byte[], byte[]>>> expected = new ArrayList<>();
        for (List<ConsumerRecord<byte[], byte[]>> partition : TestTopics.read(source.clientProperties(), from, topic)) {
            expected.add(partition.stream().filter(wanted).toList());
        }
        List<List<ConsumerRecord<byte[], byte[]>>> restored = TestTopics.read(kafka.clientProperties(), admin, name);
        assertThat(restored).hasSameSizeAs(expected);
        for (int i = 0; i < expected.size(); i++) {
            assertThat(TestTopics.digest(restored.get(i))).isEqualTo(TestTopics.digest(expected.get(i)));
            for (int n = 0; n < restored.get(i).size(); n++) {
                assertThat(restored.get(i).get(n).offset()).isEqualTo(n);
            }
        }
        return expected;
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "gzip", "snappy", "lz4", "zstd"})
    void goesBackToAPointInTimeInsideABatch(String codec) throws Exception {
        // Given
        String topic = "until." + codec;
        fill(topic, "compression.type", codec);
        List<ConsumerRecord<byte[], byte[]>> all =
                TestTopics.read(source.clientProperties(), from, topic).get(0);
        int number = BATCH * BATCHES;
        // In the fifth batch, at the time of one record.
        long until = all.get(4 * BATCH + 21).timestamp();
        Map<String, Long> committed = new TreeMap<>(
                Map.of("start", 0L, "middle", 77L, "cut", 4L * BATCH + 20, "behind", 6L * BATCH, "end", (long) number));
        committed.put("past", 1_000_000L);
        for (Map.Entry<String, Long> group : committed.entrySet()) {
            commit(codec + "." + group.getKey(), topic, 0, group.getValue());
        }
        Backups backups = backups(topic);
        RecoveryPoint point = backUp(backups, topic);
        assertThat(point.manifest().partitions().get(0).segments().stream()
                        .mapToLong(s -> s.batches())
                        .sum())
                .isEqualTo(BATCHES);

        // When
        RestorePlan plan = plan(
                backups,
                point,
                to,
                RestoreOptions.everything().until(Instant.ofEpochMilli(until).plusNanos(999_999)));
        run(backups, plan, target).requireSuccess();

        // Then
        List<List<ConsumerRecord<byte[], byte[]>>> kept =
                assertRestored(topic, target, to, topic, r -> r.timestamp() <= until);
        // Some in the fifth batch, and some of those behind it that have an earlier time.
        assertThat(kept.get(0)).hasSizeBetween(4 * BATCH + 10, 5 * BATCH);
        assertThat(plan.facts().get("records")).isEqualTo("" + 2 * kept.get(0).size());
        assertThat(plan.facts().get("recordsLeftOut"))
                .isEqualTo("" + 2 * (number - kept.get(0).size()));
        assertThat(Long.parseLong(plan.facts().get("batchesToRewrite"))).isBetween(2L, 6L);
        assertThat(plan.notes()).anySatisfy(n -> assertThat(n).contains("after " + Instant.ofEpochMilli(until)));
        for (Map.Entry<String, Long> group : committed.entrySet()) {
            long before = kept.get(0).stream()
                    .filter(r -> r.offset() < group.getValue())
                    .count();
            assertThat(position(to, codec + "." + group.getKey(), topic, 0))
                    .as(group.getKey())
                    .isEqualTo(before);
        }
    }

    @Test
    void goesBackInATopicWhoseTimesTheBrokerSet() throws Exception {
        // Given
        create(from, "appended", 1, Map.of("message.timestamp.type", "LogAppendTime"));
        try (KafkaProducer<byte[], byte[]> producer = TestTopics.producer(source.clientProperties())) {
            for (int i = 0; i < 200; i++) {
                TestTopics.send(producer, new ProducerRecord<>("appended", 0, 5L, bytes("k" + i), bytes("v" + i)));
                if (i % 20 == 0) {
                    producer.flush();
                }
            }
        }
        long until = TestTopics.read(source.clientProperties(), from, "appended")
                .get(0)
                .get(100)
                .timestamp();
        Backups backups = backups("appended");
        RecoveryPoint point = backUp(backups, "appended");

        // When
        RestorePlan plan = plan(backups, point, to, RestoreOptions.everything().until(Instant.ofEpochMilli(until)));
        run(backups, plan, target).requireSuccess();

        // Then
        assertThat(assertRestored("appended", target, to, "appended", r -> r.timestamp() <= until)
                        .get(0))
                .hasSizeGreaterThan(100);
    }

    @Test
    void restoresNothingFromBeforeTheFirstRecord() throws Exception {
        fill("too.early");
        commit("early", "too.early", 1, 123);
        Backups backups = backups("too.early");

        RestorePlan plan = plan(
                backups,
                backUp(backups, "too.early"),
                to,
                RestoreOptions.everything().until(Instant.EPOCH));
        run(backups, plan, target).requireSuccess();

        assertThat(TestTopics.read(target.clientProperties(), to, "too.early"))
                .allSatisfy(p -> assertThat(p).isEmpty());
        assertThat(position(to, "early", "too.early", 1)).isZero();
    }

    @Test
    void restoresBesideTheOriginalUnderAnotherName() throws Exception {
        // Given
        fill("named.a");
        fill("named.b");
        fill("named.c");
        commit("follower", "named.a", 1, 99);
        Backups backups = backups("named");
        RecoveryPoint point = backUp(backups, "named.*");
        RestoreOptions options = RestoreOptions.everything()
                .topics(TopicPattern.glob("named.a"), TopicPattern.glob("named.b"), TopicPattern.glob("*.c"))
                .except(TopicPattern.regex(".*c"))
                .rename(topic -> TopicName.of("restored." + topic));

        // When
        RestorePlan plan = plan(backups, point, from, options);
        run(backups, plan, source).requireSuccess();

        // Then
        assertRestored("named.a", source, from, "restored.named.a", r -> true);
        assertRestored("named.b", source, from, "restored.named.b", r -> true);
        assertThat(from.listTopics().names().get()).doesNotContain("restored.named.c");
        assertThat(position(from, "follower", "named.a", 1)).isEqualTo(99);
        assertThat(position(from, "follower", "restored.named.a", 1)).isEqualTo(99);
        StringBuilder printed = new StringBuilder();
        plan.printTo(printed);
        assertThat(printed.toString()).contains("restore partition restored.named.a-1 from named.a-1");
    }

    @Test
    void refusesNamesThatMeet() throws Exception {
        fill("meet.a");
        fill("meet.b");
        Backups backups = backups("meet");
        RecoveryPoint point = backUp(backups, "meet.*");

        assertThatThrownBy(() ->
                        plan(backups, point, to, RestoreOptions.everything().rename(topic -> TopicName.of("met"))))
                .isInstanceOf(RestoreRefusedException.class)
                .hasMessageContaining("topics meet.a and meet.b would both be named met");
    }

    private Map<String, String> overrides(Admin admin, String topic) {
        return new HashMap<>(ClusterState.read(admin, Deadline.after(LONG))
                .topic(TopicName.of(topic))
                .orElseThrow()
                .overrides());
    }

    @Test
    void restoresIntoTopicsThatExistAndAreEmpty() throws Exception {
        // Given one that exists, with a configuration of its own, and one that does not
        fill("there");
        fill("there.not");
        commit("group.there", "there", 0, 3);
        Map<String, String> own = Map.of(
                "retention.ms",
                "315360000000",
                "max.message.bytes",
                "1000",
                "segment.bytes",
                "1234567",
                "message.timestamp.type",
                "LogAppendTime");
        create(to, "there", 2, own);
        Backups backups = backups("there");
        RecoveryPoint point = backUp(backups, "there*");
        assertThatThrownBy(() -> plan(backups, point, to, RestoreOptions.everything()))
                .isInstanceOf(RestoreRefusedException.class)
                .hasMessageContaining("topic there exists")
                .hasMessageContaining("RestoreOptions.intoExistingTopics");
        String id = id("there");

        // When
        RestorePlan plan = plan(
                backups,
                point,
                to,
                RestoreOptions.everything().intoExistingTopics().config("min.insync.replicas", "1"));
        run(backups, plan, target).requireSuccess();

        // Then
        assertThat(id("there")).isEqualTo(id);
        Map<String, String> expected = new HashMap<>(own);
        expected.put("min.insync.replicas", "1");
        assertThat(overrides(to, "there")).isEqualTo(expected);
        assertThat(position(to, "group.there", "there", 0)).isEqualTo(3);
        assertRestored("there", target, to, "there", r -> true);
        assertRestored("there.not", target, to, "there.not", r -> true);
    }

    private String id(String topic) throws Exception {
        return to.describeTopics(List.of(topic))
                .allTopicNames()
                .get()
                .get(topic)
                .topicId()
                .toString();
    }

    private void writeToTarget(String topic) {
        try (KafkaProducer<byte[], byte[]> producer = TestTopics.producer(target.clientProperties())) {
            TestTopics.send(producer, new ProducerRecord<>(topic, 1, bytes("k"), bytes("foreign")));
        }
    }

    @Test
    void refusesExistingTopicsThatDoNotFit() throws Exception {
        // Given
        for (String topic : List.of("misfit.filled", "misfit.emptied", "misfit.narrow", "misfit.late")) {
            fill(topic);
            create(to, topic, topic.endsWith("narrow") ? 1 : 2, Map.of("retention.ms", "-1"));
        }
        writeToTarget("misfit.filled");
        writeToTarget("misfit.emptied");
        to.deleteRecords(Map.of(new TopicPartition("misfit.emptied", 1), RecordsToDelete.beforeOffset(1)))
                .all()
                .get();
        Backups backups = backups("misfit");
        RecoveryPoint point = backUp(backups, "misfit.*");
        RestoreOptions options = RestoreOptions.everything().intoExistingTopics();

        // When, Then
        assertThatThrownBy(() -> plan(backups, point, to, options))
                .isInstanceOf(RestoreRefusedException.class)
                .hasMessageContaining("topic misfit.filled is not empty")
                .hasMessageContaining("topic misfit.emptied is not empty")
                .hasMessageContaining("topic misfit.narrow has 1 partitions, in the recovery point it has 2")
                .satisfies(e -> assertThat(e.getMessage()).doesNotContain("misfit.late"));

        // Written to between plan and run
        RestorePlan plan = plan(backups, point, to, options.topics(TopicPattern.glob("misfit.late")));
        writeToTarget("misfit.late");
        Report report = run(backups, plan, target);
        assertThat(report.succeeded()).isFalse();
        assertThat(text(report)).contains("topic misfit.late is not empty");
        assertThat(overrides(to, "misfit.late")).isEqualTo(Map.of("retention.ms", "-1"));
        assertThat(TestTopics.read(target.clientProperties(), to, "misfit.late").get(1))
                .hasSize(1);

        // Deleted and made again between plan and run
        to.deleteTopics(List.of("misfit.late")).all().get();
        Awaitility.await()
                .atMost(LONG)
                .until(() -> !to.listTopics().names().get().contains("misfit.late"));
        create(to, "misfit.late", 2, Map.of());
        assertThatThrownBy(() -> run(backups, plan, target))
                .isInstanceOf(EventBrokerException.class)
                .hasMessageContaining("plan again");
    }

    @Test
    void restoresRangesOfOffsets() throws Exception {
        // Given
        fill("ranged");
        long first = BATCH + 7L;
        long last = 5 * BATCH + 30L;
        Map<String, Long> committed = Map.of(
                "ranged.before",
                5L,
                "ranged.first",
                first,
                "ranged.in",
                first + 40,
                "ranged.last",
                last,
                "ranged.behind",
                last + 40);
        for (Map.Entry<String, Long> group : committed.entrySet()) {
            commit(group.getKey(), "ranged", 1, group.getValue());
        }
        Backups backups = backups("ranged");
        RecoveryPoint point = backUp(backups, "ranged");
        TopicPartition partition = new TopicPartition("ranged", 1);

        // When
        RestorePlan plan = plan(backups, point, to, RestoreOptions.everything().offsets(partition, first, last));
        run(backups, plan, target).requireSuccess();

        // Then
        assertRestored(
                "ranged", target, to, "ranged", r -> r.partition() == 0 || (r.offset() >= first && r.offset() < last));
        assertThat(plan.facts().get("records")).isEqualTo("" + (BATCH * BATCHES + last - first));
        assertThat(plan.facts().get("recordsLeftOut")).isEqualTo("" + (BATCH * BATCHES - last + first));
        for (Map.Entry<String, Long> group : committed.entrySet()) {
            assertThat(position(to, group.getKey(), "ranged", 1))
                    .as(group.getKey())
                    .isEqualTo(Math.max(0, Math.min(group.getValue(), last) - first));
        }
        assertThatThrownBy(() -> plan(
                        backups,
                        point,
                        to,
                        RestoreOptions.everything()
                                .rename(topic -> TopicName.of("other." + topic))
                                .offsets(new TopicPartition("ranged", 2), 0, 1)))
                .isInstanceOf(RestoreRefusedException.class)
                .hasMessageContaining("partition ranged-2");
    }

    @Test
    void refusesOptionsThatContradictThemselves() {
        TopicPartition partition = new TopicPartition("t", 0);
        RestoreOptions all = RestoreOptions.everything();

        assertThatThrownBy(() -> all.offsets(partition, 5, 4)).hasMessageContaining("offsets 5 to before 4");
        assertThatThrownBy(() -> all.offsets(partition, 0, 4).offsets(partition, 5, 6))
                .hasMessageContaining("has the offsets 0 to before 4 already");
        assertThatThrownBy(() -> all.until(Instant.EPOCH.minusMillis(1))).hasMessageContaining("1970");
        assertThatThrownBy(all::topics).hasMessageContaining("at least one pattern");
    }
}
