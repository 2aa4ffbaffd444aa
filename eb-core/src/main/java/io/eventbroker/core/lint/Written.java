package io.eventbroker.core.lint;

import io.eventbroker.core.config.ConfigCatalogue;
import io.eventbroker.core.config.ConfigKey;
import io.eventbroker.core.config.ConfigScope;
import io.eventbroker.core.config.ConfigTarget;
import io.eventbroker.core.config.EffectiveConfig;
import io.eventbroker.core.config.Layer;
import io.eventbroker.core.config.Setting;
import io.eventbroker.core.kind.Violation;
import io.eventbroker.core.topology.Version;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** What files set for a cluster, key by key, and what is to be said of the keys for its release of Kafka. */
final class Written {
    private Written() {}

    /** What is to be said of a key. */
    enum Verdict {
        /** Kafka never had it, and no plugin that is known has. */
        UNKNOWN,
        /** Only a later release has it. */
        LATER,
        /** Only earlier releases have it. */
        REMOVED,
        /** It should be used no more. */
        DEPRECATED,
        /** The next catalogued release has it no more, although nobody called it deprecated. */
        REMOVED_IN_NEXT
    }

    /** Something to be said of a key, with a remedy. */
    record Judgement(Verdict verdict, String message, String remedy) {}

    /** Checks the keys of every layer, overridden ones too, and those of topics. */
    static Rule.Builder check(Rule.Builder rule, Verdict about) {
        return rule.onClusters((cluster, report) -> ofCluster(cluster, about, report))
                .onTopicSets((set, report) -> ofTopics(set, about, report))
                .onManifests((manifest, report) -> PropertyRules.keys(manifest, about, report));
    }

    private static void ofCluster(LintedCluster cluster, Verdict about, Reporter report) {
        ConfigCatalogue catalogue = cluster.config().catalogue();
        // which a cluster of ZooKeeper cannot do without; a rule of its own says that it should not stay one
        boolean needsZooKeeper = cluster.topology().zooKeeper().isPresent();
        Set<String> seen = new HashSet<>();
        for (ConfigTarget target : ConfigTarget.values()) {
            target.scope()
                    .ifPresent(scope -> ofLayers(
                            cluster.config().component(target),
                            target,
                            scope,
                            catalogue,
                            about,
                            needsZooKeeper,
                            seen,
                            report));
        }
        cluster.config()
                .eachBroker()
                .values()
                .forEach(config -> ofLayers(
                        config,
                        ConfigTarget.BROKERS,
                        ConfigScope.BROKER,
                        catalogue,
                        about,
                        needsZooKeeper,
                        seen,
                        report));
    }

    private static void ofLayers(
            EffectiveConfig config,
            ConfigTarget target,
            ConfigScope scope,
            ConfigCatalogue catalogue,
            Verdict about,
            boolean needsZooKeeper,
            Set<String> seen,
            Reporter report) {
        for (Setting top : config.settings()) {
            if (top.layer() == Layer.KAFKA || (needsZooKeeper && top.key().startsWith("zookeeper."))) {
                continue;
            }
            // a place counts once: brokers share layers, and topics have what brokers set for them
            Optional<Judgement> judgement = judge(catalogue, scope, top.key());
            if (judgement.isPresent() && judgement.get().verdict() == about) {
                for (Optional<Setting> next = Optional.of(top);
                        next.isPresent();
                        next = next.get().overrode()) {
                    Setting setting = next.get();
                    if (setting.layer() != Layer.KAFKA
                            && seen.add(setting.location().toString())) {
                        report.finding(
                                target,
                                setting,
                                judgement.get().message(),
                                judgement.get().remedy());
                    }
                }
            }
        }
    }

    private static void ofTopics(LintedTopics set, Verdict about, Reporter report) {
        if (set.cluster().isEmpty()) {
            return;
        }
        ConfigCatalogue catalogue = set.cluster().get().config().catalogue();
        Set<String> keys = new TreeSet<>();
        set.alike().forEach(alike -> keys.addAll(alike.configs().keySet()));
        Set<String> ofSet = set.value().defaults().configs().keySet();
        keys.addAll(ofSet);
        for (String key : keys) {
            judge(catalogue, ConfigScope.TOPIC, key)
                    .filter(judgement -> judgement.verdict() == about)
                    .ifPresent(judgement -> {
                        String below = "configs[" + key + "]";
                        if (ofSet.contains(key)) {
                            report.finding("spec.defaults." + below, judgement.message(), judgement.remedy());
                        }
                        set.alike().stream()
                                .filter(alike -> alike.configs().containsKey(key))
                                .flatMap(alike -> alike.topics().stream())
                                .forEach(topic ->
                                        report.finding(topic.path(below), judgement.message(), judgement.remedy()));
                    });
        }
    }

    static Optional<Judgement> judge(ConfigCatalogue catalogue, ConfigScope scope, String key) {
        Optional<ConfigKey> found = catalogue.find(scope, key);
        if (found.isEmpty()) {
            return catalogue.check(scope, key, "").map(missing -> missing(catalogue, scope, key, missing));
        }
        Optional<String> removed = found.get().removedIn().map(Written::minor);
        return found.get()
                .deprecation()
                .map(deprecated -> new Judgement(
                        Verdict.DEPRECATED,
                        "'" + key + "' is deprecated since Kafka "
                                + minor(deprecated.since())
                                + removed.map(release -> ", and Kafka " + release + " has it no more")
                                        .orElse(""),
                        PropertyRules.sentence(deprecated.remedy())))
                .or(() -> removed.filter(release -> isNext(
                                catalogue.version(), found.get().removedIn().get()))
                        .map(release -> new Judgement(
                                Verdict.REMOVED_IN_NEXT,
                                "Kafka " + release + " has no '" + key + "' any more",
                                "Plan how to do without it before the upgrade.")));
    }

    private static boolean isNext(Version version, Version removedIn) {
        List<Version> later =
                ConfigCatalogue.versions().stream().filter(version::isBefore).toList();
        return !later.isEmpty() && later.get(0).equals(removedIn);
    }

    private static String minor(Version version) {
        return version.major() + "." + version.minor();
    }

    private static Judgement missing(ConfigCatalogue catalogue, ConfigScope scope, String key, Violation missing) {
        List<Version> had = ConfigCatalogue.releasesWith(scope, key);
        Verdict verdict = had.isEmpty()
                ? Verdict.UNKNOWN
                : catalogue.version().isBefore(had.get(0)) ? Verdict.LATER : Verdict.REMOVED;
        return new Judgement(verdict, missing.message(), PropertyRules.sentence(missing.remedy()));
    }
}
