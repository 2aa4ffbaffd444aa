package io.eventbroker.core.adopt;

import io.eventbroker.core.config.ConfigReference;
import io.eventbroker.core.config.ConfigTarget;
import io.eventbroker.core.manifest.internal.KafkaVariables;
import io.eventbroker.core.manifest.internal.ListenerText;
import io.eventbroker.core.source.Node;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A StatefulSet of brokers whose container is configured by {@link KafkaVariables}. */
final class StatefulSetAdopter implements Adopter {
    private static final String CONTAINERS = "spec.template.spec.containers";
    private static final Set<String> OPTIONS = Set.of("KAFKA_HEAP_OPTS", "KAFKA_JVM_PERFORMANCE_OPTS", "KAFKA_OPTS");
    private static final Set<String> IDENTITY = Set.of("CLUSTER_ID", "KAFKA_CLUSTER_ID", "KAFKA_KRAFT_CLUSTER_ID");
    private static final Pattern VOTER = Pattern.compile("([0-9]{1,9})@.*:([0-9]{1,5})");
    private static final String RENDER = "a Topology does not say how pods are built";
    private static final String RENDER_REMEDY = "keep it where manifests are made from the Topology";

    private static final Words WORDS = new Words(RENDER, RENDER_REMEDY)
            .of(
                    "status metadata.uid metadata.resourceVersion metadata.generation metadata.creationTimestamp"
                            + " metadata.managedFields metadata.selfLink metadata.ownerReferences",
                    "Kubernetes wrote it, or a tool",
                    "")
            .of("metadata.annotations", "a Topology has no annotations", RENDER_REMEDY)
            .of(
                    "spec.serviceName",
                    "the headless Service is called like the brokers",
                    "see that clients and certificates use the new names")
            .of("spec.selector spec.template.metadata", "labels of pods follow from the Topology", RENDER_REMEDY)
            .of(
                    "spec.template.spec.affinity spec.template.spec.tolerations spec.template.spec.nodeSelector"
                            + " spec.template.spec.topologySpreadConstraints",
                    "placement follows from the zones",
                    RENDER_REMEDY)
            .of(
                    "spec.template.spec.initContainers",
                    "a Topology knows no init containers of one's own",
                    "see whether what they do is still needed")
            .of(CONTAINERS, "it is not the container of the broker", RENDER_REMEDY)
            .of(
                    CONTAINERS + ".*.env",
                    "this variable is no property of Kafka",
                    "see whether something in the container needs it")
            .of(
                    CONTAINERS + ".*.env.*.valueFrom",
                    "a reference says where a value is, and nothing else",
                    "see that it is there before the cluster starts")
            .of(
                    CONTAINERS + ".*.envFrom",
                    "which variables come from there is not known here",
                    "add the properties among them to brokers.config, as references where they are secret")
            .of(CONTAINERS + ".*.ports", "ports follow from the listeners", "")
            .of(CONTAINERS + ".*.volumeMounts", "volumes are mounted where the image wants them", "")
            .of(
                    CONTAINERS + ".*.command " + CONTAINERS + ".*.args",
                    "the image's own start is used",
                    "see what these did; properties that they set belong into brokers.config")
            .of(
                    CONTAINERS + ".*.livenessProbe " + CONTAINERS + ".*.readinessProbe " + CONTAINERS
                            + ".*.startupProbe",
                    "probes are not said in a Topology",
                    "use probes that start no JVM; a tool such as kafka-topics takes seconds and memory at every call")
            .of(
                    CONTAINERS + ".*.resources.limits.* " + CONTAINERS + ".*.resources.requests.*",
                    "a Topology counts processor time and memory only",
                    RENDER_REMEDY)
            .of("spec.volumeClaimTemplates.*.spec.accessModes", "a volume of a broker is mounted by one pod", "")
            .of(
                    "spec.volumeClaimTemplates.*.metadata.name",
                    "volumes get names that follow from the Topology",
                    "a StatefulSet with other names of volumes does not take up the old ones: move the data first");

    private final Found set;

    StatefulSetAdopter(Found set) {
        this.set = set;
    }

    @Override
    public Words words() {
        return WORDS;
    }

    @Override
    public void adopt(Draft draft, Beside ignored) {
        draft.begin(set.location());
        set.at("apiVersion").ifPresent(Found::carried);
        set.at("kind").ifPresent(Found::carried);
        set.at("metadata.name").ifPresent(name -> draft.put("metadata.name", name));
        set.at("metadata.namespace")
                .ifPresentOrElse(
                        namespace -> draft.put("spec.namespace", namespace),
                        () -> draft.usual(
                                "spec.namespace",
                                new Node.Text(set.location(), "event-broker", false),
                                "the resource names no namespace",
                                "name the one that it runs in"));
        set.fields("metadata.labels").forEach((key, label) -> draft.put("metadata.labels[" + key + "]", label));
        if (!set.describes("spec")) {
            return;
        }
        set.fields("metadata");
        set.fields("spec.template");
        set.fields("spec.template.spec");
        set.at("spec.replicas").ifPresent(replicas -> draft.put("spec.brokers.replicas", replicas));
        Optional<Found> container = container();
        if (container.isEmpty()) {
            set.error(
                    "none of its containers is Kafka: none has a variable KAFKA_…, nor an image called so",
                    "name the StatefulSet of the brokers");
            return;
        }
        container
                .get()
                .at("name")
                .ifPresent(name -> name.leftOut("containers have names that follow from the Topology", ""));
        container.get().at("image").ifPresent(image -> Parts.image(draft, "brokers", image));
        container.get().at("resources").ifPresent(found -> Parts.resources(draft, "brokers", found));
        environment(draft, container.get());
        volumes(draft, container.get());
        Parts.noAuthorization(draft);
    }

    private Optional<Found> container() {
        List<Found> all = set.items(CONTAINERS);
        return all.stream()
                .filter(one -> one.items("env").stream()
                        .anyMatch(variable -> variable.text("name").orElse("").startsWith("KAFKA_")))
                .findFirst()
                .or(() -> all.stream()
                        .filter(one -> one.text("image").orElse("").contains("kafka"))
                        .findFirst());
    }

    private void environment(Draft draft, Found container) {
        String prefix = container.text("image").orElse("").contains("bitnami") ? "KAFKA_CFG_" : KafkaVariables.PREFIX;
        Map<String, Parts.Argument> byKey = new LinkedHashMap<>();
        List<Parts.Argument> arguments = new ArrayList<>();
        for (Found variable : container.items("env")) {
            String name = variable.text("name").orElse("");
            if (OPTIONS.contains(name)) {
                options(variable, arguments);
            } else if (IDENTITY.contains(name)) {
                variable.leftOut(
                        name + " is the cluster's identity: it is written on the volumes, and the running cluster keeps"
                                + " it",
                        "see that nothing formats the volumes with another one");
            } else if (name.startsWith(KafkaVariables.PREFIX) && !KafkaVariables.isProperty(name)) {
                variable.leftOut(
                        name + " is for the container's scripts, not a property of Kafka",
                        "keep it where manifests are made from the Topology");
            } else if (name.startsWith(prefix)) {
                value(variable)
                        .ifPresent(value -> byKey.put(KafkaVariables.key(name.substring(prefix.length())), value));
            }
        }
        Parts.jvm(draft, "brokers", arguments);
        if (!draft.has("spec.brokers.jvm.heap.max") && !draft.has("spec.brokers.jvm.heap.min")) {
            for (String end : List.of("min", "max")) {
                draft.usual(
                        "spec.brokers.jvm.heap." + end,
                        new Node.Text(container.location(), "1Gi", false),
                        "without KAFKA_HEAP_OPTS Kafka's start script takes 1 GiB",
                        "choose a heap that suits the load");
            }
        }
        new KafkaListeners(draft, key -> Optional.ofNullable(byKey.get(key))).carry();
        coordination(draft, byKey);
        Properties properties = new Properties(draft, ConfigTarget.BROKERS);
        byKey.forEach((key, value) -> {
            if (!SETTLED.contains(key)) {
                properties.carry(value.from(), key, value.text());
            }
        });
        mounts(container, byKey.values(), arguments);
        Parts.minimumTls(draft, properties.get("ssl.enabled.protocols"));
    }

    /** Files that are named and carried, but stand on volumes that are not. */
    private void mounts(Found container, Collection<Parts.Argument> values, List<Parts.Argument> options) {
        Set<Optional<String>> claims = set.items("spec.volumeClaimTemplates").stream()
                .map(claim -> claim.text("metadata.name"))
                .collect(Collectors.toSet());
        for (Found mount : container.items("volumeMounts")) {
            String folder = mount.text("mountPath").orElse("");
            if (folder.length() > 1 && !claims.contains(mount.text("name"))) {
                Stream.concat(values.stream(), options.stream())
                        .filter(argument -> argument.text().contains(folder + "/"))
                        .forEach(argument -> argument.from()
                                .doubtful(
                                        "it names a file below " + folder + ", and what is mounted there is not in the"
                                                + " Topology",
                                        "see that the file is there where manifests are made from the Topology"));
            }
        }
    }

    /** What {@link KafkaListeners} and {@link #coordination} say something about. */
    private static final Set<String> SETTLED = Set.of(
            "listeners",
            "listener.security.protocol.map",
            "inter.broker.listener.name",
            "controller.listener.names",
            "advertised.listeners",
            "zookeeper.connect",
            "controller.quorum.voters",
            "controller.quorum.bootstrap.servers",
            "process.roles");

    private static void options(Found variable, List<Parts.Argument> arguments) {
        Optional<Found> value = variable.at("value");
        if (value.isEmpty()) {
            variable.leftOut(
                    "options of the JVM that are read from elsewhere are not known here", "write them into jvm");
            return;
        }
        variable.at("name").ifPresent(Found::carried);
        for (String option : value.get().text().orElse("").trim().split("\\s+", -1)) {
            if (!option.isEmpty()) {
                arguments.add(new Parts.Argument(value.get(), option));
            }
        }
    }

    /** The value of a property, or the reference that stands for it. */
    private static Optional<Parts.Argument> value(Found variable) {
        Optional<Found> value = variable.at("value");
        if (value.isPresent()) {
            String text = value.get().text().orElse("");
            variable.at("name").ifPresent(Found::carried);
            return Optional.of(new Parts.Argument(value.get(), text));
        }
        for (Map.Entry<String, String> source :
                Map.of("secretKeyRef", "secret", "configMapKeyRef", "configMap").entrySet()) {
            Optional<Found> reference = variable.at("valueFrom." + source.getKey());
            if (reference.isPresent()) {
                variable.at("name").ifPresent(Found::carried);
                reference.get().at("name").ifPresent(Found::carried);
                reference.get().at("key").ifPresent(Found::carried);
                String path = reference.get().text("name").orElse("?") + "/"
                        + reference.get().text("key").orElse("?");
                return Optional.of(new Parts.Argument(
                        reference.get().at("key").orElse(variable),
                        new ConfigReference(source.getValue(), path).toString()));
            }
        }
        Optional<String> field = variable.text("valueFrom.fieldRef.fieldPath");
        String name = variable.text("name").orElse("");
        if (field.isPresent() && field.get().startsWith("metadata.annotations[")) {
            variable.leftOut(
                    name + " is read from an annotation of the pod, which is the same for all pods of a StatefulSet and"
                            + " which nothing in this file sets",
                    "find out which ids the brokers have; in a Topology they count from brokers.firstId");
        } else {
            variable.leftOut(name + " differs from pod to pod, or is read from elsewhere", "see what follows for it");
        }
        return Optional.empty();
    }

    private void coordination(Draft draft, Map<String, Parts.Argument> byKey) {
        Optional.ofNullable(byKey.get("zookeeper.connect"))
                .ifPresent(connect -> connect.from()
                        .leftOut(
                                "it names the ZooKeeper that coordinates the brokers, but not how that runs",
                                "describe it as 'zooKeeper', or the controllers that have taken its place"));
        Optional.ofNullable(byKey.get("process.roles")).ifPresent(roles -> {
            if (roles.text().contains("controller")) {
                roles.from().leftOut(Draft.COMBINED, Draft.COMBINED_REMEDY);
                draft.combined("process.roles '" + Node.shorten(roles.text()) + "' at "
                        + roles.from().location());
            } else {
                roles.from().leftOut("roles follow from brokers and controllers", "");
            }
        });
        Optional.ofNullable(byKey.get("controller.quorum.bootstrap.servers"))
                .ifPresent(servers -> servers.from()
                        .leftOut("it names controllers, but not how they run", "describe them as 'controllers'"));
        Optional.ofNullable(byKey.get("controller.quorum.voters")).ifPresent(voters -> voters(draft, voters, byKey));
    }

    private static void voters(Draft draft, Parts.Argument voters, Map<String, Parts.Argument> byKey) {
        List<Integer> ids = new ArrayList<>();
        String port = "";
        for (String voter : ListenerText.split(voters.text())) {
            Matcher matcher = VOTER.matcher(voter);
            if (matcher.matches()) {
                ids.add(Integer.parseInt(matcher.group(1)));
                port = matcher.group(2);
            }
        }
        boolean combined = Optional.ofNullable(byKey.get("process.roles"))
                .filter(roles -> roles.text().contains("controller"))
                .isPresent();
        if (!ids.isEmpty() && !combined) {
            Found from = voters.from();
            draft.plain("spec.controllers.replicas", from, Integer.toString(ids.size()));
            draft.plain(
                    "spec.controllers.firstId",
                    from,
                    Integer.toString(ids.stream().mapToInt(id -> id).min().orElse(0)));
            new KafkaListeners(draft, key -> Optional.ofNullable(byKey.get(key))).controllers(port);
        }
        if (combined) {
            voters.from().leftOut("it names these nodes themselves, as controllers", Draft.COMBINED_REMEDY);
            return;
        }
        voters.from()
                .changed(
                        "of the controllers only number, ids and port are said here, not how they run, nor are they called as"
                                + " here: their names follow from that of the cluster",
                        "describe the rest as 'controllers', with their 'name' if they keep it");
    }

    private void volumes(Draft draft, Found container) {
        List<Found> claims = set.items("spec.volumeClaimTemplates");
        String folder = container.items("env").stream()
                .filter(variable -> variable.is("name", "KAFKA_LOG_DIRS") || variable.is("name", "KAFKA_LOG_DIR"))
                .flatMap(variable -> variable.text("value").stream())
                .findFirst()
                .orElse("/data");
        Found data = null;
        for (Found claim : claims) {
            boolean isData = container.items("volumeMounts").stream()
                    .anyMatch(mount -> mount.text("name").equals(claim.text("metadata.name"))
                            && (folder.startsWith(mount.text("mountPath").orElse("?"))
                                    || mount.text("mountPath").orElse("").contains(folder)));
            if (isData && data == null) {
                data = claim;
            }
        }
        if (data == null && !claims.isEmpty()) {
            data = claims.get(0);
        }
        for (Found claim : claims) {
            boolean logs =
                    claim != data && claim.text("metadata.name").orElse("").contains("log");
            String path = "spec.brokers.storage." + (logs ? "logs" : "data") + ".";
            if (claim == data || (logs && !draft.has(path + "size"))) {
                claim.at("spec.resources.requests.storage").ifPresent(size -> Parts.size(draft, path + "size", size));
                claim.at("spec.storageClassName").ifPresent(name -> draft.put(path + "storageClass", name));
            } else {
                claim.leftOut(
                        "a broker of a Topology has a volume for data, and one for logs",
                        "put together what is on several volumes");
            }
        }
    }
}
