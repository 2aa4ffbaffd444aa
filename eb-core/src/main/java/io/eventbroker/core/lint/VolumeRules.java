package io.eventbroker.core.lint;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** Where servers keep their data. */
final class VolumeRules {
    private static final String CLASSES = "https://kubernetes.io/docs/concepts/storage/storage-classes/";
    private static final List<String> DATA =
            List.of("/var/lib/kafka", "/bitnami/kafka", "/var/lib/zookeeper", "/tmp/k", "/data");

    static final Rule NO_VOLUME = Rule.error("storage/data-not-kept")
            .reason(
                    "What lies in an emptyDir or in the container itself is gone with the pod: a broker comes back empty, and"
                            + " several that move at once take partitions with them.")
            .remedy("Keep it in a volumeClaimTemplate that is mounted where log.dirs points.")
            .source("https://kubernetes.io/docs/concepts/storage/volumes/#emptydir")
            .onManifests((manifest, report) -> Pods.of(manifest)
                    .filter(pods -> !pods.isForJobs())
                    .ifPresent(pods -> pods.server().ifPresent(server -> {
                        Optional<Spot> emptyDir = emptyDirForData(pods, server);
                        if (emptyDir.isPresent()) {
                            report.finding(
                                    emptyDir.get().path(),
                                    "the data of the " + server.role() + " lies in the emptyDir "
                                            + emptyDir.get().text("name").orElse(""));
                        } else if (claims(pods).isEmpty() && !hasOtherVolume(pods)) {
                            report.finding(
                                    server.spot().path("volumeMounts"),
                                    "the " + server.role() + " has no volume that outlives its pod");
                        }
                    })))
            .build();

    static final Rule ONE_VOLUME = Rule.info("storage/one-claim-for-all")
            .reason(
                    "Data, logs and metadata on one volume fill each other's space and wait for each other's disk; ZooKeeper's"
                            + " transaction log and KRaft's metadata log want one of their own.")
            .remedy(
                    "Give the transaction or metadata log (ZooKeeper's dataLogDir, Kafka's metadata.log.dir) a second claim.")
            .source("https://zookeeper.apache.org/doc/current/zookeeperAdmin.html")
            .onManifests((manifest, report) -> Pods.of(manifest)
                    .filter(pods -> pods.isStatefulSet() && pods.server().isPresent())
                    .ifPresent(pods -> {
                        List<Spot> claims = claims(pods);
                        if (claims.size() == 1) {
                            report.finding(
                                    claims.get(0).path(),
                                    claims.get(0).text("metadata.name").orElse("the claim")
                                            + " is the only volume of the "
                                            + pods.server().map(Container::role).orElse(Role.BROKER));
                        }
                    }))
            .build();

    static final Rule SHARED = Rule.warning("storage/shared-file-system")
            .reason(
                    "Volumes that many nodes may write to are network file systems, on which renames and memory-mapped files"
                            + " behave otherwise than Kafka expects; logs become corrupt.")
            .remedy("Use block storage with ReadWriteOnce or ReadWriteOncePod.")
            .source("https://docs.confluent.io/operator/current/co-storage.html")
            .onManifests((manifest, report) -> Pods.of(manifest)
                    .filter(pods -> pods.isStatefulSet() && pods.server().isPresent())
                    .ifPresent(pods -> claims(pods).stream()
                            .flatMap(claim -> claim.items("spec.accessModes").stream())
                            .filter(mode ->
                                    mode.text().filter("ReadWriteMany"::equals).isPresent())
                            .forEach(mode ->
                                    report.finding(mode.path(), "the volume may be written to from many nodes"))))
            .build();

    static final Rule NO_EXPANSION = Rule.warning("storage/class-without-expansion")
            .reason(
                    "A full disk stops a broker; where volumes cannot grow, the only way out is to move data in a hurry.")
            .remedy("Set allowVolumeExpansion: true.")
            .source(CLASSES + "#allow-volume-expansion")
            .onManifests((manifest, report) -> users(manifest)
                    .filter(users -> !Spot.of(manifest).is("allowVolumeExpansion", "true"))
                    .ifPresent(users ->
                            report.finding("allowVolumeExpansion", "the volumes of " + users + " cannot grow")))
            .build();

    static final Rule RECLAIM = Rule.warning("storage/class-deletes-data")
            .reason(
                    "With Delete the disk is gone as soon as its claim is, such as with a namespace that somebody removes.")
            .remedy("Set reclaimPolicy: Retain.")
            .source(CLASSES + "#reclaim-policy")
            .onManifests((manifest, report) -> users(manifest)
                    .filter(users -> !Spot.of(manifest).is("reclaimPolicy", "Retain"))
                    .ifPresent(users -> report.finding(
                            "reclaimPolicy",
                            "the disks of " + users + " are deleted with their claims"
                                    + (Spot.of(manifest).has("reclaimPolicy") ? "" : ", as is the default"))))
            .build();

    static final Rule IMMEDIATE = Rule.warning("storage/class-binds-too-early")
            .reason(
                    "With Immediate a disk is made before it is known where its pod will run, perhaps in a zone that the"
                            + " spread of the pods does not allow; such a pod waits for ever.")
            .remedy("Set volumeBindingMode: WaitForFirstConsumer.")
            .source(CLASSES + "#volume-binding-mode")
            .onManifests((manifest, report) -> users(manifest)
                    .filter(users -> !Spot.of(manifest).is("volumeBindingMode", "WaitForFirstConsumer"))
                    .ifPresent(users -> report.finding(
                            "volumeBindingMode",
                            "the disks of " + users + " are made before their pods have a zone"
                                    + (Spot.of(manifest).has("volumeBindingMode") ? "" : ", as is the default"))))
            .build();

    static final List<Rule> ALL = List.of(NO_VOLUME, ONE_VOLUME, SHARED, NO_EXPANSION, RECLAIM, IMMEDIATE);

    private VolumeRules() {}

    private static List<Spot> claims(Pods pods) {
        return Spot.of(pods.manifest()).items("spec.volumeClaimTemplates");
    }

    private static Optional<Spot> emptyDirForData(Pods pods, Container server) {
        return pods.template().items("spec.volumes").stream()
                .filter(volume -> volume.node().child("emptyDir") != null)
                .filter(volume -> server.spot().items("volumeMounts").stream()
                        .anyMatch(mount -> mount.text("name").equals(volume.text("name"))
                                && mount.text("name").isPresent()
                                && isForData(mount, server)))
                .findFirst();
    }

    private static boolean isForData(Spot mount, Container server) {
        String path = mount.text("mountPath").orElse("");
        return path.startsWith("/")
                && (DATA.stream().anyMatch(path::startsWith)
                        || Stream.of("KAFKA_LOG_DIRS", "KAFKA_LOG_DIR", "ZOOKEEPER_DATA_DIR")
                                .flatMap(name -> server.value(name).stream())
                                .anyMatch(dirs -> dirs.startsWith(path)));
    }

    private static boolean hasOtherVolume(Pods pods) {
        return pods.template().items("spec.volumes").stream()
                .anyMatch(volume -> volume.has("persistentVolumeClaim")
                        || volume.has("hostPath")
                        || volume.has("ephemeral")
                        || volume.has("csi"));
    }

    /** Who keeps data of Kafka or ZooKeeper in volumes of the class; empty if nobody does, or it is no class. */
    private static Optional<String> users(Manifest manifest) {
        if (!manifest.isKind("StorageClass")) {
            return Optional.empty();
        }
        Set<String> users = new TreeSet<>();
        for (Manifest other : manifest.all().asList()) {
            if (classes(other).contains(manifest.name())) {
                users.add(other.name());
            }
        }
        return users.isEmpty() ? Optional.empty() : Optional.of(String.join(", ", users));
    }

    private static List<String> classes(Manifest manifest) {
        List<String> classes = new ArrayList<>();
        Pods.of(manifest)
                .filter(pods -> pods.server().isPresent())
                .ifPresent(pods -> claims(pods)
                        .forEach(claim -> claim.text("spec.storageClassName").ifPresent(classes::add)));
        Confluent.of(manifest)
                .filter(resource -> resource.role().keepsData())
                .ifPresent(resource -> resource.spec().text("storageClass.name").ifPresent(classes::add));
        if (Strimzi.isGroup(manifest)) {
            for (String storage : List.of("spec.storage", "spec.kafka.storage")) {
                Spot.of(manifest).at(storage).ifPresent(found -> {
                    found.text("class").ifPresent(classes::add);
                    found.items("volumes")
                            .forEach(volume -> volume.text("class").ifPresent(classes::add));
                });
            }
        }
        return classes;
    }
}
