package io.eventbroker.core.lint;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;

/**
 * How many replicas a topic has and how many must be in sync, where the topic or its set says something about either: what
 * both inherit is the cluster's, and not said again of every topic.
 *
 * @param name the topic, or words for all that inherit from the set
 * @param ownMinInsync whether topic or set say how many must be in sync
 * @param path where the one that says something says it
 */
record TopicReplicas(String name, long factor, long minInsync, boolean ownMinInsync, String path) {

    /** One for each topic that says something itself, and one for the others together if the set's defaults do. */
    static List<TopicReplicas> of(LintedTopics set) {
        List<TopicReplicas> all = new ArrayList<>();
        Set<String> said = new HashSet<>();
        OptionalLong inherited = set.cluster()
                .map(cluster -> Configured.numberOfBrokers(cluster, ReplicationRules.FACTOR))
                .orElse(OptionalLong.empty());
        boolean minOfSet = set.value().defaults().configs().containsKey(ReplicationRules.MIN_INSYNC);
        for (LintedTopics.Topic topic : set.topics()) {
            boolean ownFactor = topic.spec().replicationFactor().isPresent();
            boolean ownMin = topic.spec().configs().containsKey(ReplicationRules.MIN_INSYNC);
            long factor = topic.spec()
                    .replicationFactor()
                    .or(() -> set.value().defaults().replicationFactor())
                    .map(Integer::longValue)
                    .orElse(inherited.orElse(0));
            long minInsync = topic.config(ReplicationRules.MIN_INSYNC)
                    .map(text -> Numbers.whole(text).orElse(0))
                    .orElse(0L);
            boolean asInherited = !ownMin && !minOfSet && factor == inherited.orElse(0);
            if (factor > 0 && minInsync > 0 && !asInherited) {
                boolean own = ownFactor || ownMin;
                String path = ownMin || (!own && minOfSet)
                        ? topic.configPath(ReplicationRules.MIN_INSYNC)
                        : ownFactor ? topic.path("replicationFactor") : "spec.defaults.replicationFactor";
                if (said.add(path)) {
                    String name = own ? "'" + topic.name() + "'" : "a topic that says nothing else";
                    all.add(new TopicReplicas(name, factor, minInsync, ownMin || minOfSet, path));
                }
            }
        }
        return all;
    }
}
