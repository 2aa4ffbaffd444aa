package io.eventbroker.core.lint;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** What changes the number or size of pods by itself. */
final class AutoscalerRules {
    private static final String HPA = "https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/";
    private static final String EXPANSION = "https://kafka.apache.org/documentation/#basic_ops_cluster_expansion";

    /** Names of StatefulSets that are not among the manifests, and yet those of servers. */
    private static final Pattern SERVER_NAME = Pattern.compile(
            "(?:.*-)?(?:kafka|brokers?|kafka-controllers?|kraft|kraft-controllers?|zookeeper|zk)(?:-\\d+)?");

    private static final Set<String> RESOURCES =
            Set.of("Kafka", "KRaftController", "Zookeeper", "KafkaNodePool", "StrimziPodSet");
    private static final Pattern ERRORS = Pattern.compile(".*(error|failure|failed|exception).*");

    /** What an autoscaler scales: where that is written, and whether it keeps data. */
    private record Target(Spot ref, String words, boolean servers, Optional<Manifest> manifest) {}

    static final Rule BROKERS = Rule.error("autoscaling/brokers")
            .reason(
                    "A new broker gets no partition by itself, so load stays where it is; and when the number is lowered"
                            + " again, the last broker goes with all its replicas, which nobody moved away before.")
            .remedy(
                    "Scale brokers by a plan: add them and move replicas to them, or move replicas away and remove them."
                            + " Alert on load instead.")
            .source(EXPANSION)
            .onManifests((manifest, report) -> horizontal(manifest)
                    .filter(Target::servers)
                    .ifPresent(target ->
                            report.finding(target.ref().path(), "scales " + target.words() + ", whose pods keep data")))
            .build();

    static final Rule MINIMUM = Rule.error("autoscaling/minimum-below-replication")
            .reason(
                    "With fewer brokers than replicas of a partition, partitions cannot have all their replicas, and topics"
                            + " cannot be created.")
            .remedy(
                    "Do not scale brokers by itself; if you must, keep at least as many as the replication factor, and as"
                            + " min.insync.replicas plus one.")
            .source("https://kafka.apache.org/documentation/#brokerconfigs_default.replication.factor")
            .onManifests((manifest, report) -> horizontal(manifest)
                    .filter(Target::servers)
                    .ifPresent(target -> {
                        String field = manifest.isKind("ScaledObject") ? "spec.minReplicaCount" : "spec.minReplicas";
                        long otherwise = manifest.isKind("ScaledObject") ? 0 : 1;
                        long least = Spot.of(manifest).number(field).orElse(otherwise);
                        long factor = target.manifest()
                                .flatMap(found -> ServerConfig.of(found).stream()
                                        .flatMap(config -> config.number("default.replication.factor").stream())
                                        .findFirst())
                                .orElse(3L);
                        if (least < factor) {
                            report.finding(
                                    field,
                                    "lets " + least + " be left, fewer than the " + factor
                                            + " replicas of a partition");
                        }
                    }))
            .build();

    static final Rule VERTICAL = Rule.warning("autoscaling/evicts-brokers")
            .reason(
                    "In this mode the autoscaler ends pods to start them with other resources, at times of its own and without"
                            + " asking whether all replicas are in sync.")
            .remedy("Set updatePolicy.updateMode to Off and take its recommendations into the next roll.")
            .source("https://kubernetes.io/docs/concepts/workloads/autoscaling/")
            .onManifests((manifest, report) -> {
                if (manifest.isKind("VerticalPodAutoscaler")
                        && !Set.of("Off", "Initial")
                                .contains(Spot.of(manifest)
                                        .text("spec.updatePolicy.updateMode")
                                        .orElse("Auto"))) {
                    target(manifest, "spec.targetRef")
                            .filter(Target::servers)
                            .ifPresent(target -> report.finding(
                                    "spec.updatePolicy.updateMode", "evicts the pods of " + target.words()));
                }
            })
            .build();

    static final Rule ERROR_RATE = Rule.warning("autoscaling/scales-on-errors")
            .reason("More instances do not mend what fails; they fail as well, and load the broken dependency further.")
            .remedy("Scale on the work that waits, such as consumer lag, and alert on errors.")
            .source(HPA)
            .onManifests((manifest, report) -> {
                if (manifest.isKind("HorizontalPodAutoscaler")) {
                    Spot.of(manifest)
                            .items("spec.metrics")
                            .forEach(metric -> List.of("external", "pods", "object")
                                    .forEach(type -> metric.at(type + ".metric.name")
                                            .filter(name -> ERRORS.matcher(name.text()
                                                            .orElse("")
                                                            .toLowerCase(Locale.ROOT))
                                                    .matches())
                                            .ifPresent(name -> report.finding(
                                                    name.path(),
                                                    "scales on " + name.text().orElse("")))));
                }
            })
            .build();

    static final Rule BOUNDS = Rule.error("autoscaling/bounds")
            .reason("Kubernetes refuses an autoscaler whose minimum is above its maximum.")
            .remedy("Lower minReplicas or raise maxReplicas.")
            .source(HPA)
            .onManifests((manifest, report) -> {
                if (manifest.isKind("HorizontalPodAutoscaler")) {
                    Optional<Long> least = Spot.of(manifest).number("spec.minReplicas");
                    Optional<Long> most = Spot.of(manifest).number("spec.maxReplicas");
                    if (most.isEmpty() && !Spot.of(manifest).has("spec.maxReplicas")) {
                        report.finding("spec", "maxReplicas is required, and missing");
                    } else if (least.isPresent() && most.isPresent() && least.get() > most.get()) {
                        report.finding(
                                "spec.minReplicas",
                                "the minimum of " + least.get() + " is above the maximum of " + most.get());
                    }
                }
            })
            .build();

    static final Rule NO_REQUEST = Rule.error("autoscaling/utilization-without-request")
            .reason(
                    "Utilization is a share of what pods request; where a container requests nothing, the autoscaler has no"
                            + " value and does nothing.")
            .remedy("Request the resource in every container, or use an AverageValue.")
            .source(HPA)
            .onManifests((manifest, report) -> {
                if (manifest.isKind("HorizontalPodAutoscaler")) {
                    Optional<Pods> pods = target(manifest, "spec.scaleTargetRef")
                            .flatMap(Target::manifest)
                            .flatMap(Pods::of);
                    Spot.of(manifest).items("spec.metrics").stream()
                            .filter(metric -> metric.is("resource.target.type", "Utilization"))
                            .forEach(metric -> pods.ifPresent(scaled -> metric.text("resource.name")
                                    .ifPresent(resource -> scaled.containers().stream()
                                            .filter(container ->
                                                    !container.spot().has("resources.requests." + resource)
                                                            && !container.spot().has("resources.limits." + resource))
                                            .findFirst()
                                            .ifPresent(container -> report.finding(
                                                    metric.path("resource.target.type"),
                                                    container.name() + " requests no " + resource)))));
                }
            })
            .build();

    static final List<Rule> ALL = List.of(BROKERS, MINIMUM, VERTICAL, ERROR_RATE, BOUNDS, NO_REQUEST);

    private AutoscalerRules() {}

    private static Optional<Target> horizontal(Manifest manifest) {
        return manifest.isKind("HorizontalPodAutoscaler") || manifest.isKind("ScaledObject")
                ? target(manifest, "spec.scaleTargetRef")
                : Optional.empty();
    }

    private static Optional<Target> target(Manifest manifest, String path) {
        return Spot.of(manifest).at(path).flatMap(ref -> {
            String kind = ref.text("kind").orElse("Deployment");
            Optional<String> name = ref.text("name");
            if (name.isEmpty()) {
                return Optional.empty();
            }
            Optional<Manifest> found = manifest.all().find(manifest, kind, name.get());
            boolean servers = RESOURCES.contains(kind)
                    || (found.isPresent()
                            ? found.flatMap(Pods::of).flatMap(Pods::server).isPresent()
                            : kind.equals("StatefulSet")
                                    && SERVER_NAME.matcher(name.get()).matches());
            return Optional.of(new Target(ref, "the " + kind + " " + name.get(), servers, found));
        });
    }
}
