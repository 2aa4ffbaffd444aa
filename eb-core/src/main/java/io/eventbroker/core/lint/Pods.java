package io.eventbroker.core.lint;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The pods that a manifest describes.
 *
 * @param template with their metadata and spec
 */
record Pods(Manifest manifest, Spot template) {
    private static final Map<String, String> TEMPLATES = Map.of(
            "Pod", "",
            "StatefulSet", "spec.template",
            "Deployment", "spec.template",
            "DaemonSet", "spec.template",
            "ReplicaSet", "spec.template",
            "Job", "spec.template",
            "CronJob", "spec.jobTemplate.spec.template");

    private static final Set<String> GROUPS = Set.of("", "apps", "batch", "extensions");

    static Optional<Pods> of(Manifest manifest) {
        String template = TEMPLATES.get(manifest.kind());
        if (template == null || !GROUPS.contains(manifest.apiGroup())) {
            return Optional.empty();
        }
        Spot root = Spot.of(manifest);
        return (template.isEmpty() ? Optional.of(root) : root.at(template)).map(found -> new Pods(manifest, found));
    }

    /** The containers that run, without those that only initialise. */
    List<Container> containers() {
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
        return template.labels("metadata.labels");
    }

    /** A path below the pods' spec. */
    String path(String below) {
        return template.path("spec." + below);
    }
}
