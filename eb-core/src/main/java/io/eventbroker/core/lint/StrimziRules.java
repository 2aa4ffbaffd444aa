package io.eventbroker.core.lint;

import io.eventbroker.core.problem.Nearest;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Clusters that Strimzi runs. */
final class StrimziRules {
    private static final String DOCS = "https://strimzi.io/docs/operators/latest/configuring.html";

    private static final List<String> FORBIDDEN = List.of(
            "listeners",
            "advertised.",
            "broker.",
            "listener.",
            "host.name",
            "port",
            "inter.broker.listener.name",
            "sasl.",
            "ssl.",
            "security.",
            "password.",
            "log.dir",
            "zookeeper.connect",
            "zookeeper.set.acl",
            "zookeeper.ssl",
            "zookeeper.clientCnxnSocket",
            "authorizer.",
            "super.user",
            "cruise.control.metrics.topic",
            "cruise.control.metrics.reporter.bootstrap.servers",
            "node.id",
            "process.roles",
            "controller.",
            "metadata.log.dir");

    private static final Set<String> ALLOWED = Set.of(
            "zookeeper.connection.timeout.ms",
            "sasl.server.max.receive.size",
            "ssl.cipher.suites",
            "ssl.protocol",
            "ssl.enabled.protocols",
            "ssl.secure.random.implementation",
            "cruise.control.metrics.topic.num.partitions",
            "cruise.control.metrics.topic.replication.factor",
            "cruise.control.metrics.topic.retention.ms",
            "cruise.control.metrics.topic.auto.create.retries",
            "cruise.control.metrics.topic.auto.create.timeout.ms",
            "cruise.control.metrics.topic.min.insync.replicas",
            "controller.quorum.election.backoff.max.ms",
            "controller.quorum.election.timeout.ms",
            "controller.quorum.fetch.timeout.ms");

    /** Fields of the API v1. */
    private static final Map<String, List<String>> FIELDS = Map.of(
            "spec",
                    List.of(
                            "clientsCa",
                            "clusterCa",
                            "cruiseControl",
                            "entityOperator",
                            "kafka",
                            "kafkaExporter",
                            "maintenanceTimeWindows"),
            "spec.kafka",
                    List.of(
                            "authorization",
                            "brokerRackInitImage",
                            "config",
                            "image",
                            "jmxOptions",
                            "jvmOptions",
                            "listeners",
                            "livenessProbe",
                            "logging",
                            "metadataVersion",
                            "metricsConfig",
                            "quotas",
                            "rack",
                            "readinessProbe",
                            "template",
                            "tieredStorage",
                            "version"));

    private static final List<String> POOL_FIELDS =
            List.of("jvmOptions", "replicas", "resources", "roles", "storage", "template");
    private static final Set<String> OF_POOLS = Set.of("replicas", "storage", "resources");

    static final Rule OLD_API = Rule.warning("strimzi/old-api")
            .reason("Strimzi 1.0 knows the API v1 only; resources of v1beta2 have to be converted before the upgrade.")
            .remedy("Convert it with Strimzi's API conversion tool (from 0.49 on), and write apiVersion:"
                    + " kafka.strimzi.io/v1.")
            .source("https://github.com/strimzi/strimzi-kafka-operator/releases/tag/1.0.0")
            .onManifests((manifest, report) -> {
                if (Strimzi.isGroup(manifest)
                        && manifest.apiVersion().startsWith("kafka.strimzi.io/v1")
                        && !isV1(manifest)) {
                    report.finding("apiVersion", manifest.apiVersion() + " is gone with Strimzi 1.0");
                }
            })
            .build();

    static final Rule ZOOKEEPER = Rule.error("strimzi/zookeeper")
            .reason(
                    "Strimzi 0.46 removed clusters with ZooKeeper, and the migration from it; Kafka 4.0 has none either.")
            .remedy("Migrate to KRaft with Strimzi 0.45 and Kafka 3.9, then remove spec.zookeeper.")
            .source("https://github.com/strimzi/strimzi-kafka-operator/releases/tag/0.46.1")
            .onManifests((manifest, report) -> Strimzi.of(manifest)
                    .filter(cluster -> cluster.spec().has("zookeeper"))
                    .ifPresent(
                            cluster -> report.finding("spec.zookeeper", "the cluster keeps its metadata in ZooKeeper")))
            .build();

    static final Rule UNKNOWN = Rule.error("strimzi/unknown-field")
            .reason(
                    "Kubernetes drops fields that the schema does not have without a word, so what was meant does not happen.")
            .remedy("Correct the field, or remove it.")
            .source(DOCS)
            .onManifests((manifest, report) -> {
                if (isV1(manifest)) {
                    Strimzi.of(manifest)
                            .ifPresent(cluster -> FIELDS.forEach((path, known) -> Spot.of(manifest)
                                    .fields(path)
                                    .forEach((name, field) -> {
                                        if (!known.contains(name)
                                                && !field.path().equals("spec.zookeeper")) {
                                            unknown(field, name, known, report);
                                        }
                                    })));
                    Strimzi.pool(manifest)
                            .ifPresent(pool -> pool.fields().forEach((name, field) -> {
                                if (!POOL_FIELDS.contains(name)) {
                                    unknown(field, name, POOL_FIELDS, report);
                                }
                            }));
                }
            })
            .build();

    static final Rule NO_POOLS = Rule.error("strimzi/no-node-pools")
            .reason(
                    "From the API v1 on brokers and controllers are described by KafkaNodePool resources alone; a cluster"
                            + " without one has no pods.")
            .remedy("Add KafkaNodePools for brokers and controllers with the label strimzi.io/cluster.")
            .source(DOCS)
            .onManifests((manifest, report) -> Strimzi.of(manifest)
                    .filter(cluster -> isV1(manifest) && !cluster.spec().has("zookeeper"))
                    .ifPresent(cluster -> {
                        for (String role : List.of("broker", "controller")) {
                            if (cluster.own("KafkaNodePool")
                                    .flatMap(pool -> Strimzi.pool(pool).stream())
                                    .noneMatch(pool -> pool.texts("roles").contains(role))) {
                                report.finding(
                                        "metadata.name",
                                        "no KafkaNodePool among these manifests has the role " + role + " for "
                                                + manifest.name());
                            }
                        }
                    }))
            .build();

    static final Rule NO_TLS = Rule.warning("strimzi/listener-without-tls")
            .reason("What goes over the listener, passwords included, can be read and changed by everybody on the way.")
            .remedy("Set tls: true.")
            .source(DOCS)
            .onManifests((manifest, report) -> Strimzi.of(manifest)
                    .ifPresent(cluster -> cluster.spec()
                            .items("kafka.listeners")
                            .forEach(listener -> {
                                if (!listener.is("tls", "true")) {
                                    report.finding(
                                            listener.path("tls"),
                                            "the listener "
                                                    + listener.text("name").orElse("") + " is not encrypted");
                                }
                            })))
            .build();

    static final Rule NO_AUTHENTICATION = Rule.warning("strimzi/listener-without-authentication")
            .reason(
                    "Clients of the listener are ANONYMOUS: with an authorizer they may do nothing, without one everything.")
            .remedy("Add authentication with type: tls or scram-sha-512.")
            .source(DOCS)
            .onManifests((manifest, report) -> Strimzi.of(manifest)
                    .ifPresent(cluster -> cluster.spec()
                            .items("kafka.listeners")
                            .forEach(listener -> {
                                if (!listener.has("authentication")) {
                                    report.finding(
                                            listener.path("authentication"),
                                            "clients of the listener "
                                                    + listener.text("name").orElse("") + " need not say who they are");
                                }
                            })))
            .build();

    static final Rule NO_AUTHORIZATION = Rule.warning("strimzi/no-authorization")
            .reason("Without an authorizer everybody who can connect may read, write and delete everything.")
            .remedy("Add authorization with type: simple, and KafkaUsers with what they may do.")
            .source(DOCS)
            .onManifests((manifest, report) -> Strimzi.of(manifest)
                    .filter(cluster ->
                            cluster.spec().has("kafka") && !cluster.spec().has("kafka.authorization"))
                    .ifPresent(cluster -> report.finding("spec.kafka.authorization", "nothing says who may do what")))
            .build();

    static final Rule EPHEMERAL = Rule.error("strimzi/ephemeral-storage")
            .reason(
                    "Ephemeral storage is gone with the pod: a broker comes back empty, and several that move at once take"
                            + " partitions with them.")
            .remedy("Use persistent-claim, or jbod with volumes of that type.")
            .source(DOCS)
            .onManifests((manifest, report) -> storages(manifest).forEach(storage -> {
                if (storage.is("type", "ephemeral")) {
                    report.finding(storage.path("type"), "the data does not outlive its pod");
                }
            }))
            .build();

    static final Rule DELETE_CLAIM = Rule.warning("strimzi/deletes-claims")
            .reason(
                    "With deleteClaim all disks go with the resource, such as when somebody deletes it to create it anew.")
            .remedy("Remove deleteClaim, or set it to false.")
            .source(DOCS)
            .onManifests((manifest, report) -> storages(manifest).forEach(storage -> {
                if (storage.is("deleteClaim", "true")) {
                    report.finding(storage.path("deleteClaim"), "the data is deleted with the resource");
                }
            }))
            .build();

    static final Rule NO_RACK = Rule.warning("strimzi/no-rack")
            .reason("Without racks Kafka may place all replicas of a partition in one zone, and loses it with that.")
            .remedy("Add rack with topologyKey: topology.kubernetes.io/zone.")
            .source(DOCS)
            .onManifests((manifest, report) -> Strimzi.of(manifest)
                    .filter(cluster -> !cluster.spec().has("kafka.rack")
                            && cluster.brokers().orElse(0L) >= 3)
                    .ifPresent(cluster -> report.finding(
                            "spec.kafka.rack", cluster.brokers().orElse(0L) + " brokers do not know their zones")))
            .build();

    static final Rule FORBIDDEN_CONFIG = Rule.error("strimzi/forbidden-config")
            .reason("Strimzi sets these itself and ignores what is written here, with a warning in its log only.")
            .remedy("Remove it; use the fields of the resource instead.")
            .source(DOCS)
            .onManifests((manifest, report) -> Strimzi.of(manifest)
                    .ifPresent(cluster -> cluster.spec().fields("kafka.config").forEach((key, value) -> {
                        if (!ALLOWED.contains(key) && FORBIDDEN.stream().anyMatch(key::startsWith)) {
                            report.finding(value.path(), "Strimzi does not let " + key + " be set");
                        }
                    })))
            .build();

    static final Rule NO_OPERATOR = Rule.warning("strimzi/no-entity-operator")
            .reason("KafkaTopic and KafkaUser resources do nothing without the operator that reads them.")
            .remedy("Add entityOperator with topicOperator: {} and userOperator: {}.")
            .source(DOCS)
            .onManifests((manifest, report) -> Strimzi.of(manifest)
                    .ifPresent(cluster -> Map.of("KafkaTopic", "topicOperator", "KafkaUser", "userOperator")
                            .forEach((kind, operator) -> {
                                boolean there = cluster.spec()
                                        .at("entityOperator")
                                        .filter(found -> found.fields().containsKey(operator))
                                        .isPresent();
                                if (!there && cluster.own(kind).findAny().isPresent()) {
                                    report.finding(
                                            "spec.entityOperator",
                                            "nobody reads the " + kind + " resources of " + manifest.name());
                                }
                            })))
            .build();

    static final Rule METADATA = Rule.error("strimzi/metadata-version")
            .reason("Brokers do not start with a metadata version of a release later than their own.")
            .remedy("Set metadataVersion to the version's, and raise it only after the upgrade.")
            .source("https://kafka.apache.org/documentation/#upgrade")
            .onManifests((manifest, report) -> Strimzi.of(manifest).ifPresent(cluster -> {
                Optional<String> metadata = cluster.spec().text("kafka.metadataVersion");
                metadata.flatMap(MskConfig::version)
                        .filter(level -> cluster.version()
                                .filter(version -> level.major() > version.major()
                                        || (level.major() == version.major() && level.minor() > version.minor()))
                                .isPresent())
                        .ifPresent(level -> report.finding(
                                "spec.kafka.metadataVersion",
                                metadata.orElse("") + " is later than the version "
                                        + cluster.spec().text("kafka.version").orElse("")));
            }))
            .build();

    static final List<Rule> ALL = List.of(
            OLD_API,
            ZOOKEEPER,
            UNKNOWN,
            NO_POOLS,
            NO_TLS,
            NO_AUTHENTICATION,
            NO_AUTHORIZATION,
            EPHEMERAL,
            DELETE_CLAIM,
            NO_RACK,
            FORBIDDEN_CONFIG,
            NO_OPERATOR,
            METADATA);

    private StrimziRules() {}

    private static boolean isV1(Manifest manifest) {
        return manifest.apiVersion().equals("kafka.strimzi.io/v1");
    }

    private static void unknown(Spot field, String name, List<String> known, Reporter report) {
        report.finding(
                field.path(),
                "there is no field '" + name + "' in the API v1",
                OF_POOLS.contains(name)
                        ? "Write it in the KafkaNodePools."
                        : Nearest.to(name, known)
                                .map(near -> "Did you mean '" + near + "'?")
                                .orElse("Remove it; fields are " + String.join(", ", known) + "."));
    }

    /** Storage of brokers and controllers, and its volumes. */
    private static List<Spot> storages(Manifest manifest) {
        return Strimzi.isGroup(manifest) && Set.of("Kafka", "KafkaNodePool").contains(manifest.kind())
                ? List.of("spec.storage", "spec.kafka.storage", "spec.zookeeper.storage").stream()
                        .flatMap(path -> Spot.of(manifest).at(path).stream())
                        .flatMap(storage -> Stream.concat(Stream.of(storage), storage.items("volumes").stream()))
                        .toList()
                : List.of();
    }
}
