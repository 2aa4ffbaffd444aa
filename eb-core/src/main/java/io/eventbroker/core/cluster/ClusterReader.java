package io.eventbroker.core.cluster;

import io.eventbroker.core.BrokerId;
import io.eventbroker.core.Deadline;
import io.eventbroker.core.EventBrokerException;
import io.eventbroker.core.cluster.ClusterState.Part;
import io.eventbroker.core.cluster.Reading.Question;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeAclsOptions;
import org.apache.kafka.clients.admin.DescribeClientQuotasOptions;
import org.apache.kafka.clients.admin.DescribeClusterOptions;
import org.apache.kafka.clients.admin.DescribeClusterResult;
import org.apache.kafka.clients.admin.DescribeMetadataQuorumOptions;
import org.apache.kafka.clients.admin.DescribeUserScramCredentialsOptions;
import org.apache.kafka.clients.admin.QuorumInfo;
import org.apache.kafka.clients.admin.UserScramCredentialsDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclBindingFilter;
import org.apache.kafka.common.errors.SecurityDisabledException;
import org.apache.kafka.common.quota.ClientQuotaEntity;
import org.apache.kafka.common.quota.ClientQuotaFilter;

/**
 * Reads a {@link ClusterState} in three steps, each of which asks everything that it can at once: what the cluster is and
 * where its topics are; what lies in the partitions and on the brokers; how far the groups have come, which needs both.
 */
final class ClusterReader {
    private static final String CLUSTER = "cluster";
    private static final String DESCRIBE_CLUSTER = "Describe on the cluster";

    private final Reading reading;
    private final Set<Part> parts;
    private final Optional<Set<String>> wanted;

    /** @param wanted the topics to read, or all */
    ClusterReader(Admin admin, Deadline deadline, Set<Part> parts, Optional<Set<String>> wanted) {
        this.reading = new Reading(admin, deadline);
        this.parts = parts;
        this.wanted = wanted;
    }

    ClusterState read() {
        DescribeClusterResult cluster =
                reading.admin.describeCluster(new DescribeClusterOptions().timeoutMs(reading.millis()));
        List<Node> nodes = List.copyOf(AdminCalls.read(cluster.nodes(), "describe the cluster", reading.deadline));
        StateBuilder state =
                new StateBuilder(AdminCalls.read(cluster.clusterId(), "read the cluster's id", reading.deadline));
        state.parts.addAll(parts);
        for (Node node : nodes) {
            BrokerId id = BrokerId.of(node.id());
            state.brokers.put(id, new Broker(id, node.host(), node.port(), Optional.ofNullable(node.rack())));
        }

        TopicReader topics = new TopicReader(reading, parts, wanted);
        BrokerReader brokers = new BrokerReader(reading, List.copyOf(state.brokers.keySet()));
        Lane once = new Lane();
        askOnce(once, state);
        Lane features = new Lane();
        if (parts.contains(Part.FEATURES)) {
            brokers.askFeatures(features, state);
        }
        Lane brokerConfigs = new Lane();
        if (parts.contains(Part.BROKER_CONFIGS)) {
            brokers.askConfigs(brokerConfigs, state, topics.interner());
        }
        Lane descriptions = new Lane();
        Lane configs = new Lane();
        topics.askDescriptions(descriptions, configs);
        Lane.run(descriptions, configs, brokerConfigs, features, once);

        Lane offsets = new Lane();
        if (parts.contains(Part.OFFSETS)) {
            topics.askOffsets(offsets);
        }
        Lane logDirs = new Lane();
        if (parts.contains(Part.SIZES)) {
            brokers.askLogDirs(logDirs, state, topics);
        }
        Lane.run(offsets, logDirs);

        if (parts.contains(Part.GROUPS)) {
            state.groups = new GroupReader(reading, topics).read();
        }
        state.topics.putAll(topics.topics());
        state.gaps.addAll(reading.gaps());
        return new ClusterState(state);
    }

    /** What one answer holds whole. */
    private void askOnce(Lane lane, StateBuilder state) {
        if (parts.contains(Part.QUORUM)) {
            lane.add(() -> {
                KafkaFuture<QuorumInfo> asked = reading.admin
                        .describeMetadataQuorum(new DescribeMetadataQuorumOptions().timeoutMs(reading.millis()))
                        .quorumInfo();
                return () -> state.quorum = reading.answer(
                                asked, question(Part.QUORUM, "describe the metadata quorum", DESCRIBE_CLUSTER))
                        .value()
                        .map(ClusterReader::quorum)
                        .orElse(null);
            });
        }
        if (parts.contains(Part.ACLS)) {
            lane.add(() -> {
                KafkaFuture<java.util.Collection<AclBinding>> asked = reading.admin
                        .describeAcls(AclBindingFilter.ANY, new DescribeAclsOptions().timeoutMs(reading.millis()))
                        .values();
                return () -> state.acls = acls(asked).orElse(null);
            });
        }
        if (parts.contains(Part.QUOTAS)) {
            lane.add(() -> {
                KafkaFuture<Map<ClientQuotaEntity, Map<String, Double>>> asked = reading.admin
                        .describeClientQuotas(
                                ClientQuotaFilter.all(), new DescribeClientQuotasOptions().timeoutMs(reading.millis()))
                        .entities();
                return () -> state.quotas = reading.answer(
                                asked,
                                question(Part.QUOTAS, "read the client quotas", "DescribeConfigs on the cluster"))
                        .value()
                        .map(ClusterReader::quotas)
                        .orElse(null);
            });
        }
        if (parts.contains(Part.SCRAM_USERS)) {
            lane.add(() -> {
                KafkaFuture<Map<String, UserScramCredentialsDescription>> asked = reading.admin
                        .describeUserScramCredentials(
                                null, new DescribeUserScramCredentialsOptions().timeoutMs(reading.millis()))
                        .all();
                return () -> state.scramUsers = reading.answer(
                                asked, question(Part.SCRAM_USERS, "list the SCRAM users", DESCRIBE_CLUSTER))
                        .value()
                        .map(ClusterReader::scramUsers)
                        .orElse(null);
            });
        }
    }

    private static Question question(Part part, String doing, String right) {
        return new Question(part, CLUSTER, doing, right);
    }

    /** A cluster without an authorizer refuses the question; that is an answer too. */
    private Optional<Acls> acls(KafkaFuture<java.util.Collection<AclBinding>> asked) {
        try {
            return reading.answer(asked, question(Part.ACLS, "list the access rules", DESCRIBE_CLUSTER))
                    .value()
                    .map(Acls::of);
        } catch (EventBrokerException e) {
            if (e.getCause() instanceof SecurityDisabledException) {
                return Optional.of(Acls.withoutAuthorizer());
            }
            throw e;
        }
    }

    private static List<ClientQuota> quotas(Map<ClientQuotaEntity, Map<String, Double>> found) {
        List<ClientQuota> quotas = new ArrayList<>();
        found.forEach((entity, limits) -> {
            SortedMap<String, Optional<String>> names = new TreeMap<>();
            entity.entries().forEach((type, name) -> names.put(type, Optional.ofNullable(name)));
            quotas.add(new ClientQuota(names, new TreeMap<>(limits)));
        });
        return quotas;
    }

    private static SortedMap<String, ScramUser> scramUsers(Map<String, UserScramCredentialsDescription> found) {
        SortedMap<String, ScramUser> users = new TreeMap<>();
        found.forEach((name, user) -> {
            SortedMap<String, Integer> iterations = new TreeMap<>();
            user.credentialInfos()
                    .forEach(info -> iterations.put(info.mechanism().mechanismName(), info.iterations()));
            users.put(name, new ScramUser(name, iterations));
        });
        return users;
    }

    private static Quorum quorum(QuorumInfo info) {
        return new Quorum(
                info.leaderId(),
                info.leaderEpoch(),
                info.highWatermark(),
                replicas(info.voters()),
                replicas(info.observers()));
    }

    private static List<Quorum.Replica> replicas(List<QuorumInfo.ReplicaState> states) {
        return states.stream()
                .map(state -> new Quorum.Replica(
                        state.replicaId(),
                        state.replicaDirectoryId().toString(),
                        state.logEndOffset(),
                        instant(state.lastFetchTimestamp()),
                        instant(state.lastCaughtUpTimestamp())))
                .sorted(Comparator.comparing(Quorum.Replica::node))
                .toList();
    }

    private static Optional<Instant> instant(OptionalLong millis) {
        return millis.isPresent() && millis.getAsLong() >= 0
                ? Optional.of(Instant.ofEpochMilli(millis.getAsLong()))
                : Optional.empty();
    }
}
