package io.eventbroker.core.adopt;

import io.eventbroker.core.config.ConfigTarget;
import io.eventbroker.core.problem.Nearest;
import io.eventbroker.core.source.Node;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The resources of Confluent for Kubernetes. Ports are those of its documentation: the operator opens the internal
 * listener on 9071, the one for replication on 9072, the external one on 9092 and the controllers' on 9074, whatever a
 * resource says.
 */
final class ConfluentAdopter implements Adopter {
    private static final String INTERNAL = "9071";
    private static final String REPLICATION = "9072";
    private static final String EXTERNAL = "9092";
    private static final String CONTROLLER = "9074";
    private static final String OFFSET = "platform.confluent.io/broker-id-offset";
    private static final Pattern PORT = Pattern.compile(".*:([0-9]{1,5})");

    private static final Map<String, String> SERVICES = Map.of(
            "SchemaRegistry", "schemaRegistry",
            "KafkaRestProxy", "restProxy",
            "Connect", "connect",
            "KsqlDB", "ksqlDb",
            "ControlCenter", "controlCenter");

    private static final Map<String, String> PORTS = Map.of(
            "schemaRegistry",
            "8081",
            "restProxy",
            "8082",
            "connect",
            "8083",
            "ksqlDb",
            "8088",
            "controlCenter",
            "9021");

    /** Letters that may be wrong in the name of a field. */
    private static final int MISSPELT = 3;

    /** Fields that resemble each other and are both right. */
    private static final Set<String> FIELDS = Set.of("dataVolumeCapacity", "logVolumeCapacity", "replicas");

    private static final Map<String, ConfigTarget> TARGETS = targets();

    private final Found kafka;
    private final Map<String, Found> beside = new HashMap<>();

    ConfluentAdopter(Found kafka, List<Found> all, List<Found> foreign) {
        this.kafka = kafka;
        for (Found document : all) {
            String kind = document.text("kind").orElse("");
            boolean known = SERVICES.containsKey(kind) || kind.equals("KRaftController") || kind.equals("Zookeeper");
            if (document == kafka) {
                continue;
            }
            if (!known) {
                foreign.add(document);
                continue;
            }
            Found other = beside.putIfAbsent(kind, document);
            if (other != null) {
                document.error(
                        "there is already a " + kind + " at " + other.location() + ", and a Topology has one",
                        "adopt one at a time");
            }
        }
    }

    private static Map<String, ConfigTarget> targets() {
        Map<String, ConfigTarget> targets = new HashMap<>();
        for (ConfigTarget target : ConfigTarget.values()) {
            targets.put(target.key(), target);
        }
        return Map.copyOf(targets);
    }

    @Override
    public Words words() {
        return ConfluentWords.WORDS;
    }

    @Override
    public void adopt(Draft draft, Beside ignored) {
        draft.begin(kafka.location());
        head(kafka);
        kafka.at("metadata.name").ifPresent(name -> draft.put("metadata.name", name));
        namespace(draft, "spec.namespace", kafka);
        kafka.fields("metadata.labels").forEach((key, label) -> draft.put("metadata.labels[" + key + "]", label));
        if (!kafka.describes("spec")) {
            return;
        }
        kafka.fields("spec.listeners");
        kafka.fields("spec.authorization");
        kafka.fields("spec.metricReporter");
        Properties properties = workload(draft, "brokers", kafka);
        firstId(draft, "brokers", kafka);
        brokerListeners(draft);
        authorization(draft);
        kafka.at("spec.metricReporter.enabled")
                .ifPresent(enabled -> draft.put("spec.monitoring.metricsReporter", enabled));
        Optional.ofNullable(beside.get("KRaftController")).ifPresent(document -> controllers(draft, document));
        Optional.ofNullable(beside.get("Zookeeper")).ifPresent(document -> zooKeeper(draft, document));
        SERVICES.forEach((kind, key) ->
                Optional.ofNullable(beside.get(kind)).ifPresent(document -> service(draft, key, document)));
        clusterReferences();
        Parts.minimumTls(draft, properties.get("ssl.enabled.protocols"));
    }

    private static void head(Found document) {
        document.at("apiVersion").ifPresent(Found::carried);
        document.at("kind").ifPresent(Found::carried);
    }

    private static void namespace(Draft draft, String path, Found document) {
        document.at("metadata.namespace")
                .ifPresentOrElse(
                        namespace -> draft.put(path, namespace),
                        () -> draft.usual(
                                "spec.namespace",
                                new Node.Text(document.location(), "event-broker", false),
                                "the resource names no namespace",
                                "name the one that it runs in"));
    }

    private static void firstId(Draft draft, String component, Found document) {
        Optional.ofNullable(document.fields("metadata.annotations").get(OFFSET))
                .ifPresent(offset -> draft.plain(
                        "spec." + component + ".firstId", offset, offset.text().orElse("")));
    }

    /** What all kinds say in the same way. */
    private static Properties workload(Draft draft, String component, Found document) {
        String path = "spec." + component + ".";
        List.of("metadata", "spec.image", "spec.podTemplate", "spec.configOverrides", "spec.dependencies")
                .forEach(document::fields);
        document.at("spec.replicas").ifPresent(replicas -> draft.put(path + "replicas", replicas));
        misspelt(draft, path, document);
        document.at("spec.image.application").ifPresent(image -> Parts.image(draft, component, image));
        document.at("spec.image.init").ifPresent(image -> draft.put(path + "image.init", image));
        document.at("spec.podTemplate.resources").ifPresent(found -> Parts.resources(draft, component, found));
        document.at("spec.dataVolumeCapacity").ifPresent(size -> Parts.size(draft, path + "storage.data.size", size));
        document.at("spec.logVolumeCapacity").ifPresent(size -> Parts.size(draft, path + "storage.logs.size", size));
        storageClass(draft, path, document);
        List<Parts.Argument> arguments = new ArrayList<>();
        for (Found argument : document.items("spec.configOverrides.jvm")) {
            arguments.add(
                    new Parts.Argument(argument, argument.text().orElse("").trim()));
        }
        Parts.jvm(draft, component, arguments);
        Properties properties = new Properties(draft, TARGETS.getOrDefault(component, ConfigTarget.BROKERS));
        document.items("spec.configOverrides.server").forEach(properties::line);
        return properties;
    }

    /** Fields that the API server would remove, and without which something would only be said to be missing. */
    private static void misspelt(Draft draft, String path, Found document) {
        Map<String, Found> fields = document.fields("spec");
        Map.of(
                        "dataVolumeCapacity",
                        "storage.data.size",
                        "logVolumeCapacity",
                        "storage.logs.size",
                        "replicas",
                        "replicas")
                .forEach((field, meant) -> Nearest.to(field, fields.keySet(), MISSPELT)
                        .filter(near -> !fields.containsKey(field) && !FIELDS.contains(near))
                        .map(fields::get)
                        .ifPresent(found -> {
                            draft.put(path + meant, found);
                            found.error(
                                    "the resource's schema knows no such field, and the API server removes it",
                                    "did you mean '" + field + "'?");
                        }));
    }

    private static void storageClass(Draft draft, String path, Found document) {
        document.at("spec.storageClass").ifPresent(found -> {
            Optional<Found> name = found.at("name");
            Found storageClass = name.orElse(found);
            if (draft.has(path + "storage.data.size")) {
                draft.put(path + "storage.data.storageClass", storageClass);
            }
            if (draft.has(path + "storage.logs.size")) {
                draft.put(path + "storage.logs.storageClass", storageClass);
            }
            if (name.isEmpty()) {
                found.doubtful(
                        "the resource's schema wants 'storageClass: {name: …}' and refuses a text",
                        "see which class the volumes really have");
            }
        });
    }

    private void brokerListeners(Draft draft) {
        Optional<Found> internal = kafka.at("spec.listeners.internal");
        internal.ifPresentOrElse(
                found -> listener(draft, found, "internal", INTERNAL, false),
                () -> draft.add(
                        "spec.brokers.listeners",
                        Parts.listener(kafka, "internal", INTERNAL, false, false, "none"),
                        "spec.listeners"));
        if (internal.isEmpty()) {
            kafka.at("spec")
                    .ifPresent(spec -> draft.ledger()
                            .note(new NotCarried(
                                    NotCarried.Kind.ASSUMED,
                                    spec.location(),
                                    "spec.listeners.internal",
                                    "",
                                    "the operator always opens an internal listener on " + INTERNAL
                                            + ", without encryption unless the resource says otherwise",
                                    "encrypt it")));
        }
        kafka.at("spec.listeners.replication")
                .ifPresent(found -> listener(draft, found, "replication", REPLICATION, false));
        kafka.at("spec.listeners.external").ifPresent(found -> {
            listener(draft, found, "external", EXTERNAL, true);
            if (found.at("externalAccess").isEmpty()) {
                draft.ledger()
                        .note(new NotCarried(
                                NotCarried.Kind.ASSUMED,
                                found.location(),
                                found.path() + ".externalAccess",
                                "",
                                "without it nobody outside Kubernetes reaches the listener, but its name says that it is"
                                        + " meant for them, so it was made external",
                                "make it internal, or say how it is reached in 'network'"));
            }
        });
        for (Found custom : kafka.items("spec.listeners.custom")) {
            custom.at("name")
                    .ifPresent(name -> listener(
                            draft,
                            custom,
                            lower(name),
                            custom.at("port")
                                    .map(Found::carried)
                                    .flatMap(Found::text)
                                    .orElse("0"),
                            custom.at("externalAccess").isPresent()));
        }
    }

    private static String lower(Found name) {
        String text = name.carried().text().orElse("");
        String lower = text.toLowerCase(Locale.ROOT);
        if (!lower.equals(text)) {
            name.changed("the names of listeners are of lower-case letters: " + lower, "");
        }
        return lower;
    }

    private static void listener(Draft draft, Found found, String name, String port, boolean external) {
        boolean tls = found.at("tls.enabled")
                .map(Found::carried)
                .flatMap(Found::text)
                .filter("true"::equals)
                .isPresent();
        Node.Fields item =
                Parts.listener(found, name, port, external, tls, authentication(found.at("authentication.type")));
        draft.add("spec.brokers.listeners", item, found.path());
        network(draft, found);
        if (!name.equals("internal") && !name.equals("replication") && !name.equals("external")) {
            return;
        }
        found.at("port")
                .ifPresent(written -> written.leftOut(
                        "the resource has no such field, and the API server removes it: the operator's " + name
                                + " listener is on " + port + ", which was carried over",
                        "see which port clients use; 'listeners.custom' takes ports of your own from 9093 on"));
    }

    private static void network(Draft draft, Found found) {
        found.at("externalAccess.type").ifPresent(type -> {
            String text = type.text().orElse("");
            String access = text.equals("loadBalancer") || text.equals("nodePort") ? "load-balancer" : "ingress";
            Parts.access(draft, type, access, text.equals("loadBalancer"));
        });
        found.at("externalAccess.loadBalancer.domain")
                .or(() -> found.at("externalAccess.staticForHostBasedRouting.domain"))
                .or(() -> found.at("externalAccess.route.domain"))
                .ifPresent(domain -> {
                    Optional<String> first = draft.text("spec.network.externalDomain");
                    if (first.isEmpty()) {
                        draft.put("spec.network.externalDomain", domain);
                    } else if (!first.equals(domain.carried().text())) {
                        domain.leftOut(
                                "a Topology has one domain for all listeners, '" + first.get() + "'",
                                "give the listeners names below one domain");
                    }
                });
    }

    /** The mechanism of a listener in the model's words; what it does not know is left to the checks. */
    private static String authentication(Optional<Found> type) {
        String text = type.map(Found::carried).flatMap(Found::text).orElse("none");
        switch (text) {
            case "oauth" -> {
                return "oauthbearer";
            }
            case "bearer" -> {
                type.ifPresent(found -> found.changed(
                        "tokens of Confluent's metadata service are taken for those of an identity provider",
                        "see whether oauthbearer is right"));
                return "oauthbearer";
            }
            case "ldap", "basic" -> {
                type.filter(found -> text.equals("ldap"))
                        .ifPresent(found -> found.changed(
                                "name and password it is, but where they are checked (LDAP) is not said in a Topology",
                                "configure the directory where the cluster is set up"));
                return "plain";
            }
            default -> {
                if (text.startsWith("scram-")) {
                    type.ifPresent(found -> found.doubtful(
                            "the resource's schema knows no SCRAM: of passwords it has plain and ldap",
                            "see what the listener really asks for"));
                }
                return text;
            }
        }
    }

    private void authorization(Draft draft) {
        Optional<Found> type = kafka.at("spec.authorization.type");
        type.ifPresent(found -> {
            String text = found.text().orElse("");
            draft.text("spec.security.authorization", found, text.equals("simple") ? "acl" : text);
            if (text.equals("rbac") && kafka.at("spec.services.mds").isEmpty()) {
                found.doubtful(
                        "the schema allows rbac without services.mds, but there is nobody to decide then: role bindings"
                                + " live in the metadata service",
                        "describe the metadata service where the cluster is set up, or choose acl");
            }
        });
        for (Found user : kafka.items("spec.authorization.superUsers")) {
            Parts.superUsers(draft, user, user.text().orElse(""));
        }
        Parts.noAuthorization(draft);
    }

    private static void controllers(Draft draft, Found document) {
        component(draft, "controllers", document);
        firstId(draft, "controllers", document);
        Optional<Found> listener = document.at("spec.listeners.controller");
        Found at = listener.orElse(document);
        boolean tls = at.at("tls.enabled")
                .map(Found::carried)
                .flatMap(Found::text)
                .filter("true"::equals)
                .isPresent();
        draft.set(
                "spec.controllers.listener",
                Parts.listener(
                        at,
                        "controller",
                        CONTROLLER,
                        false,
                        tls,
                        authentication(listener.flatMap(found -> found.at("authentication.type")))),
                at.path());
    }

    private static void zooKeeper(Draft draft, Found document) {
        component(draft, "zooKeeper", document);
        boolean tls = document.at("spec.tls").isPresent();
        document.at("spec.tls")
                .ifPresent(found -> found.changed(
                        "the ensemble's clients are encrypted; where its certificates come from is not said",
                        "issue them where the cluster is set up"));
        Node.Fields client = Parts.listener(
                document, "client", "2181", false, tls, authentication(document.at("spec.authentication.type")));
        draft.add("spec.zooKeeper.listeners", client, "spec");
    }

    private static void component(Draft draft, String key, Found document) {
        head(document);
        document.at("metadata.name").ifPresent(name -> draft.put("spec." + key + ".name", name));
        namespace(draft, "spec." + key + ".namespace", document);
        document.describes("spec");
        workload(draft, key, document);
    }

    private static void service(Draft draft, String key, Found document) {
        component(draft, key, document);
        boolean external = document.at("spec.externalAccess").isPresent();
        boolean tls = document.at("spec.tls").isPresent();
        document.at("spec.tls")
                .ifPresent(found -> found.changed(
                        "it is encrypted; where its certificates come from is not said",
                        "issue them where the cluster is set up"));
        document.at("spec.externalAccess")
                .ifPresent(found -> found.changed(
                        "it can be reached from outside; by which names and ports is not said",
                        "say it in 'network' as far as it is needed"));
        Optional<Found> type = document.at("spec.authentication.type");
        String port = PORTS.getOrDefault(key, "0");
        Node.Fields item = Parts.listener(document, tls ? "https" : "http", port, external, tls, authentication(type));
        draft.add("spec." + key + ".listeners", item, "spec");
        document.at("spec.dependencies.kafka.bootstrapEndpoint")
                .ifPresent(endpoint -> brokerListener(draft, key, endpoint));
    }

    /** The port tells the brokers' listener. */
    private static void brokerListener(Draft draft, String key, Found endpoint) {
        Matcher port = PORT.matcher(endpoint.text().orElse(""));
        Optional<String> name = draft.items("spec.brokers.listeners").stream()
                .filter(listener -> port.matches()
                        && listener.text("port").filter(port.group(1)::equals).isPresent())
                .flatMap(listener -> listener.text("name").stream())
                .findFirst();
        name.ifPresentOrElse(
                listener -> {
                    draft.text("spec." + key + ".brokerListener", endpoint, listener);
                    endpoint.changed(
                            "of the address its port is carried over, as brokerListener: " + listener
                                    + "; the names follow from the brokers'",
                            "");
                },
                () -> endpoint.leftOut(
                        "none of the brokers' listeners has this port, so that it cannot be said which one is used",
                        "set brokerListener of " + key));
    }

    private void clusterReferences() {
        kafka.at("spec.dependencies.kRaftController.clusterRef")
                .ifPresent(reference -> referenced(reference, "KRaftController"));
        kafka.at("spec.dependencies.zookeeper.endpoint").ifPresent(endpoint -> {
            boolean there = beside.containsKey("Zookeeper");
            endpoint.leftOut(
                    there
                            ? "the address follows from the Zookeeper beside it"
                            : "the Zookeeper that it names was not read",
                    there ? "" : "read the file that describes it too");
        });
    }

    private void referenced(Found reference, String kind) {
        Found there = beside.get(kind);
        if (there != null && reference.text("name").equals(there.text("metadata.name"))) {
            reference.leftOut("the reference follows from the " + kind + " beside it", "");
        } else {
            reference.leftOut("the " + kind + " that it names was not read", "read the file that describes it too");
        }
    }
}
