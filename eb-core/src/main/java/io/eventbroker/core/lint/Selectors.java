package io.eventbroker.core.lint;

import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** How manifests find each other. */
final class Selectors {
    private Selectors() {}

    /**
     * Whether a label selector ({@code matchLabels}, {@code matchExpressions}) fits labels. An expression that cannot be
     * understood fits nothing.
     */
    static boolean fits(Spot selector, Map<String, String> labels) {
        return selector.labels("matchLabels").entrySet().stream()
                        .allMatch(entry -> entry.getValue().equals(labels.get(entry.getKey())))
                && selector.items("matchExpressions").stream()
                        .allMatch(expression -> fitsExpression(expression, labels));
    }

    private static boolean fitsExpression(Spot expression, Map<String, String> labels) {
        String key = expression.text("key").orElse("");
        boolean there = labels.containsKey(key);
        return switch (expression.text("operator").orElse("")) {
            case "Exists" -> there;
            case "DoesNotExist" -> !there;
            case "In" -> there && expression.texts("values").contains(labels.get(key));
            case "NotIn" -> !there || !expression.texts("values").contains(labels.get(key));
            default -> false;
        };
    }

    /** Whether the other manifest is in the same namespace, as far as both say. */
    static boolean sameNamespace(Manifest one, Manifest other) {
        return one.namespace().isEmpty()
                || other.namespace().isEmpty()
                || one.namespace().equals(other.namespace());
    }

    /** The disruption budgets that are for pods. */
    static Stream<Manifest> budgets(Pods pods) {
        return selecting("PodDisruptionBudget", "spec.selector", pods);
    }

    /** The manifests of a kind whose label selector fits the pods. */
    static Stream<Manifest> selecting(String kind, String selector, Pods pods) {
        return candidates(pods, kind, selector + ".matchLabels")
                .filter(manifest -> sameNamespace(pods.manifest(), manifest))
                .filter(manifest -> Spot.of(manifest)
                        .at(selector)
                        .filter(found -> fits(found, pods.labels()))
                        .isPresent());
    }

    /** The Services in front of pods. */
    static Stream<Manifest> services(Pods pods) {
        return candidates(pods, "Service", "spec.selector")
                .filter(service -> sameNamespace(pods.manifest(), service))
                .filter(service -> isBefore(service, pods));
    }

    private static Stream<Manifest> candidates(Pods pods, String kind, String labels) {
        Manifests all = pods.manifest().all();
        return Stream.concat(Stream.of(Manifests.ANY_LABEL), pods.labels().entrySet().stream())
                .flatMap(label -> all.selectingBy(label, kind, labels).stream());
    }

    private static boolean isBefore(Manifest service, Pods pods) {
        Map<String, String> selector = Spot.of(service).labels("spec.selector");
        return !selector.isEmpty() && pods.labels().entrySet().containsAll(selector.entrySet());
    }

    /** The pods that the label selector of a policy or budget fits. */
    static Stream<Pods> selected(Spot selector) {
        return labelled(selector.manifest(), selector.labels("matchLabels"))
                .filter(pods -> fits(selector, pods.labels()));
    }

    /** The pods that may have all of the labels, for they have the first. */
    private static Stream<Pods> labelled(Manifest from, Map<String, String> labels) {
        Manifests all = from.all();
        return labels.entrySet().stream().findFirst().map(all::labelled).orElseGet(all::pods).stream()
                .filter(pods -> sameNamespace(from, pods.manifest()));
    }

    /** Those in front of which a Service stands. */
    static Optional<Pods> behind(Manifest service) {
        return labelled(service, Spot.of(service).labels("spec.selector"))
                .filter(pods -> isBefore(service, pods))
                .findFirst();
    }
}
