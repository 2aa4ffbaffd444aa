package io.eventbroker.core.topic;

import io.eventbroker.core.DataSize;
import io.eventbroker.core.kind.Checks;
import io.eventbroker.core.kind.Description;
import io.eventbroker.core.kind.KeepsReferences;
import io.eventbroker.core.kind.Range;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What holds for the topics of a set that do not say it themselves.
 *
 * @param partitions empty for the cluster's {@code num.partitions}
 * @param replicationFactor empty for the cluster's {@code default.replication.factor}
 * @param classification what kind of data the topics hold, in the words of the organisation, such as {@code personal}
 * @param ingressPerSecond what producers write to each topic in a second, compressed as it is stored; more than 0
 * @param configs topic properties
 */
public record TopicDefaults(
        @Range(min = 1, max = 100_000)
        @Description("How many partitions a topic has; absent for the cluster's num.partitions")
        Optional<Integer> partitions,

        @Range(min = 1, max = Short.MAX_VALUE)
        @Description("How many replicas a partition has; absent for the cluster's default.replication.factor")
        Optional<Integer> replicationFactor,

        @Description("What kind of data it holds, in the words of the organisation, such as personal")
        Optional<String> classification,

        @Range(above = 0) @Description("Bytes that producers write in a second, as they are stored, more than 0")
        Optional<DataSize> ingressPerSecond,

        @KeepsReferences SortedMap<String, String> configs) {
    public TopicDefaults {
        configs = Collections.unmodifiableSortedMap(new TreeMap<>(configs));
        check(Checks.begin(), partitions, replicationFactor, classification, ingressPerSecond)
                .end();
    }

    /** Defaults that say nothing of what the topics hold and how much is written to them. */
    public TopicDefaults(
            Optional<Integer> partitions, Optional<Integer> replicationFactor, SortedMap<String, String> configs) {
        this(partitions, replicationFactor, Optional.empty(), Optional.empty(), configs);
    }

    static Checks check(
            Checks checks,
            Optional<Integer> partitions,
            Optional<Integer> replicationFactor,
            Optional<String> classification,
            Optional<DataSize> ingressPerSecond) {
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
        if (classification.isPresent() && classification.get().isBlank()) {
            checks.refuse(
                    "classification", "must not be blank", "name a kind of data such as internal, or leave it out");
        }
        if (ingressPerSecond.isPresent() && ingressPerSecond.get().bytes() <= 0) {
            checks.refuse("ingressPerSecond", "must be more than 0", "write a size such as 5Mi, or leave it out");
        }
        return checks;
    }
}
