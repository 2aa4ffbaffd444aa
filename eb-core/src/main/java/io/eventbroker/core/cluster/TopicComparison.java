package io.eventbroker.core.cluster;

import io.eventbroker.core.BrokerId;
import io.eventbroker.core.cluster.StateDiff.Kind;
import io.eventbroker.core.problem.internal.Counted;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongFunction;

/** The topics' share of a {@link StateComparison}. */
final class TopicComparison {
    private final StateComparison diff;

    TopicComparison(StateComparison diff) {
        this.diff = diff;
    }

    void compare(ClusterState before, ClusterState after) {
        StateComparison.keys(before.topics(), after.topics(), (name, was, is) -> {
            if (was.isEmpty()) {
                diff.add(Kind.TOPICS_CREATED, name.value(), shape(is.orElseThrow()));
            } else if (is.isEmpty()) {
                diff.add(Kind.TOPICS_DELETED, name.value(), shape(was.get()));
            } else if (!was.get().id().equals(is.get().id())) {
                diff.add(
                        Kind.TOPICS_RECREATED,
                        name.value(),
                        was.get().id() + " → " + is.get().id() + ", now " + shape(is.get()));
            } else {
                topic(name.value(), was.get(), is.get());
            }
        });
    }

    private static String shape(TopicState topic) {
        return Counted.of(topic.partitions().size(), "partition") + ", "
                + Counted.of(topic.replicationFactor(), "replica");
    }

    private void topic(String name, TopicState before, TopicState after) {
        List<PartitionState> was = before.partitions();
        List<PartitionState> is = after.partitions();
        diff.different(Kind.PARTITIONS, name, was.size(), is.size());
        int size = 0;
        int offsets = 0;
        for (int p = 0; p < Math.min(was.size(), is.size()); p++) {
            PartitionState old = was.get(p);
            PartitionState now = is.get(p);
            if (!old.equals(now)) {
                partition(name + "-" + p, old, now);
                size += old.sizes().equals(now.sizes()) ? 0 : 1;
                offsets += old.startOffset() == now.startOffset() && old.endOffset() == now.endOffset() ? 0 : 1;
            }
        }
        if (size > 0) {
            long old = bytes(was);
            long now = bytes(is);
            LongFunction<String> text = StateComparison::rounded;
            if (text.apply(old).equals(text.apply(now))) {
                text = StateComparison::exact;
            }
            diff.add(Kind.SIZES, name, text.apply(old) + " → " + text.apply(now));
        }
        if (offsets > 0) {
            diff.add(Kind.OFFSETS, name, records(was) + " → " + records(is));
        }
        if (before.hasConfigs() && after.hasConfigs()) {
            StateComparison.keys(
                    before.configs(),
                    after.configs(),
                    (key, old, now) -> diff.add(
                            Kind.TOPIC_CONFIGS,
                            name,
                            key + ": " + StateComparison.full(old) + " → " + StateComparison.full(now)));
        } else if (before.hasConfigs() != after.hasConfigs()) {
            diff.add(Kind.TOPIC_CONFIGS, name, after.hasConfigs() ? "not known → known" : "known → not known");
        }
    }

    private void partition(String name, PartitionState before, PartitionState after) {
        diff.different(Kind.LEADERS_MOVED, name, leader(before.leader()), leader(after.leader()));
        diff.different(Kind.REPLICAS_MOVED, name, before.replicas(), after.replicas());
        List<BrokerId> lost = without(before.isr(), after.isr());
        if (!lost.isEmpty()) {
            diff.add(Kind.ISR_SHRUNK, name, "without " + lost + ", now " + after.isr());
        }
        List<BrokerId> won = without(after.isr(), before.isr());
        if (!won.isEmpty()) {
            diff.add(Kind.ISR_GROWN, name, "with " + won + ", now " + after.isr());
        }
        diff.different(
                Kind.ELIGIBLE_LEADERS, name, eligible(before.eligibleLeaders()), eligible(after.eligibleLeaders()));
    }

    private static String leader(Optional<BrokerId> leader) {
        return leader.map(BrokerId::toString).orElse("none");
    }

    private static String eligible(Optional<List<BrokerId>> brokers) {
        return brokers.map(List::toString).orElse("not told");
    }

    private static List<BrokerId> without(List<BrokerId> some, List<BrokerId> others) {
        List<BrokerId> left = new ArrayList<>(some);
        left.removeAll(others);
        return left;
    }

    private static long bytes(List<PartitionState> partitions) {
        return partitions.stream()
                .flatMap(p -> p.sizes().stream())
                .mapToLong(size -> Math.max(0, size))
                .sum();
    }

    private static String records(List<PartitionState> partitions) {
        return Counted.of(
                partitions.stream()
                        .mapToLong(p -> p.endOffset() < 0 ? 0 : p.endOffset() - Math.max(0, p.startOffset()))
                        .sum(),
                "offset");
    }
}
