package io.eventbroker.core.topic;

import io.eventbroker.core.TopicName;
import io.eventbroker.core.kind.Checks;
import io.eventbroker.core.kind.KeepsReferences;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * One topic as written; {@link TopicSet#wanted()} fills in the defaults.
 *
 * @param name not one of Kafka's own topics
 * @param owner the team that answers for it
 */
public record TopicSpec(
        TopicName name,
        Optional<Integer> partitions,
        Optional<Integer> replicationFactor,
        Optional<String> owner,
        @KeepsReferences SortedMap<String, String> configs) {
    public TopicSpec {
        configs = Collections.unmodifiableSortedMap(new TreeMap<>(configs));
        Checks checks = TopicDefaults.check(Checks.begin(), partitions, replicationFactor);
        if (name.isInternal()) {
            checks.refuse(
                    "name",
                    "'" + name + "' is one of Kafka's own topics",
                    "leave it to Kafka; its settings are broker properties");
        }
        checks.end();
    }
}
