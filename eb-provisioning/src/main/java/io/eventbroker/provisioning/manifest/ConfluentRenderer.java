package io.eventbroker.provisioning.manifest;

import io.eventbroker.core.topology.Component;
import io.eventbroker.core.topology.Distribution;
import io.eventbroker.core.topology.KRaftControllers;
import io.eventbroker.core.topology.KafkaBrokers;
import io.eventbroker.core.topology.Listener;
import io.eventbroker.core.topology.Security;
import io.eventbroker.core.topology.Storage;
import io.eventbroker.core.topology.Topology;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.GenericKubernetesResourceBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;

/**
 * Resources of Confluent for Kubernetes. The field names are those of its v1beta1 schema, which prunes whatever it does
 * not know without a word.
 */
final class ConfluentRenderer extends Rendering {
    private static final String API = "platform.confluent.io/v1beta1";
    private static final int FIRST_CUSTOM_PORT = 9093;
    private static final int LONGEST_SECRET_NAME = 30;

    ConfluentRenderer(Topology topology) {
        super(topology, "resources of Confluent for Kubernetes");
    }

    Manifests render() {
        refuseAndNoteTheRest();
        if (!(topology.distribution() instanceof Distribution.Confluent)) {
            problem(
                    "distribution",
                    topology.distribution() + " does not run under Confluent for Kubernetes",
                    "choose {type: confluent}, or render a StatefulSet");
        }
        if (topology.security().authorization() == Security.Authorization.RBAC) {
            problem(
                    "security.authorization",
                    "rbac without a metadata service passes the operator's schema and does not work",
                    "use acl until the metadata service is described");
        }
        List<HasMetadata> objects = new ArrayList<>(namespaces());
        controllers().ifPresent(quorum -> objects.add(resource("KRaftController", quorum, controllerSpec(quorum))));
        objects.add(resource("Kafka", brokers(), brokerSpec()));
        if (topology.zonesOf(brokers()).size() > 1) {
            note("the operator reads the zones from the nodes' label " + ZONE_LABEL
                    + ", for which the pods' service account must be allowed to get nodes");
        }
        for (Component component : topology.components()) {
            if (!component.workload().zones().isEmpty()) {
                note("the operator takes all zones of the nodes; those of '" + component.name()
                        + "' are not carried over");
            }
        }
        if (topology.security().minimumTls().equals("1.2")) {
            note("the operator chooses the versions of TLS; security.minimumTls is not carried over");
        }
        requireNoProblems();
        return Manifests.of(topology.name(), topology.environment(), objects, notes());
    }

    private GenericKubernetesResource resource(String kind, Component component, Map<String, Object> spec) {
        return new GenericKubernetesResourceBuilder()
                .withApiVersion(API)
                .withKind(kind)
                .withNewMetadata()
                .withName(component.name())
                .withNamespace(component.namespace())
                .withLabels(topology.labels())
                .endMetadata()
                .addToAdditionalProperties("spec", spec)
                .build();
    }

    private Map<String, Object> controllerSpec(KRaftControllers quorum) {
        Map<String, Object> spec = common("controllers", quorum, quorum.storage());
        Map<String, Object> listener = security("controllers.listener", quorum.listener(), quorum);
        spec.put("listeners", Map.of("controller", listener));
        if (quorum.listener().tls()) {
            spec.put("tls", Map.of("secretRef", secret(quorum, "tls")));
        }
        spec.put("configOverrides", overrides(topology.controllerConfig(), quorum));
        return spec;
    }

    private Map<String, Object> brokerSpec() {
        KafkaBrokers brokers = brokers();
        Map<String, Object> spec = common("brokers", brokers, brokers.storage());
        spec.put("listeners", listeners());
        if (brokers.listeners().stream().anyMatch(Listener::tls)) {
            spec.put("tls", Map.of("secretRef", secret(brokers, "tls")));
        }
        spec.put("configOverrides", overrides(brokers.config(), brokers));
        int zones = topology.zonesOf(brokers).size();
        if (zones > 1) {
            spec.put("rackAssignment", Map.of("nodeLabels", List.of(ZONE_LABEL), "availabilityZoneCount", zones));
        }
        if (topology.controlCenter().isPresent() || topology.monitoring().metricsReporter()) {
            spec.put("metricReporter", Map.of("enabled", true));
        }
        controllers().ifPresent(quorum -> {
            Map<String, Object> dependency = new LinkedHashMap<>();
            Map<String, Object> reference = new LinkedHashMap<>();
            reference.put("name", quorum.name());
            if (!quorum.namespace().equals(brokers.namespace())) {
                reference.put("namespace", quorum.namespace());
            }
            dependency.put("clusterRef", reference);
            dependency.put("controllerListener", security("controllers.listener", quorum.listener(), quorum));
            spec.put("dependencies", Map.of("kRaftController", dependency));
        });
        if (brokers.firstId() != 0) {
            problem("brokers.firstId", "the operator numbers brokers from 0", "remove it");
        }
        return spec;
    }

    private Map<String, Object> common(String path, Component component, Storage storage) {
        Map<String, Object> spec = new LinkedHashMap<>();
        spec.put("replicas", component.replicas());
        Map<String, Object> image = new LinkedHashMap<>();
        image.put("application", component.image().application());
        Optional<String> init = component.image().init();
        if (init.isEmpty()) {
            problem(
                    path + ".image.init",
                    "the operator needs the image of its init container",
                    "name one, such as confluentinc/confluent-init-container:3.3.0");
        }
        init.ifPresent(reference -> image.put("init", reference));
        spec.put("image", image);
        spec.put("dataVolumeCapacity", storage.data().size().toString());
        storage.data().storageClass().ifPresent(name -> spec.put("storageClass", Map.of("name", name)));
        storage.logs()
                .ifPresent(logs -> note("the operator gives '" + component.name()
                        + "' one volume: application logs go to the container's output, not to a volume of "
                        + logs.size()));
        spec.put("oneReplicaPerNode", true);
        switch (topology.security().authorization()) {
            case ACL -> {
                Map<String, Object> authorization = new LinkedHashMap<>();
                authorization.put("type", "simple");
                authorization.put(
                        "superUsers",
                        topology.security().superUsers().stream().sorted().toList());
                spec.put("authorization", authorization);
            }
            case NONE, RBAC -> {
                // None is the operator's default; role bindings are refused above.
            }
        }
        Map<String, Object> pod = new LinkedHashMap<>();
        pod.put("resources", resources(component.resources()));
        pod.put(
                "podSecurityContext",
                Map.of("fsGroup", USER, "runAsUser", USER, "runAsGroup", USER, "runAsNonRoot", true));
        spec.put("podTemplate", pod);
        return spec;
    }

    private Map<String, Object> listeners() {
        Map<String, Object> listeners = new LinkedHashMap<>();
        List<Map<String, Object>> custom = new ArrayList<>();
        for (int i = 0; i < brokers().listeners().size(); i++) {
            Listener listener = brokers().listeners().get(i);
            String path = "brokers.listeners[" + i + "]";
            Map<String, Object> rendered = security(path, listener, brokers());
            if (listener.exposure() == Listener.Exposure.EXTERNAL) {
                topology.network()
                        .externalDomain()
                        .ifPresentOrElse(
                                domain -> rendered.put("externalAccess", loadBalancer(listener, domain)),
                                () -> problem(
                                        path,
                                        "the external listener '" + listener.name() + "' needs a domain for its names",
                                        "set network.externalDomain"));
            }
            String role = listener.exposure() == Listener.Exposure.EXTERNAL ? "external" : "internal";
            if (!listeners.containsKey(role)) {
                listeners.put(role, rendered);
                note("the operator chooses the port of the listener '" + listener.name() + "' (it becomes its " + role
                        + " listener), not " + listener.port());
            } else if (listener.port() < FIRST_CUSTOM_PORT) {
                problem(
                        path + ".port",
                        "the operator's further listeners begin at port " + FIRST_CUSTOM_PORT + ", found "
                                + listener.port(),
                        "choose a higher port");
            } else {
                Map<String, Object> named = new LinkedHashMap<>();
                named.put("name", listener.name());
                named.put("port", listener.port());
                named.putAll(rendered);
                custom.add(named);
            }
        }
        if (!custom.isEmpty()) {
            listeners.put("custom", custom);
        }
        return listeners;
    }

    private static Map<String, Object> loadBalancer(Listener listener, String domain) {
        Map<String, Object> balancer = new LinkedHashMap<>();
        balancer.put("domain", domain);
        balancer.put("bootstrapPrefix", listener.name());
        balancer.put("brokerPrefix", listener.name() + "-");
        balancer.put("annotations", Map.of("service.beta.kubernetes.io/aws-load-balancer-type", "nlb"));
        return Map.of("type", "loadBalancer", "loadBalancer", balancer);
    }

    /** Encryption and authentication of a listener, or of a client of it. */
    private Map<String, Object> security(String path, Listener listener, Component component) {
        Map<String, Object> rendered = new LinkedHashMap<>();
        rendered.put("tls", Map.of("enabled", listener.tls()));
        switch (listener.authentication()) {
            case NONE -> {}
            case MTLS -> rendered.put("authentication", Map.of("type", "mtls"));
            case PLAIN ->
                rendered.put(
                        "authentication",
                        Map.of("type", "plain", "jaasConfig", Map.of("secretRef", secret(component, "plain"))));
            case OAUTHBEARER ->
                rendered.put(
                        "authentication",
                        Map.of(
                                "type",
                                "oauth",
                                "jaasConfigPassThrough",
                                Map.of("secretRef", secret(component, "oauth"))));
            case SCRAM_SHA_256, SCRAM_SHA_512 ->
                problem(
                        path + ".authentication",
                        "the operator has no SCRAM",
                        "use mtls, plain or oauthbearer, or render a StatefulSet");
        }
        return rendered;
    }

    private String secret(Component component, String use) {
        String name = component.name() + "-" + use;
        if (name.length() > LONGEST_SECRET_NAME) {
            problem(
                    "",
                    "the name of the Secret '" + name + "' is longer than the " + LONGEST_SECRET_NAME
                            + " characters that the operator takes",
                    "give the component '" + component.name() + "' a shorter name");
        }
        return name;
    }

    private static Map<String, Object> overrides(SortedMap<String, String> config, Component component) {
        Map<String, Object> overrides = new LinkedHashMap<>();
        if (!config.isEmpty()) {
            overrides.put(
                    "server",
                    config.entrySet().stream()
                            .map(entry -> entry.getKey() + "=" + entry.getValue())
                            .toList());
        }
        overrides.put("jvm", component.jvm().arguments());
        return overrides;
    }
}
