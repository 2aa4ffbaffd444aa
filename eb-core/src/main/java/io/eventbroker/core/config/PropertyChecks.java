package io.eventbroker.core.config;

import io.eventbroker.core.BrokerId;
import io.eventbroker.core.kind.Document;
import io.eventbroker.core.kind.Documents;
import io.eventbroker.core.kind.Findings;
import io.eventbroker.core.kind.Violation;
import io.eventbroker.core.problem.Problem;
import io.eventbroker.core.problem.SourceLocation;
import io.eventbroker.core.topic.TopicSet;
import io.eventbroker.core.topic.TopicSpec;
import io.eventbroker.core.topology.Topology;
import io.eventbroker.core.topology.Version;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.stream.Collectors;

/** What is wrong with properties where they are written, before they are laid over each other. */
final class PropertyChecks {
    private PropertyChecks() {}

    /** Adds what is wrong with the properties of a cluster, without laying them over each other. */
    static void check(Documents platform, Document<Topology> cluster, Findings findings) {
        check(
                ClusterConfig.catalogue(cluster),
                ConfigSource.of(platform, cluster),
                ConfigSource.topicSets(platform, cluster),
                findings);
    }

    /**
     * Adds what is wrong with properties of clusters that are not there to tell their release: what is wrong in every
     * catalogued one, in the words of the newest.
     */
    static void checkAbsentClusters(Documents platform, Findings findings) {
        for (List<ConfigSource> sources : ConfigSource.ofAbsentClusters(platform)) {
            findings.addAll(always(sources, List.of()));
        }
        findings.addAll(always(List.of(), ConfigSource.topicSetsOfAbsentClusters(platform)));
    }

    private static List<Problem> always(List<ConfigSource> sources, List<Document<TopicSet>> topicSets) {
        List<Version> releases = ConfigCatalogue.versions();
        List<Problem> always = new ArrayList<>(problems(releases.get(releases.size() - 1), sources, topicSets));
        for (int i = releases.size() - 2; i >= 0 && !always.isEmpty(); i--) {
            Set<SourceLocation> wrong = problems(releases.get(i), sources, topicSets).stream()
                    .map(Problem::location)
                    .collect(Collectors.toSet());
            always.removeIf(problem -> !wrong.contains(problem.location()));
        }
        return always;
    }

    private static List<Problem> problems(
            Version release, List<ConfigSource> sources, List<Document<TopicSet>> topicSets) {
        Findings found = new Findings();
        check(ConfigCatalogue.of(release), sources, topicSets, found);
        return found.problems().asList();
    }

    static void check(
            ConfigCatalogue catalogue,
            List<ConfigSource> sources,
            List<Document<TopicSet>> topicSets,
            Findings findings) {
        Map<String, ConfigSource> first = new HashMap<>();
        for (ConfigSource source : sources) {
            source.properties().forEach((key, value) -> {
                check(Known.of(catalogue, source.target(), key), source, key, value, findings);
                checkOnce(source, key, first, findings);
            });
        }
        Map<String, Known> known = new HashMap<>();
        for (Document<TopicSet> set : topicSets) {
            check(catalogue, known, ConfigSource.ofAll(set), findings);
            List<TopicSpec> topics = set.value().topics();
            Set<SortedMap<String, String>> sound = new HashSet<>(); // of ten thousand topics, most say what others say
            for (int i = 0; i < topics.size(); i++) {
                SortedMap<String, String> configs = topics.get(i).configs();
                if (sound.add(configs) && !check(catalogue, known, ConfigSource.ofOne(set, i), findings)) {
                    sound.remove(configs);
                }
            }
        }
    }

    /** Whether the properties of topics are sound. */
    private static boolean check(
            ConfigCatalogue catalogue, Map<String, Known> known, ConfigSource source, Findings findings) {
        boolean sound = true;
        for (Map.Entry<String, String> entry : source.properties().entrySet()) {
            String key = entry.getKey();
            Known what = known.computeIfAbsent(key, any -> Known.of(catalogue, source.target(), key));
            sound &= check(what, source, key, entry.getValue(), findings);
        }
        return sound;
    }

    private static void checkOnce(ConfigSource source, String key, Map<String, ConfigSource> first, Findings findings) {
        List<String> places = source.brokers().isEmpty()
                ? List.of("")
                : source.brokers().stream().map(BrokerId::toString).toList();
        for (String broker : places) {
            ConfigSource other =
                    first.putIfAbsent(source.layer() + " " + source.target() + " " + broker + " " + key, source);
            if (other != null) {
                findings.error(
                        source.document(),
                        source.path(key),
                        "'" + key + "' is already set in the same layer, at "
                                + other.document().locate(other.path(key)),
                        "keep one of the two");
                return;
            }
        }
    }

    /** What the catalogue says of a key: looked up once, for the same few keys stand in ten thousand topics. */
    private record Known(ConfigCatalogue catalogue, ConfigTarget target, boolean sensitive, Optional<ConfigKey> key) {
        static Known of(ConfigCatalogue catalogue, ConfigTarget target, String key) {
            return new Known(
                    catalogue,
                    target,
                    isSensitive(catalogue, target, key),
                    target.scope().flatMap(scope -> catalogue.find(scope, key)));
        }

        /** Unknown keys are ignored by all but topics: brokers make none that has one ({@code LogConfig.validate}). */
        Optional<Violation> check(String name, String value) {
            return key.isEmpty() && target == ConfigTarget.TOPICS
                    ? catalogue.check(ConfigScope.TOPIC, name, value)
                    : key.flatMap(catalogued -> catalogued.check(value));
        }
    }

    private static boolean check(Known known, ConfigSource source, String key, String value, Findings findings) {
        if (known.sensitive() && !value.isEmpty() && !ConfigReference.isIn(value)) {
            findings.error(
                    source.document(),
                    source.path(key),
                    "'" + key + "' is a secret and must not stand in a file",
                    "write a reference such as ${secret:NAME/KEY}");
            return false;
        }
        Optional<Violation> wrong = known.check(key, value);
        wrong.ifPresent(found -> findings.error(source.document(), source.path(key), found.message(), found.remedy()));
        return wrong.isEmpty();
    }

    static boolean isSensitive(ConfigCatalogue catalogue, ConfigTarget target, String key) {
        // components without definitions of their own embed Kafka's clients
        return catalogue.isSensitive(target.scope().orElse(ConfigScope.CONSUMER), key);
    }
}
