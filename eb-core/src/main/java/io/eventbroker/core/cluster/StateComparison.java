package io.eventbroker.core.cluster;

import io.eventbroker.core.DataSize;
import io.eventbroker.core.cluster.ClusterState.Part;
import io.eventbroker.core.cluster.StateDiff.Change;
import io.eventbroker.core.cluster.StateDiff.Kind;
import io.eventbroker.core.problem.internal.Counted;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.LongFunction;
import java.util.stream.Collectors;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.acl.AclBinding;

/** Finds a {@link StateDiff}. What only one of the states holds was read or not; that is the one change of such a part. */
final class StateComparison {
    private final SortedMap<Kind, List<Change>> changes = new TreeMap<>();

    private StateComparison() {}

    static StateDiff of(ClusterState before, ClusterState after) {
        StateComparison comparison = new StateComparison();
        if (!before.equals(after)) {
            comparison.compare(before, after);
        }
        return new StateDiff(comparison.changes);
    }

    private void compare(ClusterState before, ClusterState after) {
        different(Kind.CLUSTER, "cluster", before.clusterId(), after.clusterId());
        parts(before, after);
        gaps(before.gaps(), after.gaps());
        brokers(before, after);
        new TopicComparison(this).compare(before, after);
        part(
                Part.SIZES,
                before,
                after,
                ClusterState::logDirs,
                (was, is) -> keys(was, is, (id, dirs, now) -> add(Kind.LOG_DIRS, "broker " + id, logDirs(dirs, now))));
        part(Part.FEATURES, before, after, ClusterState::features, this::features);
        part(Part.QUORUM, before, after, ClusterState::quorum, this::quorum);
        part(Part.GROUPS, before, after, ClusterState::groups, this::groups);
        part(Part.ACLS, before, after, ClusterState::acls, this::acls);
        part(Part.QUOTAS, before, after, ClusterState::quotas, this::quotas);
        part(
                Part.SCRAM_USERS,
                before,
                after,
                ClusterState::scramUsers,
                (was, is) -> keys(
                        was,
                        is,
                        (name, user, now) -> different(Kind.SCRAM_USERS, name, iterations(user), iterations(now))));
    }

    /** Parts that only one of them was read with; one that both know is compared in its own place. */
    private void parts(ClusterState before, ClusterState after) {
        for (Part part : Part.values()) {
            boolean was = before.parts().contains(part);
            if (was != after.parts().contains(part) && before.has(part) == after.has(part)) {
                add(Kind.READ, words(part), was ? "asked for → not asked for" : "not asked for → asked for");
            }
        }
    }

    private void gaps(List<Gap> before, List<Gap> after) {
        List<Gap> closed = new ArrayList<>(before);
        closed.removeAll(after);
        List<Gap> opened = new ArrayList<>(after);
        opened.removeAll(before);
        closed.forEach(gap -> add(Kind.READ, "no longer a gap", gap.toString()));
        opened.forEach(gap -> add(Kind.READ, "a new gap", gap.toString()));
        if (closed.isEmpty() && opened.isEmpty() && !before.equals(after)) {
            add(Kind.READ, "gaps", "in another order");
        }
    }

    private static String words(Part part) {
        return switch (part) {
            case SCRAM_USERS -> "SCRAM users";
            case ACLS -> "access rules";
            case SIZES -> "log directories and sizes";
            case BROKER_CONFIGS -> "broker properties";
            case CONFIGS -> "topic properties";
            default -> part.name().toLowerCase(Locale.ROOT);
        };
    }

    private static String iterations(Optional<ScramUser> user) {
        return user.map(present -> pairs(present.iterations(), number -> Counted.of(number, "iteration")))
                .orElse("none");
    }

    /** {@code producer_byte_rate 1048576, request_percentage 50}, or {@code none}. */
    private static <V> String pairs(SortedMap<String, V> values, Function<V, String> text) {
        return values.isEmpty()
                ? "none"
                : values.entrySet().stream()
                        .map(entry -> entry.getKey() + " " + text.apply(entry.getValue()))
                        .collect(Collectors.joining(", "));
    }

    interface Both<T> {
        void compare(T before, T after);
    }

    interface Key<K, V> {
        void compare(K key, Optional<V> before, Optional<V> after);
    }

    private <T> void part(
            Part part, ClusterState before, ClusterState after, Function<ClusterState, T> held, Both<T> both) {
        if (before.has(part) && after.has(part)) {
            both.compare(held.apply(before), held.apply(after));
        } else if (before.has(part) != after.has(part)) {
            add(Kind.READ, words(part), after.has(part) ? "not known → known" : "known → not known");
        }
    }

    /** Calls for every key of either whose values are not equal. */
    static <K extends Comparable<K>, V> void keys(Map<K, V> before, Map<K, V> after, Key<K, V> compare) {
        SortedSet<K> keys = new TreeSet<>(before.keySet());
        keys.addAll(after.keySet());
        for (K key : keys) {
            Optional<V> was = Optional.ofNullable(before.get(key));
            Optional<V> is = Optional.ofNullable(after.get(key));
            if (!was.equals(is)) {
                compare.compare(key, was, is);
            }
        }
    }

    void add(Kind kind, String subject, String text) {
        changes.computeIfAbsent(kind, missing -> new ArrayList<>()).add(new Change(subject, text));
    }

    void different(Kind kind, String subject, Object before, Object after) {
        if (!Objects.equals(before, after)) {
            add(kind, subject, before + " → " + after);
        }
    }

    private void brokers(ClusterState before, ClusterState after) {
        keys(before.brokers(), after.brokers(), (id, was, is) -> {
            if (was.isEmpty()) {
                add(Kind.BROKERS_JOINED, "broker " + id, text(is.orElseThrow()));
            } else if (is.isEmpty()) {
                add(Kind.BROKERS_LEFT, "broker " + id, text(was.get()));
            } else {
                different(Kind.BROKERS_CHANGED, "broker " + id, text(was.get()), text(is.get()));
            }
        });
        part(
                Part.BROKER_CONFIGS,
                before,
                after,
                ClusterState::brokerConfigs,
                (was, is) -> keys(was, is, (id, values, now) -> {
                    if (values.isEmpty() || now.isEmpty()) {
                        add(
                                Kind.BROKER_CONFIGS,
                                "broker " + id,
                                now.isEmpty() ? "known → not known" : "not known → known");
                    } else {
                        keys(
                                values.get(),
                                now.get(),
                                (key, old, one) -> add(
                                        Kind.BROKER_CONFIGS,
                                        "broker " + id,
                                        key + ": " + full(old) + " → " + full(one)));
                    }
                }));
    }

    private static String text(Broker broker) {
        return broker.host() + ":" + broker.port()
                + broker.rack().map(rack -> " in " + rack).orElse("");
    }

    /** A value with all that may be different about it. */
    static String full(Optional<ConfigValue> value) {
        return value.map(v -> v
                        + (v.readOnly() ? " read-only" : "")
                        + v.clusterWide()
                                .map(all -> " (for all brokers " + all + ")")
                                .orElse(""))
                .orElse("none");
    }

    /** Sizes are rounded, unless that would hide what is different. */
    private static String logDirs(Optional<List<LogDir>> before, Optional<List<LogDir>> after) {
        String was = list(before, StateComparison::rounded);
        String is = list(after, StateComparison::rounded);
        return was.equals(is)
                ? list(before, StateComparison::exact) + " → " + list(after, StateComparison::exact)
                : was + " → " + is;
    }

    private static String list(Optional<List<LogDir>> dirs, LongFunction<String> size) {
        return dirs.map(some -> some.stream()
                        .map(dir -> dir.path() + " " + Counted.of(dir.replicas(), "replica") + ", "
                                + size.apply(dir.replicaBytes())
                                + bytes(", usable ", dir.usableBytes(), size)
                                + bytes(" of ", dir.totalBytes(), size)
                                + dir.error().map(e -> " (" + e + ")").orElse(""))
                        .collect(Collectors.joining("; ")))
                .orElse("none");
    }

    private static String bytes(String before, OptionalLong bytes, LongFunction<String> size) {
        return bytes.isPresent() ? before + size.apply(bytes.getAsLong()) : "";
    }

    /** {@code 1.27 GiB}. */
    static String rounded(long bytes) {
        return bytes < 0 ? exact(bytes) : DataSize.ofBytes(bytes).forPeople();
    }

    /** {@code 1363678495 bytes}. */
    static String exact(long bytes) {
        return Counted.of(bytes, "byte");
    }

    private static String text(OptionalLong number) {
        return number.isPresent() ? Long.toString(number.getAsLong()) : "none";
    }

    private void features(Features before, Features after) {
        keys(
                before.finalized(),
                after.finalized(),
                (name, was, is) -> different(
                        Kind.FEATURES,
                        name,
                        was.map(Object::toString).orElse("none"),
                        is.map(Object::toString).orElse("none")));
        different(Kind.FEATURES, "epoch", text(before.epoch()), text(after.epoch()));
        keys(
                before.supported(),
                after.supported(),
                (id, was, is) -> keys(
                        was.orElse(Collections.emptySortedMap()),
                        is.orElse(Collections.emptySortedMap()),
                        (name, old, now) -> different(
                                Kind.FEATURES,
                                "broker " + id + " supports " + name,
                                old.map(Object::toString).orElse("none"),
                                now.map(Object::toString).orElse("none"))));
        if (!before.supported().keySet().equals(after.supported().keySet())) {
            different(
                    Kind.FEATURES,
                    "brokers that tell",
                    before.supported().keySet(),
                    after.supported().keySet());
        }
    }

    private void quorum(Quorum before, Quorum after) {
        different(Kind.QUORUM, "leader", before.leader(), after.leader());
        different(Kind.QUORUM, "epoch", before.leaderEpoch(), after.leaderEpoch());
        different(Kind.QUORUM, "high watermark", before.highWatermark(), after.highWatermark());
        replicas("voters", before.voters(), after.voters());
        replicas("observers", before.observers(), after.observers());
    }

    private void replicas(String what, List<Quorum.Replica> before, List<Quorum.Replica> after) {
        List<Integer> was = before.stream().map(Quorum.Replica::node).toList();
        List<Integer> is = after.stream().map(Quorum.Replica::node).toList();
        if (!was.equals(is)) {
            add(Kind.QUORUM, what, was + " → " + is);
        } else if (!before.equals(after)) {
            for (int i = 0; i < before.size(); i++) {
                if (!before.get(i).equals(after.get(i))) {
                    add(
                            Kind.QUORUM,
                            what + " " + was.get(i),
                            before.get(i).logEndOffset() == after.get(i).logEndOffset()
                                    ? "fetched again"
                                    : before.get(i).logEndOffset() + " → "
                                            + after.get(i).logEndOffset());
                }
            }
        }
    }

    private void groups(SortedMap<String, GroupState> before, SortedMap<String, GroupState> after) {
        keys(before, after, (id, was, is) -> {
            if (was.isEmpty()) {
                add(Kind.GROUPS_CREATED, "group " + id, is.orElseThrow().type());
            } else if (is.isEmpty()) {
                add(Kind.GROUPS_DELETED, "group " + id, was.get().type());
            } else {
                GroupState old = was.get();
                GroupState now = is.get();
                different(Kind.GROUPS_CHANGED, "group " + id, old.type(), now.type());
                different(Kind.GROUPS_CHANGED, "group " + id, old.state(), now.state());
                different(Kind.GROUPS_CHANGED, "group " + id, members(old), members(now));
                if (!old.committed().equals(now.committed())) {
                    add(Kind.GROUP_OFFSETS, "group " + id, positions(old, now));
                }
            }
        });
    }

    private static String members(GroupState group) {
        return group.members().isPresent() ? Counted.of(group.members().getAsInt(), "member") : "unknown members";
    }

    private static String positions(GroupState before, GroupState after) {
        if (before.committed().isEmpty() || after.committed().isEmpty()) {
            return after.committed().isEmpty() ? "known → not known" : "not known → known";
        }
        SortedMap<TopicPartition, GroupOffset> was = before.committed().get();
        SortedMap<TopicPartition, GroupOffset> is = after.committed().get();
        long records = 0;
        int partitions = 0;
        SortedSet<TopicPartition> all = new TreeSet<>(GroupState.BY_TOPIC);
        all.addAll(was.keySet());
        all.addAll(is.keySet());
        for (TopicPartition partition : all) {
            GroupOffset old = was.get(partition);
            GroupOffset now = is.get(partition);
            if (!Objects.equals(old, now)) {
                partitions++;
                records += (now == null ? 0 : now.offset()) - (old == null ? 0 : old.offset());
            }
        }
        return "by " + records + " in " + Counted.of(partitions, "partition") + ", lag " + lag(was.values()) + " → "
                + lag(is.values());
    }

    private static long lag(Collection<GroupOffset> offsets) {
        return offsets.stream().mapToLong(offset -> Math.max(0, offset.lag())).sum();
    }

    private void acls(Acls before, Acls after) {
        different(Kind.ACLS, "enforced", before.enforced(), after.enforced());
        List<AclBinding> removed = new ArrayList<>(before.bindings());
        removed.removeAll(new java.util.HashSet<>(after.bindings()));
        List<AclBinding> added = new ArrayList<>(after.bindings());
        added.removeAll(new java.util.HashSet<>(before.bindings()));
        added.forEach(binding -> add(Kind.ACLS, text(binding), "added"));
        removed.forEach(binding -> add(Kind.ACLS, text(binding), "removed"));
    }

    private static String text(AclBinding binding) {
        return binding.entry().principal() + " from " + binding.entry().host() + " "
                + binding.entry().permissionType() + " " + binding.entry().operation() + " on "
                + binding.pattern().resourceType() + " "
                + binding.pattern().patternType() + " " + binding.pattern().name();
    }

    private void quotas(List<ClientQuota> before, List<ClientQuota> after) {
        SortedMap<String, List<ClientQuota>> was = bySubject(before);
        SortedMap<String, List<ClientQuota>> is = bySubject(after);
        keys(was, is, (subject, old, now) -> add(Kind.QUOTAS, subject, limits(old) + " → " + limits(now)));
    }

    /** {@code 1048576}, not {@code 1048576.0}. */
    private static String plain(double number) {
        return Double.isFinite(number)
                ? new BigDecimal(Double.toString(number)).stripTrailingZeros().toPlainString()
                : Double.toString(number);
    }

    private static SortedMap<String, List<ClientQuota>> bySubject(List<ClientQuota> quotas) {
        SortedMap<String, List<ClientQuota>> sorted = new TreeMap<>();
        quotas.forEach(q -> sorted.computeIfAbsent(q.subject(), missing -> new ArrayList<>())
                .add(q));
        return sorted;
    }

    private static String limits(Optional<List<ClientQuota>> quotas) {
        return quotas.map(some -> some.stream()
                        .map(quota -> pairs(quota.limits(), StateComparison::plain))
                        .collect(Collectors.joining("; ")))
                .orElse("none");
    }
}
