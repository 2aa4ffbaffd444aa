package io.eventbroker.core.lint;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What pods ask for, and how they are started and stopped. */
final class PodRules {
    private static final String RESOURCES =
            "https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/";
    private static final String STATEFUL_SETS =
            "https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/";
    private static final Set<String> SELECTING = Set.of("StatefulSet", "Deployment", "DaemonSet", "ReplicaSet");

    private static final RuleSetting<Long> LEAST_GRACE =
            new RuleSetting<>("seconds", "60", "how long a server must be given to stop", Long::parseLong);

    static final Rule NO_SELECTOR = Rule.error("pods/no-selector")
            .reason("In apps/v1 a selector is required and must fit the labels of the template; Kubernetes refuses the"
                    + " resource otherwise.")
            .remedy("Write the same labels into spec.selector.matchLabels and spec.template.metadata.labels.")
            .source(STATEFUL_SETS + "#pod-selector")
            .onManifests((manifest, report) -> Pods.of(manifest)
                    .filter(pods -> SELECTING.contains(manifest.kind()))
                    .ifPresent(pods -> {
                        Optional<Spot> selector = Spot.of(manifest).at("spec.selector");
                        if (selector.isEmpty()) {
                            report.finding(
                                    "spec",
                                    "there is no spec.selector"
                                            + (pods.labels().isEmpty() ? ", and the template has no labels" : ""));
                        } else if (!Selectors.fits(selector.get(), pods.labels())) {
                            report.finding("spec.selector", "the selector does not fit the labels of the template");
                        }
                    }))
            .build();

    static final Rule ABOVE_LIMITS = Rule.error("pods/requests-above-limits")
            .reason("Kubernetes refuses pods that request more than they may use.")
            .remedy("Raise the limit, or lower the request.")
            .source(RESOURCES)
            .onManifests((manifest, report) -> PlatformProcess.of(manifest).forEach(process -> {
                for (String resource : List.of("cpu", "memory", "ephemeral-storage")) {
                    Optional<BigDecimal> request = process.quantity("requests." + resource);
                    Optional<BigDecimal> limit = process.quantity("limits." + resource);
                    if (request.isPresent()
                            && limit.isPresent()
                            && request.get().compareTo(limit.get()) > 0) {
                        report.finding(
                                process.resourcesPath("requests." + resource),
                                process.words() + " requests "
                                        + process.resource("requests." + resource)
                                                .orElse("") + " of " + resource
                                        + ", and its limit is "
                                        + process.resource("limits." + resource).orElse(""));
                    }
                }
            }))
            .build();

    static final Rule NO_RESOURCES = Rule.warning("pods/no-resources")
            .reason(
                    "Pods without requests go anywhere and are the first to be ended when memory is short; without a memory"
                            + " limit one of them may take that of all others on its node.")
            .remedy("Set requests of cpu and memory, and the memory limit to the same as its request.")
            .source(RESOURCES)
            .onManifests((manifest, report) -> ProcessHeapRules.platform(manifest).stream()
                    .filter(process -> !isPooled(process))
                    .forEach(process -> {
                        List<String> missing = List.of("requests.cpu", "requests.memory", "limits.memory").stream()
                                .filter(which -> process.resource(which).isEmpty()
                                        // a limit alone is a request too
                                        && process.resource(which.replace("requests.", "limits."))
                                                .isEmpty())
                                .toList();
                        if (!missing.isEmpty()) {
                            report.finding(
                                    process.owner().path(process.resourcesAt()),
                                    process.words() + " has no " + String.join(", ", missing));
                        }
                    }))
            .build();

    static final Rule GRACE = Rule.warning("pods/short-grace-period")
            .reason(
                    "A broker that is asked to stop first hands over its leaderships and closes its logs; if it is killed"
                            + " before, partitions are without a leader for a while, and the next start recovers every log.")
            .remedy("Raise terminationGracePeriodSeconds; it is an upper bound, not a wait.")
            .source("https://kafka.apache.org/documentation/#basic_ops_restarting")
            .setting(LEAST_GRACE)
            .onManifests((manifest, report) -> {
                Pods.of(manifest)
                        .filter(pods -> pods.server().isPresent() && !pods.isForJobs())
                        .ifPresent(pods -> {
                            long seconds = pods.template()
                                    .number("spec.terminationGracePeriodSeconds")
                                    .orElse(30L);
                            if (seconds < report.setting(LEAST_GRACE)) {
                                report.finding(
                                        pods.path("terminationGracePeriodSeconds"),
                                        "the "
                                                + pods.server()
                                                        .map(Container::role)
                                                        .orElse(Role.BROKER) + " is killed after "
                                                + seconds + " s"
                                                + (pods.template().has("spec.terminationGracePeriodSeconds")
                                                        ? ""
                                                        : ", Kubernetes' default"));
                            }
                        });
                Confluent.of(manifest)
                        .filter(resource -> resource.role().keepsData())
                        .ifPresent(resource -> resource.spec()
                                .number("podTemplate.terminationGracePeriodSeconds")
                                .filter(seconds -> seconds < report.setting(LEAST_GRACE))
                                .ifPresent(seconds -> report.finding(
                                        resource.spec().path("podTemplate.terminationGracePeriodSeconds"),
                                        "the " + resource.role() + " is killed after " + seconds + " s")));
            })
            .build();

    static final Rule ON_DELETE = Rule.info("pods/update-on-delete")
            .reason(
                    "With OnDelete a change reaches a pod only when somebody deletes it; until then the cluster runs two"
                            + " versions of its configuration, and nobody sees it.")
            .remedy("Use RollingUpdate, unless a tool of yours deletes the pods one by one.")
            .source(STATEFUL_SETS + "#update-strategies")
            .onManifests((manifest, report) -> Pods.of(manifest)
                    .filter(pods -> pods.isStatefulSet() && pods.server().isPresent())
                    .filter(pods -> Spot.of(manifest).is("spec.updateStrategy.type", "OnDelete"))
                    .ifPresent(pods ->
                            report.finding("spec.updateStrategy.type", "changes reach no pod before it is deleted")))
            .build();

    static final Rule ORDERED = Rule.info("pods/ordered-start")
            .reason("With OrderedReady, the default, a pod is started only when the one before is ready; a quorum needs"
                    + " several to become ready, so after a loss of all nothing starts by itself.")
            .remedy(
                    "Set podManagementPolicy to Parallel; it cannot be changed later without replacing the StatefulSet.")
            .source(STATEFUL_SETS + "#pod-management-policies")
            .onManifests((manifest, report) -> Pods.of(manifest)
                    .filter(pods -> pods.isStatefulSet() && pods.server().isPresent() && pods.replicas() > 1)
                    .filter(pods -> !Spot.of(manifest).is("spec.podManagementPolicy", "Parallel"))
                    .ifPresent(pods -> report.finding(
                            "spec.podManagementPolicy",
                            "the pods start one after the other, each when the last is ready")))
            .build();

    static final Rule DEPLOYMENT = Rule.error("pods/server-in-deployment")
            .reason(
                    "The pods of a Deployment have neither stable names nor volumes of their own, and an update starts a new"
                            + " one before the old one ends: brokers lose their identity, or two share one log.")
            .remedy("Use a StatefulSet, or an operator.")
            .source(STATEFUL_SETS)
            .onManifests((manifest, report) -> Pods.of(manifest)
                    .filter(pods -> manifest.isKind("Deployment") || manifest.isKind("ReplicaSet"))
                    .flatMap(Pods::server)
                    .ifPresent(server -> report.finding(
                            server.spot().path(), "a " + server.role() + " runs in a " + manifest.kind())))
            .build();

    static final List<Rule> ALL =
            List.of(NO_SELECTOR, ABOVE_LIMITS, NO_RESOURCES, GRACE, ON_DELETE, ORDERED, DEPLOYMENT);

    private PodRules() {}

    /** Looks for processes of the platform that may use more memory than they request. */
    static void memory(Manifest manifest, Reporter report) {
        for (PlatformProcess process : ProcessHeapRules.platform(manifest)) {
            Optional<BigDecimal> request = process.quantity("requests.memory");
            Optional<BigDecimal> limit = process.quantity("limits.memory");
            if (request.isPresent() && limit.isPresent() && request.get().compareTo(limit.get()) < 0) {
                report.finding(
                        process.resourcesPath("requests.memory"),
                        process.words() + " requests "
                                + process.resource("requests.memory").orElse("") + " of memory and may use "
                                + process.resource("limits.memory").orElse(""));
            }
        }
    }

    /** Whether the resources of a Strimzi cluster are those of its pools. */
    private static boolean isPooled(PlatformProcess process) {
        Map<String, Spot> fields = process.owner().fields();
        return Strimzi.of(process.manifest())
                .filter(cluster -> !fields.containsKey("replicas")
                        || cluster.own("KafkaNodePool").findAny().isPresent())
                .isPresent();
    }
}
