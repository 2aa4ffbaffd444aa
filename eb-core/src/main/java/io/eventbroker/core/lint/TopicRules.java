package io.eventbroker.core.lint;

import io.eventbroker.core.TopicName;
import io.eventbroker.core.kind.Document;
import io.eventbroker.core.topology.MultiRegion;
import io.eventbroker.core.topology.MultiRegions;
import io.eventbroker.core.topology.ReplicationFlow;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Topics as they are described in files: names, owners and partitions. */
final class TopicRules {
    private static final RuleSetting<Pattern> PATTERN = new RuleSetting<>(
            "pattern",
            "[a-z][a-z0-9-]*(\\.[a-z][a-z0-9-]*){2,}",
            "the regular expression that a name must match as a whole",
            Pattern::compile);

    static final Rule NAMING = Rule.warning("topics/naming")
            .reason("Names that follow one form tell whose topic it is, and let rights be given by prefix.")
            .remedy("Name it <domain>.<entity>.<event>, such as orders.order.placed.")
            .source("https://kafka.apache.org/documentation/#multitenancy-topic-naming")
            .setting(PATTERN)
            .onTopicSets((set, report) -> {
                Pattern pattern = report.setting(PATTERN);
                for (LintedTopics.Topic topic : set.topics()) {
                    String name = topic.name().toString();
                    if (!pattern.matcher(name).matches()) {
                        report.finding(topic.path("name"), "'" + name + "' does not match " + pattern);
                    }
                }
            })
            .build();

    static final Rule OWNER = Rule.info("topics/owner-missing")
            .reason("When a topic fails, fills a volume or must change, somebody has to be asked.")
            .remedy("Name the team that answers for it as its owner.")
            .source("https://kafka.apache.org/documentation/#multitenancy-topic-naming")
            .onTopicSets((set, report) -> {
                for (LintedTopics.Topic topic : set.topics()) {
                    if (topic.spec().owner().filter(owner -> !owner.isBlank()).isEmpty()) {
                        report.finding(topic.path("owner"), "topic '" + topic.name() + "' has no owner");
                    }
                }
            })
            .build();

    static final Rule ONE_PARTITION = Rule.info("topics/one-partition")
            .reason(
                    "One partition is written by one broker and read by one consumer of a group. More can be added later, but"
                            + " then keys move to other partitions and lose their order.")
            .remedy("Choose a number of partitions that suffices for years, unless all records need one order.")
            .source("https://kafka.apache.org/documentation/#basic_ops_modify_topic")
            .onTopicSets((set, report) -> {
                Optional<LintedCluster> cluster = set.cluster();
                if (cluster.isEmpty() || cluster.get().isDevelopment()) {
                    return;
                }
                for (LintedTopics.Topic topic : set.topics()) {
                    if (topic.partitions().filter(number -> number == 1).isPresent()
                            && topic.config("cleanup.policy").orElse("delete").contains("delete")) {
                        report.finding(
                                topic.spec().partitions().isPresent() ? topic.path("partitions") : topic.path(""),
                                "topic '" + topic.name() + "' has one partition");
                    }
                }
            })
            .build();

    static final Rule UNEVEN = Rule.info("topics/uneven-partitions")
            .reason(
                    "When the partitions of a topic do not divide among the brokers, some brokers lead one more of them and"
                            + " carry more of its load.")
            .remedy("Use a multiple of the number of brokers, if the topic is a large one.")
            .source("https://kafka.apache.org/documentation/#basic_ops_leader_balancing")
            .onTopicSets((set, report) -> {
                if (set.cluster().isEmpty()) {
                    return;
                }
                int brokers = set.cluster().get().topology().brokers().replicas();
                for (LintedTopics.Topic topic : set.topics()) {
                    int partitions = topic.spec().partitions().orElse(0);
                    if (partitions > brokers && partitions % brokers != 0) {
                        report.finding(
                                topic.path("partitions"),
                                "the " + partitions + " partitions of '" + topic.name() + "' do not divide among the "
                                        + brokers + " brokers");
                    }
                }
            })
            .build();

    private static final RuleSetting<Integer> PER_BROKER = new RuleSetting<>(
            "perBroker", "4000", "the most replicas of partitions that a broker should hold", Numbers::positive);

    static final Rule TOO_MANY = Rule.warning("topics/too-many-partitions")
            .reason(
                    "Each replica costs open files, memory and requests. With very many, restarts, elections and the loss of a"
                            + " broker take long.")
            .remedy("Add brokers, or describe fewer partitions.")
            .source("KIP-578: Add configuration to limit number of partitions")
            .setting(PER_BROKER)
            .onClusters((cluster, report) -> {
                int most = report.setting(PER_BROKER);
                long replicas = 0;
                for (LintedTopics set : cluster.topicSets()) {
                    for (LintedTopics.Topic topic : set.topics()) {
                        replicas += (long) topic.partitions().orElse(1)
                                * topic.replicationFactor().orElse(1);
                    }
                }
                int brokers = cluster.topology().brokers().replicas();
                long each = (replicas + brokers - 1) / brokers;
                if (each > most) {
                    report.finding(
                            "spec.brokers.replicas",
                            "the described topics have " + replicas + " replicas of partitions, " + each + " a broker;"
                                    + " expected at most " + most);
                }
            })
            .build();

    static final Rule RETIRED_IN_FLOW = Rule.warning("topics/retired-in-flow")
            .reason(
                    "A topic that is deleted while a flow still copies it stops the flow for it, or comes back as soon as"
                            + " something asks for it.")
            .remedy("Remove it from the flow first.")
            .source("https://kafka.apache.org/documentation/#georeplication")
            .onTopicSets((set, report) -> {
                if (set.value().retired().isEmpty() || set.cluster().isEmpty()) {
                    return;
                }
                LintedCluster cluster = set.cluster().get();
                Map<String, ReplicationFlow> copied = new HashMap<>();
                for (Document<MultiRegion> document : cluster.platform().documents(MultiRegions.KIND)) {
                    for (ReplicationFlow flow : document.value().flows()) {
                        if (flow.from().equals(cluster.topology().name())) {
                            flow.topics().forEach(topic -> copied.put(topic, flow));
                        }
                    }
                }
                int i = 0;
                for (TopicName retired : set.value().retired()) {
                    ReplicationFlow flow = copied.get(retired.toString()); // patterns may mean others
                    if (flow != null) {
                        report.finding(
                                "spec.retired[" + i + "]",
                                "topic '" + retired + "' is to be deleted, but the flow " + flow + " names it");
                    }
                    i++;
                }
            })
            .build();

    static final List<Rule> ALL = List.of(NAMING, OWNER, ONE_PARTITION, UNEVEN, TOO_MANY, RETIRED_IN_FLOW);

    private TopicRules() {}
}
