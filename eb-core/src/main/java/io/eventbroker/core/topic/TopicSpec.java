package io.eventbroker.core.topic;

import io.eventbroker.core.DataSize;
import io.eventbroker.core.TopicName;
import io.eventbroker.core.kind.Checks;
import io.eventbroker.core.kind.Description;
import io.eventbroker.core.kind.KeepsReferences;
import io.eventbroker.core.kind.Range;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * One topic as written; {@link TopicSet#wanted()} fills in the defaults.
 *
 * @param name not one of Kafka's own topics
 * @param owner the team that answers for it
 * @param classification what kind of data it holds, in the words of the organisation, such as {@code personal}
 * @param ingressPerSecond what producers write to it in a second, compressed as it is stored; more than 0
 */
public record TopicSpec(
        TopicName name,

        @Range(min = 1, max = 100_000)
        @Description("How many partitions a topic has; absent for the cluster's num.partitions")
        Optional<Integer> partitions,

        @Range(min = 1, max = Short.MAX_VALUE)
        @Description("How many replicas a partition has; absent for the cluster's default.replication.factor")
        Optional<Integer> replicationFactor,

        @Description("The team that answers for the topic") Optional<String> owner,

        @Description("What kind of data it holds, in the words of the organisation, such as personal")
        Optional<String> classification,

        @Range(above = 0) @Description("Bytes that producers write in a second, as they are stored, more than 0")
        Optional<DataSize> ingressPerSecond,

        @KeepsReferences SortedMap<String, String> configs) {
    public TopicSpec {
        configs = Collections.unmodifiableSortedMap(new TreeMap<>(configs));
        Checks checks =
                TopicDefaults.check(Checks.begin(), partitions, replicationFactor, classification, ingressPerSecond);
        if (name.isInternal()) {
            checks.refuse(
                    "name",
                    "'" + name + "' is one of Kafka's own topics",
                    "leave it to Kafka; its settings are broker properties");
        }
        checks.end();
    }

    /** A topic of which nobody says what it holds and how much is written to it. */
    public TopicSpec(
            TopicName name,
            Optional<Integer> partitions,
            Optional<Integer> replicationFactor,
            Optional<String> owner,
            SortedMap<String, String> configs) {
        this(name, partitions, replicationFactor, owner, Optional.empty(), Optional.empty(), configs);
    }
}
