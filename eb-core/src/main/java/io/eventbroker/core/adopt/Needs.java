package io.eventbroker.core.adopt;

import io.eventbroker.core.manifest.internal.ImageName;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;

/** Reports what a Topology cannot do without and neither the source nor the caller said. */
final class Needs {
    private static final List<String> COMPONENTS = List.of(
            "brokers",
            "controllers",
            "zooKeeper",
            "schemaRegistry",
            "restProxy",
            "connect",
            "ksqlDb",
            "controlCenter",
            "mirrorMaker");

    private static final Map<String, String> EXAMPLES = Map.of(
            "replicas", "3",
            "image.application", "",
            "resources.requests.cpu", "2",
            "resources.requests.memory", "8Gi",
            "resources.limits.cpu", "4",
            "resources.limits.memory", "16Gi",
            "jvm.heap.min", "6Gi",
            "jvm.heap.max", "6Gi");

    private static final Map<String, String> CONFLUENT_IMAGES = Map.of(
            "brokers", "cp-server",
            "controllers", "cp-server",
            "zooKeeper", "cp-zookeeper",
            "schemaRegistry", "cp-schema-registry",
            "restProxy", "cp-kafka-rest",
            "connect", "cp-server-connect",
            "ksqlDb", "cp-ksqldb-server",
            "controlCenter", "cp-enterprise-control-center",
            "mirrorMaker", "cp-server");

    private final Draft draft;
    private final Consumer<String> missing;

    Needs(Draft draft, Consumer<String> missing) {
        this.draft = draft;
        this.missing = missing;
    }

    void check() {
        need("metadata.name", "how the cluster is called", "kafka-prod");
        need("spec.environment", "which environment the cluster is for", "production");
        if (!draft.has("spec.distribution.type") || !draft.has("spec.distribution.version")) {
            boolean confluent = draft.text("spec.brokers.image.application")
                    .map(image -> Parts.distribution(ImageName.parse(image)))
                    .filter("confluent"::equals)
                    .isPresent();
            report(
                    "spec.distribution",
                    "which release it is",
                    confluent ? "{type: confluent, version: 7.9.2}" : "{type: apache, version: 4.3.1}");
        }
        if (draft.items("spec.zones").isEmpty()) {
            report("spec.zones", "the names of the zones", "[az-a, az-b, az-c]");
        }
        boolean combined = draft.combined().isPresent() && !draft.has("spec.controllers.replicas");
        if (combined) {
            combined(draft.combined().orElse(""));
        } else if (!draft.has("spec.controllers") && !draft.has("spec.zooKeeper")) {
            report(
                    "spec.controllers",
                    "what coordinates the brokers",
                    "{replicas: 3, …} with Adoption.assuming, or 'zooKeeper:' before Kafka 4.0, or read the file that"
                            + " describes it too");
        }
        boolean onlyNamed = !combined
                && draft.has("spec.controllers")
                && List.of("image", "resources", "jvm", "storage").stream()
                        .noneMatch(part -> draft.has("spec.controllers." + part));
        if (onlyNamed) {
            controllersMissing();
            report(
                    "spec.controllers",
                    "how the controllers run that it names",
                    "{image: {application: " + image("controllers")
                            + "}, resources: …, jvm: …, storage: …}, with Adoption.assuming");
        }
        for (String component : COMPONENTS) {
            if (draft.has("spec." + component) && !((combined || onlyNamed) && component.equals("controllers"))) {
                new TreeMap<>(EXAMPLES)
                        .forEach((path, example) -> need(
                                "spec." + component + "." + path,
                                words(path) + " of " + component,
                                path.equals("image.application") ? image(component) : example));
                if (COMPONENTS.indexOf(component) < 3) {
                    need("spec." + component + ".storage.data.size", "the size of the volumes of " + component, "1Ti");
                }
            }
        }
        if (draft.items("spec.brokers.listeners").isEmpty()) {
            report("spec.brokers.listeners", "where the brokers are reached", "[{name: internal, port: 9092}]");
        }
    }

    private void controllersMissing() {
        missing.accept("spec.controllers");
        EXAMPLES.keySet().forEach(path -> missing.accept("spec.controllers." + path));
        missing.accept("spec.controllers.storage.data.size");
    }

    /** Said at the place of the whole, so that it comes before all that is missing. */
    private void combined(String evidence) {
        controllersMissing();
        draft.ledger()
                .error(
                        draft.place(),
                        "",
                        Draft.COMBINED + " (" + evidence + ")",
                        Draft.COMBINED_REMEDY + ": spec.controllers: {replicas: 3, firstId: 9990, image: {application: "
                                + image("controllers")
                                + "}, resources: …, jvm: …, storage: …}");
    }

    /** That of the brokers where it does for the component too, else the one that suits the release. */
    private String image(String component) {
        Optional<String> brokers = draft.text("spec.brokers.image.application");
        boolean confluent =
                draft.text("spec.distribution.type").filter("confluent"::equals).isPresent();
        String version = draft.text("spec.distribution.version").orElse(confluent ? "7.9.2" : "4.3.1");
        boolean kafka = List.of("brokers", "controllers", "mirrorMaker").contains(component);
        if (brokers.isPresent() && (kafka || (component.equals("zooKeeper") && !confluent))) {
            return brokers.get();
        } else if (!confluent && (kafka || component.equals("zooKeeper"))) {
            return "apache/kafka:" + version;
        }
        return "confluentinc/" + CONFLUENT_IMAGES.get(component) + ":" + (confluent ? version : "7.9.2");
    }

    private static String words(String path) {
        return path.replace('.', ' ');
    }

    private void need(String path, String what, String example) {
        if (!draft.has(path)) {
            report(path, what, example);
        }
    }

    private void report(String path, String what, String example) {
        missing.accept(path);
        draft.ledger()
                .error(
                        draft.place(),
                        path,
                        "the source does not say " + what + ", and nothing is assumed",
                        "assume it with " + path + ": " + example);
    }
}
