package io.eventbroker.core.config;

import io.eventbroker.core.BrokerId;
import io.eventbroker.core.kind.Document;
import io.eventbroker.core.kind.Documents;
import io.eventbroker.core.kind.Findings;
import io.eventbroker.core.problem.Problem;
import io.eventbroker.core.problem.SourceLocation;
import io.eventbroker.core.topology.Topology;
import io.eventbroker.core.topology.Version;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** What is wrong with properties where they are written, before they are laid over each other. */
final class PropertyChecks {
    private PropertyChecks() {}

    /** Adds what is wrong with the properties of a cluster, without laying them over each other. */
    static void check(Documents platform, Document<Topology> cluster, Findings findings) {
        check(ClusterConfig.catalogue(cluster), ConfigSource.of(platform, cluster), findings);
    }

    /**
     * Adds what is wrong with properties of clusters that are not there to tell their release: what is wrong in every
     * catalogued one, in the words of the newest.
     */
    static void checkAbsentClusters(Documents platform, Findings findings) {
        List<Version> releases = ConfigCatalogue.versions();
        for (List<ConfigSource> sources : ConfigSource.ofAbsentClusters(platform)) {
            List<Problem> always = new ArrayList<>(problems(releases.get(releases.size() - 1), sources));
            for (int i = releases.size() - 2; i >= 0 && !always.isEmpty(); i--) {
                Set<SourceLocation> wrong = problems(releases.get(i), sources).stream()
                        .map(Problem::location)
                        .collect(Collectors.toSet());
                always.removeIf(problem -> !wrong.contains(problem.location()));
            }
            findings.addAll(always);
        }
    }

    private static List<Problem> problems(Version release, List<ConfigSource> sources) {
        Findings found = new Findings();
        check(ConfigCatalogue.of(release), sources, found);
        return found.problems().asList();
    }

    static void check(ConfigCatalogue catalogue, List<ConfigSource> sources, Findings findings) {
        Map<String, ConfigSource> first = new HashMap<>();
        Map<ConfigTarget, Map<String, Known>> known = new EnumMap<>(ConfigTarget.class);
        for (ConfigSource source : sources) {
            Map<String, Known> keys = known.computeIfAbsent(source.target(), target -> new HashMap<>());
            source.properties().forEach((key, value) -> {
                check(
                        keys.computeIfAbsent(key, any -> Known.of(catalogue, source.target(), key)),
                        source,
                        key,
                        value,
                        findings);
                if (source.layer() != Layer.TOPIC) {
                    checkOnce(source, key, first, findings);
                }
            });
        }
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
    private record Known(boolean sensitive, Optional<ConfigKey> key) {
        static Known of(ConfigCatalogue catalogue, ConfigTarget target, String key) {
            return new Known(
                    isSensitive(catalogue, target, key), target.scope().flatMap(scope -> catalogue.find(scope, key)));
        }
    }

    private static void check(Known known, ConfigSource source, String key, String value, Findings findings) {
        if (known.sensitive() && !value.isEmpty() && !ConfigReference.isIn(value)) {
            findings.error(
                    source.document(),
                    source.path(key),
                    "'" + key + "' is a secret and must not stand in a file",
                    "write a reference such as ${secret:NAME/KEY}");
            return;
        }
        known.key()
                .flatMap(catalogued -> catalogued.check(value))
                .ifPresent(
                        wrong -> findings.error(source.document(), source.path(key), wrong.message(), wrong.remedy()));
    }

    static boolean isSensitive(ConfigCatalogue catalogue, ConfigTarget target, String key) {
        // components without definitions of their own embed Kafka's clients
        return catalogue.isSensitive(target.scope().orElse(ConfigScope.CONSUMER), key);
    }
}
