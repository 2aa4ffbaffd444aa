package io.eventbroker.core.topic;

import io.eventbroker.core.kind.Checks;
import io.eventbroker.core.kind.KeepsReferences;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What holds for the topics of a set that do not say it themselves.
 *
 * @param partitions empty for the cluster's {@code num.partitions}
 * @param replicationFactor empty for the cluster's {@code default.replication.factor}
 * @param configs topic properties
 */
public record TopicDefaults(
        Optional<Integer> partitions,
        Optional<Integer> replicationFactor,
        @KeepsReferences SortedMap<String, String> configs) {
    public TopicDefaults {
        configs = Collections.unmodifiableSortedMap(new TreeMap<>(configs));
        check(Checks.begin(), partitions, replicationFactor).end();
    }

    static Checks check(Checks checks, Optional<Integer> partitions, Optional<Integer> replicationFactor) {
        return checks.require(
                        partitions.isEmpty() || (partitions.get() >= 1 && partitions.get() <= 100_000),
                        "partitions",
                        "must lie between 1 and 100000, was " + partitions.orElse(0),
                        "write 1 or more")
                .require(
                        replicationFactor.isEmpty()
                                || (replicationFactor.get() >= 1 && replicationFactor.get() <= Short.MAX_VALUE),
                        "replicationFactor",
                        "must lie between 1 and " + Short.MAX_VALUE + ", was " + replicationFactor.orElse(0),
                        "write a number such as 3");
    }
}
