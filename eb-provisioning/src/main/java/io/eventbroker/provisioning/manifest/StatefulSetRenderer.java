package io.eventbroker.provisioning.manifest;

import io.eventbroker.core.json.Sha256;
import io.eventbroker.core.topology.Component;
import io.eventbroker.core.topology.Distribution;
import io.eventbroker.core.topology.KRaftControllers;
import io.eventbroker.core.topology.Listener;
import io.eventbroker.core.topology.Security;
import io.eventbroker.core.topology.Storage;
import io.eventbroker.core.topology.Topology;
import io.eventbroker.core.topology.Zone;
import io.fabric8.kubernetes.api.model.Affinity;
import io.fabric8.kubernetes.api.model.AffinityBuilder;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.ContainerPortBuilder;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.EnvVarBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.LabelSelectorBuilder;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimBuilder;
import io.fabric8.kubernetes.api.model.PodAffinityTerm;
import io.fabric8.kubernetes.api.model.PodAffinityTermBuilder;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.ProbeBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.ServicePort;
import io.fabric8.kubernetes.api.model.ServicePortBuilder;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import io.fabric8.kubernetes.api.model.VolumeMountBuilder;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.apps.StatefulSetBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyIngressRule;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyIngressRuleBuilder;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudgetBuilder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Plain Kubernetes resources: one StatefulSet for the brokers, one for the controllers. */
final class StatefulSetRenderer extends Rendering {
    private static final String CONFIG = "/etc/eventbroker/config";
    private static final String TLS = "/etc/eventbroker/tls";
    private static final String DATA = "/var/lib/kafka/data";
    private static final String LOGS = "/var/log/kafka";
    private static final String SCRATCH = "/tmp";
    private static final String RESTRICTED_CLIENT = "eventbroker.io/client";

    /** Recovery of the logs after a crash reads every segment that was not flushed: allow an hour. */
    private static final int STARTUP_CHECKS = 360;

    private static final long CONTROLLED_SHUTDOWN_SECONDS = 300;

    StatefulSetRenderer(Topology topology) {
        super(topology, "a StatefulSet");
    }

    Manifests render() {
        refuseAndNoteTheRest();
        check();
        requireNoProblems();
        List<HasMetadata> objects = new ArrayList<>(namespaces());
        controllers()
                .ifPresent(quorum -> objects.addAll(platform(
                        quorum,
                        "controller",
                        quorum.storage(),
                        controllerProperties(quorum),
                        quorum.firstId(),
                        List.of(quorum.listener()))));
        objects.addAll(platform(
                brokers(),
                "broker",
                brokers().storage(),
                brokerProperties(),
                brokers().firstId(),
                brokers().listeners()));
        objects.add(bootstrap());
        objects.addAll(external());
        return Manifests.of(topology.name(), topology.environment(), objects, notes());
    }

    private void check() {
        if (topology.security().authorization() == Security.Authorization.RBAC) {
            problem(
                    "security.authorization",
                    "role bindings need Confluent's metadata service, which a StatefulSet does not bring",
                    "use acl");
        }
        Optional<Listener> internal = interBroker();
        if (internal.isEmpty()) {
            problem("brokers.listeners", "no internal listener for the brokers among themselves", "add one");
        } else if (internal.get().authentication().isSasl()) {
            problem(
                    "brokers.listeners",
                    "the brokers would log in to each other at '"
                            + internal.get().name() + "' with a secret",
                    "put an internal listener with mtls first");
        }
        for (int i = 0; i < brokers().listeners().size(); i++) {
            Listener listener = brokers().listeners().get(i);
            if (listener.authentication() == Listener.Authentication.PLAIN) {
                problem(
                        "brokers.listeners[" + i + "].authentication",
                        "the users of SASL PLAIN would stand in the broker's configuration",
                        "use mtls, scram-sha-512 or oauthbearer");
            }
            if (listener.exposure() == Listener.Exposure.EXTERNAL
                    && topology.network().externalDomain().isEmpty()) {
                problem(
                        "brokers.listeners[" + i + "]",
                        "the external listener '" + listener.name() + "' needs a domain for its names",
                        "set network.externalDomain");
            }
        }
        if (topology.zonesOf(brokers()).size() > 1) {
            note("brokers learn their zone from the pod label " + ZONE_LABEL
                    + ", which Kubernetes 1.35 copies from the node (PodTopologyLabelsAdmission, a feature gate since"
                    + " 1.33); without it they refuse to start rather than guess");
        }
        note("the StatefulSets have the update strategy OnDelete: a changed template takes effect pod by pod, as they"
                + " are deleted");
    }

    private List<HasMetadata> platform(
            Component component,
            String role,
            Storage storage,
            SortedMap<String, String> properties,
            int firstId,
            List<Listener> listeners) {
        ConfigMap config = configMap(component, role, properties, firstId, listeners);
        return List.of(
                serviceAccount(component, role),
                config,
                headless(component, role, listeners),
                disruptionBudget(component, role),
                networkPolicy(component, role, listeners),
                statefulSet(component, role, storage, config, listeners));
    }

    // Configuration.

    private SortedMap<String, String> brokerProperties() {
        SortedMap<String, String> properties = new TreeMap<>(brokers().config());
        properties.put("process.roles", "broker");
        properties.put("log.dirs", DATA + "/kafka");
        properties.put("listeners", bindings(brokers().listeners()));
        interBroker().ifPresent(listener -> properties.put("inter.broker.listener.name", kafkaName(listener)));
        List<Listener> all = new ArrayList<>(brokers().listeners());
        controllers().ifPresent(quorum -> {
            all.add(quorum.listener());
            quorum(properties, quorum);
        });
        security(properties, all);
        if (topology.zonesOf(brokers()).size() > 1 && !properties.containsKey("replica.selector.class")) {
            properties.put("replica.selector.class", "org.apache.kafka.common.replica.RackAwareReplicaSelector");
        }
        return properties;
    }

    private SortedMap<String, String> controllerProperties(KRaftControllers controllers) {
        SortedMap<String, String> properties = new TreeMap<>(topology.controllerConfig());
        properties.put("process.roles", "controller");
        properties.put("log.dirs", DATA + "/kafka");
        properties.put("listeners", bindings(List.of(controllers.listener())));
        quorum(properties, controllers);
        security(properties, List.of(controllers.listener()));
        return properties;
    }

    private static void quorum(SortedMap<String, String> properties, KRaftControllers quorum) {
        properties.put("controller.listener.names", kafkaName(quorum.listener()));
        properties.put(
                "controller.quorum.voters",
                quorum.nodeIds().stream()
                        .map(id -> id.value() + "@" + dnsName(quorum, id.value() - quorum.firstId()) + ":"
                                + quorum.listener().port())
                        .collect(Collectors.joining(",")));
    }

    private void security(SortedMap<String, String> properties, List<Listener> listeners) {
        properties.put(
                "listener.security.protocol.map",
                listeners.stream()
                        .map(listener -> kafkaName(listener) + ":" + listener.securityProtocol())
                        .collect(Collectors.joining(",")));
        for (Listener listener : listeners) {
            String prefix = "listener.name." + listener.name() + ".";
            if (listener.tls()) {
                properties.put(
                        prefix + "ssl.client.auth",
                        listener.authentication() == Listener.Authentication.MTLS ? "required" : "none");
            }
            mechanism(listener).ifPresent(mechanism -> {
                String login = mechanism.startsWith("SCRAM")
                        ? "org.apache.kafka.common.security.scram.ScramLoginModule"
                        : "org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginModule";
                String sasl = prefix + mechanism.toLowerCase(Locale.ROOT) + ".sasl.";
                properties.put(prefix + "sasl.enabled.mechanisms", mechanism);
                properties.putIfAbsent(sasl + "jaas.config", login + " required;");
                if (mechanism.equals("OAUTHBEARER")) {
                    properties.putIfAbsent(
                            sasl + "server.callback.handler.class",
                            "org.apache.kafka.common.security.oauthbearer.OAuthBearerValidatorCallbackHandler");
                }
            });
        }
        if (listeners.stream().anyMatch(Listener::tls)) {
            properties.putIfAbsent(
                    "ssl.enabled.protocols",
                    topology.security().minimumTls().equals("1.2") ? "TLSv1.2,TLSv1.3" : "TLSv1.3");
            properties.put("ssl.keystore.type", "PKCS12");
            properties.put("ssl.keystore.location", TLS + "/keystore.p12");
            properties.put("ssl.truststore.type", "PKCS12");
            properties.put("ssl.truststore.location", TLS + "/truststore.p12");
            for (String key : List.of("ssl.keystore.password", "ssl.key.password", "ssl.truststore.password")) {
                properties.put(key, "${file:" + TLS + "/tls.properties:" + key + "}");
            }
            properties.put("config.providers", "file");
            properties.put("config.providers.file.class", "org.apache.kafka.common.config.provider.FileConfigProvider");
            properties.put("config.providers.file.param.allowed.paths", TLS);
        }
        if (topology.security().authorization() == Security.Authorization.ACL) {
            properties.put("authorizer.class.name", "org.apache.kafka.metadata.authorizer.StandardAuthorizer");
            properties.put(
                    "super.users",
                    topology.security().superUsers().stream().sorted().collect(Collectors.joining(";")));
        }
    }

    private static Optional<String> mechanism(Listener listener) {
        return switch (listener.authentication()) {
            case SCRAM_SHA_256 -> Optional.of("SCRAM-SHA-256");
            case SCRAM_SHA_512 -> Optional.of("SCRAM-SHA-512");
            case OAUTHBEARER -> Optional.of("OAUTHBEARER");
            case NONE, MTLS, PLAIN -> Optional.empty();
        };
    }

    private static String bindings(List<Listener> listeners) {
        return listeners.stream()
                .map(listener -> kafkaName(listener) + "://:" + listener.port())
                .collect(Collectors.joining(","));
    }

    /** Kafka writes listener names in capitals, and reads their properties in small letters. */
    private static String kafkaName(Listener listener) {
        return listener.name().toUpperCase(Locale.ROOT);
    }

    private static String dnsName(Component component, int ordinal) {
        return component.podName(ordinal) + "." + component.headlessService() + "." + component.namespace()
                + ".svc.cluster.local";
    }

    private ConfigMap configMap(
            Component component,
            String role,
            SortedMap<String, String> properties,
            int firstId,
            List<Listener> listeners) {
        Map<String, String> data = new TreeMap<>();
        data.put("server.properties", file(properties));
        data.put("start.sh", startScript(role, firstId, listeners));
        return new ConfigMapBuilder()
                .withNewMetadata()
                .withName(component.name() + "-config")
                .withNamespace(component.namespace())
                .withLabels(labels(component, role))
                .endMetadata()
                .withData(data)
                .build();
    }

    private static String file(SortedMap<String, String> properties) {
        StringBuilder text = new StringBuilder();
        properties.forEach((key, value) -> text.append(escaped(key))
                .append('=')
                .append(value.replace("\\", "\\\\").replace("\n", "\\n").replace("\r", "\\r"))
                .append('\n'));
        return text.toString();
    }

    private static String escaped(String key) {
        return key.replaceAll("([\\\\:=\\s#!])", "\\\\$1");
    }

    /** What only the pod itself knows is added when it starts: its id, its addresses, its zone. */
    private String startScript(String role, int firstId, List<Listener> listeners) {
        boolean confluent = topology.distribution() instanceof Distribution.Confluent;
        String format = confluent ? "/usr/bin/kafka-storage" : "/opt/kafka/bin/kafka-storage.sh";
        String start = confluent ? "/usr/bin/kafka-server-start" : "/opt/kafka/bin/kafka-server-start.sh";
        StringBuilder script = new StringBuilder();
        script.append("#!/bin/sh\n")
                .append("set -eu\n")
                .append("ordinal=\"${POD_NAME##*-}\"\n")
                .append("id=$((")
                .append(firstId)
                .append(" + ordinal))\n")
                .append("config=" + SCRATCH + "/server.properties\n")
                .append("cp " + CONFIG + "/server.properties \"$config\"\n")
                .append("echo \"node.id=$id\" >> \"$config\"\n");
        if (role.equals("broker")) {
            String advertised = listeners.stream()
                    .map(listener -> kafkaName(listener) + "://" + advertisedHost(listener) + ":" + listener.port())
                    .collect(Collectors.joining(","));
            script.append("echo \"advertised.listeners=").append(advertised).append("\" >> \"$config\"\n");
            if (topology.zonesOf(brokers()).size() > 1) {
                script.append("if [ -z \"${ZONE:-}\" ]; then\n")
                        .append("  echo \"The pod has no label " + ZONE_LABEL
                                + ", so the broker's rack is not known; see PodTopologyLabelsAdmission.\" >&2\n")
                        .append("  exit 1\n")
                        .append("fi\n")
                        .append("echo \"broker.rack=$ZONE\" >> \"$config\"\n");
            } else {
                script.append("echo \"broker.rack=")
                        .append(topology.zonesOf(brokers()).get(0).value())
                        .append("\" >> \"$config\"\n");
            }
        }
        script.append(format)
                .append(" format --ignore-formatted --cluster-id ")
                .append(clusterId())
                .append(" --config \"$config\"\n")
                .append("exec ")
                .append(start)
                .append(" \"$config\"\n");
        return script.toString();
    }

    private String advertisedHost(Listener listener) {
        if (listener.exposure() == Listener.Exposure.EXTERNAL) {
            return externalName(listener, "$id");
        }
        return "$POD_NAME." + brokers().headlessService() + "." + brokers().namespace() + ".svc.cluster.local";
    }

    private String externalName(Listener listener, String broker) {
        return listener.name() + "-" + broker + "."
                + topology.network().externalDomain().orElse("invalid");
    }

    /**
     * Kafka's cluster ids are 16 bytes in URL-safe base 64. This one follows from the name, so that rendering the same
     * topology twice cannot reformat a cluster's disks.
     */
    private String clusterId() {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256")
                    .digest((brokers().namespace() + "/" + topology.name()).getBytes(StandardCharsets.UTF_8));
            // Kafka refuses ids that begin with '-': a command line would take them for options.
            hash[0] &= 0x7f;
            return Base64.getUrlEncoder()
                    .withoutPadding()
                    .encodeToString(ByteBuffer.wrap(Arrays.copyOf(hash, 16)).array());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this JVM has no SHA-256", e);
        }
    }

    // Resources.

    private ServiceAccount serviceAccount(Component component, String role) {
        return new ServiceAccountBuilder()
                .withNewMetadata()
                .withName(component.name())
                .withNamespace(component.namespace())
                .withLabels(labels(component, role))
                .endMetadata()
                .withAutomountServiceAccountToken(false)
                .build();
    }

    private Service headless(Component component, String role, List<Listener> listeners) {
        return new ServiceBuilder()
                .withNewMetadata()
                .withName(component.headlessService())
                .withNamespace(component.namespace())
                .withLabels(labels(component, role))
                .endMetadata()
                .withNewSpec()
                .withClusterIP("None")
                // A quorum forms before its members are ready.
                .withPublishNotReadyAddresses(true)
                .withSelector(selector(component))
                .withPorts(
                        listeners.stream().map(StatefulSetRenderer::servicePort).toList())
                .endSpec()
                .build();
    }

    private Service bootstrap() {
        return new ServiceBuilder()
                .withNewMetadata()
                .withName(brokers().name() + "-bootstrap")
                .withNamespace(brokers().namespace())
                .withLabels(labels(brokers(), "broker"))
                .endMetadata()
                .withNewSpec()
                .withSelector(selector(brokers()))
                .withPorts(brokers().listeners().stream()
                        .filter(listener -> listener.exposure() == Listener.Exposure.INTERNAL)
                        .map(StatefulSetRenderer::servicePort)
                        .toList())
                .endSpec()
                .build();
    }

    /** A load balancer per broker, since clients must reach each one, and one to begin with. */
    private List<Service> external() {
        List<Service> services = new ArrayList<>();
        for (Listener listener : brokers().listeners()) {
            if (listener.exposure() != Listener.Exposure.EXTERNAL) {
                continue;
            }
            services.add(loadBalancer(
                    listener,
                    brokers().name() + "-" + listener.name(),
                    selector(brokers()),
                    listener.name() + "." + topology.network().externalDomain().orElse("invalid")));
            for (int ordinal = 0; ordinal < brokers().replicas(); ordinal++) {
                Map<String, String> selector = new LinkedHashMap<>(selector(brokers()));
                selector.put("statefulset.kubernetes.io/pod-name", brokers().podName(ordinal));
                int id = brokers().firstId() + ordinal;
                services.add(loadBalancer(
                        listener,
                        brokers().name() + "-" + listener.name() + "-" + id,
                        selector,
                        externalName(listener, Integer.toString(id))));
            }
        }
        return services;
    }

    private Service loadBalancer(Listener listener, String name, Map<String, String> selector, String host) {
        return new ServiceBuilder()
                .withNewMetadata()
                .withName(name)
                .withNamespace(brokers().namespace())
                .withLabels(labels(brokers(), "broker"))
                .addToAnnotations("external-dns.alpha.kubernetes.io/hostname", host)
                .addToAnnotations("service.beta.kubernetes.io/aws-load-balancer-type", "nlb")
                .endMetadata()
                .withNewSpec()
                .withType("LoadBalancer")
                .withExternalTrafficPolicy("Local")
                .withSelector(selector)
                .withPorts(servicePort(listener))
                .endSpec()
                .build();
    }

    private static ServicePort servicePort(Listener listener) {
        return new ServicePortBuilder()
                .withName(listener.name())
                .withPort(listener.port())
                .withProtocol("TCP")
                .withTargetPort(new IntOrString(listener.name()))
                .build();
    }

    private PodDisruptionBudget disruptionBudget(Component component, String role) {
        return new PodDisruptionBudgetBuilder()
                .withNewMetadata()
                .withName(component.name())
                .withNamespace(component.namespace())
                .withLabels(labels(component, role))
                .endMetadata()
                .withNewSpec()
                .withMaxUnavailable(new IntOrString(1))
                .withSelector(labelSelector(component))
                .endSpec()
                .build();
    }

    /** Controllers are for Kafka alone; brokers for their namespace and for namespaces that are marked as clients. */
    private NetworkPolicy networkPolicy(Component component, String role, List<Listener> listeners) {
        List<NetworkPolicyIngressRule> rules = new ArrayList<>();
        for (Listener listener : listeners) {
            NetworkPolicyIngressRuleBuilder rule = new NetworkPolicyIngressRuleBuilder()
                    .addNewPort()
                    .withProtocol("TCP")
                    .withPort(new IntOrString(listener.port()))
                    .endPort();
            if (role.equals("controller")) {
                for (Component kafka :
                        Stream.<Component>of(component, brokers()).toList()) {
                    rule.addNewFrom()
                            .withNewNamespaceSelector()
                            .addToMatchLabels("kubernetes.io/metadata.name", kafka.namespace())
                            .endNamespaceSelector()
                            .withPodSelector(labelSelector(kafka))
                            .endFrom();
                }
            } else if (listener.exposure() == Listener.Exposure.INTERNAL) {
                rule.addNewFrom()
                        .withNewPodSelector()
                        .endPodSelector()
                        .endFrom()
                        .addNewFrom()
                        .withNewNamespaceSelector()
                        .addToMatchLabels(RESTRICTED_CLIENT, "true")
                        .endNamespaceSelector()
                        .endFrom();
            }
            rules.add(rule.build());
        }
        return new NetworkPolicyBuilder()
                .withNewMetadata()
                .withName(component.name())
                .withNamespace(component.namespace())
                .withLabels(labels(component, role))
                .endMetadata()
                .withNewSpec()
                .withPodSelector(labelSelector(component))
                .withPolicyTypes("Ingress")
                .withIngress(rules)
                .endSpec()
                .build();
    }

    private static LabelSelector labelSelector(Component component) {
        return new LabelSelectorBuilder().withMatchLabels(selector(component)).build();
    }

    private StatefulSet statefulSet(
            Component component, String role, Storage storage, ConfigMap config, List<Listener> listeners) {
        Map<String, String> labels = labels(component, role);
        PodSpecBuilder pod = new PodSpecBuilder()
                .withServiceAccountName(component.name())
                .withAutomountServiceAccountToken(false)
                .withEnableServiceLinks(false)
                .withTerminationGracePeriodSeconds(CONTROLLED_SHUTDOWN_SECONDS)
                .withNewSecurityContext()
                .withRunAsNonRoot(true)
                .withRunAsUser(USER)
                .withRunAsGroup(USER)
                .withFsGroup(USER)
                .withFsGroupChangePolicy("OnRootMismatch")
                .withNewSeccompProfile()
                .withType("RuntimeDefault")
                .endSeccompProfile()
                .endSecurityContext()
                .withAffinity(affinity(component))
                .withContainers(container(component, role, listeners))
                .addToVolumes(new VolumeBuilder()
                        .withName("config")
                        .withNewConfigMap()
                        .withName(config.getMetadata().getName())
                        .endConfigMap()
                        .build())
                .addToVolumes(new VolumeBuilder()
                        .withName("scratch")
                        .withNewEmptyDir()
                        .endEmptyDir()
                        .build());
        if (usesTls()) {
            pod.addToVolumes(new VolumeBuilder()
                    .withName("tls")
                    .withNewSecret()
                    .withSecretName(component.name() + "-tls")
                    .withDefaultMode(0440)
                    .endSecret()
                    .build());
        }
        if (storage.logs().isEmpty()) {
            pod.addToVolumes(new VolumeBuilder()
                    .withName("logs")
                    .withNewEmptyDir()
                    .endEmptyDir()
                    .build());
        }
        if (topology.zonesOf(component).size() > 1) {
            pod.addNewTopologySpreadConstraint()
                    .withMaxSkew(1)
                    .withTopologyKey(ZONE_LABEL)
                    .withWhenUnsatisfiable("DoNotSchedule")
                    .withLabelSelector(labelSelector(component))
                    .endTopologySpreadConstraint();
        }
        List<PersistentVolumeClaim> claims = new ArrayList<>();
        claims.add(claim("data", storage.data()));
        storage.logs().ifPresent(logs -> claims.add(claim("logs", logs)));
        return new StatefulSetBuilder()
                .withNewMetadata()
                .withName(component.name())
                .withNamespace(component.namespace())
                .withLabels(labels)
                .endMetadata()
                .withNewSpec()
                .withServiceName(component.headlessService())
                .withReplicas(component.replicas())
                // The members of a quorum need each other to get ready.
                .withPodManagementPolicy("Parallel")
                .withNewUpdateStrategy()
                .withType("OnDelete")
                .endUpdateStrategy()
                .withNewPersistentVolumeClaimRetentionPolicy()
                .withWhenDeleted("Retain")
                .withWhenScaled("Retain")
                .endPersistentVolumeClaimRetentionPolicy()
                .withSelector(labelSelector(component))
                .withNewTemplate()
                .withNewMetadata()
                .withLabels(labels)
                // So that a changed configuration is a changed template.
                .addToAnnotations("eventbroker.io/config", hash(config))
                .endMetadata()
                .withSpec(pod.build())
                .endTemplate()
                .withVolumeClaimTemplates(claims)
                .endSpec()
                .build();
    }

    private static String hash(ConfigMap config) {
        return Sha256.of(new TreeMap<>(config.getData()).toString()).toString();
    }

    private static PersistentVolumeClaim claim(String name, Storage.Volume volume) {
        PersistentVolumeClaimBuilder claim = new PersistentVolumeClaimBuilder()
                .withNewMetadata()
                .withName(name)
                .endMetadata()
                .withNewSpec()
                .withAccessModes("ReadWriteOnce")
                .withNewResources()
                .addToRequests("storage", Quantity.parse(volume.size().toString()))
                .endResources()
                .endSpec();
        volume.storageClass()
                .ifPresent(storageClass ->
                        claim.editSpec().withStorageClassName(storageClass).endSpec());
        return claim.build();
    }

    private Container container(Component component, String role, List<Listener> listeners) {
        List<EnvVar> environment = new ArrayList<>();
        environment.add(fromField("POD_NAME", "metadata.name"));
        if (role.equals("broker") && topology.zonesOf(brokers()).size() > 1) {
            environment.add(fromField("ZONE", "metadata.labels['" + ZONE_LABEL + "']"));
        }
        List<String> arguments = component.jvm().arguments();
        environment.add(new EnvVar("KAFKA_HEAP_OPTS", String.join(" ", arguments.subList(0, 2)), null));
        if (arguments.size() > 2) {
            environment.add(new EnvVar("KAFKA_OPTS", String.join(" ", arguments.subList(2, arguments.size())), null));
        }
        environment.add(new EnvVar("LOG_DIR", LOGS, null));
        List<ContainerPort> ports = listeners.stream()
                .map(listener -> new ContainerPortBuilder()
                        .withName(listener.name())
                        .withContainerPort(listener.port())
                        .withProtocol("TCP")
                        .build())
                .toList();
        ContainerBuilder container = new ContainerBuilder()
                .withName("kafka")
                .withImage(component.image().application())
                .withCommand("/bin/sh", CONFIG + "/start.sh")
                .withEnv(environment)
                .withPorts(ports)
                .withResources(resources(component.resources()))
                .withStartupProbe(probe(listeners.get(0), 10, STARTUP_CHECKS))
                .withReadinessProbe(probe(listeners.get(0), 10, 3))
                .withLivenessProbe(probe(listeners.get(0), 15, 6))
                .withNewSecurityContext()
                .withAllowPrivilegeEscalation(false)
                .withReadOnlyRootFilesystem(true)
                .withNewCapabilities()
                .withDrop("ALL")
                .endCapabilities()
                .endSecurityContext();
        mount(container, "config", CONFIG, true);
        mount(container, "data", DATA, false);
        mount(container, "logs", LOGS, false);
        mount(container, "scratch", SCRATCH, false);
        if (usesTls()) {
            mount(container, "tls", TLS, true);
        }
        return container.build();
    }

    private static void mount(ContainerBuilder container, String volume, String path, boolean readOnly) {
        VolumeMountBuilder mount = new VolumeMountBuilder().withName(volume).withMountPath(path);
        if (readOnly) {
            mount.withReadOnly(true);
        }
        container.addToVolumeMounts(mount.build());
    }

    private static EnvVar fromField(String name, String path) {
        return new EnvVarBuilder()
                .withName(name)
                .withNewValueFrom()
                .withNewFieldRef()
                .withApiVersion("v1")
                .withFieldPath(path)
                .endFieldRef()
                .endValueFrom()
                .build();
    }

    /** The port opens once the logs are recovered; a check that starts a JVM would cost more than it tells. */
    private static Probe probe(Listener listener, int everySeconds, int failures) {
        return new ProbeBuilder()
                .withNewTcpSocket()
                .withPort(new IntOrString(listener.name()))
                .endTcpSocket()
                .withPeriodSeconds(everySeconds)
                .withTimeoutSeconds(5)
                .withFailureThreshold(failures)
                .build();
    }

    private Affinity affinity(Component component) {
        PodAffinityTerm apart = new PodAffinityTermBuilder()
                .withTopologyKey("kubernetes.io/hostname")
                .withLabelSelector(labelSelector(component))
                .build();
        AffinityBuilder affinity = new AffinityBuilder();
        if (topology.zones().size() > 1) {
            return affinity.withNewNodeAffinity()
                    .withNewRequiredDuringSchedulingIgnoredDuringExecution()
                    .addNewNodeSelectorTerm()
                    .addNewMatchExpression()
                    .withKey(ZONE_LABEL)
                    .withOperator("In")
                    .withValues(topology.zonesOf(component).stream()
                            .map(Zone::value)
                            .toList())
                    .endMatchExpression()
                    .endNodeSelectorTerm()
                    .endRequiredDuringSchedulingIgnoredDuringExecution()
                    .endNodeAffinity()
                    .withNewPodAntiAffinity()
                    .withRequiredDuringSchedulingIgnoredDuringExecution(apart)
                    .endPodAntiAffinity()
                    .build();
        }
        // One zone is for development, where there may be one node.
        return affinity.withNewPodAntiAffinity()
                .addNewPreferredDuringSchedulingIgnoredDuringExecution()
                .withWeight(100)
                .withPodAffinityTerm(apart)
                .endPreferredDuringSchedulingIgnoredDuringExecution()
                .endPodAntiAffinity()
                .build();
    }
}
