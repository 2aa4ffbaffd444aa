package io.eventbroker.testkit.kafka;

import io.eventbroker.testkit.TestKitException;
import io.eventbroker.testkit.fault.FaultProxy;
import io.eventbroker.testkit.internal.Ports;
import io.eventbroker.testkit.kafka.internal.LoopbackPrincipalBuilder;
import io.eventbroker.testkit.kafka.internal.NodeConfig;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Turns what the host described into the configuration of each node. Ports are taken when a node is first laid out. */
final class ClusterLayout {
    private static final int FIRST_CONTROLLER = 1000;
    private static final String BIND = "127.0.0.1";

    private final EmbeddedKafkaBuilder wanted;
    private final String name;
    private final String clusterId;
    private final Path directory;
    private final Ports ports;
    private final List<KafkaListener> clientListeners;
    private final KafkaListener interBroker;
    private final boolean ownInterBroker;
    private final Map<Integer, Integer> controllerPorts = new TreeMap<>();
    // Read while a broker is being added.
    private final Map<Integer, Map<String, Integer>> brokerPorts = new ConcurrentSkipListMap<>();
    private final Map<Integer, Map<String, FaultProxy>> proxies = new ConcurrentSkipListMap<>();

    ClusterLayout(EmbeddedKafkaBuilder wanted, String name, String clusterId, Path directory, Ports ports) {
        this.wanted = wanted;
        this.name = name;
        this.clusterId = clusterId;
        this.directory = directory;
        this.ports = ports;
        this.clientListeners = wanted.clientListeners();
        Optional<KafkaListener> carrier = interBrokerCarrier();
        this.ownInterBroker = carrier.isEmpty() || (wanted.proxies && wanted.interBroker == null);
        this.interBroker = ownInterBroker
                ? carrier.orElse(EmbeddedKafkaBuilder.DEFAULT_LISTENER).named("INTERNAL")
                : carrier.get();
        checkNames();
        checkAuthorizer();
        for (int id : controllers().toList()) {
            controllerPorts.put(id, ports.take());
        }
    }

    /** The client listener that can carry the brokers' own traffic; empty if none can. */
    private Optional<KafkaListener> interBrokerCarrier() {
        String named = wanted.interBroker;
        if (named != null) {
            KafkaListener listener = listener(named);
            if (listener.isSasl()) {
                throw new IllegalArgumentException("inter-broker listener '" + named
                        + "' is SASL, which nodes of an embedded cluster cannot log in to; name a TLS or plaintext"
                        + " listener, or none to get one of their own");
            }
            return Optional.of(listener);
        }
        return clientListeners.stream()
                .filter(listener -> wanted.authorizer ? listener.isMutualTls() : !listener.isSasl())
                .findFirst();
    }

    private void checkNames() {
        Set<String> names = new LinkedHashSet<>();
        Stream.concat(
                        clientListeners.stream(),
                        ownInterBroker
                                ? Stream.of(interBroker, wanted.controllerListener)
                                : Stream.of(wanted.controllerListener))
                .forEach(listener -> {
                    if (!names.add(listener.name())) {
                        throw new IllegalArgumentException("listener name '" + listener.name()
                                + "' is taken by the nodes' own listener; choose another");
                    }
                });
    }

    private void checkAuthorizer() {
        if (!wanted.authorizer) {
            return;
        }
        for (KafkaListener listener : List.of(interBroker, wanted.controllerListener)) {
            boolean named = listener.isMutualTls() || (listener.isPlaintext() && isNodesOnly(listener));
            if (!named) {
                throw new IllegalArgumentException("listener '" + listener.name() + "' leaves nodes anonymous, and the"
                        + " authorizer refuses what is anonymous; use KafkaListener.mutualTls for it");
            }
        }
    }

    private boolean isNodesOnly(KafkaListener listener) {
        return listener == wanted.controllerListener || (ownInterBroker && listener == interBroker);
    }

    private Stream<Integer> controllers() {
        if (wanted.controllers > 0) {
            return IntStream.range(FIRST_CONTROLLER, FIRST_CONTROLLER + wanted.controllers)
                    .boxed();
        }
        return IntStream.range(0, wanted.brokers >= 3 ? 3 : 1).boxed();
    }

    /** The ids of all nodes that start with the cluster. */
    List<Integer> initialNodes() {
        return Stream.concat(controllers(), IntStream.range(0, wanted.brokers).boxed())
                .distinct()
                .toList();
    }

    boolean isController(int id) {
        return controllerPorts.containsKey(id);
    }

    boolean isBroker(int id) {
        return id < FIRST_CONTROLLER;
    }

    int controllerCount() {
        return controllerPorts.size();
    }

    KafkaListener interBroker() {
        return interBroker;
    }

    KafkaListener listener(String listenerName) {
        return clientListeners.stream()
                .filter(listener -> listener.name().equals(listenerName))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no listener '" + listenerName + "'; there are "
                        + clientListeners.stream().map(KafkaListener::name).toList()));
    }

    KafkaListener firstListener() {
        return clientListeners.get(0);
    }

    /** What a broker advertises, by listener. */
    Map<String, String> endpoints(int broker) {
        Map<String, String> endpoints = new LinkedHashMap<>();
        brokerPorts
                .getOrDefault(broker, Map.of())
                .forEach((listener, port) ->
                        endpoints.put(listener, wanted.host + ":" + advertisedPort(broker, listener, port)));
        return endpoints;
    }

    private int advertisedPort(int broker, String listener, int bound) {
        FaultProxy proxy = proxies.getOrDefault(broker, Map.of()).get(listener);
        return proxy == null ? bound : proxy.port();
    }

    FaultProxy proxy(int broker, String listenerName) {
        if (!wanted.proxies) {
            throw new IllegalStateException(name + " has no proxies; ask for them with builder().throughProxies()");
        }
        FaultProxy proxy = proxies.getOrDefault(broker, Map.of())
                .get(listener(listenerName).name());
        if (proxy == null) {
            throw new IllegalArgumentException(name + ": no broker " + broker);
        }
        return proxy;
    }

    void closeProxies() {
        proxies.values().forEach(ofBroker -> ofBroker.values().forEach(FaultProxy::close));
    }

    /** Lays out a node; asking again for the same gives the same ports. */
    NodeConfig node(int id, Optional<String> rack, Map<String, String> extra) {
        Map<String, String> properties = new TreeMap<>(defaults());
        List<String> listeners = new ArrayList<>();
        List<String> advertised = new ArrayList<>();
        List<KafkaListener> described = new ArrayList<>();
        List<String> roles = new ArrayList<>();
        if (isBroker(id)) {
            roles.add("broker");
            described.addAll(clientListeners);
            if (ownInterBroker) {
                described.add(interBroker);
            }
            Map<String, Integer> taken = takePorts(id, described);
            for (KafkaListener listener : described) {
                listeners.add(listener.name() + "://" + BIND + ":" + taken.get(listener.name()));
            }
            endpoints(id).forEach((listener, endpoint) -> advertised.add(listener + "://" + endpoint));
            properties.put("advertised.listeners", String.join(",", advertised));
            properties.put("inter.broker.listener.name", interBroker.name());
            rack.ifPresent(value -> properties.put("broker.rack", value));
        }
        KafkaListener controllerListener = wanted.controllerListener;
        if (isController(id)) {
            roles.add("controller");
            listeners.add(controllerListener.name() + "://" + BIND + ":" + controllerPorts.get(id));
        }
        described.add(controllerListener);
        properties.put("node.id", Integer.toString(id));
        properties.put("process.roles", String.join(",", roles));
        properties.put("listeners", String.join(",", listeners));
        properties.put("controller.listener.names", controllerListener.name());
        properties.put(
                "controller.quorum.voters",
                controllerPorts.entrySet().stream()
                        .map(entry -> entry.getKey() + "@" + BIND + ":" + entry.getValue())
                        .collect(Collectors.joining(",")));
        properties.put(
                "listener.security.protocol.map",
                described.stream().map(KafkaListener::toString).collect(Collectors.joining(",")));
        for (KafkaListener listener : described) {
            properties.putAll(listener.nodeProperties(id, wanted.users));
            if (wanted.authorizer && listener.isPlaintext() && isNodesOnly(listener)) {
                properties.put(
                        "listener.name." + listener.name().toLowerCase(java.util.Locale.ROOT)
                                + ".principal.builder.class",
                        LoopbackPrincipalBuilder.class.getName());
            }
        }
        if (wanted.authorizer) {
            properties.put("authorizer.class.name", "org.apache.kafka.metadata.authorizer.StandardAuthorizer");
            properties.put("super.users", String.join(";", superUsers()));
        }
        Path nodeDirectory = directory.resolve("node-" + id);
        properties.put("log.dirs", nodeDirectory.resolve("data").toString());
        properties.putAll(wanted.properties);
        properties.putAll(wanted.nodeProperties.getOrDefault(id, Map.of()));
        properties.putAll(extra);
        return new NodeConfig(
                id,
                name + "-node-" + id,
                nodeDirectory,
                clusterId,
                Optional.ofNullable(wanted.metadataVersion),
                controllerListener.name(),
                scramUsers(),
                properties);
    }

    private Map<String, Integer> takePorts(int broker, List<KafkaListener> described) {
        Map<String, Integer> known = brokerPorts.get(broker);
        if (known != null) {
            return known;
        }
        Map<String, Integer> taken = new LinkedHashMap<>();
        Map<String, FaultProxy> before = new LinkedHashMap<>();
        // First, so that a failure on the way leaves nothing open.
        proxies.put(broker, before);
        for (KafkaListener listener : described) {
            Optional<Integer> fixed = listener.fixedPort(broker);
            if (wanted.proxies && clientListeners.contains(listener)) {
                int bound = ports.take();
                taken.put(listener.name(), bound);
                // A fixed port is the one that clients know.
                InetSocketAddress target = InetSocketAddress.createUnresolved(BIND, bound);
                before.put(
                        listener.name(),
                        fixed.map(port -> FaultProxy.to(target, port)).orElseGet(() -> FaultProxy.to(target)));
            } else {
                taken.put(listener.name(), fixed.map(ports::require).orElseGet(ports::take));
            }
        }
        brokerPorts.put(broker, taken);
        return taken;
    }

    /** The running brokers read their super users once: a subject that they do not know stays a stranger to them. */
    void requireTrusted(int broker) {
        if (!wanted.authorizer) {
            return;
        }
        Set<String> known = superUsers();
        for (KafkaListener listener : List.of(interBroker, wanted.controllerListener)) {
            listener.tls(broker).map(ClusterLayout::subjects).stream()
                    .flatMap(List::stream)
                    .filter(subject -> !known.contains(subject))
                    .findFirst()
                    .ifPresent(subject -> {
                        throw new IllegalStateException(name + ": broker " + broker + " would be " + subject
                                + ", which the running brokers do not know as a super user; name it up front with"
                                + " builder().authorizer(\"" + subject
                                + "\"), or give all brokers certificates of one subject");
                    });
        }
    }

    private Set<String> superUsers() {
        Set<String> all = new LinkedHashSet<>(wanted.superUsers);
        for (KafkaListener listener : List.of(interBroker, wanted.controllerListener)) {
            if (listener.isPlaintext()) {
                all.add(LoopbackPrincipalBuilder.PRINCIPAL);
            }
        }
        // The same for all nodes, whenever they join.
        for (int node : initialNodes()) {
            for (KafkaListener listener : List.of(interBroker, wanted.controllerListener)) {
                listener.tls(node).ifPresent(files -> all.addAll(subjects(files)));
            }
        }
        return all;
    }

    private static List<String> subjects(TlsFiles files) {
        try (InputStream in = Files.newInputStream(files.keyStore())) {
            KeyStore store = KeyStore.getInstance(TlsFiles.type(files.keyStore()));
            store.load(in, files.keyStorePassword().toCharArray());
            List<String> subjects = new ArrayList<>();
            for (String alias : Collections.list(store.aliases())) {
                if (store.isKeyEntry(alias) && store.getCertificate(alias) instanceof X509Certificate certificate) {
                    // The form that Kafka's default principal mapping gives.
                    subjects.add("User:" + certificate.getSubjectX500Principal().getName());
                }
            }
            return subjects;
        } catch (IOException | GeneralSecurityException e) {
            throw new TestKitException(
                    "cannot read key store " + files.keyStore() + ": " + e.getMessage()
                            + "; check its password and type",
                    e);
        }
    }

    private List<String> scramUsers() {
        return clientListeners.stream()
                .flatMap(listener -> listener.mechanism().stream())
                .filter(SaslMechanism::isScram)
                .distinct()
                .flatMap(mechanism -> wanted.users.entrySet().stream()
                        .map(user -> mechanism.kafkaName() + "=[name=" + user.getKey() + ",iterations=4096,password="
                                + user.getValue() + "]"))
                .toList();
    }

    /** Small buffers, few threads, and no waiting for members or leaders that a test knows to be there. */
    private Map<String, String> defaults() {
        String replicas = Integer.toString(Math.min(3, wanted.brokers));
        String minIsr = wanted.brokers >= 3 ? "2" : "1";
        Map<String, String> defaults = new TreeMap<>();
        defaults.put("num.network.threads", "1");
        defaults.put("num.io.threads", "2");
        defaults.put("background.threads", "2");
        defaults.put("num.recovery.threads.per.data.dir", "1");
        defaults.put("log.cleaner.threads", "1");
        defaults.put("log.cleaner.dedupe.buffer.size", "2097152");
        defaults.put("log.cleaner.io.buffer.size", "65536");
        defaults.put("offsets.topic.num.partitions", "5");
        defaults.put("offsets.topic.replication.factor", replicas);
        defaults.put("transaction.state.log.num.partitions", "5");
        defaults.put("transaction.state.log.replication.factor", replicas);
        defaults.put("transaction.state.log.min.isr", minIsr);
        defaults.put("share.coordinator.state.topic.num.partitions", "5");
        defaults.put("share.coordinator.state.topic.replication.factor", replicas);
        defaults.put("share.coordinator.state.topic.min.isr", minIsr);
        defaults.put("group.initial.rebalance.delay.ms", "0");
        // A test that misspells a topic should see it refused, not made.
        defaults.put("auto.create.topics.enable", "false");
        defaults.put("replica.fetch.backoff.ms", "100");
        defaults.put("broker.heartbeat.interval.ms", "250");
        // Also the time that a broker needs to come back: until then the controller takes it for a second of its kind.
        defaults.put("broker.session.timeout.ms", "3000");
        defaults.put("controller.quorum.election.timeout.ms", "250");
        defaults.put("controller.quorum.election.backoff.max.ms", "250");
        return defaults;
    }
}
