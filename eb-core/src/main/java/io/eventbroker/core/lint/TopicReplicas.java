package io.eventbroker.core.lint;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * How many replicas a topic has and how many must be in sync, where the topic or its set says something about either: what
 * both inherit is the cluster's, and not said again of every topic.
 *
 * @param topic one that says something itself, or the first of those that inherit from the set
 * @param own whether the topic says something itself
 * @param ownMinInsync whether topic or set say how many must be in sync
 */
record TopicReplicas(LintedTopics.Topic topic, boolean own, long factor, long minInsync, boolean ownMinInsync) {

    /** One for each topic that says something itself, and one for the others together if the set's defaults do. */
    static List<TopicReplicas> of(LintedTopics set) {
        List<TopicReplicas> all = new ArrayList<>();
        OptionalLong inherited = set.cluster()
                .map(cluster -> Configured.numberOfBrokers(cluster, ReplicationRules.FACTOR))
                .orElse(OptionalLong.empty());
        boolean minOfSet = set.value().defaults().configs().containsKey(ReplicationRules.MIN_INSYNC);
        boolean seenInheriting = false;
        for (LintedTopics.Alike alike : set.alike()) {
            boolean ownMin = alike.configs().containsKey(ReplicationRules.MIN_INSYNC);
            long minInsync = Optional.ofNullable(alike.configs().get(ReplicationRules.MIN_INSYNC))
                    .or(() -> set.inherited(ReplicationRules.MIN_INSYNC))
                    .map(text -> Numbers.whole(text).orElse(0))
                    .orElse(0L);
            if (minInsync <= 0) {
                continue;
            }
            for (LintedTopics.Topic topic : alike.topics()) {
                Optional<Integer> written = topic.spec().replicationFactor();
                boolean own = ownMin || written.isPresent();
                if (!own && seenInheriting) {
                    continue; // all of them have the same
                }
                seenInheriting |= !own;
                long factor = written.or(() -> set.value().defaults().replicationFactor())
                        .map(Integer::longValue)
                        .orElse(inherited.orElse(0));
                boolean asInherited = !ownMin && !minOfSet && factor == inherited.orElse(0);
                if (factor > 0 && !asInherited) {
                    all.add(new TopicReplicas(topic, own, factor, minInsync, ownMin || minOfSet));
                }
            }
        }
        return all;
    }

    /** The topic, or words for all that inherit from the set. */
    String name() {
        return own ? "'" + topic.name() + "'" : "a topic that says nothing else";
    }

    /** Where the one that says something says it. */
    String path() {
        if (topic.spec().configs().containsKey(ReplicationRules.MIN_INSYNC) || (!own && ownMinInsync)) {
            return topic.configPath(ReplicationRules.MIN_INSYNC);
        }
        return own ? topic.path("replicationFactor") : "spec.defaults.replicationFactor";
    }
}
