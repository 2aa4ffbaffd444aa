package io.eventbroker.core.lint;

import io.eventbroker.core.manifest.internal.Quantity;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A process as a manifest describes it, whoever runs it: a container, a component of Confluent for Kubernetes, or nodes of
 * Strimzi. With what stands in the manifest of its memory and its JVM.
 *
 * @param words what it is, for messages
 * @param owner the element that describes it
 * @param resourcesAt where its resources are, or would be, below the owner
 * @param jvmAt where its JVM options are, or would be, below the owner
 * @param jvm its JVM options
 */
record PlatformProcess(
        Manifest manifest, Role role, String words, Spot owner, String resourcesAt, String jvmAt, List<Option> jvm) {
    /** A JVM option and where it stands. */
    record Option(String text, String path) {}

    private static final Set<String> JVM_VARIABLES = Set.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "KAFKA_OPTS");

    private static final Map<String, String> STRIMZI =
            Map.of("Kafka", "spec.kafka", "KafkaNodePool", "spec", "KafkaConnect", "spec");

    static List<PlatformProcess> of(Manifest manifest) {
        List<PlatformProcess> found = new ArrayList<>();
        Pods.of(manifest).ifPresent(pods -> pods.containers().forEach(container -> found.add(of(container))));
        Confluent.of(manifest).ifPresent(resource -> found.add(of(resource)));
        strimzi(manifest).ifPresent(found::add);
        return found;
    }

    private static PlatformProcess of(Container container) {
        List<Option> options = new ArrayList<>();
        container.env().forEach((name, item) -> {
            if (JVM_VARIABLES.contains(name) || name.endsWith("_HEAP_OPTS") || name.endsWith("_JVM_PERFORMANCE_OPTS")) {
                item.text("value").ifPresent(text -> split(text, item.path("value"), options));
            }
        });
        return new PlatformProcess(
                container.pods().manifest(),
                container.role(),
                container.name(),
                container.spot(),
                "resources",
                "env",
                options);
    }

    private static PlatformProcess of(Confluent resource) {
        List<Option> options = new ArrayList<>();
        resource.spec()
                .items("configOverrides.jvm")
                .forEach(item -> item.text().ifPresent(text -> split(text, item.path(), options)));
        return new PlatformProcess(
                resource.manifest(),
                resource.role(),
                "the " + resource.role(),
                resource.spec(),
                "podTemplate.resources",
                "configOverrides.jvm",
                options);
    }

    private static Optional<PlatformProcess> strimzi(Manifest manifest) {
        String owner = STRIMZI.get(manifest.kind());
        if (owner == null || !Strimzi.isGroup(manifest)) {
            return Optional.empty();
        }
        return Spot.of(manifest).at(owner).map(spot -> {
            List<Option> options = new ArrayList<>();
            for (String heap : List.of("-Xms", "-Xmx")) {
                spot.text("jvmOptions." + heap)
                        .ifPresent(size -> options.add(new Option(heap + size, spot.path("jvmOptions." + heap))));
            }
            spot.fields("jvmOptions.-XX")
                    .forEach((name, value) -> options.add(new Option(ofStrimzi(name, value), value.path())));
            Role role = manifest.isKind("KafkaConnect")
                    ? Role.SERVICE
                    : Strimzi.isControllersOnly(manifest) ? Role.CONTROLLER : Role.BROKER;
            return new PlatformProcess(manifest, role, "the " + role, spot, "resources", "jvmOptions", options);
        });
    }

    private static String ofStrimzi(String name, Spot value) {
        String text = value.text().orElse("");
        return "-XX:" + (text.equals("true") ? "+" + name : text.equals("false") ? "-" + name : name + "=" + text);
    }

    private static void split(String text, String path, List<Option> options) {
        for (String option : text.trim().split("\\s+", -1)) {
            if (!option.isEmpty()) {
                options.add(new Option(option, path));
            }
        }
    }

    /** The last option that begins like this, which is the one that the JVM takes. */
    Optional<Option> option(String prefix) {
        return jvm.stream().filter(option -> option.text().startsWith(prefix)).reduce((first, second) -> second);
    }

    /** What is written of a resource, such as {@code limits.memory}. */
    Optional<String> resource(String which) {
        return owner.text(resourcesAt + "." + which);
    }

    Optional<BigDecimal> quantity(String which) {
        return resource(which).flatMap(Quantity::parse);
    }

    String resourcesPath(String which) {
        return owner.path(resourcesAt + "." + which);
    }
}
