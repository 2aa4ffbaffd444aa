package io.eventbroker.backup;

import static org.assertj.core.api.Assertions.assertThat;

import io.eventbroker.backup.internal.archive.ArchiveNames;
import io.eventbroker.backup.internal.archive.Manifest;
import io.eventbroker.backup.store.ObjectStore;
import io.eventbroker.backup.store.ObjectStore.StoredObject;
import io.eventbroker.core.Deadline;
import io.eventbroker.core.EventBrokerException;
import io.eventbroker.core.run.Deletes;
import io.eventbroker.core.run.RunOptions;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Expiries among backups, other expiries and kills, in arbitrary order: whatever has a manifest in the end is whole, and what
 * nobody needs is gone. The backups are steps of a protocol, the one that docs/archive-format.md describes; {@link
 * ExpiryTest} has some of these orders with real ones.
 */
class ExpiryRaceTest {
    private static final Instant NOW = Instant.parse("2026-06-10T12:00:00Z");
    private static final TopicPartition PARTITION = new TopicPartition("t", 0);
    private static final String CLUSTER = "cluster";

    static List<Long> seeds() {
        return new Random(20261129).longs(400).boxed().toList();
    }

    private final MemoryStore memory = new MemoryStore();
    private final Archive archive = new Archive(memory);
    private final List<SteppedBackup> backups = new ArrayList<>();

    /** A backup that does one thing at a time. */
    private final class SteppedBackup {
        private final Instant at;
        private final Instant committedAt;
        private final String set;
        private final Optional<Manifest> parent;
        private int step;
        private boolean over;

        SteppedBackup(Instant at, Instant committedAt, Optional<Manifest> parent) {
            this.at = at;
            this.committedAt = committedAt;
            this.set = ArchiveNames.newPoint(at);
            this.parent = parent;
        }

        private List<Manifest.Segment> carried() {
            return parent.map(p -> p.partitions().get(0).segments()).orElse(List.of());
        }

        private long start() {
            return parent.map(p -> p.partitions().get(0).end()).orElse(0L);
        }

        private Manifest.Segment own() {
            return new Manifest.Segment(set, start(), start() + 10, 3, 0, 10, 1, 0, 3, 0, 0, 3, 0);
        }

        private void put(String name) {
            memory.put(name, ByteBuffer.wrap(new byte[3])).join();
        }

        private boolean hasParent() {
            return parent.isEmpty() || archive.isCommitted(parent.get().point());
        }

        void step() {
            switch (step++) {
                case 0, 2 -> over = !hasParent();
                case 1 ->
                    memory.put(
                                    ArchiveNames.cut(set),
                                    Manifest.encode(new Manifest.Cut(
                                            Manifest.FORMAT_VERSION,
                                            "token",
                                            parent.map(Manifest::point),
                                            CLUSTER,
                                            at,
                                            List.of(),
                                            List.of(new Manifest.Range(
                                                    "t",
                                                    0,
                                                    start(),
                                                    start() + 10,
                                                    false,
                                                    0,
                                                    parent.map(p ->
                                                            new Manifest.Carried(carried(), 0, -1, Optional.empty())),
                                                    "")),
                                            List.of())))
                            .join();
                case 3 -> put(ArchiveNames.segment(PARTITION, own()));
                case 4 -> put(ArchiveNames.index(PARTITION, own()));
                case 5 -> commit();
                default -> {
                    over = true;
                    if (archive.stored(ArchiveNames.cut(set)).isEmpty()) {
                        memory.delete(ArchiveNames.manifest(set)).join();
                    }
                }
            }
        }

        private void commit() {
            List<Manifest.Segment> segments = new ArrayList<>(carried());
            segments.add(own());
            Manifest.Topic topic = new Manifest.Topic("t", "id", 1, 1, new TreeMap<>());
            Manifest manifest = new Manifest(
                    Manifest.FORMAT_VERSION,
                    set,
                    parent.map(Manifest::point),
                    CLUSTER,
                    at,
                    committedAt,
                    archive.write(ArchiveNames.topics(set), new Manifest.Topics(List.of(topic))),
                    archive.write(ArchiveNames.groups(set), new Manifest.Groups(List.of())),
                    List.of(new Manifest.Partition(
                            "t", "id", 0, segments.get(0).base(), start() + 10, false, 0, 0, -1, segments)));
            memory.put(ArchiveNames.manifest(set), Manifest.encode(manifest)).join();
        }

        void finish() {
            while (!over) {
                step();
            }
        }
    }

    /** Lets something else happen before each of its calls, and dies at one of them. */
    private static final class RacingStore extends ForwardingStore {
        private final Runnable meanwhile;
        private int callsLeft;

        RacingStore(ObjectStore store, int callsLeft, Runnable meanwhile) {
            super(store);
            this.callsLeft = callsLeft;
            this.meanwhile = meanwhile;
        }

        private synchronized <T> CompletableFuture<T> call(Supplier<CompletableFuture<T>> call) {
            if (callsLeft-- <= 0) {
                return CompletableFuture.failedFuture(new EventBrokerException("killed"));
            }
            meanwhile.run();
            return call.get();
        }

        @Override
        public CompletableFuture<Boolean> putIfAbsent(String name, ByteBuffer content) {
            return call(() -> super.putIfAbsent(name, content));
        }

        @Override
        public CompletableFuture<Void> read(String name, long offset, ByteBuffer into) {
            return call(() -> super.read(name, offset, into));
        }

        @Override
        public CompletableFuture<List<StoredObject>> list(String prefix) {
            return call(() -> super.list(prefix));
        }

        @Override
        public CompletableFuture<Void> delete(String name) {
            return call(() -> super.delete(name));
        }
    }

    private static void expire(ObjectStore store, RetentionPolicy policy, Instant now) {
        Clock clock = Clock.fixed(now, ZoneOffset.UTC);
        Backups expiring = Backups.in(store).clock(clock);
        try {
            boolean unused = expiring.run(
                            expiring.planExpiry(policy),
                            RunOptions.defaults().allow(Deletes.atMost(100)).clock(clock))
                    .await(Deadline.after(Duration.ofMinutes(1)))
                    .succeeded();
        } catch (EventBrokerException e) {
            // Killed, or a manifest vanished between a listing and its reading: the next one goes on.
            assertThat(e).hasMessageNotContaining("damaged");
        }
    }

    private List<Manifest> committed() {
        return archive.points().readable().stream().map(RecoveryPoint::manifest).toList();
    }

    private SteppedBackup begin(Random random, Instant at, Instant committedAt) {
        List<Manifest> points = committed();
        Optional<Manifest> parent = points.isEmpty() || random.nextInt(4) == 0
                ? Optional.empty()
                : Optional.of(points.get(random.nextInt(points.size())));
        return new SteppedBackup(at, committedAt, parent);
    }

    private static Set<String> needs(Manifest manifest) {
        Set<String> names = new TreeSet<>();
        names.add(manifest.topics().name());
        names.add(manifest.groups().name());
        manifest.partitions().get(0).segments().forEach(segment -> {
            names.add(ArchiveNames.segment(PARTITION, segment));
            names.add(ArchiveNames.index(PARTITION, segment));
        });
        return names;
    }

    private Set<String> stored() {
        return memory.list(ArchiveNames.SETS).join().stream()
                .map(StoredObject::name)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void neverTakesWhatARecoveryPointNeeds(long seed) {
        // Given a few recovery points, and backups that begin now, or began so long ago that they count as abandoned
        Random random = new Random(seed);
        for (int i = 0; i < 2 + random.nextInt(4); i++) {
            Instant at = NOW.minus(Duration.ofDays(30 - i));
            begin(random, at, at).finish();
        }
        RetentionPolicy policy = RetentionPolicy.in(ZoneId.of("UTC")).keepLast(1 + random.nextInt(2));
        for (int i = 0; i < 3; i++) {
            Duration age = random.nextBoolean() ? Duration.ofMinutes(i) : Duration.ofDays(8 + i);
            SteppedBackup backup = begin(random, NOW.minus(age), NOW);
            for (int steps = random.nextInt(4); steps > 0 && !backup.over; steps--) {
                backup.step();
            }
            backups.add(backup);
        }
        Runnable meanwhile = () -> {
            if (random.nextInt(3) == 0) {
                SteppedBackup one = backups.get(random.nextInt(backups.size()));
                if (!one.over) {
                    one.step();
                }
            } else if (random.nextInt(40) == 0) {
                expire(memory, policy, NOW);
            }
        };

        // When
        for (int i = 0; i < 3; i++) {
            expire(new RacingStore(memory, 1 + random.nextInt(120), meanwhile), policy, NOW);
        }
        backups.forEach(SteppedBackup::finish);

        // Then
        List<Manifest> left = committed();
        assertThat(left).isNotEmpty();
        assertThat(archive.points().unreadable()).isEmpty();
        Set<String> stored = stored();
        left.forEach(point -> assertThat(stored).as(point.point()).containsAll(needs(point)));

        // When nobody works any more, and those that have given up are abandoned, too
        expire(memory, policy, NOW.plus(Duration.ofDays(30)));

        // Then
        Set<String> needed = new TreeSet<>();
        for (Manifest point : committed()) {
            needed.addAll(needs(point));
            if (stored().contains(ArchiveNames.cut(point.point()))) {
                needed.add(ArchiveNames.cut(point.point()));
            }
        }
        assertThat(stored()).isEqualTo(needed);
    }
}
