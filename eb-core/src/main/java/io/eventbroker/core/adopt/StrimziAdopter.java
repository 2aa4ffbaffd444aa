package io.eventbroker.core.adopt;

import io.eventbroker.core.config.ConfigTarget;
import io.eventbroker.core.manifest.internal.Quantity;
import io.eventbroker.core.source.Node;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A {@code Kafka} of Strimzi with its node pools, of {@code v1} and {@code v1beta2}; the latter may also describe nodes and
 * ZooKeeper in the {@code Kafka} itself.
 */
final class StrimziAdopter implements Adopter {
    private static final String RENDER = "a Topology does not say how pods are built";
    private static final String RENDER_REMEDY = "keep it where manifests are made from the Topology";
    private static final String BESIDE = "it is a service of Strimzi's that a Topology does not describe";

    static final Words WORDS = new Words("a Topology has no such field", RENDER_REMEDY)
            .of(
                    "status metadata.uid metadata.resourceVersion metadata.generation metadata.creationTimestamp"
                            + " metadata.managedFields metadata.selfLink metadata.ownerReferences metadata.finalizers",
                    "Kubernetes wrote it, or a tool",
                    "")
            .of(
                    "metadata.annotations",
                    "a Topology has no annotations; those of Strimzi choose between its ways of working",
                    "see whether one of them still matters")
            .of("metadata.labels", "only the labels of the Kafka become those of the Topology", "")
            .of(
                    "spec.entityOperator",
                    BESIDE,
                    "describe topics and users in files (TopicSet, AccessPolicy), and stop the operators that would"
                            + " change them back")
            .of("spec.cruiseControl", BESIDE, "plan placements with eb-scaling, or keep Cruise Control beside it")
            .of("spec.kafkaExporter", BESIDE, "set monitoring.metrics")
            .of(
                    "spec.clusterCa spec.clientsCa spec.maintenanceTimeWindows",
                    "where certificates come from is not said in a Topology",
                    "set them up where the cluster's certificates are managed")
            .of(
                    "spec.kafka.rack",
                    "it names the node label that zones are read from, not the zones",
                    "name the zones in the Topology")
            .of(
                    "spec.kafka.metadataVersion",
                    "the metadata's version follows from the release and from upgrades",
                    "compare distribution.version with it")
            .of(
                    "spec.kafka.livenessProbe spec.kafka.readinessProbe",
                    "probes are not said in a Topology",
                    RENDER_REMEDY)
            .of(
                    "spec.kafka.template spec.template spec.kafka.brokerRackInitImage spec.zookeeper.template",
                    RENDER,
                    RENDER_REMEDY)
            .of(
                    "spec.kafka.jmxOptions spec.kafka.metricsConfig",
                    "where metrics are offered is said in 'monitoring', as intent",
                    "set monitoring.metrics")
            .of(
                    "spec.kafka.logging spec.kafka.jvmOptions.gcLoggingEnabled spec.jvmOptions.gcLoggingEnabled"
                            + " spec.zookeeper.logging",
                    "what is logged is not said in a Topology",
                    RENDER_REMEDY)
            .of(
                    "spec.kafka.tieredStorage",
                    "tiered storage is not said in a Topology",
                    "add its properties to brokers.config")
            .of("spec.kafka.quotas", "quotas are not said in a Topology", "set them on the cluster")
            .of(
                    "spec.kafka.listeners.*.configuration",
                    "how a listener is reached from outside is said in 'network', as intent",
                    "see whether network.access and network.externalDomain say it")
            .of("spec.kafka.listeners.*.networkPolicyPeers", "who may connect is not said by networks", RENDER_REMEDY)
            .of(
                    "spec.kafka.listeners.*.authentication",
                    "of authentication only the mechanism is said in a Topology",
                    "add properties that it needs to brokers.config")
            .of(
                    "spec.kafka.authorization",
                    "of authorization only the kind and the super users are said in a Topology",
                    "add properties that it needs to brokers.config")
            .of(
                    "spec.storage.deleteClaim spec.storage.*.deleteClaim spec.storage.volumes.*.deleteClaim"
                            + " spec.kafka.storage.deleteClaim spec.kafka.storage.volumes.*.deleteClaim"
                            + " spec.zookeeper.storage.deleteClaim",
                    "volumes of a Topology outlive its pods",
                    "")
            .of(
                    "spec.storage.kraftMetadata spec.storage.volumes.*.kraftMetadata",
                    "controllers have volumes of their own",
                    "")
            .of(
                    "spec.storage.volumes.*.id spec.kafka.storage.volumes.*.id spec.storage.id",
                    "a broker of a Topology has one volume for data",
                    "");

    private final Found kafka;
    private final List<Found> pools = new ArrayList<>();
    private final List<Found> brokers = new ArrayList<>();
    private final List<Found> controllers = new ArrayList<>();

    StrimziAdopter(Found kafka, List<Found> all, List<Found> foreign) {
        this.kafka = kafka;
        for (Found document : all) {
            if (document.is("kind", "KafkaNodePool")) {
                Optional<String> cluster = Optional.ofNullable(
                                document.fields("metadata.labels").get("strimzi.io/cluster"))
                        .flatMap(Found::text);
                if (cluster.equals(kafka.text("metadata.name"))) {
                    pools.add(document);
                } else {
                    document.leftOut(
                            "its label strimzi.io/cluster does not name this Kafka",
                            "correct the label, or adopt it there");
                }
            } else if (document != kafka) {
                foreign.add(document);
            }
        }
    }

    @Override
    public Words words() {
        return WORDS;
    }

    @Override
    public void adopt(Draft draft, Beside ignored) {
        draft.begin(kafka.location());
        kafka.at("apiVersion").ifPresent(Found::carried);
        kafka.at("kind").ifPresent(Found::carried);
        kafka.at("metadata.name").ifPresent(name -> draft.put("metadata.name", name));
        kafka.at("metadata.namespace")
                .ifPresentOrElse(
                        namespace -> draft.put("spec.namespace", namespace),
                        () -> draft.usual(
                                "spec.namespace",
                                new Node.Text(kafka.location(), "event-broker", false),
                                "the resource names no namespace",
                                "name the one that it runs in"));
        kafka.fields("metadata.labels").forEach((key, label) -> draft.put("metadata.labels[" + key + "]", label));
        Optional<Found> spec = kafka.at("spec.kafka");
        if (!kafka.describes("spec.kafka") || spec.isEmpty()) {
            return;
        }
        kafka.fields("metadata");
        release(draft, spec.get());
        listeners(draft, spec.get());
        authorization(draft, spec.get());
        Properties properties = new Properties(draft, ConfigTarget.BROKERS);
        spec.get()
                .fields("config")
                .forEach((key, value) -> value.text()
                        .ifPresentOrElse(
                                text -> properties.carry(value, key, text),
                                () -> value.wrong("text, a number or true")));
        if (pools.isEmpty()) {
            node(draft, "brokers", spec.get(), "");
        }
        for (Found pool : pools) {
            pool(draft, pool);
        }
        new StrimziNodeIds(draft, "brokers", brokers).carry();
        new StrimziNodeIds(draft, "controllers", controllers).carry();
        kafka.at("spec.zookeeper").ifPresent(zooKeeper -> {
            node(draft, "zooKeeper", zooKeeper, "");
            image(draft, "zooKeeper", zooKeeper);
        });
        if (draft.has("spec.controllers.replicas")) {
            draft.usual(
                    "spec.controllers.listener",
                    Parts.listener(kafka, "controller", "9090", false, true, "mtls"),
                    "Strimzi's controllers listen there",
                    "");
        }
        Parts.minimumTls(draft, properties.get("ssl.enabled.protocols"));
        Parts.noAuthorization(draft);
    }

    private static void release(Draft draft, Found spec) {
        spec.at("version").ifPresent(version -> {
            draft.text("spec.distribution.type", version, "apache");
            draft.put("spec.distribution.version", version);
        });
        spec.at("image").ifPresent(image -> Parts.image(draft, "brokers", image));
        image(draft, "brokers", spec);
    }

    private static void image(Draft draft, String component, Found at) {
        draft.text("spec.distribution.version")
                .ifPresent(version -> draft.usual(
                        "spec." + component + ".image.application",
                        new Node.Text(at.location(), "apache/kafka:" + version, false),
                        "the operator chooses the image, by the release",
                        "name the image to run"));
    }

    private static void listeners(Draft draft, Found spec) {
        for (Found listener : spec.items("listeners")) {
            String type =
                    listener.at("type").map(Found::carried).flatMap(Found::text).orElse("internal");
            boolean external = !type.equals("internal") && !type.equals("cluster-ip");
            boolean tls = listener.at("tls")
                    .map(Found::carried)
                    .flatMap(Found::text)
                    .filter("true"::equals)
                    .isPresent();
            String name =
                    listener.at("name").map(Found::carried).flatMap(Found::text).orElse("");
            String port =
                    listener.at("port").map(Found::carried).flatMap(Found::text).orElse("0");
            draft.add(
                    "spec.brokers.listeners",
                    Parts.listener(listener, name, port, external, tls, authentication(listener)),
                    listener.path());
            if (external) {
                Found found = listener.at("type").orElse(listener);
                String access = type.equals("loadbalancer") || type.equals("nodeport") ? "load-balancer" : "ingress";
                Parts.access(draft, found, access, type.equals("loadbalancer") || type.equals("ingress"));
            } else if (type.equals("cluster-ip")) {
                listener.at("type")
                        .ifPresent(found -> found.changed("it is internal, by an address of its own for each", ""));
            }
        }
        spec.at("listeners")
                .ifPresent(listeners -> draft.ledger()
                        .note(new NotCarried(
                                NotCarried.Kind.ASSUMED,
                                listeners.location(),
                                listeners.path(),
                                "",
                                "Strimzi's brokers talk over a listener of its own (9091, mtls), which no file shows; those of a"
                                        + " Topology talk over their first internal one",
                                "add one for them if that should not be shared with clients")));
    }

    private static String authentication(Found listener) {
        Optional<Found> type = listener.at("authentication.type");
        String text = type.map(Found::carried).flatMap(Found::text).orElse("none");
        if (text.equals("tls")) {
            return "mtls";
        } else if (text.equals("oauth")) {
            return "oauthbearer";
        } else if (text.equals("custom")) {
            Map<String, Found> config = listener.fields("authentication.listenerConfig");
            Optional<Found> mechanisms = Optional.ofNullable(config.get("sasl.enabled.mechanisms"));
            boolean oauth = mechanisms
                    .flatMap(Found::text)
                    .filter(list -> list.contains("OAUTHBEARER"))
                    .isPresent();
            if (oauth) {
                type.ifPresent(
                        found -> found.changed("its mechanisms are taken for 'oauthbearer'", "see whether it is so"));
                return "oauthbearer";
            }
        }
        return text;
    }

    private static void authorization(Draft draft, Found spec) {
        spec.at("authorization.type").ifPresent(type -> {
            draft.text("spec.security.authorization", type, "acl");
            if (!type.text().filter("simple"::equals).isPresent()) {
                type.changed(
                        "a Topology knows Kafka's access control lists, and role bindings, but not this; it was taken for"
                                + " the former",
                        "see whether its rights can be said as access control lists");
            }
        });
        for (Found user : spec.items("authorization.superUsers")) {
            String text = user.text().orElse("");
            Parts.superUsers(draft, user, text.startsWith("User:") ? text : "User:" + text);
        }
    }

    private void pool(Draft draft, Found pool) {
        pool.at("apiVersion").ifPresent(Found::carried);
        pool.at("kind").ifPresent(Found::carried);
        Optional.ofNullable(pool.fields("metadata.labels").get("strimzi.io/cluster"))
                .ifPresent(Found::carried);
        pool.at("metadata.namespace")
                .ifPresent(namespace -> namespace.leftOut("a pool is in the namespace of its Kafka", ""));
        if (!pool.describes("spec")) {
            return;
        }
        List<String> names = pool.items("spec.roles").stream()
                .flatMap(role -> role.carried().text().stream())
                .toList();
        boolean broker = names.contains("broker");
        boolean controller = names.contains("controller");
        if (broker && controller) {
            Found roles = pool.at("spec.roles").orElse(pool);
            roles.changed(Draft.COMBINED + "; they were taken for brokers", Draft.COMBINED_REMEDY);
            draft.combined("roles: [broker, controller] at " + roles.location());
        } else if (!broker && !controller) {
            pool.error("it has neither the role of a broker nor that of a controller", "write roles: [broker]");
            return;
        }
        String component = broker ? "brokers" : "controllers";
        (broker ? brokers : controllers).add(pool);
        if (draft.has("spec." + component + ".replicas")) {
            more(draft, pool, component);
            return;
        }
        pool.at("metadata.name")
                .ifPresent(name -> draft.text(
                        "spec." + component + ".name",
                        name,
                        kafka.text("metadata.name").orElse("kafka") + "-"
                                + name.text().orElse("")));
        node(draft, component, pool.at("spec").orElse(pool), "spec.kafka.");
        image(draft, component, pool);
    }

    /** All brokers of a Topology are alike: a further pool gives its number of nodes. */
    private static void more(Draft draft, Found pool, String component) {
        String path = "spec." + component + ".replicas";
        Optional<Found> replicas = pool.at("spec.replicas");
        int before = number(draft.text(path));
        int more = number(replicas.flatMap(Found::text));
        replicas.ifPresent(found -> draft.plain(path, found, Integer.toString(before + more)));
        replicas.ifPresent(
                found -> found.changed("the nodes of all pools of this role are added up: " + (before + more), ""));
        pool.changed(
                "all " + component
                        + " of a Topology are alike: of this further pool only the number of nodes was carried"
                        + " over, the rest is that of the first",
                "give the pools the same resources and storage first");
    }

    private static int number(Optional<String> text) {
        return text.filter(one -> one.matches("[0-9]{1,6}"))
                .map(Integer::parseInt)
                .orElse(0);
    }

    /** Number, resources, JVM and volumes, of a pool or of the Kafka itself. */
    private void node(Draft draft, String component, Found spec, String common) {
        spec.at("replicas").ifPresent(replicas -> draft.put("spec." + component + ".replicas", replicas));
        spec.at("resources").ifPresent(found -> Parts.resources(draft, component, found));
        Optional<Found> jvm = spec.at("jvmOptions");
        if (jvm.isEmpty() && !common.isEmpty()) {
            jvm = kafka.at(common + "jvmOptions");
        }
        jvm.ifPresent(found -> jvm(draft, component, found));
        spec.at("storage").ifPresent(storage -> storage(draft, component, storage));
    }

    private static void jvm(Draft draft, String component, Found options) {
        List<Parts.Argument> arguments = new ArrayList<>();
        options.fields().forEach((key, value) -> {
            if (key.equals("-Xms") || key.equals("-Xmx")) {
                arguments.add(new Parts.Argument(value, key + value.text().orElse("")));
            } else if (key.equals("-XX")) {
                value.fields().forEach((name, set) -> arguments.add(new Parts.Argument(set, option(name, set))));
            } else if (key.equals("javaSystemProperties")) {
                for (Found property : value.items()) {
                    Found text = property.at("value").orElse(property);
                    property.at("name").ifPresent(Found::carried);
                    arguments.add(new Parts.Argument(
                            text,
                            "-D" + property.text("name").orElse("") + "="
                                    + text.text().orElse("")));
                }
            }
        });
        Parts.jvm(draft, component, arguments);
    }

    private static String option(String name, Found set) {
        String text = set.text().orElse("");
        return switch (text) {
            case "true" -> "-XX:+" + name;
            case "false" -> "-XX:-" + name;
            default -> "-XX:" + name + "=" + text;
        };
    }

    private static void storage(Draft draft, String component, Found storage) {
        String path = "spec." + component + ".storage.data.";
        String type = storage.text("type").orElse("");
        List<Found> volumes = type.equals("jbod") ? storage.items("volumes") : List.of(storage);
        storage.at("type").ifPresent(Found::carried);
        List<Found> persistent = new ArrayList<>();
        for (Found volume : volumes) {
            volume.at("type").ifPresent(Found::carried);
            if (volume.is("type", "persistent-claim")) {
                persistent.add(volume);
            } else {
                volume.leftOut(
                        "what brokers and controllers hold must survive a restart, so a Topology has no such volumes",
                        "assume storage.data with a size");
            }
        }
        if (persistent.isEmpty()) {
            return;
        }
        Found first = persistent.get(0);
        first.at("size").ifPresent(size -> Parts.size(draft, path + "size", size));
        first.at("class").ifPresent(name -> draft.put(path + "storageClass", name));
        if (persistent.size() > 1) {
            BigDecimal sum = BigDecimal.ZERO;
            for (Found volume : persistent) {
                sum = sum.add(volume.text("size").flatMap(Quantity::parse).orElse(BigDecimal.ZERO));
            }
            String total = sum.toBigInteger().toString();
            first.at("size").ifPresent(size -> draft.text(path + "size", size, total));
            for (Found volume : persistent) {
                volume.changed(
                        "a broker of a Topology has one volume for data: it gets the size of all " + persistent.size()
                                + " together, and the class of the first",
                        "plan the move of the data onto one volume");
            }
        }
    }
}
