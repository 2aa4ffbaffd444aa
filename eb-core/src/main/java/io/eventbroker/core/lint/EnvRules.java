package io.eventbroker.core.lint;

import io.eventbroker.core.manifest.internal.ListenerText;
import io.eventbroker.core.manifest.internal.SecretWords;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What the environment of containers says to Kafka's images. */
final class EnvRules {
    private static final Pattern FIELD = Pattern.compile("metadata\\.(annotations|labels)\\['([^']+)']");
    /** Labels that the StatefulSet's controller sets on each pod. */
    private static final List<String> SET_BY_KUBERNETES = List.of(
            "statefulset.kubernetes.io/pod-name",
            "apps.kubernetes.io/pod-index",
            "controller-revision-hash",
            "batch.kubernetes.io/job-completion-index",
            "pod-template-hash",
            "topology.kubernetes.io/zone",
            "topology.kubernetes.io/region");

    private static final Pattern SECRET =
            Pattern.compile(".*(" + SecretWords.ALTERNATIVES + "|secret|jaas_config).*", Pattern.CASE_INSENSITIVE);
    /** Names that say where a secret is, or how it is dealt with. */
    private static final Pattern ABOUT_SECRETS = Pattern.compile(
            ".*(_FILE|_PATH|_LOCATION|_DIR|_NAME|_CLASS|_URL|_URI|_ENDPOINT|_TYPE|_ALGORITHM|_ENABLED?|_MS|_SECONDS|_TTL|_ID"
                    + "|_PROVIDERS?|_HANDLER|_CREDENTIALS)",
            Pattern.CASE_INSENSITIVE);

    private static final Pattern NO_SECRET =
            Pattern.compile("\\s*|true|false|\\d+|.*\\$[({].*", Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

    static final Rule ANNOTATION = Rule.error("env/field-nobody-sets")
            .reason("A variable from an annotation or label that the pods do not have is empty in every one of them; an"
                    + " empty broker id keeps a broker from starting, or gives all the same.")
            .remedy("Derive it from the pod's name (fieldPath metadata.name and a command), or use the label"
                    + " apps.kubernetes.io/pod-index.")
            .source("https://kubernetes.io/docs/concepts/workloads/pods/downward-api/")
            .onManifests((manifest, report) -> containers(manifest)
                    .forEach(container -> container.env().forEach((name, item) -> {
                        Matcher field = FIELD.matcher(
                                item.text("valueFrom.fieldRef.fieldPath").orElse(""));
                        if (field.matches()
                                && !SET_BY_KUBERNETES.contains(field.group(2))
                                && !container
                                        .pods()
                                        .template()
                                        .labels("metadata." + field.group(1))
                                        .containsKey(field.group(2))) {
                            report.finding(
                                    item.path("valueFrom.fieldRef.fieldPath"),
                                    name + " comes from " + field.group(1).replaceFirst("s$", "") + " '"
                                            + field.group(2)
                                            + "', which the pods' template does not have, so it is empty");
                        }
                    })))
            .build();

    static final Rule SAME_ID = Rule.error("env/same-node-id")
            .reason("Every replica gets the same id, and Kafka refuses the second broker that registers with it.")
            .remedy("Derive the id from the pod's ordinal, such as with the label apps.kubernetes.io/pod-index.")
            .source("https://kafka.apache.org/documentation/#brokerconfigs_node.id")
            .onManifests((manifest, report) -> containers(manifest)
                    .filter(container ->
                            container.role().isKafka() && container.pods().replicas() > 1)
                    .forEach(container -> Stream.of("KAFKA_BROKER_ID", "KAFKA_NODE_ID", "KAFKA_CFG_NODE_ID")
                            .flatMap(name -> container.env(name).stream())
                            .filter(item ->
                                    item.number("value").filter(id -> id >= 0).isPresent())
                            .forEach(item -> report.finding(
                                    item.path("value"),
                                    item.text("name").orElse("") + " is "
                                            + item.number("value").orElse(0L) + " in all "
                                            + container.pods().replicas() + " replicas"))))
            .build();

    static final Rule ZOOKEEPER_GONE = Rule.error("env/zookeeper-gone")
            .reason("Kafka 4.0 and Confluent Platform 8.0 have no ZooKeeper mode any more.")
            .remedy("Migrate to KRaft with 3.9 or 7.9 first; then set KAFKA_PROCESS_ROLES and"
                    + " KAFKA_CONTROLLER_QUORUM_BOOTSTRAP_SERVERS.")
            .source("https://kafka.apache.org/40/documentation/zk2kraft.html")
            .onManifests((manifest, report) -> kafka(manifest)
                    .filter(container -> container
                            .release()
                            .filter(release -> !release.hasZooKeeper())
                            .isPresent())
                    .forEach(container -> container
                            .env("KAFKA_ZOOKEEPER_CONNECT")
                            .ifPresent(item -> report.finding(
                                    item.path(),
                                    container.release().map(Release::toString).orElse("") + " knows no ZooKeeper"))))
            .build();

    static final Rule SINGLE_ZOOKEEPER = Rule.warning("env/single-zookeeper")
            .reason(
                    "A broker that loses its server of ZooKeeper goes on to the next address of its list. With one address it"
                            + " depends on one server, or on what a single name resolves to at that moment.")
            .remedy("List every server of the ensemble, with its own name, as host:2181,host:2181,host:2181/chroot.")
            .source("https://kafka.apache.org/39/documentation.html#brokerconfigs_zookeeper.connect")
            .onManifests((manifest, report) -> kafka(manifest)
                    .forEach(container -> container
                            .env("KAFKA_ZOOKEEPER_CONNECT")
                            .ifPresent(item -> item.text("value")
                                    .filter(value ->
                                            !value.isBlank() && value.indexOf(',') < 0 && value.indexOf('$') < 0)
                                    .ifPresent(value -> report.finding(
                                            item.path("value"), "'" + value + "' is a single address of ZooKeeper")))))
            .build();

    static final Rule PLAINTEXT = Rule.warning("env/plaintext-listener")
            .reason(
                    "What goes over such a listener, passwords included, can be read and changed by everybody on the way.")
            .remedy("Use SSL or SASL_SSL.")
            .source("https://kafka.apache.org/documentation/#listener_configuration")
            .onManifests((manifest, report) -> {
                kafka(manifest)
                        .forEach(container -> listeners(container)
                                .forEach(listener -> plaintext(listener)
                                        .ifPresent(message -> report.finding(
                                                container
                                                        .env("KAFKA_LISTENERS")
                                                        .map(item -> item.path("value"))
                                                        .orElse(""),
                                                message))));
                ServerPropertyRules.plaintext(manifest, report);
            })
            .build();

    /** What is wrong with a listener that is not encrypted and can be reached from elsewhere. */
    static Optional<String> plaintext(ListenerText listener) {
        return listener.protocol().endsWith("PLAINTEXT") && !isLocal(listener.host())
                ? Optional.of("the listener " + listener.name() + " is not encrypted"
                        + (listener.protocol().equals(listener.name()) ? "" : " (" + listener.protocol() + ")"))
                : Optional.empty();
    }

    static final Rule NOT_ADVERTISED = Rule.error("env/no-advertised-listeners")
            .reason(
                    "Brokers tell clients where to connect to; where nothing is advertised that is the address that they"
                            + " bind to, and Kafka does not start with 0.0.0.0 as such.")
            .remedy("Set KAFKA_ADVERTISED_LISTENERS to each pod's own name.")
            .source("https://kafka.apache.org/documentation/#brokerconfigs_advertised.listeners")
            .onManifests((manifest, report) -> containers(manifest)
                    .filter(container -> container.role() == Role.BROKER
                            && container.env("KAFKA_ADVERTISED_LISTENERS").isEmpty()
                            && !ConfigMaps.hidesVariables(container)
                            && container.pods().texts().stream()
                                    .noneMatch(text -> text.contains("ADVERTISED_LISTENERS")))
                    .forEach(container -> listeners(container).stream()
                            .filter(listener -> listener.host().equals("0.0.0.0"))
                            .findFirst()
                            .ifPresent(listener -> report.finding(
                                    container
                                            .env("KAFKA_LISTENERS")
                                            .map(item -> item.path("value"))
                                            .orElse(""),
                                    "listeners bind to 0.0.0.0, and KAFKA_ADVERTISED_LISTENERS does not say what clients"
                                            + " shall connect to"))))
            .build();

    static final Rule NO_RACK = Rule.warning("env/no-rack")
            .reason(
                    "Without broker.rack Kafka may place all replicas of a partition in one zone, and loses it with that.")
            .remedy(
                    "Set KAFKA_BROKER_RACK to the zone, such as from the label topology.kubernetes.io/zone, which pods have"
                            + " by themselves from Kubernetes 1.35 on.")
            .source("https://kafka.apache.org/documentation/#basic_ops_racks")
            .onManifests((manifest, report) -> containers(manifest)
                    .filter(container ->
                            container.role() == Role.BROKER && container.pods().replicas() >= 3)
                    .filter(container -> !ConfigMaps.hidesVariables(container)
                            && container.pods().texts().stream()
                                    .noneMatch(text -> text.contains("BROKER_RACK") || text.contains("broker.rack")))
                    .forEach(container -> report.finding(
                            container.spot().path("env"),
                            container.pods().replicas()
                                    + " brokers do not know their zones: KAFKA_BROKER_RACK is not set")))
            .build();

    static final Rule PASSWORD = Rule.error("env/password-in-plain-text")
            .reason("Whoever may read the pod or the file in Git has the password; it is in backups and logs of both.")
            .remedy("Put it into a Secret and refer to it with valueFrom.secretKeyRef, or mount it as a file.")
            .source("https://kubernetes.io/docs/concepts/configuration/secret/")
            .onManifests((manifest, report) -> containers(manifest)
                    .forEach(container -> container.env().forEach((name, item) -> {
                        if (SECRET.matcher(name).matches()
                                && !ABOUT_SECRETS.matcher(name).matches()
                                && item.text("value")
                                        .filter(value ->
                                                !NO_SECRET.matcher(value).matches())
                                        .filter(value ->
                                                !name.endsWith("JAAS_CONFIG") || PropertyRules.holdsSecret(value))
                                        .isPresent()) {
                            report.finding(item.path("name"), name + " holds a secret in plain text");
                        }
                    })))
            .build();

    static final List<Rule> ALL = List.of(
            ANNOTATION, SAME_ID, ZOOKEEPER_GONE, SINGLE_ZOOKEEPER, PLAINTEXT, NOT_ADVERTISED, NO_RACK, PASSWORD);

    private EnvRules() {}

    private static Stream<Container> containers(Manifest manifest) {
        return Pods.of(manifest).stream().flatMap(pods -> pods.containers().stream());
    }

    private static Stream<Container> kafka(Manifest manifest) {
        return containers(manifest).filter(container -> container.role().isKafka());
    }

    private static List<ListenerText> listeners(Container container) {
        Map<String, String> protocols = ListenerText.protocols(
                container.value("KAFKA_LISTENER_SECURITY_PROTOCOL_MAP").orElse(""));
        return ListenerText.split(container.value("KAFKA_LISTENERS").orElse("")).stream()
                .flatMap(text -> ListenerText.parse(text, protocols).stream())
                .toList();
    }

    private static boolean isLocal(String host) {
        return host.equals("localhost") || host.startsWith("127.") || host.equals("[::1]");
    }
}
