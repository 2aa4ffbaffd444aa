package io.eventbroker.core.cluster;

import io.eventbroker.core.BrokerId;
import io.eventbroker.core.DeadlineExceededException;
import io.eventbroker.core.TopicName;
import io.eventbroker.core.cluster.ClusterState.Part;
import io.eventbroker.core.cluster.Reading.Answer;
import io.eventbroker.core.cluster.Reading.Question;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.DescribeConfigsOptions;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.ListTopicsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.config.ConfigResource;
import org.jspecify.annotations.Nullable;

/** Reads topics: where they are, their properties, their offsets. */
final class TopicReader {
    private static final int TOPICS_PER_REQUEST = 500;
    private static final int PARTITIONS_PER_REQUEST = 5_000;

    private final Reading reading;
    private final Set<Part> parts;
    private final Optional<Set<String>> wanted;
    private final ConfigTable.Interner interner = new ConfigTable.Interner();
    private final SortedMap<String, Found> found = new TreeMap<>();
    private final Map<String, ConfigTable> configs = new HashMap<>();
    private final Set<String> gone = new HashSet<>();

    private record Found(String id, PartitionTable partitions) {}

    TopicReader(Reading reading, Set<Part> parts, Optional<Set<String>> wanted) {
        this.reading = reading;
        this.parts = parts;
        this.wanted = wanted;
    }

    ConfigTable.Interner interner() {
        return interner;
    }

    /** What was read so far of a topic that is there. */
    @Nullable
    PartitionTable partitions(String topic) {
        Found there = found.get(topic);
        return there == null ? null : there.partitions();
    }

    /** The one string for a topic's name, which answers bring again and again. */
    String interned(String topic) {
        return found.containsKey(topic) ? found.tailMap(topic).firstKey() : topic;
    }

    /** The tables of all topics, whose sizes may be filled in. */
    Iterable<PartitionTable> tables() {
        return found.values().stream().map(Found::partitions).toList();
    }

    SortedMap<TopicName, TopicState> topics() {
        SortedMap<TopicName, TopicState> topics = new TreeMap<>();
        found.forEach((topic, there) -> {
            TopicName name = TopicName.of(topic);
            topics.put(name, new TopicState(name, there.id(), there.partitions(), configs.get(topic)));
        });
        return topics;
    }

    void askDescriptions(Lane descriptions, Lane properties) {
        List<String> names = names();
        descriptions.addBatches(names, TOPICS_PER_REQUEST, this::describe, this::takeDescriptions);
        if (parts.contains(Part.CONFIGS)) {
            properties.addBatches(names, TOPICS_PER_REQUEST, this::describeConfigs, this::takeConfigs);
        }
    }

    private List<String> names() {
        Set<String> names = wanted.orElseGet(() -> AdminCalls.read(
                reading.admin
                        .listTopics(new ListTopicsOptions().listInternal(true).timeoutMs(reading.millis()))
                        .names(),
                "list the topics",
                reading.deadline));
        return names.stream().sorted().toList();
    }

    private Map<String, KafkaFuture<TopicDescription>> describe(List<String> names) {
        return reading.admin
                .describeTopics(names, new DescribeTopicsOptions().timeoutMs(reading.millis()))
                .topicNameValues();
    }

    private void takeDescriptions(Map<String, KafkaFuture<TopicDescription>> asked) {
        asked.forEach((name, future) -> {
            Optional<TopicDescription> topic = describing(name, future).value();
            if (topic.isPresent() && !gone.contains(name)) {
                List<PartitionState> partitions = new ArrayList<>();
                topic.get().partitions().forEach(info -> partitions.add(partition(info)));
                found.put(name, new Found(topic.get().topicId().toString(), PartitionTable.of(partitions)));
            }
        });
    }

    private Answer<TopicDescription> describing(String name, KafkaFuture<TopicDescription> future) {
        return reading.answer(
                future, new Question(Part.TOPICS, "topic " + name, "describe topic " + name, "Describe on the topic"));
    }

    private static PartitionState partition(TopicPartitionInfo info) {
        List<BrokerId> replicas = ids(info.replicas());
        return new PartitionState(
                Optional.ofNullable(info.leader())
                        .filter(node -> !node.isEmpty())
                        .map(node -> BrokerId.of(node.id()))
                        .filter(replicas::contains),
                replicas,
                of(replicas, info.isr()),
                Optional.ofNullable(info.elr()).map(nodes -> of(replicas, nodes)),
                Collections.nCopies(replicas.size(), -1L),
                -1,
                -1);
    }

    private static List<BrokerId> ids(List<Node> nodes) {
        return nodes.stream().map(node -> BrokerId.of(node.id())).toList();
    }

    private static List<BrokerId> of(List<BrokerId> replicas, List<Node> nodes) {
        return ids(nodes).stream().filter(replicas::contains).toList();
    }

    private Map<ConfigResource, KafkaFuture<Config>> describeConfigs(List<String> names) {
        return reading.admin
                .describeConfigs(
                        names.stream()
                                .map(name -> new ConfigResource(ConfigResource.Type.TOPIC, name))
                                .toList(),
                        new DescribeConfigsOptions().timeoutMs(reading.millis()))
                .values();
    }

    private void takeConfigs(Map<ConfigResource, KafkaFuture<Config>> asked) {
        asked.forEach((resource, future) -> {
            String name = resource.name();
            Answer<Config> answer = reading.answer(
                    future,
                    new Question(
                            Part.CONFIGS,
                            "topic " + name,
                            "describe the configuration of topic " + name,
                            "DescribeConfigs on the topic"));
            answer.value().ifPresent(config -> configs.put(name, BrokerReader.table(config, interner)));
            if (answer.gone()) {
                forget(name);
            }
        });
    }

    private void forget(String topic) {
        gone.add(topic);
        found.remove(topic);
    }

    void askOffsets(Lane lane) {
        List<TopicPartition> led = new ArrayList<>();
        found.forEach((topic, there) -> {
            for (int p = 0; p < there.partitions().size(); p++) {
                if (there.partitions().isLed(p)) {
                    led.add(new TopicPartition(topic, p));
                }
            }
        });
        // All of one kind first: the client then knows the leaders for the other.
        lane.addBatches(
                led,
                PARTITIONS_PER_REQUEST,
                b -> new OffsetRead(b, OffsetSpec.earliest()),
                read -> read.take(PartitionTable::setStartOffset));
        lane.addBatches(
                led,
                PARTITIONS_PER_REQUEST,
                b -> new OffsetRead(b, OffsetSpec.latest()),
                read -> read.take(PartitionTable::setEndOffset));
    }

    private interface Place {
        void set(PartitionTable table, int partition, long offset);
    }

    /** The Admin client waits for a leader until its time is up: not with a partition that has lost its own for long. */
    private final class OffsetRead {
        private final Map<TopicPartition, KafkaFuture<ListOffsetsResultInfo>> open = new HashMap<>();

        OffsetRead(List<TopicPartition> partitions, OffsetSpec spec) {
            Map<TopicPartition, OffsetSpec> there = partitions.stream()
                    .filter(p -> found.containsKey(p.topic()))
                    .collect(Collectors.toMap(p -> p, p -> spec));
            var result = reading.admin.listOffsets(
                    there, new ListOffsetsOptions(IsolationLevel.READ_COMMITTED).timeoutMs(reading.millis()));
            there.keySet().forEach(p -> open.put(p, result.partitionResult(p)));
        }

        void take(Place place) {
            takeAnswers(place);
            while (!open.isEmpty()) {
                lookAgain();
                takeAnswers(place);
            }
        }

        private void takeAnswers(Place place) {
            var soon = reading.deadline.atMost(Reading.PATIENCE);
            for (TopicPartition partition : List.copyOf(open.keySet())) {
                try {
                    Answer<ListOffsetsResultInfo> answer = reading.answer(
                            Objects.requireNonNull(open.get(partition)),
                            new Question(
                                    Part.OFFSETS,
                                    "topic " + partition.topic(),
                                    "read the offsets of " + partition,
                                    "Describe on the topic"),
                            soon);
                    open.remove(partition);
                    PartitionTable table = partitions(partition.topic());
                    if (answer.gone()) {
                        forget(partition.topic());
                    } else if (table != null) {
                        answer.value().ifPresent(info -> place.set(table, partition.partition(), info.offset()));
                    }
                } catch (DeadlineExceededException e) {
                    if (reading.deadline.hasPassed()) {
                        throw e;
                    }
                }
            }
        }

        /** Gives up on partitions that have lost their leader, or are gone. */
        private void lookAgain() {
            Set<String> names =
                    open.keySet().stream().map(TopicPartition::topic).collect(Collectors.toSet());
            Set<TopicPartition> led = new HashSet<>();
            describe(List.copyOf(names)).forEach((name, future) -> {
                Answer<TopicDescription> topic = describing(name, future);
                if (topic.gone()) {
                    forget(name);
                }
                topic.value()
                        .ifPresent(there -> there.partitions().stream()
                                .filter(p -> p.leader() != null && !p.leader().isEmpty())
                                .forEach(p -> led.add(new TopicPartition(name, p.partition()))));
            });
            open.keySet().retainAll(led);
        }
    }
}
