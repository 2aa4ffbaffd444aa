package io.eventbroker.core.lint;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The pods that a manifest describes; the same ones whenever they are asked for, which keep what was found out about them. */
final class Pods {
    private static final Map<String, String> TEMPLATES = Map.of(
            "Pod", "",
            "StatefulSet", "spec.template",
            "Deployment", "spec.template",
            "DaemonSet", "spec.template",
            "ReplicaSet", "spec.template",
            "Job", "spec.template",
            "CronJob", "spec.jobTemplate.spec.template");

    private static final Set<String> GROUPS = Set.of("", "apps", "batch", "extensions");

    private final Manifest manifest;
    private final Spot template;
    private final Once<List<Container>> containers = new Once<>(this::readContainers);
    private final Once<List<Manifest>> configMaps = new Once<>(() -> ConfigMaps.readBy(this));
    private final Once<List<String>> texts = new Once<>(() -> ConfigMaps.texts(this));
    private final Once<Map<String, String>> labels = new Once<>(this::readLabels);

    private Pods(Manifest manifest, Spot template) {
        this.manifest = manifest;
        this.template = template;
    }

    static Optional<Pods> of(Manifest manifest) {
        return manifest.pods();
    }

    /** For the manifest itself, which keeps them. */
    static Optional<Pods> read(Manifest manifest) {
        String template = TEMPLATES.get(manifest.kind());
        if (template == null || !GROUPS.contains(manifest.apiGroup())) {
            return Optional.empty();
        }
        Spot root = Spot.of(manifest);
        return (template.isEmpty() ? Optional.of(root) : root.at(template)).map(found -> new Pods(manifest, found));
    }

    Manifest manifest() {
        return manifest;
    }

    /** With their metadata and spec. */
    Spot template() {
        return template;
    }

    /** The containers that run, without those that only initialise. */
    List<Container> containers() {
        return containers.get();
    }

    private List<Container> readContainers() {
        return template.items("spec.containers").stream()
                .map(spot -> new Container(this, spot))
                .toList();
    }

    /** The container that runs a server of Kafka or ZooKeeper. */
    Optional<Container> server() {
        return containers().stream()
                .filter(container -> container.role().keepsData())
                .findFirst();
    }

    /** The container that runs a broker or controller. */
    Optional<Container> kafka() {
        return containers().stream()
                .filter(container -> container.role().isKafka())
                .findFirst();
    }

    /** The ConfigMaps that they mount or take variables from, and that are there. */
    List<Manifest> configMaps() {
        return configMaps.get();
    }

    /** Everything that the template and those ConfigMaps say. */
    List<String> texts() {
        return texts.get();
    }

    boolean isPlatform() {
        return containers().stream().anyMatch(container -> container.role().isPlatform());
    }

    boolean isForJobs() {
        return manifest.isKind("Job") || manifest.isKind("CronJob");
    }

    boolean isStatefulSet() {
        return manifest.isKind("StatefulSet");
    }

    /** How many; 1 where nothing says, as it is for Kubernetes. */
    long replicas() {
        return Spot.of(manifest).number("spec.replicas").orElse(1L);
    }

    Map<String, String> labels() {
        return labels.get();
    }

    private Map<String, String> readLabels() {
        return template.labels("metadata.labels");
    }

    /** A path below the pods' spec. */
    String path(String below) {
        return template.path("spec." + below);
    }
}
