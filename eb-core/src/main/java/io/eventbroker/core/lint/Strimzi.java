package io.eventbroker.core.lint;

import io.eventbroker.core.manifest.internal.ImageName;
import io.eventbroker.core.topology.Version;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** A Kafka cluster that Strimzi runs. */
record Strimzi(Manifest manifest, Spot spec) {
    private static final String CLUSTER = "metadata.labels[strimzi.io/cluster]";

    static boolean isGroup(Manifest manifest) {
        return manifest.apiGroup().equals("kafka.strimzi.io");
    }

    static Optional<Strimzi> of(Manifest manifest) {
        return isGroup(manifest) && manifest.isKind("Kafka")
                ? Spot.of(manifest).at("spec").map(spec -> new Strimzi(manifest, spec))
                : Optional.empty();
    }

    static Optional<Spot> pool(Manifest manifest) {
        return isGroup(manifest) && manifest.isKind("KafkaNodePool")
                ? Spot.of(manifest).at("spec")
                : Optional.empty();
    }

    /** Whether it is a pool without brokers. */
    static boolean isControllersOnly(Manifest manifest) {
        return pool(manifest)
                .filter(spec -> spec.texts("roles").equals(List.of("controller")))
                .isPresent();
    }

    /** Resources of a kind that are for this cluster. */
    Stream<Manifest> own(String kind) {
        return manifest.all()
                .ofKind(kind)
                .filter(Strimzi::isGroup)
                .filter(other -> Selectors.sameNamespace(manifest, other))
                .filter(other -> Spot.of(other).is(CLUSTER, manifest.name()));
    }

    /** Pools with brokers. */
    Stream<Spot> brokerPools() {
        return own("KafkaNodePool")
                .flatMap(pool -> pool(pool).stream())
                .filter(pool -> pool.texts("roles").contains("broker"));
    }

    /** How many brokers, in pools or, as it was once, all alike; empty if that is not written. */
    Optional<Long> brokers() {
        List<Spot> pools = brokerPools().toList();
        if (pools.isEmpty()) {
            return spec.number("kafka.replicas");
        }
        return pools.stream().allMatch(pool -> pool.number("replicas").isPresent())
                ? Optional.of(pools.stream()
                        .mapToLong(pool -> pool.number("replicas").orElse(0L))
                        .sum())
                : Optional.empty();
    }

    Optional<Version> version() {
        return spec.text("kafka.version")
                .flatMap(text -> ImageName.find("kafka:" + text))
                .flatMap(ImageName::version);
    }
}
