package io.eventbroker.core.lint;

import io.eventbroker.core.manifest.internal.ImageName;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** What a container is to a Kafka platform. */
enum Role {
    BROKER("broker"),
    CONTROLLER("controller"),
    ZOOKEEPER("ZooKeeper server"),
    /** Schema Registry, Connect and others that keep their state in Kafka. */
    SERVICE("service"),
    /** Nothing that is known. */
    OTHER("container");

    private static final Set<String> KAFKA_IMAGES =
            Set.of("cp-kafka", "cp-server", "cp-enterprise-kafka", "kafka", "kafka-native");
    private static final Set<String> ZOOKEEPER_IMAGES = Set.of("cp-zookeeper", "zookeeper");
    private static final Set<String> SERVICE_IMAGES = Set.of(
            "cp-schema-registry",
            "cp-kafka-rest",
            "cp-kafka-connect",
            "cp-kafka-connect-base",
            "cp-server-connect",
            "cp-server-connect-base",
            "cp-ksqldb-server",
            "cp-enterprise-control-center",
            "cp-enterprise-control-center-next-gen",
            "cp-enterprise-replicator");
    private static final List<String> STARTS =
            List.of("kafka-server-start", "/docker/run", "kafka.Kafka", "kafka/run.sh", "kafka/entrypoint.sh");
    private static final List<String> OF_SERVERS = List.of(
            "KAFKA_BROKER_ID",
            "KAFKA_NODE_ID",
            "KAFKA_PROCESS_ROLES",
            "KAFKA_LISTENERS",
            "KAFKA_LOG_DIRS",
            "KAFKA_CFG_NODE_ID",
            "KAFKA_CFG_BROKER_ID",
            "KAFKA_CFG_PROCESS_ROLES",
            "KAFKA_CFG_LISTENERS");

    private final String words;

    Role(String words) {
        this.words = words;
    }

    boolean isKafka() {
        return this == BROKER || this == CONTROLLER;
    }

    /** Whether its volumes hold what nobody else has. */
    boolean keepsData() {
        return isKafka() || this == ZOOKEEPER;
    }

    boolean isPlatform() {
        return this != OTHER;
    }

    /** Judges by the image, and, where that is also used for tools, by what is started and how it is configured. */
    static Role of(Container container) {
        String image = container.image().map(ImageName::name).orElse("");
        if (ZOOKEEPER_IMAGES.contains(image)) {
            return ZOOKEEPER;
        } else if (SERVICE_IMAGES.contains(image)) {
            return SERVICE;
        } else if (isServer(container, image)) {
            return isControllerOnly(container) ? CONTROLLER : BROKER;
        }
        return OTHER;
    }

    private static boolean isServer(Container container, String image) {
        if (container.pods().isForJobs()) {
            return false;
        }
        if (OF_SERVERS.stream().anyMatch(name -> container.env(name).isPresent())) {
            return KAFKA_IMAGES.contains(image)
                    || container.env("KAFKA_PROCESS_ROLES").isPresent()
                    || container.env("KAFKA_BROKER_ID").isPresent()
                    || container.env("KAFKA_NODE_ID").isPresent();
        }
        List<String> started = container.started();
        return KAFKA_IMAGES.contains(image)
                && (started.isEmpty() || started.stream().anyMatch(Role::startsServer) || startsOtherwise(container));
    }

    private static boolean startsServer(String text) {
        return STARTS.stream().anyMatch(text::contains);
    }

    /** By a script of its own, which a ConfigMap holds, or beside a volume that only servers need. */
    private static boolean startsOtherwise(Container container) {
        Pods pods = container.pods();
        List<Optional<String>> claims = Spot.of(pods.manifest()).items("spec.volumeClaimTemplates").stream()
                .map(claim -> claim.text("metadata.name"))
                .toList();
        return pods.isStatefulSet()
                && container.spot().items("volumeMounts").stream()
                        .anyMatch(mount -> claims.contains(mount.text("name")))
                && pods.texts().stream().anyMatch(Role::startsServer);
    }

    private static boolean isControllerOnly(Container container) {
        return Stream.of("KAFKA_PROCESS_ROLES", "KAFKA_CFG_PROCESS_ROLES")
                .map(container::value)
                .flatMap(Optional::stream)
                .findFirst()
                .map(ConfigMaps::isControllers)
                .orElseGet(() -> ConfigMaps.areControllers(container.pods()));
    }

    @Override
    public String toString() {
        return words;
    }
}
