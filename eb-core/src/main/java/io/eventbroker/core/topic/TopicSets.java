package io.eventbroker.core.topic;

import io.eventbroker.core.TopicName;
import io.eventbroker.core.kind.Document;
import io.eventbroker.core.kind.Documents;
import io.eventbroker.core.kind.Findings;
import io.eventbroker.core.kind.Kind;
import io.eventbroker.core.topology.Topologies;
import io.eventbroker.core.topology.Topology;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** The kind that describes topics, with its checks against other sets and the cluster. */
public final class TopicSets {
    /** {@code kind: TopicSet}. */
    public static final Kind<TopicSet> KIND = Kind.of("TopicSet", TopicSet.class)
            .withCheckAcross(TopicSets::checkDistinct)
            .withCheckAcross(TopicSets::checkClusters);

    private TopicSets() {}

    private static final Pattern SMALL_NUMBER = Pattern.compile("[0-9]{1,9}");

    /** A topic of one cluster, described or retired at a place. */
    private record Claim(Document<TopicSet> set, boolean retired, int index) {
        String path() {
            return retired ? "spec.retired[" + index + "]" : "spec.topics[" + index + "].name";
        }
    }

    private static void checkDistinct(List<Document<TopicSet>> sets, Documents all, Findings findings) {
        Map<String, Map<TopicName, Claim>> byCluster = new HashMap<>();
        for (Document<TopicSet> set : sets) {
            Map<TopicName, Claim> claims =
                    byCluster.computeIfAbsent(set.value().cluster().orElse(""), cluster -> new HashMap<>());
            int i = 0;
            for (TopicSpec topic : set.value().topics()) {
                claim(topic.name(), new Claim(set, false, i++), claims, findings);
            }
            i = 0;
            for (TopicName topic : set.value().retired()) {
                claim(topic, new Claim(set, true, i++), claims, findings);
            }
        }
    }

    private static void claim(TopicName topic, Claim claim, Map<TopicName, Claim> claims, Findings findings) {
        Claim first = claims.putIfAbsent(topic, claim);
        if (first != null) {
            findings.error(
                    claim.set(),
                    claim.path(),
                    "topic '" + topic + "' is already in the TopicSet '"
                            + first.set().name() + "' at " + first.set().locate(first.path()),
                    "keep one of the two");
        }
    }

    private static void checkClusters(List<Document<TopicSet>> sets, Documents all, Findings findings) {
        for (Document<TopicSet> set : sets) {
            Optional<String> name = set.value().cluster();
            Optional<Document<Topology>> cluster = name.flatMap(known -> all.find(Topologies.KIND, known));
            if (cluster.isPresent()) {
                checkFactors(set, cluster.get().value(), findings);
            } else if (name.isPresent() && !all.mayExist(Topologies.KIND, name.get())) {
                findings.error(
                        set,
                        "spec.cluster",
                        "there is no Topology '" + name.get() + "'",
                        Topologies.remedy(all, name.get(), "correct the name, or read the file that describes it too"));
            }
        }
    }

    private static void checkFactors(Document<TopicSet> set, Topology cluster, Findings findings) {
        int brokers = cluster.brokers().replicas();
        TopicDefaults defaults = set.value().defaults();
        checkFactor(set, "spec.defaults", defaults.replicationFactor(), brokers, cluster.name(), findings);
        List<TopicSpec> topics = set.value().topics();
        for (int i = 0; i < topics.size(); i++) {
            TopicSpec topic = topics.get(i);
            if (topic.replicationFactor().isPresent()
                    && topic.replicationFactor().get() > brokers) {
                checkFactor(
                        set, "spec.topics[" + i + "]", topic.replicationFactor(), brokers, cluster.name(), findings);
            }
            checkMinInsync(set, i, topic, cluster, findings);
        }
    }

    private static void checkFactor(
            Document<TopicSet> set,
            String path,
            Optional<Integer> factor,
            int brokers,
            String cluster,
            Findings findings) {
        if (factor.isPresent() && factor.get() > brokers) {
            findings.error(
                    set,
                    path + ".replicationFactor",
                    factor.get() + " replicas do not fit on the " + brokers + " brokers of '" + cluster + "'",
                    "lower the factor or add brokers");
        }
    }

    private static void checkMinInsync(
            Document<TopicSet> set, int index, TopicSpec topic, Topology cluster, Findings findings) {
        TopicDefaults defaults = set.value().defaults();
        String text = topic.configs()
                .getOrDefault("min.insync.replicas", defaults.configs().getOrDefault("min.insync.replicas", ""));
        if (!SMALL_NUMBER.matcher(text).matches()) {
            return;
        }
        int factor = topic.replicationFactor()
                .or(defaults::replicationFactor)
                .orElseGet(() -> cluster.brokers().defaultReplicationFactor());
        if (Integer.parseInt(text) > factor) {
            findings.error(
                    set,
                    "spec.topics[" + index + "].configs[min.insync.replicas]",
                    "topic '" + topic.name() + "': " + text + " in-sync replicas can never be reached with " + factor
                            + " replicas",
                    "lower min.insync.replicas or raise the replication factor");
        }
    }
}
