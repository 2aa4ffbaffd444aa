package io.eventbroker.core.topic;

import io.eventbroker.core.TopicName;
import io.eventbroker.core.kind.Checks;
import io.eventbroker.core.kind.Default;
import io.eventbroker.core.kind.Description;
import io.eventbroker.core.kind.Metadata;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Topics that a cluster should have, and topics that it should have no more. What is named nowhere is left alone.
 *
 * @param name of the set
 * @param cluster the name of the {@code Topology} that the topics live in; empty where the host decides
 * @param defaults for topics that do not say it themselves
 * @param topics with distinct names
 * @param retired topics to delete: the only way to ask for it, and still subject to the run's allowance
 */
public record TopicSet(
        @Metadata String name,

        @Description("The name of the Topology that the topics live in; absent where the host decides")
        Optional<String> cluster,

        @Default("{}") TopicDefaults defaults,
        List<TopicSpec> topics,
        Set<TopicName> retired) {

    public TopicSet {
        topics = List.copyOf(topics);
        retired = Collections.unmodifiableSet(new LinkedHashSet<>(retired));
        Checks checks = Checks.begin();
        Map<TopicName, Integer> first = new HashMap<>();
        for (int i = 0; i < topics.size(); i++) {
            TopicName topic = topics.get(i).name();
            Integer other = first.putIfAbsent(topic, i);
            if (other != null) {
                checks.refuse(
                        "topics[" + i + "].name",
                        "topic '" + topic + "' is already described by topics[" + other + "]",
                        "keep one of the two");
            }
        }
        int position = 0;
        for (TopicName topic : retired) {
            String place = "retired[" + position++ + "]";
            if (first.containsKey(topic)) {
                checks.refuse(
                        place,
                        "topic '" + topic + "' is also wanted by topics[" + first.get(topic) + "]",
                        "keep one of the two");
            }
            checks.require(!topic.isInternal(), place, "'" + topic + "' is one of Kafka's own topics", "remove it");
        }
        checks.end();
    }

    /** The topics with the set's defaults filled in, by name; a topic's own configs win over the default's. */
    public SortedMap<TopicName, TopicSpec> wanted() {
        SortedMap<TopicName, TopicSpec> wanted = new TreeMap<>();
        for (TopicSpec topic : topics) {
            SortedMap<String, String> configs = new TreeMap<>(defaults.configs());
            configs.putAll(topic.configs());
            wanted.put(
                    topic.name(),
                    new TopicSpec(
                            topic.name(),
                            topic.partitions().or(defaults::partitions),
                            topic.replicationFactor().or(defaults::replicationFactor),
                            topic.owner(),
                            topic.classification().or(defaults::classification),
                            topic.ingressPerSecond().or(defaults::ingressPerSecond),
                            configs));
        }
        return Collections.unmodifiableSortedMap(wanted);
    }
}
