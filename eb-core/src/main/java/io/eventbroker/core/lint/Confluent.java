package io.eventbroker.core.lint;

import io.eventbroker.core.manifest.internal.ImageName;
import java.util.Map;
import java.util.Optional;

/** A component that Confluent for Kubernetes runs. */
record Confluent(Manifest manifest, Spot spec) {
    private static final Map<String, Role> KINDS = Map.of(
            "Kafka", Role.BROKER,
            "KRaftController", Role.CONTROLLER,
            "Zookeeper", Role.ZOOKEEPER,
            "SchemaRegistry", Role.SERVICE,
            "KafkaRestProxy", Role.SERVICE,
            "Connect", Role.SERVICE,
            "KsqlDB", Role.SERVICE,
            "ControlCenter", Role.SERVICE);

    static boolean isGroup(Manifest manifest) {
        return manifest.apiGroup().equals("platform.confluent.io");
    }

    static Optional<Confluent> of(Manifest manifest) {
        return isGroup(manifest) && KINDS.containsKey(manifest.kind())
                ? Spot.of(manifest).at("spec").map(spec -> new Confluent(manifest, spec))
                : Optional.empty();
    }

    /** A broker cluster. */
    static Optional<Confluent> kafka(Manifest manifest) {
        return of(manifest).filter(found -> manifest.isKind("Kafka"));
    }

    Role role() {
        return KINDS.getOrDefault(manifest.kind(), Role.OTHER);
    }

    Optional<Release> release() {
        return spec.text("image.application")
                .flatMap(ImageName::find)
                .flatMap(ImageName::version)
                .map(version -> new Release(true, version));
    }

    /** Brokers, or of what else it is. */
    Optional<Long> replicas() {
        return spec.number("replicas");
    }
}
