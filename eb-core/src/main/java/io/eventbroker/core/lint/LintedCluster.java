package io.eventbroker.core.lint;

import io.eventbroker.core.config.ClusterConfig;
import io.eventbroker.core.kind.Document;
import io.eventbroker.core.kind.Documents;
import io.eventbroker.core.topic.TopicSet;
import io.eventbroker.core.topology.Environment;
import io.eventbroker.core.topology.Topology;
import java.util.List;
import java.util.Optional;

/** A cluster as rules see it. Made once for all of them. */
public final class LintedCluster {
    private final Document<Topology> document;
    private final Environment environment;
    private final ClusterConfig config;
    private final Documents platform;
    private final List<LintedTopics> topicSets;

    LintedCluster(
            Document<Topology> document,
            Environment environment,
            ClusterConfig config,
            List<Document<TopicSet>> topicSets,
            Documents platform) {
        this.document = document;
        this.environment = environment;
        this.config = config;
        this.platform = platform;
        this.topicSets = topicSets.stream()
                .map(set -> new LintedTopics(set, Optional.of(this)))
                .toList();
    }

    /** The topology and its places. */
    public Document<Topology> document() {
        return document;
    }

    public Topology topology() {
        return document.value();
    }

    /** The environment that the cluster stands in. */
    public Environment environment() {
        return environment;
    }

    /** What holds for its brokers, topics and components after all layers. */
    public ClusterConfig config() {
        return config;
    }

    /** The sets of topics that are for this cluster. */
    public List<LintedTopics> topicSets() {
        return topicSets;
    }

    /** Every document, for references to others. */
    public Documents platform() {
        return platform;
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
