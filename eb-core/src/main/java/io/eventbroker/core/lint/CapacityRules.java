package io.eventbroker.core.lint;

import io.eventbroker.core.DataSize;
import io.eventbroker.core.TopicName;
import io.eventbroker.core.topology.KafkaBrokers;
import io.eventbroker.core.topology.Storage;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Whether what topics keep fits on the brokers. Counted are the topics that {@code TopicSet}s describe; how much one
 * keeps is known from its {@code retention.bytes}, or from its ingress and {@code retention.ms}.
 */
final class CapacityRules {
    private static final String SIZING = "https://kafka.apache.org/documentation/#brokerconfigs_log.retention.bytes";

    private static final RuleSetting<Integer> HEADROOM = new RuleSetting<>(
            "headroom",
            "20",
            "the share of the volumes, in percent, that must be left for uneven partitions and lost brokers",
            Numbers::percent);

    static final Rule EXCEEDED = Rule.error("storage/retention-exceeds-volumes")
            .reason(
                    "A broker whose volume is full stops. What is written, for as long as it is kept and as often as it is"
                            + " copied, is more than the volumes hold.")
            .remedy(
                    "Enlarge the volumes or let them grow, add brokers, or shorten the retention of the largest topics.")
            .source(SIZING)
            .onClusters((cluster, report) -> {
                Demand demand = Demand.of(cluster);
                double capacity = capacity(cluster);
                if (demand.expected > capacity) {
                    report.finding(
                            "spec.brokers.storage.data.size",
                            "topics will keep " + Numbers.size(demand.expected)
                                    + ", by their ingress and retention, on " + volumes(cluster) + demand.largest());
                }
            })
            .build();

    static final Rule NO_HEADROOM = Rule.warning("storage/no-headroom")
            .reason(
                    "Partitions are never spread evenly, and what a lost broker held is copied to the others; volumes that"
                            + " are full by plan are too small in practice.")
            .remedy(
                    "Enlarge the volumes or let them grow, add brokers, or lower retention.bytes of the largest topics.")
            .source(SIZING)
            .setting(HEADROOM)
            .onClusters((cluster, report) -> {
                Demand demand = Demand.of(cluster);
                double capacity = capacity(cluster);
                int headroom = report.setting(HEADROOM);
                double most = Math.max(demand.expected, demand.allowed);
                if (demand.expected <= capacity && most > capacity * (100 - headroom) / 100) {
                    report.finding(
                            "spec.brokers.storage.data.size",
                            "topics may keep " + Numbers.size(most) + ", by what their retention allows, on "
                                    + volumes(cluster) + "; expected " + headroom + " % to stay free"
                                    + demand.largest());
                }
            })
            .build();

    static final List<Rule> ALL = List.of(EXCEEDED, NO_HEADROOM);

    private CapacityRules() {}

    private static DataSize most(LintedCluster cluster) {
        Storage.Volume data = cluster.topology().brokers().storage().data();
        return data.expansion().map(Storage.Expansion::upTo).orElse(data.size());
    }

    private static double capacity(LintedCluster cluster) {
        return (double) most(cluster).bytes() * cluster.topology().brokers().replicas();
    }

    private static String volumes(LintedCluster cluster) {
        KafkaBrokers brokers = cluster.topology().brokers();
        boolean grows = brokers.storage().data().expansion().isPresent();
        return brokers.replicas() + " volumes of " + (grows ? "at most " : "") + most(cluster);
    }

    /** What the topics of a cluster keep, with all replicas, in bytes. */
    private static final class Demand {
        /** By ingress and retention. */
        private double expected;
        /** By what retention allows, where something is known of it. */
        private double allowed;

        private double largest;
        private @Nullable TopicName largestTopic;

        static Demand of(LintedCluster cluster) {
            Demand demand = new Demand();
            cluster.topicSets().forEach(set -> set.alike().forEach(alike -> demand.add(set, alike)));
            return demand;
        }

        private void add(LintedTopics set, LintedTopics.Alike alike) {
            LintedTopics.Topic any = alike.topics().get(0); // none of them says anything else of its properties
            String policy = any.config("cleanup.policy").orElse("delete");
            if (!policy.contains("delete")) {
                return; // what compaction leaves depends on the keys
            }
            boolean tiered = any.config("remote.storage.enable")
                    .map(text -> text.trim().equalsIgnoreCase("true"))
                    .orElse(false);
            OptionalLong bytes = limit(any, "retention.bytes", tiered);
            OptionalLong millis = limit(any, "retention.ms", tiered);
            long segment =
                    Numbers.whole(any.config("segment.bytes").orElse(null)).orElse(0);
            Optional<DataSize> ofSet = set.value().defaults().ingressPerSecond();
            for (LintedTopics.Topic topic : alike.topics()) {
                Optional<DataSize> own = topic.spec().ingressPerSecond();
                add(topic, own.isPresent() ? own : ofSet, bytes, millis, segment);
            }
        }

        private void add(
                LintedTopics.Topic topic,
                Optional<DataSize> ingress,
                OptionalLong bytes,
                OptionalLong millis,
                long segment) {
            double bySize = Double.POSITIVE_INFINITY;
            double withSegment = Double.POSITIVE_INFINITY;
            int replicas = topic.replicationFactor().orElse(1);
            if (bytes.isPresent()) {
                // the oldest segment goes only when what stays without it is still large enough
                double copies = (double) topic.partitions().orElse(1) * replicas;
                bySize = bytes.getAsLong() * copies;
                withSegment = ((double) bytes.getAsLong() + segment) * copies;
            }
            double byTime = ingress.isPresent() && millis.isPresent()
                    ? (double) ingress.get().bytes() * millis.getAsLong() / 1000 * replicas
                    : Double.POSITIVE_INFINITY;
            if (ingress.isPresent() && Math.min(byTime, bySize) < Double.POSITIVE_INFINITY) {
                expected += Math.min(byTime, bySize);
            }
            double most = Math.min(byTime, withSegment);
            if (most < Double.POSITIVE_INFINITY) {
                allowed += most;
                if (most > largest) {
                    largest = most;
                    largestTopic = topic.name();
                }
            }
        }

        /** The limit on what brokers keep themselves; empty if there is none or it is not known. */
        private static OptionalLong limit(LintedTopics.Topic topic, String key, boolean tiered) {
            if (tiered) {
                OptionalLong local = Numbers.whole(topic.config("local." + key).orElse(null));
                if (local.isPresent() && local.getAsLong() >= 0) {
                    return local;
                } // -2 stands for the topic's whole retention
            }
            OptionalLong found = Numbers.whole(topic.config(key).orElse(null));
            return found.isPresent() && found.getAsLong() >= 0 ? found : OptionalLong.empty();
        }

        /** The topic that takes most of it, for a message. */
        String largest() {
            return largestTopic == null ? "" : " ('" + largestTopic + "' alone takes " + Numbers.size(largest) + ")";
        }
    }
}
