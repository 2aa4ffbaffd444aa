package io.eventbroker.core.adopt;

import io.eventbroker.core.BrokerId;
import io.eventbroker.core.Deadline;
import io.eventbroker.core.DeadlineExceededException;
import io.eventbroker.core.EventBrokerException;
import io.eventbroker.core.RetryableException;
import io.eventbroker.core.cluster.AdminCalls;
import io.eventbroker.core.config.LiveConfig;
import io.eventbroker.core.problem.SourceLocation;
import io.eventbroker.core.source.Node;
import io.eventbroker.core.source.Sources;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.DescribeClusterOptions;
import org.apache.kafka.clients.admin.DescribeClusterResult;
import org.apache.kafka.clients.admin.DescribeConfigsOptions;
import org.apache.kafka.clients.admin.DescribeFeaturesOptions;
import org.apache.kafka.clients.admin.DescribeLogDirsOptions;
import org.apache.kafka.clients.admin.DescribeMetadataQuorumOptions;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.clients.admin.ListTopicsOptions;
import org.apache.kafka.clients.admin.LogDirDescription;
import org.apache.kafka.clients.admin.QuorumInfo;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.config.ConfigResource;

/** Reads a running cluster into a tree as a file would be, so that it is adopted in the same way. */
final class LiveReader {
    /** Stands for {@code apiVersion}. */
    static final String GROUP = "live";

    private static final int BATCH = 1_000;

    private final Admin admin;
    private final Deadline deadline;
    private final SortedMap<String, Object> unread = new TreeMap<>();
    private SourceLocation place = SourceLocation.of("live cluster");
    private boolean topics;

    LiveReader(Admin admin, Deadline deadline) {
        this.admin = admin;
        this.deadline = deadline;
    }

    LiveReader withTopics() {
        topics = true;
        return this;
    }

    Sources read() {
        DescribeClusterResult cluster = admin.describeCluster(new DescribeClusterOptions().timeoutMs(timeout()));
        String id = AdminCalls.read(cluster.clusterId(), "read the cluster's id", deadline);
        place = SourceLocation.of("cluster " + id);
        List<org.apache.kafka.common.Node> nodes =
                new ArrayList<>(AdminCalls.read(cluster.nodes(), "list the brokers", deadline));
        nodes.sort(Comparator.comparingInt(org.apache.kafka.common.Node::id));
        LiveConfig config = LiveConfig.read(admin, deadline);
        SortedMap<Integer, List<Object>> volumes = volumes(nodes);

        Map<String, Object> root = new java.util.LinkedHashMap<>();
        root.put("apiVersion", GROUP);
        root.put("clusterId", id);
        root.put("features", features());
        List<Object> brokers = new ArrayList<>();
        for (org.apache.kafka.common.Node node : nodes) {
            Map<String, Object> broker = new java.util.LinkedHashMap<>();
            broker.put("id", node.id());
            broker.put("host", node.host());
            broker.put("port", node.port());
            if (node.rack() != null) {
                broker.put("rack", node.rack());
            }
            broker.put("volumes", volumes.getOrDefault(node.id(), List.of()));
            brokers.add(broker);
        }
        root.put("brokers", brokers);
        root.put("quorum", quorum());
        config(config, root);
        if (topics) {
            topics(root);
        }
        root.put("notRead", unread);
        return Sources.of(List.of(node(root)));
    }

    private int timeout() {
        return Math.max(1, deadline.remainingMillis());
    }

    /** What a missing right or an old release keeps from being read is listed; the rest is still worth having. */
    private <T> T orUnread(String what, T otherwise, Supplier<T> reading) {
        try {
            return reading.get();
        } catch (DeadlineExceededException | RetryableException e) {
            throw e;
        } catch (EventBrokerException e) {
            unread.put(what, String.valueOf(e.getMessage()));
            return otherwise;
        }
    }

    private SortedMap<String, Object> features() {
        return orUnread("features", new TreeMap<>(), () -> {
            SortedMap<String, Object> features = new TreeMap<>();
            AdminCalls.read(
                            admin.describeFeatures(new DescribeFeaturesOptions().timeoutMs(timeout()))
                                    .featureMetadata(),
                            "describe the features",
                            deadline)
                    .finalizedFeatures()
                    .forEach((name, range) -> features.put(name, (int) range.maxVersionLevel()));
            return features;
        });
    }

    private SortedMap<Integer, List<Object>> volumes(List<org.apache.kafka.common.Node> nodes) {
        return orUnread("volumes", new TreeMap<>(), () -> {
            SortedMap<Integer, List<Object>> volumes = new TreeMap<>();
            Map<Integer, Map<String, LogDirDescription>> all = AdminCalls.read(
                    admin.describeLogDirs(
                                    nodes.stream()
                                            .map(org.apache.kafka.common.Node::id)
                                            .toList(),
                                    new DescribeLogDirsOptions().timeoutMs(timeout()))
                            .allDescriptions(),
                    "describe the log directories",
                    deadline);
            all.forEach((broker, folders) -> {
                List<Object> list = new ArrayList<>();
                new TreeMap<>(folders).forEach((folder, description) -> {
                    Map<String, Object> volume = new java.util.LinkedHashMap<>();
                    volume.put("folder", folder);
                    OptionalLong bytes = description.totalBytes();
                    bytes.ifPresent(total -> volume.put("totalBytes", total));
                    list.add(volume);
                });
                volumes.put(broker, list);
            });
            return volumes;
        });
    }

    private Map<String, Object> quorum() {
        return orUnread("quorum", Map.of(), () -> {
            QuorumInfo quorum = AdminCalls.read(
                    admin.describeMetadataQuorum(new DescribeMetadataQuorumOptions().timeoutMs(timeout()))
                            .quorumInfo(),
                    "describe the metadata quorum",
                    deadline);
            List<Object> voters = new ArrayList<>();
            quorum.voters().stream()
                    .map(QuorumInfo.ReplicaState::replicaId)
                    .sorted()
                    .forEach(id -> {
                        Map<String, Object> voter = new java.util.LinkedHashMap<>();
                        voter.put("id", id);
                        QuorumInfo.Node node = quorum.nodes().get(id);
                        if (node != null) {
                            node.endpoints().stream()
                                    .findFirst()
                                    .ifPresent(endpoint -> voter.put("port", endpoint.port()));
                        }
                        voters.add(voter);
                    });
            Map<String, Object> tree = new java.util.LinkedHashMap<>();
            tree.put("voters", voters);
            return tree;
        });
    }

    /** Every key that is set, with one value, or with that of each broker if they differ. */
    private static void config(LiveConfig live, Map<String, Object> root) {
        SortedMap<String, SortedMap<BrokerId, String>> values = new TreeMap<>();
        TreeSet<String> secrets = new TreeSet<>();
        live.brokers()
                .forEach((id, all) -> all.forEach((key, value) -> {
                    if (value.origin() == LiveConfig.Origin.DEFAULT) {
                        return;
                    }
                    if (value.sensitive()) {
                        secrets.add(key);
                    } else if (value.text() != null) {
                        values.computeIfAbsent(key, any -> new TreeMap<>()).put(id, value.text());
                    }
                }));
        Map<String, Object> config = new java.util.LinkedHashMap<>();
        values.forEach((key, each) -> {
            boolean same = each.size() == live.brokers().size()
                    && each.values().stream().distinct().count() == 1;
            if (same) {
                config.put(key, each.get(each.firstKey()));
            } else {
                Map<String, Object> byBroker = new java.util.LinkedHashMap<>();
                each.forEach((id, text) -> byBroker.put(id.toString(), text));
                config.put(key, byBroker);
            }
        });
        root.put("config", config);
        root.put("secrets", List.copyOf(secrets));
    }

    private void topics(Map<String, Object> root) {
        List<String> names = AdminCalls.read(
                        admin.listTopics(new ListTopicsOptions()
                                        .listInternal(true)
                                        .timeoutMs(timeout()))
                                .names(),
                        "list the topics",
                        deadline)
                .stream()
                .sorted()
                .toList();
        List<String> own = names.stream().filter(name -> name.startsWith("__")).toList();
        List<String> theirs =
                names.stream().filter(name -> !name.startsWith("__")).toList();
        List<Object> list = new ArrayList<>();
        for (int from = 0; from < theirs.size(); from += BATCH) {
            List<String> batch = theirs.subList(from, Math.min(theirs.size(), from + BATCH));
            Map<String, TopicDescription> described = AdminCalls.read(
                    admin.describeTopics(batch, new DescribeTopicsOptions().timeoutMs(timeout()))
                            .allTopicNames(),
                    "describe topics",
                    deadline);
            Map<ConfigResource, Config> configs = AdminCalls.read(
                    admin.describeConfigs(
                                    batch.stream()
                                            .map(name -> new ConfigResource(ConfigResource.Type.TOPIC, name))
                                            .collect(Collectors.toSet()),
                                    new DescribeConfigsOptions().timeoutMs(timeout()))
                            .all(),
                    "read the properties of topics",
                    deadline);
            for (String name : batch) {
                TopicDescription description = described.get(name);
                Config config = configs.get(new ConfigResource(ConfigResource.Type.TOPIC, name));
                if (description != null && config != null) {
                    list.add(topic(description, config.entries()));
                }
            }
        }
        root.put("topics", list);
        root.put("internalTopics", List.copyOf(own));
    }

    private static Map<String, Object> topic(TopicDescription description, Collection<ConfigEntry> entries) {
        Map<String, Object> topic = new java.util.LinkedHashMap<>();
        topic.put("name", description.name());
        topic.put("partitions", description.partitions().size());
        List<Integer> factors = description.partitions().stream()
                .map(partition -> partition.replicas().size())
                .distinct()
                .sorted()
                .toList();
        topic.put("replicationFactor", factors.isEmpty() ? 1 : factors.get(factors.size() - 1));
        if (factors.size() > 1) {
            topic.put("fewerReplicas", "some partitions have only " + factors.get(0));
        }
        SortedMap<String, Object> configs = new TreeMap<>();
        for (ConfigEntry entry : entries) {
            if (entry.source() == ConfigEntry.ConfigSource.DYNAMIC_TOPIC_CONFIG && entry.value() != null) {
                configs.put(entry.name(), entry.value());
            }
        }
        topic.put("configs", configs);
        return topic;
    }

    private Node node(Object value) {
        if (value instanceof Map<?, ?> map) {
            Map<String, Node.Field> fields = new java.util.LinkedHashMap<>();
            map.forEach((key, below) -> {
                boolean nothing = (below instanceof Map<?, ?> some && some.isEmpty())
                        || (below instanceof List<?> many && many.isEmpty());
                if (!nothing) {
                    fields.put((String) key, new Node.Field(place, node(below)));
                }
            });
            return new Node.Fields(place, fields);
        } else if (value instanceof List<?> list) {
            return new Node.Items(place, list.stream().map(this::node).toList());
        }
        return new Node.Text(place, value.toString(), value instanceof Number);
    }
}
