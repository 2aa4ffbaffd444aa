package io.eventbroker.backup;

import io.eventbroker.backup.ExpiryAction.ClearSet;
import io.eventbroker.backup.ExpiryAction.ExpirePoint;
import io.eventbroker.backup.RetentionPolicy.Candidate;
import io.eventbroker.backup.internal.archive.Manifest;
import io.eventbroker.backup.store.ObjectStore.StoredObject;
import io.eventbroker.core.plan.ActionPlan;
import io.eventbroker.core.plan.PlanBasis;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Decides what expires and what is cleared away. Pure. */
final class ExpiryPlanner {
    private static final String NO_CLUSTER = "none";

    private ExpiryPlanner() {}

    static ExpiryPlan plan(
            Inventory inventory, SortedMap<String, LegalHold> holds, RetentionPolicy policy, Instant now) {
        if (policy.hasNoRule()) {
            throw new IllegalArgumentException("the policy keeps nothing; give it a rule, such as keepLast(7)");
        }
        SortedMap<String, List<String>> kept = kept(inventory, holds, policy, now);
        List<RecoveryPoint> expired = inventory.points().stream()
                .filter(p -> !kept.containsKey(p.id()))
                .toList();
        ActionPlan.Builder<ExpiryAction> plan = ActionPlan.of(ExpiryPlan.TYPE, basis(inventory))
                .fact(ExpiryPlan.GRACE, policy.grace().toString())
                .fact("policy", policy.toString())
                .fact("points", expired.size());
        for (RecoveryPoint point : expired) {
            plan.action(new ExpirePoint(point.id(), point.takenAt(), "nothing keeps it: " + policy));
        }
        long objects = 0;
        long bytes = 0;
        List<String> ids = expired.stream().map(RecoveryPoint::id).toList();
        for (Map.Entry<String, List<StoredObject>> set :
                inventory.garbage(ids, inventory.abandoned()).entrySet()) {
            long size = set.getValue().stream().mapToLong(StoredObject::size).sum();
            objects += set.getValue().size();
            bytes += size;
            plan.action(new ClearSet(set.getKey(), set.getValue().size(), size, reason(set.getKey(), ids, inventory)));
        }
        plan.fact("objects", objects).fact("bytes", bytes);
        kept.forEach(
                (point, reasons) -> plan.note("Recovery point " + point + " stays: " + String.join("; ", reasons)));
        inventory
                .underWay()
                .forEach((set, cut) -> plan.note("Backup set " + set + " is left alone: its backup began at " + cut.at()
                        + " and may still be under way."));
        return new ExpiryPlan(plan.build());
    }

    private static SortedMap<String, List<String>> kept(
            Inventory inventory, SortedMap<String, LegalHold> holds, RetentionPolicy policy, Instant now) {
        // A backup that took so long that an expiry may have begun to clear it away might take its manifest back: it
        // may stay, but nothing else goes on its account.
        List<RecoveryPoint> inTime = inventory.points().stream()
                .filter(p -> p.manifest().committedAt().isBefore(p.takenAt().plus(policy.grace())))
                .toList();
        SortedMap<String, List<String>> kept = new TreeMap<>(kept(inTime, policy, now));
        kept.putAll(kept(inventory.points(), policy, now));
        for (RecoveryPoint point : inventory.points()) {
            LegalHold hold = holds.get(point.id());
            if (hold != null) {
                kept.computeIfAbsent(point.id(), none -> new ArrayList<>()).add(hold.toString());
            }
            for (Map.Entry<String, Manifest.Cut> cut : inventory.underWay().entrySet()) {
                if (cut.getValue().parent().filter(point.id()::equals).isPresent()) {
                    kept.computeIfAbsent(point.id(), none -> new ArrayList<>())
                            .add("backup " + cut.getKey() + ", which may be under way, goes on from it");
                }
            }
        }
        return kept;
    }

    private static Map<String, List<String>> kept(List<RecoveryPoint> points, RetentionPolicy policy, Instant now) {
        Map<String, List<Candidate>> byCluster = points.stream()
                .collect(Collectors.groupingBy(
                        RecoveryPoint::clusterId,
                        TreeMap::new,
                        Collectors.mapping(p -> new Candidate(p.id(), p.takenAt()), Collectors.toList())));
        Map<String, List<String>> kept = new TreeMap<>();
        byCluster.values().forEach(candidates -> kept.putAll(policy.kept(candidates, now)));
        return kept;
    }

    private static String reason(String set, List<String> expired, Inventory inventory) {
        if (expired.contains(set)) {
            return "its recovery point expires; what others need of it stays";
        }
        return inventory.abandoned().contains(set)
                ? "it has no recovery point, and nobody is at work on it"
                : "left by runs that were killed, or by recovery points that are gone";
    }

    /** Which recovery points there are: an expiry counts on those that stay. */
    private static PlanBasis basis(Inventory inventory) {
        SortedSet<String> clusters = new TreeSet<>();
        inventory.points().forEach(p -> clusters.add(p.clusterId()));
        List<String> ids =
                inventory.points().stream().map(RecoveryPoint::id).sorted().toList();
        return basis(clusters.isEmpty() ? NO_CLUSTER : String.join(",", clusters), ids, ids);
    }

    static PlanBasis basis(String clusters, List<String> known, List<String> there) {
        SortedMap<String, Boolean> about = new TreeMap<>();
        known.forEach(id -> about.put(id, there.contains(id)));
        return PlanBasis.of(clusters, there).about(about);
    }
}
