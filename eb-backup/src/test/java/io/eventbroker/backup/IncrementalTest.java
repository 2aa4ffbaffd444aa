package io.eventbroker.backup;

import static io.eventbroker.backup.TestTopics.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.eventbroker.backup.internal.archive.Manifest;
import io.eventbroker.backup.store.FileStore;
import io.eventbroker.backup.store.ObjectStore;
import io.eventbroker.core.DataSize;
import io.eventbroker.core.Deadline;
import io.eventbroker.core.EventBrokerException;
import io.eventbroker.core.TopicName;
import io.eventbroker.core.cluster.ClusterState;
import io.eventbroker.core.run.Journal;
import io.eventbroker.core.run.RunFailedException;
import io.eventbroker.core.run.RunOptions;
import io.eventbroker.testkit.kafka.EmbeddedKafka;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Backups that go on from others, of a cluster that moves: every recovery point of a chain restores what there was. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class IncrementalTest {
    private static final Duration LONG = Duration.ofMinutes(2);
    private static final Map<String, String> COMPACTED = Map.of(
            "cleanup.policy", "compact",
            "segment.bytes", "1048576",
            "segment.ms", "100",
            "min.cleanable.dirty.ratio", "0.001",
            "min.compaction.lag.ms", "0");

    @TempDir
    Path directory;

    private EmbeddedKafka source;
    private EmbeddedKafka target;
    private Admin from;
    private Admin to;

    @BeforeAll
    void start() {
        source = EmbeddedKafka.builder()
                .property("log.cleaner.backoff.ms", "200")
                .start();
        target = EmbeddedKafka.builder().start();
        from = source.admin();
        to = target.admin();
    }

    @AfterAll
    void stop() {
        source.close();
        target.close();
    }

    /** What the source has ever held of a partition, by offset. */
    private final Map<TopicPartition, SortedMap<Long, ConsumerRecord<byte[], byte[]>>> seen = new HashMap<>();

    private void create(String topic, int partitions, Map<String, String> configs) throws Exception {
        from.createTopics(List.of(new NewTopic(topic, partitions, (short) 1).configs(configs)))
                .all()
                .get();
        await().atMost(LONG)
                .ignoreExceptions()
                .until(() -> TestTopics.partitions(from, topic).size() == partitions);
    }

    private void produce(String topic, int partition, int records, String value) {
        try (KafkaProducer<byte[], byte[]> producer = TestTopics.producer(
                source.clientProperties(), "compression.type", "none", "batch.size", "600", "linger.ms", "1")) {
            for (int i = 0; i < records; i++) {
                TestTopics.send(
                        producer, new ProducerRecord<>(topic, partition, bytes("k" + i), bytes(value + " " + i)));
            }
        }
    }

    /** Transactions of which every third is aborted, so that a chain has markers and holes at its joints. */
    private void transact(String topic, int transactions, String value) {
        try (KafkaProducer<byte[], byte[]> producer =
                TestTopics.producer(source.clientProperties(), "transactional.id", topic)) {
            producer.initTransactions();
            for (int i = 0; i < transactions; i++) {
                producer.beginTransaction();
                for (int j = 0; j < 7; j++) {
                    TestTopics.send(producer, new ProducerRecord<>(topic, 0, bytes("k" + j), bytes(value + i)));
                }
                producer.flush();
                if (i % 3 == 2) {
                    producer.abortTransaction();
                } else {
                    producer.commitTransaction();
                }
            }
        }
    }

    private Backups backups(ObjectStore store) {
        return Backups.in(store).segmentSize(DataSize.ofBytes(2_000));
    }

    private BackupPlan plan(Backups backups, String topics, Optional<RecoveryPoint> parent) {
        ClusterState state = ClusterState.read(from, Deadline.after(LONG));
        Selection selection = Selection.topics(TopicPattern.glob(topics)).withGroups();
        BackupPlan plan = parent.isPresent()
                ? backups.planIncremental(state, selection, parent.get())
                : backups.plan(state, selection);
        assertThat(BackupPlan.read(plan.toJson()).hash()).isEqualTo(plan.hash());
        return plan;
    }

    private BackupReport run(Backups backups, BackupPlan plan, RunOptions options) {
        return backups.run(plan, KafkaConnection.of(source.clientProperties()), options)
                .await(Deadline.after(LONG));
    }

    private static List<String> details(BackupReport report) {
        return report.results().stream().map(result -> result.detail()).toList();
    }

    /** A recovery point, verified, and what it must restore. */
    private record Taken(RecoveryPoint point, BackupReport report, Map<String, List<String>> digests) {}

    private Taken take(Backups backups, String topics, Optional<RecoveryPoint> parent) throws Exception {
        BackupReport report = run(backups, plan(backups, topics, parent), RunOptions.defaults());
        RecoveryPoint point = report.recoveryPoint();
        assertThat(point.parent()).isEqualTo(parent.map(RecoveryPoint::id));
        backups.verify(point, RunOptions.defaults()).await(Deadline.after(LONG)).requireSuccess();
        Map<String, List<String>> digests = new TreeMap<>();
        for (TopicName topic : point.topics()) {
            List<List<ConsumerRecord<byte[], byte[]>>> now =
                    TestTopics.read(source.clientProperties(), from, topic.value());
            List<String> expected = new ArrayList<>();
            for (int i = 0; i < now.size(); i++) {
                SortedMap<Long, ConsumerRecord<byte[], byte[]>> ever =
                        seen.computeIfAbsent(new TopicPartition(topic.value(), i), none -> new TreeMap<>());
                now.get(i).forEach(record -> ever.put(record.offset(), record));
                expected.add(TestTopics.digest(records(point, topic.value(), i)));
            }
            digests.put(topic.value(), expected);
        }
        return new Taken(point, report, digests);
    }

    private static Manifest.Partition partition(RecoveryPoint point, String topic, int number) {
        return point.manifest().partitions().stream()
                .filter(p -> p.topicPartition().equals(new TopicPartition(topic, number)))
                .findFirst()
                .orElseThrow();
    }

    /** What a recovery point covers of a partition: its first segment is kept whole. */
    private List<ConsumerRecord<byte[], byte[]>> records(RecoveryPoint point, String topic, int number) {
        Manifest.Partition covered = partition(point, topic, number);
        return List.copyOf(seen.get(new TopicPartition(topic, number))
                .subMap(covered.start(), covered.end())
                .values());
    }

    private void restore(Backups backups, RecoveryPoint point) throws Exception {
        Deadline deadline = Deadline.after(LONG);
        List<String> names = point.topics().stream().map(TopicName::value).toList();
        List<String> old =
                to.listTopics().names().get().stream().filter(names::contains).toList();
        to.deleteTopics(old).all().get();
        await().atMost(LONG).until(() -> to.listTopics().names().get().stream().noneMatch(names::contains));
        RestorePlan plan = backups.planRestore(point, ClusterState.read(to, deadline), RestoreOptions.everything());
        backups.run(plan, KafkaConnection.of(target.clientProperties()), RunOptions.defaults())
                .await(deadline)
                .requireSuccess();
    }

    private void assertRestores(Backups backups, Taken taken) throws Exception {
        restore(backups, taken.point());
        for (Map.Entry<String, List<String>> topic : taken.digests().entrySet()) {
            assertThat(TestTopics.digests(target.clientProperties(), to, topic.getKey()))
                    .as("%s in %s", topic.getKey(), taken.point())
                    .isEqualTo(topic.getValue());
        }
    }

    private void commit(String group, String topic, int partition, long offset) throws Exception {
        from.alterConsumerGroupOffsets(
                        group, Map.of(new TopicPartition(topic, partition), new OffsetAndMetadata(offset)))
                .all()
                .get();
    }

    private long position(Admin admin, String group, String topic, int partition) throws Exception {
        return admin.listConsumerGroupOffsets(group)
                .partitionsToOffsetAndMetadata()
                .get()
                .get(new TopicPartition(topic, partition))
                .offset();
    }

    private static List<String> sets(RecoveryPoint point, String topic, int number) {
        return partition(point, topic, number).segments().stream()
                .map(Manifest.Segment::set)
                .distinct()
                .toList();
    }

    @Test
    void restoresEveryPointOfAChain() throws Exception {
        Backups backups = backups(FileStore.at(directory.resolve("chain")));
        create("chain.plain", 2, Map.of());
        create("chain.transactions", 1, Map.of());
        create("chain.recreated", 1, Map.of());
        create("chain.grows", 1, Map.of());
        create("chain.idle", 1, Map.of());
        produce("chain.plain", 0, 300, "first");
        produce("chain.plain", 1, 300, "first");
        transact("chain.transactions", 6, "first");
        produce("chain.recreated", 0, 100, "first");
        produce("chain.grows", 0, 100, "first");
        produce("chain.idle", 0, 50, "only");
        Taken full = take(backups, "chain.*", Optional.empty());

        produce("chain.plain", 0, 200, "second");
        transact("chain.transactions", 5, "second");
        Taken second = take(backups, "chain.*", Optional.of(full.point()));

        // Retention within what is archived; a topic made again; partitions added.
        long removed =
                partition(full.point(), "chain.plain", 0).segments().get(2).base() + 5;
        from.deleteRecords(Map.of(new TopicPartition("chain.plain", 0), RecordsToDelete.beforeOffset(removed)))
                .all()
                .get();
        from.deleteTopics(List.of("chain.recreated")).all().get();
        await().atMost(LONG).until(() -> !from.listTopics().names().get().contains("chain.recreated"));
        seen.remove(new TopicPartition("chain.recreated", 0));
        create("chain.recreated", 1, Map.of());
        produce("chain.recreated", 0, 150, "another");
        from.createPartitions(Map.of("chain.grows", NewPartitions.increaseTo(3)))
                .all()
                .get();
        await().atMost(LONG)
                .until(() -> TestTopics.partitions(from, "chain.grows").size() == 3);
        produce("chain.grows", 2, 80, "third");
        produce("chain.plain", 0, 100, "third");
        transact("chain.transactions", 4, "third");
        Taken third = take(backups, "chain.*", Optional.of(second.point()));

        // Retention past the end of what is archived.
        produce("chain.plain", 1, 120, "fourth");
        from.deleteRecords(Map.of(new TopicPartition("chain.plain", 1), RecordsToDelete.beforeOffset(350)))
                .all()
                .get();
        transact("chain.transactions", 3, "fourth");
        Taken fourth = take(backups, "chain.*", Optional.of(third.point()));

        for (Taken taken : List.of(full, second, third, fourth)) {
            assertRestores(backups, taken);
        }

        String one = full.point().id();
        String two = second.point().id();
        String three = third.point().id();
        String four = fourth.point().id();
        assertThat(sets(second.point(), "chain.plain", 0)).containsExactly(one, two);
        assertThat(sets(third.point(), "chain.plain", 0)).containsExactly(one, two, three);
        assertThat(partition(third.point(), "chain.plain", 0).start())
                .isEqualTo(partition(full.point(), "chain.plain", 0)
                        .segments()
                        .get(2)
                        .base());
        assertThat(third.point().records()).isGreaterThan(0);
        assertThat(sets(third.point(), "chain.recreated", 0)).containsExactly(three);
        assertThat(sets(third.point(), "chain.grows", 2)).containsExactly(three);
        assertThat(sets(fourth.point(), "chain.plain", 1)).containsExactly(four);
        assertThat(sets(fourth.point(), "chain.transactions", 0)).containsExactly(one, two, three, four);
        assertThat(sets(fourth.point(), "chain.idle", 0)).containsExactly(one);
        assertThat(partition(fourth.point(), "chain.transactions", 0).lastEpoch())
                .isNotNegative();
        assertThat(fourth.point().lostOffsets()).isZero();
        assertThat(details(second.report())).anySatisfy(d -> assertThat(d).contains("from offset 300 on"));
        assertThat(details(third.report()))
                .anySatisfy(d -> assertThat(d).contains("copied whole: the topic was made again"))
                .anySatisfy(d -> assertThat(d).contains("copied whole: not in " + two));
        assertThat(details(fourth.report()))
                .anySatisfy(d -> assertThat(d).contains("copied whole: offsets 300 to 349", "were deleted"));
    }

    @Test
    void saysInThePlanWhatIsCopiedAndWhy() throws Exception {
        Backups backups = backups(FileStore.at(directory.resolve("planned")));
        create("planned.a", 1, Map.of());
        produce("planned.a", 0, 100, "first");
        Taken full = take(backups, "planned.*", Optional.empty());
        create("planned.b", 1, Map.of());
        produce("planned.a", 0, 50, "second");

        BackupPlan plan = plan(backups, "planned.*", Optional.of(full.point()));

        assertThat(plan.facts()).containsEntry("parent", full.point().id());
        assertThat(plan.actions().stream().map(a -> a.reason()).toList())
                .contains("from offset 100 on", "whole: not in " + full.point().id());
        assertThat(plan.notes())
                .anySatisfy(n -> assertThat(n).contains("1 of 2 partitions are copied whole", "planned.b-0"));
        assertThat(Long.parseLong(String.valueOf(plan.facts().get("bytes"))))
                .isPositive()
                .isLessThan(full.point().size().bytes());
    }

    @Test
    void countsGroupPositionsOverTheWholeChain() throws Exception {
        // Given
        Backups backups = backups(FileStore.at(directory.resolve("grouped")));
        create("grouped", 1, Map.of());
        transact("grouped", 40, "first");
        Taken full = take(backups, "grouped", Optional.empty());
        transact("grouped", 40, "second");
        long end = partition(full.point(), "grouped", 0).end();
        long start = partition(full.point(), "grouped", 0).segments().get(1).base() + 2;
        from.deleteRecords(Map.of(new TopicPartition("grouped", 0), RecordsToDelete.beforeOffset(start)))
                .all()
                .get();
        // In the parent's segments and the new one, at markers and in aborted transactions, before the start, past the
        // end.
        List<Long> offsets = new ArrayList<>(List.of(0L, 3L, start, end - 1, end, end + 1, 100_000L));
        for (long offset = start; offset < end + 60; offset += 5) {
            offsets.add(offset);
        }
        for (long offset : offsets) {
            commit("at-" + offset, "grouped", 0, offset);
        }

        // When
        Taken second = take(backups, "grouped", Optional.of(full.point()));
        restore(backups, second.point());

        // Then
        List<ConsumerRecord<byte[], byte[]>> records = records(second.point(), "grouped", 0);
        for (long offset : offsets) {
            assertThat(position(to, "at-" + offset, "grouped", 0))
                    .as("position %s", offset)
                    .isEqualTo(records.stream().filter(r -> r.offset() < offset).count());
        }
    }

    private static Map<String, String> latest(List<ConsumerRecord<byte[], byte[]>> records) {
        Map<String, String> latest = new TreeMap<>();
        for (ConsumerRecord<byte[], byte[]> record : records) {
            String key = new String(record.key(), StandardCharsets.UTF_8);
            if (record.value() == null) {
                latest.remove(key);
            } else {
                latest.put(key, new String(record.value(), StandardCharsets.UTF_8));
            }
        }
        return latest;
    }

    private void put(String topic, int from, int to, boolean tombstones, String value) {
        try (KafkaProducer<byte[], byte[]> producer = TestTopics.producer(source.clientProperties())) {
            for (int i = from; i < to; i++) {
                TestTopics.send(
                        producer,
                        new ProducerRecord<>(topic, 0, bytes("key" + i), tombstones ? null : bytes(value + i)));
            }
        }
    }

    /** Rolls the log until the cleaner has left so many records. */
    private void awaitCleaned(
            String topic, java.util.function.Predicate<List<ConsumerRecord<byte[], byte[]>>> cleaned) {
        await().atMost(LONG).until(() -> {
            put(topic, 1_000_000, 1_000_001, false, "roll");
            return cleaned.test(
                    TestTopics.read(source.clientProperties(), from, topic).get(0));
        });
    }

    @Test
    void goesOnInCompactedTopicsAndDeletesTheirKeys() throws Exception {
        // Given
        Backups backups = backups(FileStore.at(directory.resolve("compacted")));
        Map<String, String> configs = new TreeMap<>(COMPACTED);
        configs.put("delete.retention.ms", "100000000");
        create("compacted", 1, configs);
        put("compacted", 0, 400, false, "old");
        put("compacted", 0, 200, false, "newer");
        Taken full = take(backups, "compacted", Optional.empty());
        put("compacted", 100, 300, true, "");
        put("compacted", 50, 120, false, "newest");
        awaitCleaned(
                "compacted",
                records -> records.stream().filter(r -> r.offset() < 600).count() < 300);

        // When
        Taken second = take(backups, "compacted", Optional.of(full.point()));
        restore(backups, second.point());

        // Then
        assertThat(sets(second.point(), "compacted", 0))
                .containsExactly(full.point().id(), second.point().id());
        Map<String, String> expected = latest(
                TestTopics.read(source.clientProperties(), from, "compacted").get(0));
        assertThat(latest(TestTopics.read(target.clientProperties(), to, "compacted")
                        .get(0)))
                .isEqualTo(expected)
                .doesNotContainKey("key200")
                .containsEntry("key110", "newest110");
        assertThat(second.point().missingOffsets()).isZero();
    }

    @Test
    void copiesACompactedTopicWholeWhereTombstonesAreGone() throws Exception {
        // Given
        Backups backups = backups(FileStore.at(directory.resolve("tombstones")));
        Map<String, String> configs = new TreeMap<>(COMPACTED);
        configs.put("delete.retention.ms", "1");
        create("tombstones", 1, configs);
        put("tombstones", 0, 100, false, "value");
        Taken full = take(backups, "tombstones", Optional.empty());
        put("tombstones", 0, 50, true, "");
        awaitCleaned("tombstones", records -> records.stream().noneMatch(r -> r.value() == null));

        // When
        Taken second = take(backups, "tombstones", Optional.of(full.point()));
        restore(backups, second.point());

        // Then
        assertThat(details(second.report()))
                .anySatisfy(d -> assertThat(d).contains("copied whole: it is compacted", "delete.retention.ms is 1"));
        assertThat(latest(TestTopics.read(target.clientProperties(), to, "tombstones")
                        .get(0)))
                .doesNotContainKey("key7")
                .containsEntry("key70", "value70");
    }

    @Test
    void refusesToCommitACompactedTopicThatWasReadTooLate() throws Exception {
        // Given
        ObjectStore files = FileStore.at(directory.resolve("late"));
        Map<String, String> configs = new TreeMap<>(COMPACTED);
        configs.put("delete.retention.ms", "86400000");
        create("late", 1, configs);
        put("late", 0, 100, false, "value");
        Backups backups = backups(files);
        Taken full = take(backups, "late", Optional.empty());
        put("late", 0, 50, true, "");
        BackupPlan plan = plan(backups, "late", Optional.of(full.point()));
        Journal journal = Journal.file(directory.resolve("late.journal"));
        BackupReport killed =
                run(backups(new NoManifests(files)), plan, RunOptions.defaults().journal(journal));
        assertThatThrownBy(killed::requireSuccess).isInstanceOf(RunFailedException.class);

        // When
        Clock tomorrow = Clock.offset(Clock.systemUTC(), Duration.ofHours(24));
        BackupReport resumed =
                run(backups, plan, RunOptions.defaults().journal(journal).clock(tomorrow));

        // Then
        assertThatThrownBy(resumed::requireSuccess)
                .isInstanceOf(RunFailedException.class)
                .hasMessageContaining("late-0 is compacted")
                .hasMessageContaining("make a new plan");
        assertThat(backups.recoveryPoints().readable()).hasSize(1);
    }

    /** A store in which no recovery point can be committed. */
    private static final class NoManifests extends ForwardingStore {
        NoManifests(ObjectStore store) {
            super(store);
        }

        @Override
        public CompletableFuture<Boolean> putIfAbsent(String name, ByteBuffer content) {
            return name.startsWith("manifests/")
                    ? CompletableFuture.failedFuture(new EventBrokerException("no more manifests"))
                    : super.putIfAbsent(name, content);
        }
    }

    @Test
    void goesOnAfterAKillWithTheSamePointsAndPositions() throws Exception {
        // Given
        ObjectStore files = FileStore.at(directory.resolve("killed"));
        Backups backups = backups(files);
        create("killed", 2, Map.of());
        transact("killed", 6, "first");
        Taken full = take(backups, "killed", Optional.empty());
        transact("killed", 6, "second");
        long end = partition(full.point(), "killed", 0).end();
        commit("before", "killed", 0, end - 4);
        commit("behind", "killed", 0, end + 9);
        BackupPlan plan = plan(backups, "killed", Optional.of(full.point()));
        Journal journal = Journal.file(directory.resolve("killed.journal"));
        BackupReport killed =
                run(backups(new NoManifests(files)), plan, RunOptions.defaults().journal(journal));
        assertThatThrownBy(killed::requireSuccess).isInstanceOf(RunFailedException.class);

        // When
        RecoveryPoint point =
                run(backups, plan, RunOptions.defaults().journal(journal)).recoveryPoint();

        // Then
        backups.verify(point, RunOptions.defaults()).await(Deadline.after(LONG)).requireSuccess();
        restore(backups, point);
        assertThat(TestTopics.digests(target.clientProperties(), to, "killed"))
                .isEqualTo(TestTopics.digests(source.clientProperties(), from, "killed"));
        List<ConsumerRecord<byte[], byte[]>> records =
                TestTopics.read(source.clientProperties(), from, "killed").get(0);
        assertThat(position(to, "before", "killed", 0))
                .isEqualTo(records.stream().filter(r -> r.offset() < end - 4).count());
        assertThat(position(to, "behind", "killed", 0))
                .isEqualTo(records.stream().filter(r -> r.offset() < end + 9).count());
        assertThat(Objects.requireNonNull(point).parent()).hasValue(full.point().id());
    }
}
