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
        // no message is made for each of ten thousand topics that are right
        int many = partitions.orElse(1);
        if (many < 1 || many > 100_000) {
            checks.refuse("partitions", "must lie between 1 and 100000, was " + many, "write 1 or more");
        }
        int factor = replicationFactor.orElse(1);
        if (factor < 1 || factor > Short.MAX_VALUE) {
            checks.refuse(
                    "replicationFactor",
                    "must lie between 1 and " + Short.MAX_VALUE + ", was " + factor,
                    "write a number such as 3");
        }
        return checks;
    }
}
