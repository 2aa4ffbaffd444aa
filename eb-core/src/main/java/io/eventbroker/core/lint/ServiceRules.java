package io.eventbroker.core.lint;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Services in front of servers, and who may reach them. */
final class ServiceRules {
    private static final String POLICIES = "https://kubernetes.io/docs/concepts/services-networking/network-policies/";

    static final Rule NO_SERVICE = Rule.info("network/service-missing")
            .reason("A StatefulSet's pods get names of their own only from the headless Service that serviceName names;"
                    + " without it brokers cannot find each other.")
            .remedy("Add a Service of that name with clusterIP: None, or lint it together with this one.")
            .source("https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#stable-network-id")
            .onManifests((manifest, report) -> stateful(manifest).ifPresent(pods -> {
                Optional<String> name = Spot.of(manifest).text("spec.serviceName");
                if (name.isEmpty()) {
                    report.finding("spec.serviceName", "no serviceName gives the pods names of their own");
                } else if (manifest.all().find(manifest, "Service", name.get()).isEmpty()) {
                    report.finding("spec.serviceName", "the Service " + name.get() + " is not among these manifests");
                }
            }))
            .build();

    static final Rule NOT_HEADLESS = Rule.error("network/service-not-headless")
            .reason(
                    "A Service with an address of its own hands out any of its pods; clients must reach the very broker that"
                            + " leads a partition, by the pod's own name.")
            .remedy("Set clusterIP: None on the StatefulSet's Service, and add another one to bootstrap from.")
            .source("https://kubernetes.io/docs/concepts/services-networking/service/#headless-services")
            .onManifests((manifest, report) -> service(manifest)
                    .filter(spec -> !spec.is("clusterIP", "None"))
                    .ifPresent(spec -> report.finding("spec.clusterIP", "gives no names to single pods")))
            .build();

    static final Rule NOT_READY = Rule.warning("network/unready-not-published")
            .reason(
                    "Brokers and controllers look each other up while they start; names that appear only when a pod is ready"
                            + " appear too late, and a quorum may never form.")
            .remedy("Set publishNotReadyAddresses: true on the headless Service.")
            .source("https://kubernetes.io/docs/concepts/services-networking/dns-pod-service/")
            .onManifests((manifest, report) -> service(manifest)
                    .filter(spec -> spec.is("clusterIP", "None") && !spec.is("publishNotReadyAddresses", "true"))
                    .ifPresent(spec -> report.finding(
                            "spec.publishNotReadyAddresses", "hides pods that are not ready from each other")))
            .build();

    static final Rule EXPOSED = Rule.warning("network/exposed-to-the-world")
            .reason(
                    "Where nothing is said, many providers give a load balancer an address on the Internet, and others do not.")
            .remedy(
                    "Annotate it as internal, as the provider wants it, or set loadBalancerSourceRanges; if it is meant,"
                            + " say so, as with service.beta.kubernetes.io/aws-load-balancer-scheme: internet-facing.")
            .source("https://kubernetes.io/docs/concepts/services-networking/service/#internal-load-balancer")
            .onManifests((manifest, report) -> {
                if (manifest.isKind("Service")
                        && Spot.of(manifest).is("spec.type", "LoadBalancer")
                        && behind(manifest).isPresent()
                        && !isRestricted(manifest)
                        && !isMeant(manifest)) {
                    report.finding(
                            "spec.type",
                            "the load balancer in front of "
                                    + behind(manifest)
                                            .map(pods -> pods.manifest().name())
                                            .orElse("") + " is open to anybody");
                }
            })
            .build();

    static final Rule OPEN_POLICY = Rule.warning("network/policy-open-to-all")
            .reason(
                    "A rule without from, or from 0.0.0.0/0, lets everybody in, which is what the policy was to prevent,"
                            + " unless the port is one that a Service opens to clients outside of Kubernetes.")
            .remedy("Name the pods and namespaces that may connect.")
            .source(POLICIES)
            .onManifests((manifest, report) -> {
                List<Pods> servers = isPolicy(manifest) ? serversOf(manifest) : List.of();
                if (!servers.isEmpty()) {
                    Spot.of(manifest).items("spec.ingress").stream()
                            .filter(rule -> !isForOutside(rule, servers))
                            .forEach(rule -> open(rule)
                                    .ifPresent(path ->
                                            report.finding(path, "lets everybody connect to the servers of Kafka")));
                }
            })
            .build();

    static final Rule NO_POLICY = Rule.info("network/no-policy")
            .reason("Where no policy selects a pod, every pod of the cluster may connect to it.")
            .remedy("Add a NetworkPolicy that lets in brokers, the platform's services and known clients.")
            .source(POLICIES)
            .onManifests((manifest, report) -> stateful(manifest)
                    .filter(pods -> Selectors.selecting("NetworkPolicy", "spec.podSelector", pods)
                            .findAny()
                            .isEmpty())
                    .ifPresent(pods -> report.finding(
                            "spec.template.metadata.labels",
                            "no NetworkPolicy among these manifests is for these pods")))
            .build();

    static final List<Rule> ALL = List.of(NO_SERVICE, NOT_HEADLESS, NOT_READY, EXPOSED, OPEN_POLICY, NO_POLICY);

    private ServiceRules() {}

    private static Optional<Pods> stateful(Manifest manifest) {
        return Pods.of(manifest)
                .filter(pods -> pods.isStatefulSet() && pods.server().isPresent());
    }

    /** The spec of a Service that a StatefulSet of servers names. */
    private static Optional<Spot> service(Manifest manifest) {
        return manifest.isKind("Service")
                        && manifest.all().governedBy(manifest.name()).stream()
                                .filter(pods -> Selectors.sameNamespace(manifest, pods.manifest()))
                                .anyMatch(pods ->
                                        pods.isStatefulSet() && pods.server().isPresent())
                ? Spot.of(manifest).at("spec")
                : Optional.empty();
    }

    private static Optional<Pods> behind(Manifest service) {
        return Selectors.behind(service).filter(Pods::isPlatform);
    }

    private static boolean isRestricted(Manifest service) {
        Spot root = Spot.of(service);
        List<String> ranges = root.texts("spec.loadBalancerSourceRanges");
        Map<String, String> annotations = root.labels("metadata.annotations");
        return (!ranges.isEmpty() && !ranges.contains("0.0.0.0/0"))
                || annotations.entrySet().stream()
                        .anyMatch(entry -> entry.getValue().equalsIgnoreCase("internal")
                                || (entry.getKey().contains("internal")
                                        && !entry.getValue().equalsIgnoreCase("false")));
    }

    /** Whether somebody decided that it should be reached from everywhere. */
    private static boolean isMeant(Manifest service) {
        return Spot.of(service).labels("metadata.annotations").values().stream()
                .anyMatch(value -> value.equalsIgnoreCase("internet-facing"));
    }

    private static boolean isPolicy(Manifest manifest) {
        return manifest.isKind("NetworkPolicy");
    }

    /** The pods with servers that the policy is for. */
    private static List<Pods> serversOf(Manifest policy) {
        return Spot.of(policy)
                .at("spec.podSelector")
                .map(selector -> Selectors.selected(selector)
                        .filter(pods -> pods.server().isPresent())
                        .toList())
                .orElse(List.of());
    }

    /** Whether every port of the rule is one of a Service to which clients come from outside. */
    private static boolean isForOutside(Spot rule, List<Pods> servers) {
        Set<String> outside = new HashSet<>();
        for (Pods pods : servers) {
            Selectors.services(pods)
                    .filter(service -> Stream.of("LoadBalancer", "NodePort")
                            .anyMatch(type -> Spot.of(service).is("spec.type", type)))
                    .flatMap(service -> Spot.of(service).items("spec.ports").stream())
                    .flatMap(port -> port.text("targetPort").or(() -> port.text("port")).stream())
                    .forEach(port -> outside.add(number(port, pods)));
        }
        List<Spot> ports = rule.items("ports");
        return !ports.isEmpty()
                && ports.stream()
                        .allMatch(port -> !port.has("endPort")
                                && port.text("port")
                                        .filter(text ->
                                                servers.stream().anyMatch(pods -> outside.contains(number(text, pods))))
                                        .isPresent());
    }

    /** The port of a container that has the name; a number as it is. */
    private static String number(String port, Pods pods) {
        return pods.containers().stream()
                .flatMap(container -> container.spot().items("ports").stream())
                .filter(candidate -> candidate.is("name", port))
                .flatMap(candidate -> candidate.text("containerPort").stream())
                .findFirst()
                .orElse(port);
    }

    private static Optional<String> open(Spot rule) {
        if (rule.items("from").isEmpty()) {
            return Optional.of(rule.path("from"));
        }
        return rule.items("from").stream()
                .filter(from -> Stream.of("0.0.0.0/0", "::/0").anyMatch(all -> from.is("ipBlock.cidr", all)))
                .map(Spot::path)
                .findFirst();
    }
}
