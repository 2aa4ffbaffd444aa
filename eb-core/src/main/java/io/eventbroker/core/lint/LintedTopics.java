package io.eventbroker.core.lint;

import io.eventbroker.core.TopicName;
import io.eventbroker.core.config.EffectiveConfig;
import io.eventbroker.core.config.Setting;
import io.eventbroker.core.kind.Document;
import io.eventbroker.core.topic.TopicDefaults;
import io.eventbroker.core.topic.TopicSet;
import io.eventbroker.core.topic.TopicSpec;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;

/**
 * A {@code TopicSet} as rules see it, with what each topic inherits. Made once for all of them; what a topic inherits is
 * looked up when it is asked for, not merged, so that ten thousand topics cost little.
 */
public final class LintedTopics {
    private final Document<TopicSet> document;
    private final Optional<LintedCluster> cluster;
    private final EffectiveConfig inherited;
    private final Optional<Integer> partitions;
    private final Optional<Integer> replicationFactor;
    private final List<Topic> topics;
    private final List<Alike> alike;

    LintedTopics(Document<TopicSet> document, Optional<LintedCluster> cluster) {
        this.document = document;
        this.cluster = cluster;
        this.inherited = cluster.map(known -> known.config().topics()).orElse(EffectiveConfig.empty());
        TopicDefaults defaults = document.value().defaults();
        this.partitions = defaults.partitions().or(() -> ofBrokers("num.partitions"));
        this.replicationFactor = defaults.replicationFactor().or(() -> ofBrokers(ReplicationRules.FACTOR));
        List<TopicSpec> specs = document.value().topics();
        List<Topic> all = new ArrayList<>(specs.size());
        Map<SortedMap<String, String>, Alike> byConfigs = new LinkedHashMap<>();
        for (int i = 0; i < specs.size(); i++) {
            Topic topic = new Topic(i, specs.get(i));
            all.add(topic);
            byConfigs
                    .computeIfAbsent(topic.spec().configs(), configs -> new Alike(configs, new ArrayList<>()))
                    .topics()
                    .add(topic);
        }
        this.topics = Collections.unmodifiableList(all);
        this.alike = List.copyOf(byConfigs.values());
    }

    /**
     * Topics that set the same properties to the same values themselves: ten thousand topics differ in few ways, and what is
     * to be said of properties need be found out only once for each.
     *
     * @param topics in the order of the file
     */
    record Alike(SortedMap<String, String> configs, List<Topic> topics) {}

    private Optional<Integer> ofBrokers(String key) {
        return cluster.map(known -> Configured.numberOfBrokers(known, key))
                .filter(number ->
                        number.isPresent() && number.getAsLong() >= 0 && number.getAsLong() <= Integer.MAX_VALUE)
                .map(number -> (int) number.getAsLong());
    }

    public Document<TopicSet> document() {
        return document;
    }

    public TopicSet value() {
        return document.value();
    }

    /** What holds for a property of topics that do not set it: the set's, or what the layers say; empty if nobody says. */
    Optional<String> inherited(String key) {
        String ofSet = document.value().defaults().configs().get(key);
        return ofSet != null ? Optional.of(ofSet) : inherited.find(key).map(Setting::value);
    }

    /** The cluster that the topics live in; empty where the host decides. */
    public Optional<LintedCluster> cluster() {
        return cluster;
    }

    /** In the order of the file. */
    public List<Topic> topics() {
        return topics;
    }

    /** All topics, by what they set themselves. */
    List<Alike> alike() {
        return alike;
    }

    /** A topic of the set, with what it inherits. */
    public final class Topic {
        private final int position;
        private final TopicSpec spec;

        private Topic(int position, TopicSpec spec) {
            this.position = position;
            this.spec = spec;
        }

        public TopicName name() {
            return spec.name();
        }

        /** As written, without what it inherits. */
        public TopicSpec spec() {
            return spec;
        }

        /** The path of the topic, or of an element below it such as {@code configs[retention.ms]}. */
        public String path(String below) {
            String path = "spec.topics[" + position + "]";
            return below.isEmpty() ? path : path + "." + below;
        }

        /** Its own, or the set's, or the cluster's; empty if none of them says. */
        public Optional<Integer> partitions() {
            return spec.partitions().isPresent() ? spec.partitions() : partitions;
        }

        /** Its own, or the set's, or the cluster's; empty if none of them says. */
        public Optional<Integer> replicationFactor() {
            return spec.replicationFactor().isPresent() ? spec.replicationFactor() : replicationFactor;
        }

        /** What holds for a property: its own, the set's, or what the layers say; empty if nobody says. */
        public Optional<String> config(String key) {
            String own = spec.configs().get(key);
            return own != null ? Optional.of(own) : inherited(key);
        }

        /** Where a property is set, for findings: at the topic, else in the set's defaults, else the topic itself. */
        public String configPath(String key) {
            TopicDefaults defaults = document.value().defaults();
            return spec.configs().containsKey(key) || !defaults.configs().containsKey(key)
                    ? path("configs[" + key + "]")
                    : "spec.defaults.configs[" + key + "]";
        }

        @Override
        public String toString() {
            return name().toString();
        }
    }
}
