package io.eventbroker.core.lint;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Where pods go, and how many of them may be away at a time. */
final class SpreadRules {
    private static final String BUDGETS = "https://kubernetes.io/docs/tasks/run-application/configure-pdb/";

    static final Rule NO_SPREAD = Rule.warning("placement/pods-not-spread")
            .reason("Nothing keeps Kubernetes from putting all replicas onto one node, which takes them all with it.")
            .remedy("Add topologySpreadConstraints over topology.kubernetes.io/zone, and podAntiAffinity over"
                    + " kubernetes.io/hostname.")
            .source("https://kubernetes.io/docs/concepts/scheduling-eviction/topology-spread-constraints/")
            .onManifests((manifest, report) -> Pods.of(manifest)
                    .filter(pods -> pods.server().isPresent() && pods.replicas() > 1)
                    .filter(pods -> pods.template()
                                    .items("spec.topologySpreadConstraints")
                                    .isEmpty()
                            && !pods.template().has("spec.affinity.podAntiAffinity"))
                    .ifPresent(pods -> report.finding(
                            pods.path("topologySpreadConstraints"),
                            "nothing spreads the " + pods.replicas() + " pods over nodes and zones")))
            .build();

    static final Rule NO_BUDGET = Rule.warning("placement/no-disruption-budget")
            .reason(
                    "When nodes are drained, Kubernetes evicts as many brokers at a time as it likes, unless a budget says how"
                            + " many may be away.")
            .remedy("Add a PodDisruptionBudget with maxUnavailable: 1 for these pods.")
            .source(BUDGETS)
            .onManifests((manifest, report) -> Pods.of(manifest)
                    .filter(pods -> pods.isStatefulSet() && pods.server().isPresent() && pods.replicas() > 1)
                    .filter(pods -> Selectors.budgets(pods).findAny().isEmpty())
                    .ifPresent(pods -> report.finding(
                            "spec.template.metadata.labels", "no PodDisruptionBudget is for these pods")))
            .build();

    static final Rule LOOSE_BUDGET = Rule.error("placement/disruption-budget-too-loose")
            .reason(
                    "With min.insync.replicas one below the replication factor, one broker may be away; with the second,"
                            + " partitions stop taking writes.")
            .remedy("Write maxUnavailable: 1.")
            .source(BUDGETS)
            .onManifests((manifest, report) -> budget(manifest)
                    .ifPresent(pods -> away(manifest, pods.replicas())
                            .filter(away -> away > 1)
                            .ifPresent(away -> report.finding(
                                    field(manifest),
                                    "lets " + away + " of the " + pods.replicas() + " pods of "
                                            + pods.manifest().name() + " be away at a time"))))
            .build();

    static final Rule TIGHT_BUDGET = Rule.warning("placement/disruption-budget-blocks-drains")
            .reason(
                    "A budget that lets no pod go keeps nodes from being drained, until somebody removes it in a hurry.")
            .remedy("Write maxUnavailable: 1.")
            .source(BUDGETS)
            .onManifests((manifest, report) -> budget(manifest)
                    .ifPresent(pods -> away(manifest, pods.replicas())
                            .filter(away -> away < 1)
                            .ifPresent(away -> report.finding(
                                    field(manifest),
                                    "lets none of the " + pods.replicas() + " pods of "
                                            + pods.manifest().name() + " go"))))
            .build();

    static final List<Rule> ALL = List.of(NO_SPREAD, NO_BUDGET, LOOSE_BUDGET, TIGHT_BUDGET);

    private SpreadRules() {}

    /** The servers of Kafka or ZooKeeper that a budget is for. */
    private static Optional<Pods> budget(Manifest manifest) {
        if (!manifest.isKind("PodDisruptionBudget")) {
            return Optional.empty();
        }
        return Spot.of(manifest)
                .at("spec.selector")
                .flatMap(selector -> Selectors.selected(selector)
                        .filter(pods -> pods.isStatefulSet() && pods.server().isPresent() && pods.replicas() > 1)
                        .findFirst());
    }

    private static String field(Manifest manifest) {
        return Spot.of(manifest).has("spec.maxUnavailable") ? "spec.maxUnavailable" : "spec.minAvailable";
    }

    /** How many may be away; percentages are rounded up, as Kubernetes does. */
    private static Optional<Long> away(Manifest manifest, long replicas) {
        Spot root = Spot.of(manifest);
        return Stream.of("spec.maxUnavailable", "spec.minAvailable")
                .filter(root::has)
                .findFirst()
                .flatMap(field -> root.text(field)
                        .flatMap(text -> count(text, replicas))
                        .map(count -> field.endsWith("maxUnavailable") ? count : replicas - count));
    }

    private static Optional<Long> count(String text, long replicas) {
        if (!text.endsWith("%")) {
            return Spot.parse(text).filter(count -> count >= 0);
        }
        return Spot.parse(text.substring(0, text.length() - 1))
                .filter(percent -> percent >= 0 && percent <= 100 && replicas <= Integer.MAX_VALUE)
                .map(percent -> (percent * replicas + 99) / 100);
    }
}
