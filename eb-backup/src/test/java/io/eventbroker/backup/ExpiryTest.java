package io.eventbroker.backup;

import static io.eventbroker.backup.TestTopics.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.eventbroker.backup.internal.archive.ArchiveNames;
import io.eventbroker.backup.store.FileStore;
import io.eventbroker.backup.store.ObjectStore;
import io.eventbroker.backup.store.ObjectStore.StoredObject;
import io.eventbroker.backup.store.S3Store;
import io.eventbroker.core.DataSize;
import io.eventbroker.core.Deadline;
import io.eventbroker.core.EventBrokerException;
import io.eventbroker.core.cluster.ClusterState;
import io.eventbroker.core.run.Deletes;
import io.eventbroker.core.run.DeletesNotAllowedException;
import io.eventbroker.core.run.Journal;
import io.eventbroker.core.run.PlanStaleException;
import io.eventbroker.core.run.Report;
import io.eventbroker.core.run.RunOptions;
import io.eventbroker.testkit.kafka.EmbeddedKafka;
import io.eventbroker.testkit.objectstore.EmbeddedObjectStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a policy lets go goes, and nothing else: beside backups, through kills, with holds. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ExpiryTest {
    private static final Duration LONG = Duration.ofMinutes(2);
    private static final RetentionPolicy NEWEST =
            RetentionPolicy.in(ZoneId.of("UTC")).keepLast(1);
    private static final RunOptions DELETING = RunOptions.defaults().allow(Deletes.atMost(100));
    private static final Clock IN_A_MONTH = Clock.offset(Clock.systemUTC(), Duration.ofDays(30));
    private static final int PARTITIONS = 2;
    private static final AtomicInteger STORES = new AtomicInteger();

    @TempDir
    Path directory;

    private EmbeddedKafka kafka;
    private Admin admin;
    private String topic = "";
    private ObjectStore files = FileStore.at(Path.of("unused"));

    @BeforeAll
    void start() {
        kafka = EmbeddedKafka.builder().start();
        admin = kafka.admin();
    }

    @AfterAll
    void stop() {
        kafka.close();
    }

    @BeforeEach
    void ownTopicAndStore(TestInfo test) throws Exception {
        topic = test.getTestMethod().orElseThrow().getName() + "-" + STORES.incrementAndGet();
        files = FileStore.at(directory.resolve(topic));
        admin.createTopics(List.of(new NewTopic(topic, PARTITIONS, (short) 1)))
                .all()
                .get();
        await().atMost(LONG)
                .ignoreExceptions()
                .until(() -> TestTopics.partitions(admin, topic).size() == PARTITIONS);
    }

    private void produce(String value) {
        try (KafkaProducer<byte[], byte[]> producer =
                TestTopics.producer(kafka.clientProperties(), "batch.size", "600", "linger.ms", "1")) {
            for (int i = 0; i < 120; i++) {
                TestTopics.send(
                        producer,
                        new ProducerRecord<>(topic, i % PARTITIONS, bytes("k" + i), bytes(value + " value " + i)));
            }
        }
    }

    private static Backups backups(ObjectStore store) {
        return Backups.in(store).segmentSize(DataSize.ofBytes(2_000));
    }

    private BackupPlan plan(Backups backups, Optional<RecoveryPoint> parent) {
        ClusterState state = ClusterState.read(admin, Deadline.after(LONG));
        Selection selection = Selection.topics(TopicPattern.glob(topic));
        return parent.isPresent()
                ? backups.planIncremental(state, selection, parent.get())
                : backups.plan(state, selection);
    }

    private BackupReport run(Backups backups, BackupPlan plan, RunOptions options) {
        return backups.run(plan, KafkaConnection.of(kafka.clientProperties()), options)
                .await(Deadline.after(LONG));
    }

    private RecoveryPoint take(Backups backups, Optional<RecoveryPoint> parent) {
        produce("round");
        return run(backups, plan(backups, parent), RunOptions.defaults()).recoveryPoint();
    }

    /** A full recovery point and two that go on from it. */
    private List<RecoveryPoint> chain(ObjectStore store) {
        Backups backups = backups(store);
        List<RecoveryPoint> points = new ArrayList<>();
        Optional<RecoveryPoint> parent = Optional.empty();
        for (int i = 0; i < 3; i++) {
            RecoveryPoint point = take(backups, parent);
            points.add(point);
            parent = Optional.of(point);
        }
        return points;
    }

    private static Report expire(ObjectStore store, RetentionPolicy policy, RunOptions options) {
        Backups backups = backups(store).clock(options.clock());
        return backups.run(backups.planExpiry(policy), options).await(Deadline.after(LONG));
    }

    private static void verify(ObjectStore store, RecoveryPoint point) {
        Backups backups = backups(store);
        backups.verify(backups.recoveryPoint(point.id()), RunOptions.defaults())
                .await(Deadline.after(LONG))
                .requireSuccess();
    }

    private static List<String> ids(ObjectStore store) {
        return backups(store).recoveryPoints().readable().stream()
                .map(RecoveryPoint::id)
                .toList();
    }

    private static List<String> names(ObjectStore store, String prefix) {
        return store.list(prefix).join().stream().map(StoredObject::name).toList();
    }

    private static String text(Report report) {
        StringBuilder text = new StringBuilder();
        report.printTo(text);
        return text.toString();
    }

    private void assertRestoresAsTheSourceIs(ObjectStore store, RecoveryPoint point) throws Exception {
        try (EmbeddedKafka target = EmbeddedKafka.builder().start();
                Admin to = target.admin()) {
            Backups backups = backups(store);
            RestorePlan restore = backups.planRestore(
                    backups.recoveryPoint(point.id()),
                    ClusterState.read(to, Deadline.after(LONG)),
                    RestoreOptions.everything());
            backups.run(restore, KafkaConnection.of(target.clientProperties()), RunOptions.defaults())
                    .await(Deadline.after(LONG))
                    .requireSuccess();
            assertThat(TestTopics.digests(target.clientProperties(), to, topic))
                    .isEqualTo(TestTopics.digests(kafka.clientProperties(), admin, topic));
        }
    }

    @Test
    void keepsWhatLaterPointsNeed() throws Exception {
        // Given
        List<RecoveryPoint> chain = chain(files);
        RecoveryPoint other = take(backups(files), Optional.of(chain.get(1)));
        ExpiryPlan plan = backups(files).planExpiry(NEWEST.keepLast(2));
        StringBuilder printed = new StringBuilder();
        plan.printTo(printed);
        assertThat(printed.toString())
                .contains("expire recovery point " + chain.get(0).id(), "delete 3 objects of backup set")
                .contains("Recovery point " + other.id() + " stays: the newest; one of the last 2");
        assertThat(ExpiryPlan.read(plan.toJson()).hash()).isEqualTo(plan.hash());
        assertThatThrownBy(() -> backups(files).run(plan, RunOptions.defaults()))
                .isInstanceOf(DeletesNotAllowedException.class)
                .hasMessageContaining("atMost(4)");

        // When
        backups(files).run(plan, DELETING).await(Deadline.after(LONG)).requireSuccess();

        // Then
        assertThat(ids(files)).containsExactly(chain.get(2).id(), other.id());
        verify(files, chain.get(2));
        verify(files, other);
        assertRestoresAsTheSourceIs(files, other);
        // The first set holds nothing any more but segments, which the chain needs.
        assertThat(names(files, ArchiveNames.set(chain.get(0).id())))
                .isNotEmpty()
                .allMatch(name -> name.contains("/data/"));
        assertThat(backups(files).planExpiry(NEWEST.keepLast(2)).actions()).isEmpty();
    }

    @Test
    void clearsTheSegmentsOfAChainOnceNoPointNamesThem() {
        List<RecoveryPoint> chain = chain(files);
        RecoveryPoint full = take(backups(files), Optional.empty());

        expire(files, NEWEST, DELETING).requireSuccess();

        assertThat(ids(files)).containsExactly(full.id());
        verify(files, full);
        chain.forEach(
                point -> assertThat(names(files, ArchiveNames.set(point.id()))).isEmpty());
    }

    /** Dies at one of its changes, before or after it: nothing is answered from then on. */
    private static final class DyingStore extends ForwardingStore {
        private final int dyingAt;
        private final boolean afterwards;
        private final AtomicInteger changes = new AtomicInteger();
        private final AtomicBoolean dead = new AtomicBoolean();

        DyingStore(ObjectStore store, int dyingAt, boolean afterwards) {
            super(store);
            this.dyingAt = dyingAt;
            this.afterwards = afterwards;
        }

        private static <T> CompletableFuture<T> killed() {
            return CompletableFuture.failedFuture(new EventBrokerException("killed"));
        }

        @Override
        public CompletableFuture<Void> delete(String name) {
            if (changes.incrementAndGet() == dyingAt) {
                dead.set(true);
                return afterwards ? super.delete(name).thenCompose(done -> killed()) : killed();
            }
            return dead.get() ? killed() : super.delete(name);
        }

        @Override
        public CompletableFuture<Void> read(String name, long offset, ByteBuffer into) {
            return dead.get() ? killed() : super.read(name, offset, into);
        }

        @Override
        public CompletableFuture<List<StoredObject>> list(String prefix) {
            return dead.get() ? killed() : super.list(prefix);
        }

        @Override
        public CompletableFuture<Void> discardUnfinished(String prefix) {
            return dead.get() ? killed() : super.discardUnfinished(prefix);
        }
    }

    private ObjectStore copy(String name) throws IOException {
        Path from = directory.resolve(topic);
        Path to = directory.resolve(name);
        try (Stream<Path> paths = Files.walk(from)) {
            for (Path path : paths.toList()) {
                Files.copy(path, to.resolve(from.relativize(path)));
            }
        }
        return FileStore.at(to);
    }

    @Test
    void canBeKilledAtAnyStepAndRunAgain() throws Exception {
        // Given
        List<RecoveryPoint> chain = chain(files);
        RecoveryPoint full = take(backups(files), Optional.empty());
        RecoveryPoint last = take(backups(files), Optional.of(full));
        ObjectStore whole = copy("whole");
        expire(whole, NEWEST, DELETING).requireSuccess();
        List<String> expected = names(whole, "");
        assertThat(expected).hasSizeLessThan(names(files, "").size() - 3 * chain.size());

        int step = 0;
        while (true) {
            // When
            step++;
            ObjectStore store = copy("killed-" + step);
            DyingStore dying = new DyingStore(store, step, step % 2 == 0);
            Backups backups = backups(dying);
            Report killed = backups.run(backups.planExpiry(NEWEST), DELETING).await(Deadline.after(LONG));
            if (!dying.dead.get()) {
                assertThat(killed.succeeded()).isTrue();
                break;
            }
            assertThat(killed.succeeded()).isFalse();
            verify(store, last);
            expire(store, NEWEST, DELETING.clock(IN_A_MONTH)).requireSuccess();

            // Then
            assertThat(names(store, "")).as("killed at step %s", step).isEqualTo(expected);
            assertThat(backups(store).planExpiry(NEWEST).actions()).isEmpty();
            verify(store, last);
        }
        assertThat(step).isGreaterThan(20);
    }

    @Test
    void goesOnWithItsJournalAfterAKill() {
        List<RecoveryPoint> chain = chain(files);
        RecoveryPoint full = take(backups(files), Optional.empty());
        ExpiryPlan plan = backups(files).planExpiry(NEWEST);
        RunOptions journaled = DELETING.journal(Journal.file(directory.resolve("expiry.journal")));
        DyingStore dying = new DyingStore(files, 3, true);
        assertThat(backups(dying)
                        .run(plan, journaled)
                        .await(Deadline.after(LONG))
                        .succeeded())
                .isFalse();

        backups(files).run(plan, journaled).await(Deadline.after(LONG)).requireSuccess();

        assertThat(ids(files)).containsExactly(full.id());
        chain.forEach(
                point -> assertThat(names(files, ArchiveNames.set(point.id()))).isEmpty());
    }

    @Test
    void neverTakesTheNewestAndCountsClustersForThemselves() throws Exception {
        RecoveryPoint here = take(backups(files), Optional.empty());
        try (EmbeddedKafka second = EmbeddedKafka.builder().start();
                Admin other = second.admin()) {
            other.createTopics(List.of(new NewTopic(topic, 1, (short) 1))).all().get();
            Backups backups = backups(files);
            BackupPlan plan = backups.plan(
                    ClusterState.read(other, Deadline.after(LONG)), Selection.topics(TopicPattern.glob(topic)));
            RecoveryPoint there = backups.run(
                            plan, KafkaConnection.of(second.clientProperties()), RunOptions.defaults())
                    .await(Deadline.after(LONG))
                    .recoveryPoint();

            expire(files, NEWEST.keepYoungerThan(Duration.ofMinutes(1)), DELETING.clock(IN_A_MONTH))
                    .requireSuccess();

            assertThat(ids(files)).containsExactlyInAnyOrder(here.id(), there.id());
        }
        assertThatThrownBy(() -> backups(files).planExpiry(RetentionPolicy.in(ZoneId.of("UTC"))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("keeps nothing");
    }

    @Test
    void keepsWhatIsHeldAndSaysWhy() {
        // Given
        List<RecoveryPoint> chain = chain(files);
        RecoveryPoint held = chain.get(0);
        Backups backups = backups(files);
        ExpiryPlan before = backups.planExpiry(NEWEST);
        LegalHold hold = backups.hold(held, "legal@example.org", "case 4711");
        assertThat(backups.hold(held, "somebody else", "other")).isEqualTo(hold);
        assertThat(backups.holds()).containsOnlyKeys(held.id()).containsValue(hold);

        // When a plan from before the hold, and one from after it, are run
        Report report = backups.run(before, DELETING).await(Deadline.after(LONG));
        ExpiryPlan after = backups.planExpiry(NEWEST);
        backups.run(after, DELETING).await(Deadline.after(LONG)).requireSuccess();

        // Then
        assertThat(text(report)).contains(held.id(), "held by legal@example.org", "case 4711");
        assertThat(after.notes()).anySatisfy(n -> assertThat(n).contains(held.id(), "held by legal@example.org"));
        assertThat(ids(files)).containsExactly(held.id(), chain.get(2).id());
        verify(files, held);
        backups.lift(held);
        expire(files, NEWEST, DELETING).requireSuccess();
        assertThat(ids(files)).containsExactly(chain.get(2).id());
        assertThatThrownBy(() -> backups.hold(held, "legal@example.org", "too late"))
                .isInstanceOf(EventBrokerException.class)
                .hasMessageContaining("has expired");
    }

    @Test
    void bringsAManifestBackThatIsHeldAtTheMomentOfItsEnd() {
        List<RecoveryPoint> chain = chain(files);
        RecoveryPoint held = chain.get(0);
        ObjectStore holding = new ForwardingStore(files) {
            @Override
            public CompletableFuture<Void> delete(String name) {
                if (name.equals(ArchiveNames.manifest(held.id()))) {
                    LegalHold unused = backups(files).hold(held, "legal@example.org", "just now");
                }
                return super.delete(name);
            }
        };

        Report report = expire(holding, NEWEST, DELETING);

        assertThat(report.succeeded()).isFalse();
        assertThat(ids(files)).containsExactly(held.id(), chain.get(2).id());
        verify(files, held);
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

    /** Calls back before or after an object with such a name is written, once. */
    private static final class HookedStore extends ForwardingStore {
        private final Predicate<String> at;
        private final Runnable hook;
        private final boolean afterwards;
        private final AtomicBoolean called = new AtomicBoolean();

        HookedStore(ObjectStore store, Predicate<String> at, boolean afterwards, Runnable hook) {
            super(store);
            this.at = at;
            this.hook = hook;
            this.afterwards = afterwards;
        }

        @Override
        public CompletableFuture<Boolean> putIfAbsent(String name, ByteBuffer content) {
            boolean now = at.test(name) && called.compareAndSet(false, true);
            if (now && !afterwards) {
                hook.run();
            }
            CompletableFuture<Boolean> stored = super.putIfAbsent(name, content);
            if (now && afterwards) {
                stored.join();
                hook.run();
            }
            return stored;
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void failsAnIncrementalBackupWhoseParentExpiresAsItBegins(boolean afterItsCutIsThere) {
        // Given
        List<RecoveryPoint> chain = chain(files);
        RecoveryPoint parent = chain.get(1);
        produce("more");
        BackupPlan plan = plan(backups(files), Optional.of(parent));
        ExpiryPlan expiry = backups(files).planExpiry(NEWEST);
        List<Report> expiries = new ArrayList<>();
        Runnable expire =
                () -> expiries.add(backups(files).run(expiry, DELETING).await(Deadline.after(LONG)));

        // When
        Backups racing = backups(new HookedStore(files, n -> n.endsWith("cut.json"), afterItsCutIsThere, expire));
        BackupReport report = run(racing, plan, RunOptions.defaults());

        // Then
        assertThat(expiries).hasSize(1).allMatch(Report::succeeded);
        assertThat(report.succeeded()).isFalse();
        assertThat(text(report)).contains(parent.id(), "expired meanwhile", "make a new plan");
        assertThat(ids(files)).containsExactly(chain.get(2).id());
        verify(files, chain.get(2));
    }

    @Test
    void failsAResumedBackupWhoseParentHasExpired() {
        // Given
        List<RecoveryPoint> chain = chain(files);
        RecoveryPoint parent = chain.get(1);
        produce("more");
        BackupPlan plan = plan(backups(files), Optional.of(parent));
        RunOptions journaled = RunOptions.defaults().journal(Journal.file(directory.resolve("resumed.journal")));
        ExpiryPlan expiry = backups(files).planExpiry(NEWEST);
        assertThat(run(backups(new NoManifests(files)), plan, journaled).succeeded())
                .isFalse();
        backups(files).run(expiry, DELETING).await(Deadline.after(LONG)).requireSuccess();

        // When
        BackupReport resumed = run(backups(files), plan, journaled);

        // Then
        assertThat(resumed.succeeded()).isFalse();
        assertThat(text(resumed)).contains(parent.id(), "expired meanwhile", "make a new plan");
        assertThat(ids(files)).containsExactly(chain.get(2).id());
    }

    @Test
    void leavesWhatARunningIncrementalBackupNeeds() throws Exception {
        // Given a plan from before the backup began
        List<RecoveryPoint> chain = chain(files);
        RecoveryPoint full = take(backups(files), Optional.empty());
        ExpiryPlan expiry = backups(files).planExpiry(NEWEST);
        produce("more");
        List<Report> expiries = new ArrayList<>();
        Runnable expire = () -> {
            expiries.add(backups(files).run(expiry, DELETING).await(Deadline.after(LONG)));
            // And another one, which does not know of the manifests that are gone.
            expiries.add(expire(files, NEWEST, DELETING));
        };
        Backups racing = backups(new HookedStore(files, n -> n.endsWith(".ebindex"), true, expire));

        // When
        RecoveryPoint point = run(racing, plan(backups(files), Optional.of(chain.get(2))), RunOptions.defaults())
                .recoveryPoint();

        // Then
        assertThat(expiries).hasSize(2).allMatch(Report::succeeded);
        assertThat(ids(files)).containsExactly(full.id(), point.id());
        verify(files, point);
        assertRestoresAsTheSourceIs(files, point);
    }

    @Test
    void keepsTheParentOfABackupThatIsUnderWay() {
        List<RecoveryPoint> chain = chain(files);
        RecoveryPoint full = take(backups(files), Optional.empty());
        List<ExpiryPlan> plans = new ArrayList<>();
        Backups racing = backups(new HookedStore(
                files,
                n -> n.endsWith(".ebindex"),
                true,
                () -> plans.add(backups(files).planExpiry(NEWEST))));
        produce("more");

        RecoveryPoint point = run(racing, plan(backups(files), Optional.of(chain.get(1))), RunOptions.defaults())
                .recoveryPoint();

        assertThat(plans.get(0).notes())
                .anySatisfy(n -> assertThat(n).contains(chain.get(1).id() + " stays: backup " + point.id()))
                .anySatisfy(n -> assertThat(n).contains("Backup set " + point.id() + " is left alone"));
        assertThat(full.id()).isNotEqualTo(point.id());
    }

    @Test
    void leavesUnfinishedBackupsAloneUntilTheyAreAbandoned() {
        // Given
        RecoveryPoint point = take(backups(files), Optional.empty());
        produce("more");
        BackupPlan plan = plan(backups(files), Optional.empty());
        RunOptions journaled = RunOptions.defaults().journal(Journal.file(directory.resolve("unfinished.journal")));
        assertThat(run(backups(new NoManifests(files)), plan, journaled).succeeded())
                .isFalse();
        String unfinished = ArchiveNames.set(plan.point());
        List<String> begun = names(files, unfinished);

        // When, Then
        assertThat(backups(files).planExpiry(NEWEST).actions()).isEmpty();
        assertThat(names(files, unfinished)).isEqualTo(begun);
        ExpiryPlan later = backups(files).clock(IN_A_MONTH).planExpiry(NEWEST);
        assertThat(later.actions())
                .hasSize(1)
                .allSatisfy(a -> assertThat(a.reason()).contains("no recovery point"));
        backups(files)
                .run(later, DELETING.clock(IN_A_MONTH))
                .await(Deadline.after(LONG))
                .requireSuccess();
        assertThat(names(files, unfinished)).isEmpty();
        BackupReport resumed = run(backups(files), plan, journaled);
        assertThat(resumed.succeeded()).isFalse();
        assertThat(text(resumed)).contains("taken for abandoned", "make a new plan");
        assertThat(ids(files)).containsExactly(point.id());
    }

    @Test
    void leavesTheSetOfAHeldPointAloneWhoseManifestIsGone() {
        // Given what an expiry leaves that is killed after it has deleted a manifest and before it sees the hold
        RecoveryPoint held = take(backups(files), Optional.empty());
        produce("more");
        RecoveryPoint newest = take(backups(files), Optional.empty());
        LegalHold hold = backups(files).hold(held, "legal", "case 11");
        files.delete(ArchiveNames.manifest(held.id())).join();
        List<String> before = names(files, ArchiveNames.set(held.id()));

        // When
        Report report = expire(files, NEWEST, DELETING.clock(IN_A_MONTH));

        // Then
        report.requireSuccess();
        assertThat(names(files, ArchiveNames.set(held.id()))).isEqualTo(before);
        assertThat(backups(files).holds()).containsEntry(held.id(), hold);
        assertThat(ids(files)).containsExactly(newest.id());
    }

    @Test
    void aBackupThatWasClearedAwayWhileItCommittedIsNone() {
        // Given a backup that takes longer than unfinished ones are left alone
        RecoveryPoint point = take(backups(files), Optional.empty());
        Runnable expire =
                () -> expire(files, NEWEST, DELETING.clock(IN_A_MONTH)).requireSuccess();
        produce("more");
        BackupPlan plan = plan(backups(files), Optional.empty());

        // When it is cleared away just before it writes its manifest
        Backups racing = backups(new HookedStore(files, n -> n.startsWith("manifests/"), false, expire));
        BackupReport report = run(racing, plan, RunOptions.defaults());

        // Then
        assertThat(report.succeeded()).isFalse();
        assertThat(text(report)).contains("taken for abandoned");
        assertThat(ids(files)).containsExactly(point.id());
        verify(files, point);
    }

    @Test
    void aBackupThatCommitsWhileItIsClearedAwayStays() {
        // Given
        RecoveryPoint point = take(backups(files), Optional.empty());
        produce("more");
        BackupPlan plan = plan(backups(files), Optional.empty());
        RunOptions journaled = RunOptions.defaults().journal(Journal.file(directory.resolve("slow.journal")));
        assertThat(run(backups(new NoManifests(files)), plan, journaled).succeeded())
                .isFalse();

        // When the backup commits between the expiry's look and its first delete
        AtomicBoolean committed = new AtomicBoolean();
        ObjectStore racing = new ForwardingStore(files) {
            @Override
            public CompletableFuture<Void> delete(String name) {
                if (name.startsWith("sets/") && committed.compareAndSet(false, true)) {
                    run(backups(files), plan, journaled).requireSuccess();
                }
                return super.delete(name);
            }
        };
        expire(racing, NEWEST.keepLast(5), DELETING.clock(IN_A_MONTH)).requireSuccess();

        // Then
        assertThat(committed).isTrue();
        assertThat(ids(files)).containsExactly(point.id(), plan.point());
        verify(files, backups(files).recoveryPoint(plan.point()));
    }

    @Test
    void collectsNothingWhileAManifestCannotBeRead() {
        // Given
        List<RecoveryPoint> chain = chain(files);
        String name = ArchiveNames.manifest(chain.get(2).id());
        int size = Math.toIntExact(files.list(name).join().get(0).size());
        ByteBuffer content = ByteBuffer.allocate(size);
        files.read(name, 0, content).join();
        ExpiryPlan before = backups(files).planExpiry(NEWEST);
        content.put(size / 2, (byte) (content.get(size / 2) + 1));
        files.put(name, content).join();
        List<String> sets = names(files, "sets/");

        // When, Then
        assertThatThrownBy(() -> backups(files).planExpiry(NEWEST))
                .isInstanceOf(EventBrokerException.class)
                .hasMessageContaining(chain.get(2).id())
                .hasMessageContaining("damaged")
                .hasMessageContaining("then plan again");
        Report report = backups(files).run(before, DELETING).await(Deadline.after(LONG));
        assertThat(report.succeeded()).isFalse();
        assertThat(names(files, "sets/").stream()
                        .filter(n -> n.contains("/data/"))
                        .toList())
                .isEqualTo(sets.stream().filter(n -> n.contains("/data/")).toList());
    }

    @Test
    void doesNotRunOnceAPointIsGoneThatItCountedOn() {
        List<RecoveryPoint> chain = chain(files);
        ExpiryPlan plan = backups(files).planExpiry(NEWEST);
        files.delete(ArchiveNames.manifest(chain.get(2).id())).join();

        assertThatThrownBy(() -> backups(files).run(plan, DELETING).await(Deadline.after(LONG)))
                .isInstanceOf(PlanStaleException.class)
                .hasMessageContaining(chain.get(2).id());
        assertThat(ids(files)).hasSize(2);
    }

    @Test
    void clearsWhatKilledRunsLeftInCommittedSetsAndNothingOfOthers() {
        // Given
        RecoveryPoint point = take(backups(files), Optional.empty());
        String set = ArchiveNames.set(point.id());
        List<String> committed = names(files, "");
        ByteBuffer content = ByteBuffer.wrap(bytes("left behind"));
        files.put(set + "data/" + topic + "/0/00000000000000009999.log", content)
                .join();
        files.put(set + "notes.txt", content).join();
        files.put("sets/by-hand/data/a.log", content).join();
        files.put("elsewhere/cut.json", content).join();

        // When
        expire(files, NEWEST, DELETING).requireSuccess();

        // Then
        List<String> expected = new ArrayList<>(committed);
        expected.addAll(List.of(set + "notes.txt", "sets/by-hand/data/a.log", "elsewhere/cut.json"));
        assertThat(names(files, "")).containsExactlyInAnyOrderElementsOf(expected);
        verify(files, point);
    }

    @Test
    void expiresInS3WithUploadsThatNeverEnded() throws Exception {
        try (EmbeddedObjectStore s3 = EmbeddedObjectStore.start()) {
            // Given
            String bucket = s3.bucket();
            ObjectStore store = S3Store.bucket(s3.asyncClient(), bucket).prefix("prod");
            List<RecoveryPoint> chain = chain(store);
            RecoveryPoint full = take(backups(store), Optional.empty());
            String abandoned = ArchiveNames.set(ArchiveNames.newPoint(java.time.Instant.parse("2026-01-01T00:00:00Z")));
            store.put(abandoned + "topics.json", ByteBuffer.wrap(bytes("x"))).join();
            ObjectStore.Upload upload = store.upload(abandoned + "data/t/0/00000000000000000000.log");
            upload.write(ByteBuffer.allocate(6 << 20)).join();
            assertThat(s3.asyncClient()
                            .listMultipartUploads(r -> r.bucket(bucket))
                            .join()
                            .uploads())
                    .hasSize(1);

            // When
            expire(store, NEWEST, DELETING).requireSuccess();

            // Then
            assertThat(ids(store)).containsExactly(full.id());
            chain.forEach(point ->
                    assertThat(names(store, ArchiveNames.set(point.id()))).isEmpty());
            assertThat(names(store, abandoned)).isEmpty();
            assertThat(s3.asyncClient()
                            .listMultipartUploads(r -> r.bucket(bucket))
                            .join()
                            .uploads())
                    .isEmpty();
            verify(store, full);
            assertRestoresAsTheSourceIs(store, full);
        }
    }

    @Test
    void letsTwoExpiriesRunAtOnce() {
        chain(files);
        RecoveryPoint full = take(backups(files), Optional.empty());
        ExpiryPlan first = backups(files).planExpiry(NEWEST);
        ExpiryPlan second = backups(files).planExpiry(NEWEST.keepLast(2).keepYoungerThan(Duration.ofDays(1)));
        assertThat(second.actions()).isEmpty();

        var one = backups(files).run(first, DELETING);
        var two = backups(files).run(first, DELETING.journal(Journal.inMemory()));
        Report unused = one.await(Deadline.after(LONG));
        try {
            Report also = two.await(Deadline.after(LONG));
            assertThat(also.results()).isNotEmpty();
        } catch (PlanStaleException e) {
            assertThat(e).hasMessageContaining("plan again");
        }
        expire(files, NEWEST, DELETING.clock(IN_A_MONTH)).requireSuccess();

        assertThat(ids(files)).containsExactly(full.id());
        verify(files, full);
        assertThat(names(files, "sets/")).allMatch(name -> name.startsWith(ArchiveNames.set(full.id())));
    }
}
