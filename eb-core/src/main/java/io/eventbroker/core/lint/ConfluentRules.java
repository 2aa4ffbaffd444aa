package io.eventbroker.core.lint;

import io.eventbroker.core.manifest.internal.ImageName;
import io.eventbroker.core.problem.Nearest;
import io.eventbroker.core.topology.Compatibility;
import io.eventbroker.core.topology.Version;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Resources of Confluent for Kubernetes, against what its schemas and its operator take. */
final class ConfluentRules {
    static final String DOCS = "https://docs.confluent.io/operator/current/";

    private static final Map<String, List<String>> REQUIRED = Map.of(
            "Kafka", List.of("image", "dataVolumeCapacity"),
            "KRaftController", List.of("image", "dataVolumeCapacity"),
            "Zookeeper", List.of("image", "dataVolumeCapacity", "logVolumeCapacity"),
            "KsqlDB", List.of("image", "dataVolumeCapacity"),
            "ControlCenter", List.of("image", "dataVolumeCapacity"));

    static final Rule RACK = Rule.error("cfk/rack-block")
            .reason(
                    "No schema of Confluent for Kubernetes has a rack block, and Kubernetes drops what a schema does not have:"
                            + " brokers start without broker.rack, and all replicas of a partition may be in one zone.")
            .remedy("Write rackAssignment with nodeLabels: [topology.kubernetes.io/zone], and oneReplicaPerNode: true.")
            .source(DOCS + "co-configure-rack-awareness.html")
            .onManifests((manifest, report) -> Confluent.kafka(manifest)
                    .filter(resource -> resource.spec().has("rack"))
                    .ifPresent(resource -> report.finding(
                            "spec.rack", "there is no field 'rack'; the racks of brokers are in rackAssignment")))
            .build();

    static final Rule UNKNOWN = Rule.error("cfk/unknown-field")
            .reason(
                    "Kubernetes drops fields that the schema does not have without a word, so what was meant does not happen.")
            .remedy("Correct the field, or remove it.")
            .source(DOCS + "co-configure-overview.html")
            .onManifests((manifest, report) -> Confluent.of(manifest)
                    .ifPresent(resource -> ConfluentFields.unknown(resource).stream()
                            .filter(field -> !hasRuleOfItsOwn(resource, field))
                            .forEach(field -> report.finding(
                                    field.spot().path(),
                                    "there is no field '" + field.name() + "'",
                                    Nearest.to(field.name(), field.known())
                                            .map(near -> "Did you mean '" + near + "'?")
                                            .orElse("Remove it; fields are " + String.join(", ", field.known())
                                                    + ".")))))
            .build();

    static final Rule MISSING = Rule.error("cfk/required-field")
            .reason("Kubernetes refuses a resource that lacks what its schema requires.")
            .remedy("Add the field.")
            .source(DOCS + "co-configure-overview.html")
            .onManifests((manifest, report) -> Confluent.of(manifest).ifPresent(resource -> {
                List<String> missing = new ArrayList<>();
                for (String field : REQUIRED.getOrDefault(manifest.kind(), List.of("image"))) {
                    if (!resource.spec().has(field)) {
                        missing.add(field);
                    }
                }
                resource.spec()
                        .at("image")
                        .ifPresent(image -> List.of("application", "init").stream()
                                .filter(field -> !image.has(field))
                                .forEach(field -> missing.add("image." + field)));
                missing.forEach(field -> report.finding(resource.spec().path(field), "spec." + field + " is required"));
            }))
            .build();

    static final Rule STORAGE_CLASS = Rule.error("cfk/storage-class-as-text")
            .reason("The storage class is a map with a name; Kubernetes refuses text in its place.")
            .remedy("Write storageClass: {name: …}.")
            .source(DOCS + "co-storage.html")
            .onManifests((manifest, report) -> Confluent.of(manifest)
                    .flatMap(resource -> resource.spec().at("storageClass"))
                    .filter(found -> found.text().isPresent())
                    .ifPresent(found -> report.finding(
                            found.path(),
                            "expected a map with a name, found '" + found.text().orElse("") + "'")))
            .build();

    static final Rule INIT = Rule.error("cfk/init-image-does-not-fit")
            .reason(
                    "The init image comes with a release of Confluent for Kubernetes and writes the component's configuration;"
                            + " each release knows certain releases of Confluent Platform.")
            .remedy("Use the init image of the operator that is installed, and one that runs this Confluent Platform.")
            .source("https://docs.confluent.io/platform/current/installation/versions-interoperability.html")
            .onManifests((manifest, report) -> Confluent.of(manifest).ifPresent(resource -> {
                Optional<Version> init = resource.spec()
                        .text("image.init")
                        .flatMap(ImageName::find)
                        .flatMap(ImageName::version);
                Optional<Release> release = isOfPlatform(resource) ? resource.release() : Optional.empty();
                if (init.isPresent() && release.isPresent()) {
                    Compatibility.operator(init.get())
                            .filter(operator ->
                                    !operator.worksWith(release.get().version()))
                            .ifPresent(operator -> report.finding(
                                    resource.spec().path("image.init"),
                                    "Confluent for Kubernetes " + minor(operator.version())
                                            + " runs Confluent Platform "
                                            + minor(operator.from()) + " to " + minor(operator.to()) + ", not "
                                            + release.get().version()));
                }
            }))
            .build();

    static final Rule OLD_OPERATOR = Rule.warning("cfk/old-operator")
            .reason(
                    "The init image's tag is the operator's release; one that old has no more corrections and runs only on"
                            + " releases of Kubernetes that have ended.")
            .remedy("Upgrade Confluent for Kubernetes, then the init images with it.")
            .source("https://docs.confluent.io/platform/current/installation/versions-interoperability.html")
            .onManifests((manifest, report) -> Confluent.of(manifest)
                    .ifPresent(resource -> resource.spec()
                            .text("image.init")
                            .flatMap(ImageName::find)
                            .filter(image -> image.name().equals("confluent-init-container"))
                            .flatMap(ImageName::version)
                            .filter(version -> version.isBefore(
                                    Compatibility.operatorReleases().get(0).version()))
                            .ifPresent(version -> report.finding(
                                    resource.spec().path("image.init"),
                                    "the init image is of Confluent for Kubernetes " + version + ", older than "
                                            + minor(Compatibility.operatorReleases()
                                                    .get(0)
                                                    .version())))))
            .build();

    static final Rule NO_METADATA = Rule.warning("cfk/no-metadata-store")
            .reason(
                    "Where nothing is said, the operator looks for a ZooKeeper called zookeeper in the same namespace; from"
                            + " Confluent Platform 8.0 on there is none.")
            .remedy(
                    "Write dependencies.kRaftController.clusterRef.name, or, up to 7.9, dependencies.zookeeper.endpoint.")
            .source("https://docs.confluent.io/operator/current/co-configure-kraft.html")
            .onManifests((manifest, report) -> Confluent.kafka(manifest)
                    .filter(resource -> !resource.spec().has("dependencies.zookeeper")
                            && !resource.spec().has("dependencies.kRaftController"))
                    .ifPresent(resource -> report.finding(
                            resource.spec().path("dependencies"),
                            "nothing says where the metadata is: neither KRaft controllers nor ZooKeeper")))
            .build();

    static final Rule ZOOKEEPER = Rule.error("cfk/zookeeper-gone")
            .reason(
                    "Confluent Platform 8.0 has no ZooKeeper, neither as a server nor as a place for brokers' metadata.")
            .remedy("Migrate to KRaft with 7.9 (KRaftMigrationJob), then upgrade.")
            .source("https://docs.confluent.io/platform/current/deprecations.html")
            .onManifests((manifest, report) -> Confluent.of(manifest)
                    .filter(resource -> isOfPlatform(resource)
                            && resource.release()
                                    .filter(release -> !release.hasZooKeeper())
                                    .isPresent())
                    .ifPresent(resource -> {
                        if (manifest.isKind("Zookeeper")) {
                            report.finding(
                                    resource.spec().path("image.application"),
                                    resource.release().map(Release::toString).orElse("") + " has no ZooKeeper");
                        } else if (resource.spec().has("dependencies.zookeeper")) {
                            report.finding(
                                    resource.spec().path("dependencies.zookeeper"),
                                    resource.release().map(Release::toString).orElse("") + " knows no ZooKeeper");
                        }
                    }))
            .build();

    static final Rule REFERENCE = Rule.error("cfk/controllers-missing")
            .reason("Brokers wait for ever for controllers that are not there.")
            .remedy("Correct the name, or add the KRaftController.")
            .source("https://docs.confluent.io/operator/current/co-configure-kraft.html")
            .onManifests((manifest, report) -> Confluent.kafka(manifest)
                    .ifPresent(resource -> resource.spec()
                            .at("dependencies.kRaftController.clusterRef.name")
                            .filter(name -> manifest.all()
                                            .ofKind("KRaftController")
                                            .findAny()
                                            .isPresent()
                                    && manifest.all()
                                            .ofKind("KRaftController")
                                            .noneMatch(other -> other.name()
                                                    .equals(name.text().orElse(""))))
                            .ifPresent(name -> report.finding(
                                    name.path(),
                                    "there is no KRaftController '"
                                            + name.text().orElse("") + "' among these manifests"))))
            .build();

    static final Rule NO_RACKS = Rule.warning("cfk/no-rack-assignment")
            .reason("Without racks Kafka may place all replicas of a partition in one zone, and loses it with that.")
            .remedy(
                    "Write rackAssignment with nodeLabels: [topology.kubernetes.io/zone], and a service account that may read"
                            + " nodes.")
            .source(DOCS + "co-configure-rack-awareness.html")
            .onManifests((manifest, report) -> Confluent.kafka(manifest)
                    .filter(resource -> resource.replicas().orElse(0L) >= 3)
                    .filter(resource -> !resource.spec().has("rackAssignment")
                            && !resource.spec().has("rack"))
                    .ifPresent(resource -> report.finding(
                            resource.spec().path("rackAssignment"),
                            resource.replicas().orElse(0L) + " brokers do not know their zones")))
            .build();

    static final Rule SHARED_NODE = Rule.warning("cfk/several-per-node")
            .reason("Several brokers on one node are lost together with it, and share its disks' and network's limits.")
            .remedy("Set oneReplicaPerNode: true.")
            .source(DOCS + "co-configure-rack-awareness.html")
            .onManifests((manifest, report) -> Confluent.of(manifest)
                    .filter(resource ->
                            resource.role().keepsData() && resource.spec().is("oneReplicaPerNode", "false"))
                    .ifPresent(resource ->
                            report.finding(resource.spec().path("oneReplicaPerNode"), "several may run on one node")))
            .build();

    static final List<Rule> ALL = List.of(
            RACK,
            UNKNOWN,
            MISSING,
            STORAGE_CLASS,
            INIT,
            OLD_OPERATOR,
            NO_METADATA,
            ZOOKEEPER,
            REFERENCE,
            NO_RACKS,
            SHARED_NODE);

    private ConfluentRules() {}

    /** Control Center has releases of its own. */
    private static boolean isOfPlatform(Confluent resource) {
        return !resource.manifest().isKind("ControlCenter");
    }

    private static boolean hasRuleOfItsOwn(Confluent resource, ConfluentFields.Unknown field) {
        return resource.manifest().isKind("Kafka")
                && (field.spot().path().equals("spec.rack")
                        || (field.name().equals("port") && field.spot().path().startsWith("spec.listeners.")));
    }

    private static String minor(Version version) {
        return version.major() + "." + version.minor();
    }
}
