package io.eventbroker.backup;

import io.eventbroker.backup.internal.archive.ArchiveNames;
import io.eventbroker.backup.internal.archive.Manifest;
import io.eventbroker.backup.internal.copy.StoreCalls;
import io.eventbroker.backup.store.ObjectStore.StoredObject;
import io.eventbroker.core.EventBrokerException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What a store holds and what of that is needed. It is needed if a manifest names it, or the cut of an unfinished backup, or
 * if it lies in the set of such a backup and that is not abandoned.
 *
 * <p>Manifests are read first, then sets are listed, then cuts are read. A backup that commits meanwhile is still seen as
 * unfinished; one that begins meanwhile rests on a recovery point whose manifest it has found after its cut was there, so
 * either that manifest is seen here, or the cut.
 */
final class Inventory {
    private static final String CUT = "cut.json";
    /** Endings of what backups write; anything else in the folder of a set is somebody else's. */
    private static final List<String> OURS = List.of("/" + CUT, "/topics.json", "/groups.json", ".log", ".ebindex");

    private final List<RecoveryPoint> points;
    private final SortedMap<String, List<StoredObject>> sets;
    /** Of sets without a manifest. */
    private final SortedMap<String, Manifest.Cut> cuts;

    private final Set<String> abandoned;
    /** Sets without a manifest whose recovery point has a hold: an expiry was broken off before it had put that back. */
    private final Set<String> held;

    private Inventory(
            List<RecoveryPoint> points,
            SortedMap<String, List<StoredObject>> sets,
            SortedMap<String, Manifest.Cut> cuts,
            Set<String> abandoned,
            Set<String> held) {
        this.points = points;
        this.sets = sets;
        this.cuts = cuts;
        this.abandoned = abandoned;
        this.held = held;
    }

    /**
     * Reads it.
     *
     * @param grace after which an unfinished backup counts as abandoned
     * @throws EventBrokerException if something that may name objects cannot be read: then nobody knows what is needed
     */
    static Inventory read(Archive archive, Instant now, Duration grace) {
        RecoveryPoints points = archive.points();
        requireReadable(points);
        SortedMap<String, List<StoredObject>> sets = new TreeMap<>();
        for (StoredObject object : StoreCalls.await(archive.store().list(ArchiveNames.SETS), "the backup sets")) {
            set(object)
                    .ifPresent(set ->
                            sets.computeIfAbsent(set, none -> new ArrayList<>()).add(object));
        }
        Set<String> unfinished = new HashSet<>(sets.keySet());
        points.readable().forEach(p -> unfinished.remove(p.id()));
        Set<String> held = new HashSet<>(archive.holds().keySet());
        held.retainAll(unfinished);
        SortedMap<String, Manifest.Cut> cuts = new TreeMap<>();
        Set<String> abandoned = new HashSet<>();
        for (String set : unfinished) {
            Optional<Manifest.Cut> cut = cut(archive, set, now.minus(grace));
            cut.ifPresent(there -> cuts.put(set, there));
            if (!held.contains(set)
                    && cut.filter(there -> !there.at().isBefore(now.minus(grace)))
                            .isEmpty()) {
                abandoned.add(set);
            }
        }
        return new Inventory(points.readable(), sets, cuts, abandoned, held);
    }

    private static void requireReadable(RecoveryPoints points) {
        if (!points.unreadable().isEmpty()) {
            throw new EventBrokerException("nothing can expire while it is not known what these recovery points need: "
                    + points.unreadable().entrySet().stream()
                            .map(e -> e.getKey() + " (" + e.getValue().getMessage() + ")")
                            .collect(Collectors.joining("; "))
                    + ". Read them with a newer SDK if they are of one, bring their manifests back from a copy of the"
                    + " store, or delete manifests/<id>.json of those that are lost; then plan again");
        }
    }

    private static Optional<String> set(StoredObject object) {
        String name = object.name();
        int end = name.indexOf('/', ArchiveNames.SETS.length());
        if (end < 0 || OURS.stream().noneMatch(name::endsWith)) {
            return Optional.empty();
        }
        String set = name.substring(ArchiveNames.SETS.length(), end);
        return ArchiveNames.madeAt(set).map(made -> set);
    }

    /**
     * The cut of a set without a manifest. A listing takes its time: a cut that is not in it may be there now, and where
     * there is none any more, somebody is clearing the set away.
     */
    private static Optional<Manifest.Cut> cut(Archive archive, String set, Instant abandonedBefore) {
        String name = ArchiveNames.cut(set);
        Optional<ByteBuffer> content = archive.find(name);
        try {
            return content.map(stored -> Manifest.decode(name, stored, Manifest.Cut.class));
        } catch (EventBrokerException e) {
            // Its id tells how old it is.
            if (ArchiveNames.madeAt(set).orElse(Instant.MAX).isBefore(abandonedBefore)) {
                return Optional.empty();
            }
            throw new EventBrokerException(
                    "nothing can expire while it is not known what the unfinished backup " + set + " needs: "
                            + e.getMessage() + ". Finish it, or delete its folder " + ArchiveNames.set(set)
                            + " if nobody works on it; then plan again",
                    e);
        }
    }

    List<RecoveryPoint> points() {
        return points;
    }

    /** Unfinished backups that are not abandoned, by their sets. */
    SortedMap<String, Manifest.Cut> underWay() {
        SortedMap<String, Manifest.Cut> underWay = new TreeMap<>(cuts);
        underWay.keySet().removeAll(abandoned);
        return underWay;
    }

    /** Sets without a manifest of which nobody is expected to make a recovery point any more. */
    Set<String> abandoned() {
        return abandoned;
    }

    /** Sets that stay because of a hold, although their manifest is gone. */
    Set<String> held() {
        return held;
    }

    /** What nothing needs, by set. */
    SortedMap<String, List<StoredObject>> garbage() {
        return garbage(Set.of(), Set.of());
    }

    /** What nothing would need, by set, if these recovery points and the cuts of these sets were gone. */
    SortedMap<String, List<StoredObject>> garbage(Collection<String> gone, Set<String> goneCuts) {
        Set<String> needed = new HashSet<>();
        for (RecoveryPoint point : points) {
            if (!gone.contains(point.id())) {
                needed.add(ArchiveNames.cut(point.id()));
                name(point.manifest(), needed);
            }
        }
        cuts.forEach((set, cut) -> {
            if (!goneCuts.contains(set)) {
                name(cut, needed);
            }
        });
        SortedMap<String, List<StoredObject>> garbage = new TreeMap<>();
        for (Map.Entry<String, List<StoredObject>> set : sets.entrySet()) {
            if (!held.contains(set.getKey()) && (!cuts.containsKey(set.getKey()) || abandoned.contains(set.getKey()))) {
                List<StoredObject> unneeded = set.getValue().stream()
                        .filter(object -> !needed.contains(object.name()))
                        .toList();
                if (!unneeded.isEmpty()) {
                    garbage.put(set.getKey(), unneeded);
                }
            }
        }
        return garbage;
    }

    private static void name(Manifest.Cut cut, Set<String> needed) {
        for (Manifest.Range range : cut.ranges()) {
            for (Manifest.Segment segment : range.carriedSegments()) {
                needed.add(ArchiveNames.segment(range.topicPartition(), segment));
                needed.add(ArchiveNames.index(range.topicPartition(), segment));
            }
        }
    }

    private static void name(Manifest manifest, Set<String> needed) {
        needed.add(manifest.topics().name());
        needed.add(manifest.groups().name());
        for (Manifest.Partition partition : manifest.partitions()) {
            for (Manifest.Segment segment : partition.segments()) {
                needed.add(ArchiveNames.segment(partition.topicPartition(), segment));
                needed.add(ArchiveNames.index(partition.topicPartition(), segment));
            }
        }
    }
}
