package io.eventbroker.core.lint;

import io.eventbroker.core.config.ConfigTarget;
import io.eventbroker.core.config.Layer;
import io.eventbroker.core.manifest.internal.ImageName;
import io.eventbroker.core.topology.Compatibility;
import io.eventbroker.core.topology.Component;
import io.eventbroker.core.topology.ControlCenter;
import io.eventbroker.core.topology.Distribution;
import io.eventbroker.core.topology.KraftMigration;
import io.eventbroker.core.topology.MirrorMaker;
import io.eventbroker.core.topology.Service;
import io.eventbroker.core.topology.Topology;
import io.eventbroker.core.topology.Version;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What belongs to one release and is used with another. */
final class VersionRules {
    private static final String CATALOGUE = "org.apache.kafka.common.config.ConfigDef, of the release";
    private static final String ZOOKEEPER = "KIP-833: Mark KRaft as production ready";
    private static final String UPGRADE = "https://docs.confluent.io/platform/7.7/installation/upgrade.html";

    static final Rule UNKNOWN_KEY = Written.check(
                    Rule.warning("versions/unknown-key")
                            .reason(
                                    "Brokers ignore what they do not know: a mistyped key leaves the default in force, and"
                                            + " nobody notices. A topic with an unknown key cannot be created, which the reader of"
                                            + " topics refuses already.")
                            .remedy("Correct the key, or remove it.")
                            .source(CATALOGUE),
                    Written.Verdict.UNKNOWN)
            .build();

    static final Rule LATER_KEY = Written.check(
                    Rule.warning("versions/key-of-later-release")
                            .reason("Kafka ignores what it does not know yet, so that the key does nothing before the"
                                    + " upgrade.")
                            .remedy("Remove it, or upgrade first.")
                            .source(CATALOGUE),
                    Written.Verdict.LATER)
            .build();

    static final Rule REMOVED_KEY = Written.check(
                    Rule.warning("versions/removed-key")
                            .reason(
                                    "Kafka ignores what it does not know any more, so that what the key asked for does not"
                                            + " happen; topics that have it cannot be created, which the reader refuses"
                                            + " already.")
                            .remedy("Remove it, or use what replaced it.")
                            .source(CATALOGUE),
                    Written.Verdict.REMOVED)
            .build();

    static final Rule DEPRECATED_KEY = Written.check(
                    Rule.warning("versions/deprecated-key")
                            .reason("A later release will not have it, and an upgrade is a bad moment to find out.")
                            .remedy("Use what replaces it.")
                            .source(CATALOGUE),
                    Written.Verdict.DEPRECATED)
            .build();

    static final Rule REMOVED_IN_NEXT = Written.check(
                    Rule.info("versions/removed-in-next")
                            .reason("The next release does not have it, and would ignore it or refuse to start.")
                            .remedy("Plan how to do without it before the upgrade.")
                            .source(CATALOGUE),
                    Written.Verdict.REMOVED_IN_NEXT)
            .build();

    static final Rule NEWER_THAN_KNOWN = Rule.info("versions/newer-than-known")
            .reason("Rules that look at releases know only those that there were when they were written.")
            .remedy("Update the SDK when it can.")
            .source("io.eventbroker.core.topology.Compatibility")
            .onClusters((cluster, report) -> {
                Distribution distribution = cluster.topology().distribution();
                if (Compatibility.isBeyond(distribution)) {
                    report.finding(
                            "spec.distribution.version",
                            distribution
                                    + " is newer than what is known of releases here, so that checks by version may"
                                    + " miss something");
                }
            })
            .build();

    /** An init container has the version of the operator that it belongs to. */
    private static final Pattern OPERATOR =
            Pattern.compile("(?:.*/)?confluent-init-container:([0-9]+\\.[0-9]+(?:\\.[0-9]+)?)(?:[@-].*)?");

    static final Rule OPERATOR_MISMATCH = Rule.warning("versions/operator")
            .reason("Confluent for Kubernetes is tested with a range of releases of Confluent Platform, and writes"
                    + " configuration for those.")
            .remedy("Use the init container of an operator that runs the platform's release, and that operator.")
            .source("https://docs.confluent.io/operator/3.3/release-notes.html")
            .onClusters((cluster, report) -> {
                if (cluster.topology().distribution() instanceof Distribution.Confluent confluent) {
                    cluster.topology()
                            .componentsByKey()
                            .forEach((key, component) -> component
                                    .image()
                                    .init()
                                    .map(OPERATOR::matcher)
                                    .filter(Matcher::matches)
                                    .map(matcher -> Version.parse(matcher.group(1)))
                                    .flatMap(Compatibility::operator)
                                    .filter(release -> !release.worksWith(confluent.version()))
                                    .ifPresent(release -> report.finding(
                                            "spec." + key + ".image.init",
                                            "Confluent for Kubernetes " + minor(release.version())
                                                    + " runs Confluent Platform " + minor(release.from()) + " to "
                                                    + minor(release.to()) + ", not " + confluent.version())));
                }
            })
            .build();

    static final Rule IMAGE_RELEASE = Rule.error("versions/image-release")
            .reason(
                    "What is checked and planned for one release runs as another; properties may not exist there, and an"
                            + " upgrade happens when nobody planned one.")
            .remedy("Make the image's tag and the release the same.")
            .source("https://docs.confluent.io/platform/current/installation/docker/image-reference.html")
            .onClusters((cluster, report) -> {
                Topology topology = cluster.topology();
                topology.componentsByKey().forEach((key, component) -> {
                    ImageName image = ImageName.parse(component.image().application());
                    Optional<Version> expected = topology.distribution() instanceof Distribution.Confluent
                            ? expectedOfConfluent(topology, component, image)
                            : expectedOfApache(topology, component, image);
                    Optional<Version> found = image.version();
                    if (expected.isPresent()
                            && found.isPresent()
                            && !(image.namesPatch() ? expected : expected.map(VersionRules::withoutPatch))
                                    .equals(found)) {
                        report.finding(
                                "spec." + key + ".image.application",
                                "the image has the tag " + image.tag().orElseThrow() + ", but the release is "
                                        + expected.get());
                    }
                });
            })
            .build();

    static final Rule MIXED_RELEASES = Rule.info("versions/mixed-releases")
            .reason(
                    "The components of a platform are tested together in one release; another mixture is nobody's but yours.")
            .remedy("Remove the component's version once its upgrade is through.")
            .source(UPGRADE)
            .onClusters((cluster, report) -> ofPlatform(cluster, (key, own) -> {
                if (own.isBefore(cluster.topology().distribution().version())) {
                    report.finding(
                            "spec." + key + ".version",
                            "runs " + own + ", the brokers "
                                    + cluster.topology().distribution().version());
                }
            }))
            .build();

    static final Rule SERVICE_AHEAD = Rule.warning("versions/service-ahead")
            .reason(
                    "Brokers are upgraded before what uses them: a newer service may ask for what older brokers do not have.")
            .remedy("Upgrade the brokers first.")
            .source("https://docs.confluent.io/operator/current/co-upgrading.html")
            .onClusters((cluster, report) -> ofPlatform(cluster, (key, own) -> {
                Version brokers = cluster.topology().distribution().version();
                if (withoutPatch(brokers).isBefore(withoutPatch(own))) {
                    report.finding("spec." + key + ".version", "runs " + own + ", ahead of the brokers' " + brokers);
                }
            }))
            .build();

    static final Rule ZOOKEEPER_DEPRECATED = Rule.warning("versions/zookeeper")
            .reason("ZooKeeper is deprecated since Kafka 3.5 and gone from 4.0 and Confluent Platform 8.0 on; without a"
                    + " migration there is no way to these.")
            .remedy("Describe 'controllers' and begin the migration: zooKeeper.migration.")
            .source(ZOOKEEPER)
            .onClusters((cluster, report) -> {
                if (cluster.topology().migration() == KraftMigration.NOT_STARTED) {
                    report.finding(
                            "spec.zooKeeper",
                            cluster.topology().distribution()
                                    + " keeps its metadata in ZooKeeper; the last releases with"
                                    + " it are Confluent Platform "
                                    + minor(Compatibility.ZOOKEEPER.lastConfluent()) + " and Kafka "
                                    + minor(Compatibility.ZOOKEEPER.lastKafka().orElseThrow()));
                }
            })
            .build();

    static final Rule LEGACY_CONTROL_CENTER = Rule.info("versions/legacy-control-center")
            .reason(
                    "It ended with Confluent Platform 7.9; its successor is a product with releases of its own, which takes"
                            + " metrics in another way.")
            .remedy("Plan the change before the upgrade to 8.0: name the release of Control Center as its version.")
            .source("https://docs.confluent.io/operator/current/co-upgrade-c3.html")
            .onClusters((cluster, report) -> {
                Optional<ControlCenter> controlCenter = cluster.topology().controlCenter();
                if (controlCenter.isPresent()
                        && controlCenter.get().workload().version().isEmpty()
                        && cluster.topology().distribution() instanceof Distribution.Confluent) {
                    report.finding(
                            "spec.controlCenter",
                            "is " + Compatibility.LEGACY_CONTROL_CENTER.what()
                                    + ", which ended with Confluent Platform "
                                    + minor(Compatibility.LEGACY_CONTROL_CENTER.lastConfluent()));
                }
            })
            .build();

    private static final Pattern PROTOCOL = Pattern.compile("([0-9]+)\\.([0-9]+)(?:[.-].*)?");
    private static final String PROTOCOL_KEY = "inter.broker.protocol.version";

    static final Rule PROTOCOL_AHEAD = Rule.error("versions/protocol-ahead")
            .reason("A broker does not start with a protocol version that it does not know.")
            .remedy("Lower inter.broker.protocol.version to the release's, or remove it.")
            .source("https://kafka.apache.org/39/documentation.html#brokerconfigs_inter.broker.protocol.version")
            .onClusters((cluster, report) -> protocol(cluster, report, true))
            .build();

    static final Rule PROTOCOL_BEHIND = Rule.warning("versions/protocol-behind")
            .reason(
                    "It is held back while brokers are upgraded. Left behind, new features stay off, and the next upgrade"
                            + " begins from an older state than it says.")
            .remedy("Raise inter.broker.protocol.version once all brokers run the release, or remove it.")
            .source("https://kafka.apache.org/39/documentation.html#upgrade")
            .onClusters((cluster, report) -> protocol(cluster, report, false))
            .build();

    static final List<Rule> ALL = List.of(
            UNKNOWN_KEY,
            LATER_KEY,
            REMOVED_KEY,
            DEPRECATED_KEY,
            REMOVED_IN_NEXT,
            NEWER_THAN_KNOWN,
            OPERATOR_MISMATCH,
            IMAGE_RELEASE,
            MIXED_RELEASES,
            SERVICE_AHEAD,
            ZOOKEEPER_DEPRECATED,
            LEGACY_CONTROL_CENTER,
            PROTOCOL_AHEAD,
            PROTOCOL_BEHIND);

    private VersionRules() {}

    /** Which brokers read only while ZooKeeper leads: those of KRaft have the feature metadata.version. */
    private static void protocol(LintedCluster cluster, Reporter report, boolean ahead) {
        if (!cluster.topology().migration().brokersUseZooKeeper()) {
            return;
        }
        Version kafka = withoutPatch(cluster.topology().distribution().kafka());
        cluster.config().brokers().find(PROTOCOL_KEY).ifPresent(setting -> {
            Matcher written = PROTOCOL.matcher(setting.value().trim());
            if (setting.layer() != Layer.KAFKA && written.matches()) {
                Version protocol = Version.parse(written.group(1) + "." + written.group(2));
                if (ahead ? kafka.isBefore(protocol) : protocol.isBefore(kafka)) {
                    report.finding(
                            ConfigTarget.BROKERS,
                            setting,
                            PROTOCOL_KEY + " is " + setting.value().trim() + ", the brokers are Kafka " + minor(kafka));
                }
            }
        });
    }

    /** The release of each service that is part of Confluent Platform and says one of its own. */
    private static void ofPlatform(LintedCluster cluster, BiConsumer<String, Version> each) {
        Topology topology = cluster.topology();
        if (topology.distribution() instanceof Distribution.Confluent) {
            topology.componentsByKey().forEach((key, component) -> {
                if (component instanceof Service
                        && !(component instanceof ControlCenter)
                        && !(component instanceof MirrorMaker)) {
                    component.workload().version().ifPresent(own -> each.accept(key, own));
                }
            });
        }
    }

    private static Optional<Version> expectedOfConfluent(Topology topology, Component component, ImageName image) {
        if (component instanceof MirrorMaker) {
            return image.isOfApache() ? component.workload().version() : Optional.empty();
        }
        return image.isOfConfluent() ? Optional.of(topology.versionOf(component)) : Optional.empty();
    }

    private static Optional<Version> expectedOfApache(Topology topology, Component component, ImageName image) {
        return image.isOfApache() ? Optional.of(topology.versionOf(component)) : Optional.empty();
    }

    private static Version withoutPatch(Version version) {
        return Version.of(version.major(), version.minor());
    }

    private static String minor(Version version) {
        return version.major() + "." + version.minor();
    }
}
