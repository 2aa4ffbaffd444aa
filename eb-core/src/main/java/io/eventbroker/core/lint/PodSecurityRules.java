package io.eventbroker.core.lint;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** What pods may do on their nodes and in Kubernetes. */
final class PodSecurityRules {
    private static final String STANDARDS = "https://kubernetes.io/docs/concepts/security/pod-security-standards/";

    static final Rule ROOT = Rule.warning("pods/runs-as-root")
            .reason("A process that runs as root in its container is root on the node as soon as it gets out of it; the"
                    + " restricted standard refuses such pods.")
            .remedy(
                    "Set runAsNonRoot: true, and runAsUser to the image's user (1000 in Confluent's and Kafka's images).")
            .source(STANDARDS)
            .onManifests((manifest, report) -> platform(manifest).forEach(container -> {
                Optional<Spot> user = effective(container, "runAsUser");
                if (user.flatMap(Spot::text).filter("0"::equals).isPresent()) {
                    report.finding(user.map(Spot::path).orElse(""), container.name() + " runs as root");
                } else if (user.isEmpty()
                        && effective(container, "runAsNonRoot")
                                .flatMap(Spot::text)
                                .filter("true"::equals)
                                .isEmpty()) {
                    report.finding(
                            container.spot().path("securityContext"),
                            "nothing keeps " + container.name() + " from running as root");
                }
            }))
            .build();

    static final Rule PRIVILEGED = Rule.error("pods/privileged")
            .reason("A privileged container is root on its node, with all its devices and all other pods.")
            .remedy("Remove privileged; set what the node needs, such as vm.max_map_count, on the node.")
            .source(STANDARDS)
            .onManifests((manifest, report) -> Pods.of(manifest)
                    .ifPresent(pods -> Stream.of("containers", "initContainers")
                            .flatMap(list -> pods.template().items("spec." + list).stream())
                            .filter(container -> container.is("securityContext.privileged", "true"))
                            .forEach(container -> report.finding(
                                    container.path("securityContext.privileged"),
                                    container.text("name").orElse("the container") + " is privileged"))))
            .build();

    static final Rule ESCALATION = Rule.info("pods/privilege-escalation")
            .reason("Unless it is refused, a process may get more rights than its parent, through setuid programs; the"
                    + " restricted standard wants it refused, and all capabilities dropped.")
            .remedy("Set allowPrivilegeEscalation: false and capabilities.drop: [ALL].")
            .source(STANDARDS)
            .onManifests((manifest, report) -> platform(manifest)
                    .filter(container -> !container.spot().is("securityContext.allowPrivilegeEscalation", "false"))
                    .forEach(container -> report.finding(
                            container.spot().path("securityContext"),
                            container.name() + " may get more rights than it starts with")))
            .build();

    static final Rule WRITABLE = Rule.info("pods/writable-root")
            .reason("Whoever gets into a container whose files can be written can leave programs behind.")
            .remedy(
                    "Set readOnlyRootFilesystem: true, and mount emptyDir volumes where the image writes (its configuration,"
                            + " logs and /tmp).")
            .source("https://kubernetes.io/docs/tasks/configure-pod-container/security-context/")
            .onManifests((manifest, report) -> platform(manifest)
                    .filter(container -> !container.spot().is("securityContext.readOnlyRootFilesystem", "true"))
                    .forEach(container -> report.finding(
                            container.spot().path("securityContext"),
                            container.name() + " can write to its image's files")))
            .build();

    static final Rule HOST_PATH = Rule.warning("pods/host-path")
            .reason(
                    "A path of the node is there for every pod that comes to the node and not for this one when it goes to"
                            + " another; the baseline standard refuses it.")
            .remedy("Use a volumeClaimTemplate; for local disks, a StorageClass of local volumes.")
            .source("https://kubernetes.io/docs/concepts/storage/volumes/#hostpath")
            .onManifests((manifest, report) -> Pods.of(manifest)
                    .filter(Pods::isPlatform)
                    .ifPresent(pods -> pods.template()
                            .items("spec.volumes")
                            .forEach(volume -> volume.at("hostPath")
                                    .ifPresent(path -> report.finding(
                                            path.path(),
                                            "the volume " + volume.text("name").orElse("") + " is "
                                                    + path.text("path").orElse("a path") + " of the node")))))
            .build();

    static final Rule HOST = Rule.warning("pods/host-namespaces")
            .reason(
                    "A pod in the node's network or process space sees what belongs to the node and to others, and network"
                            + " policies do not hold for it.")
            .remedy("Remove hostNetwork, hostPID and hostIPC; expose brokers with Services.")
            .source(STANDARDS)
            .onManifests((manifest, report) -> Pods.of(manifest)
                    .filter(Pods::isPlatform)
                    .ifPresent(pods -> Stream.of("hostNetwork", "hostPID", "hostIPC")
                            .filter(field -> pods.template().is("spec." + field, "true"))
                            .forEach(field -> report.finding(
                                    pods.path(field),
                                    "the pods share the node's "
                                            + field.substring("host".length()).toLowerCase(Locale.ROOT)))))
            .build();

    static final Rule TOKEN = Rule.info("pods/service-account-token")
            .reason("Kafka does not ask Kubernetes anything; a token in its pods is of use only to intruders.")
            .remedy("Set automountServiceAccountToken: false.")
            .source("https://kubernetes.io/docs/tasks/configure-pod-container/configure-service-account/")
            .onManifests((manifest, report) -> Pods.of(manifest)
                    .filter(pods -> pods.server().isPresent())
                    .filter(pods -> !pods.template().has("spec.serviceAccountName")
                            && !pods.template().is("spec.automountServiceAccountToken", "false"))
                    .ifPresent(pods -> report.finding(
                            pods.path("automountServiceAccountToken"),
                            "the pods have a token of the default service account")))
            .build();

    static final List<Rule> ALL = List.of(ROOT, PRIVILEGED, ESCALATION, WRITABLE, HOST_PATH, HOST, TOKEN);

    private PodSecurityRules() {}

    private static Stream<Container> platform(Manifest manifest) {
        return Pods.of(manifest).stream()
                .flatMap(pods -> pods.containers().stream())
                .filter(container -> container.role().isPlatform());
    }

    /** What the container's security context says, or else the pod's. */
    private static Optional<Spot> effective(Container container, String field) {
        return container
                .spot()
                .at("securityContext." + field)
                .or(() -> container.pods().template().at("spec.securityContext." + field));
    }
}
