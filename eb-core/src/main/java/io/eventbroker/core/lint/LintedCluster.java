package io.eventbroker.core.lint;

import io.eventbroker.core.config.ClusterConfig;
import io.eventbroker.core.kind.Document;
import io.eventbroker.core.kind.Documents;
import io.eventbroker.core.topic.TopicSet;
import io.eventbroker.core.topology.Environment;
import io.eventbroker.core.topology.Topology;
import java.util.List;

/**
 * A cluster as rules see it. Made once for all of them.
 *
 * @param document the topology and its places
 * @param environment that the cluster stands in
 * @param config what holds for its brokers, topics and components after all layers
 * @param topicSets that are for this cluster
 * @param platform every document, for references to others
 */
public record LintedCluster(
        Document<Topology> document,
        Environment environment,
        ClusterConfig config,
        List<Document<TopicSet>> topicSets,
        Documents platform) {
    public LintedCluster {
        topicSets = List.copyOf(topicSets);
    }

    public Topology topology() {
        return document.value();
    }

    /** Whether it is nobody's loss if this cluster is: in the standard environment {@code development}. */
    public boolean isDevelopment() {
        return environment.name().equals("development");
    }

    /** Whether others live from it: in the standard environments {@code production} and {@code dr}. */
    public boolean isProduction() {
        return environment.name().equals("production") || environment.name().equals("dr");
    }
}
