package io.eventbroker.testkit.kafka;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.server.common.MetadataVersion;
import org.jspecify.annotations.Nullable;

/**
 * Describes an {@link EmbeddedKafka} and starts it. Contradictions are refused by {@link #start}, naming both sides. Not
 * safe for use by several threads.
 */
public final class EmbeddedKafkaBuilder {
    /** The listener that clients get when none is described. */
    static final KafkaListener DEFAULT_LISTENER = KafkaListener.plaintext("PLAINTEXT");

    int brokers = 1;
    int controllers;
    List<String> racks = List.of();
    final List<KafkaListener> listeners = new ArrayList<>();

    @Nullable
    String interBroker;

    KafkaListener controllerListener = KafkaListener.plaintext("CONTROLLER");
    boolean authorizer;
    final Set<String> superUsers = new LinkedHashSet<>();
    final Map<String, String> users = new LinkedHashMap<>();
    final Map<String, String> properties = new LinkedHashMap<>();
    final Map<Integer, Map<String, String>> nodeProperties = new TreeMap<>();

    @Nullable
    Path directory;

    @Nullable
    String clusterId;

    @Nullable
    String metadataVersion;

    String host = "localhost";
    boolean processes;
    boolean proxies;
    List<String> jvmOptions = List.of("-Xmx384m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");
    String classPath = System.getProperty("java.class.path");
    Duration startTimeout = Duration.ofSeconds(60);

    EmbeddedKafkaBuilder() {}

    /** How many brokers start; their ids are 0, 1, 2, and so on. Default 1. */
    public EmbeddedKafkaBuilder brokers(int count) {
        if (count < 1) {
            throw new IllegalArgumentException("brokers must be at least 1, was " + count);
        }
        this.brokers = count;
        return this;
    }

    /**
     * Starts controllers as nodes of their own, with ids from 1000. By default brokers are controllers too: the first
     * three when there are at least three, otherwise the first alone. Stopping a combined node also takes its vote, so a
     * test that stops most of the brokers wants separate controllers.
     */
    public EmbeddedKafkaBuilder separateControllers(int count) {
        if (count < 1) {
            throw new IllegalArgumentException("controllers must be at least 1, was " + count);
        }
        this.controllers = count;
        return this;
    }

    /** The racks, dealt out to the brokers in turn: broker 0 gets the first. */
    public EmbeddedKafkaBuilder racks(String... racks) {
        this.racks = List.of(racks);
        return this;
    }

    /**
     * Adds a listener for clients. The first is the one of {@link EmbeddedKafka#bootstrapServers()}. Without any there is
     * one plaintext listener on free ports.
     */
    public EmbeddedKafkaBuilder listener(KafkaListener listener) {
        if (listeners.stream().anyMatch(other -> other.name().equals(listener.name()))) {
            throw new IllegalArgumentException("listener '" + listener.name() + "' is already described");
        }
        listeners.add(listener);
        return this;
    }

    /**
     * Names the client listener that brokers use among themselves. By default it is the first that can carry them: with
     * an authorizer a mutual TLS listener, whose certificate subjects then become super users; without one any listener
     * that is not SASL. If there is none, or clients go through proxies, brokers get a listener {@code INTERNAL} of their
     * own on the loopback interface.
     */
    public EmbeddedKafkaBuilder interBroker(String listenerName) {
        this.interBroker = listenerName;
        return this;
    }

    /**
     * The controllers' listener: plaintext on the loopback interface by default, or TLS.
     *
     * @throws IllegalArgumentException for a SASL listener
     */
    public EmbeddedKafkaBuilder controllerListener(KafkaListener listener) {
        if (listener.isSasl()) {
            throw new IllegalArgumentException("controller listener '" + listener.name()
                    + "': SASL between nodes is not supported; use plaintext or mutual TLS");
        }
        this.controllerListener = listener;
        return this;
    }

    /**
     * Turns Kafka's {@code StandardAuthorizer} on: what no ACL allows is refused. The nodes themselves are always super
     * users. A broker that is added later with a certificate of another subject than the first ones must be named here,
     * since Kafka reads super users only when a broker starts.
     *
     * @param superUsers principals that may do everything, such as {@code User:admin} or {@code User:CN=kafka-3}
     */
    public EmbeddedKafkaBuilder authorizer(String... superUsers) {
        for (String user : superUsers) {
            if (!user.startsWith("User:")) {
                throw new IllegalArgumentException("super user '" + user + "' must start with User:");
            }
        }
        this.authorizer = true;
        this.superUsers.addAll(Arrays.asList(superUsers));
        return this;
    }

    /** A user of the PLAIN and SCRAM listeners. */
    public EmbeddedKafkaBuilder user(String name, String password) {
        users.put(name, password);
        return this;
    }

    /** A property of every node, over the kit's defaults. */
    public EmbeddedKafkaBuilder property(String key, String value) {
        properties.put(key, value);
        return this;
    }

    /** A property of one node, over those of every node. */
    public EmbeddedKafkaBuilder property(int node, String key, String value) {
        nodeProperties.computeIfAbsent(node, id -> new LinkedHashMap<>()).put(key, value);
        return this;
    }

    /**
     * Keeps the data in a directory that stays after {@link EmbeddedKafka#close}. A directory that an earlier cluster of
     * the same shape left is taken up again. Without it, data is in a temporary directory that close removes.
     */
    public EmbeddedKafkaBuilder directory(Path directory) {
        this.directory = directory;
        return this;
    }

    /** The cluster id, 16 bytes in URL-safe base64. Random by default. */
    public EmbeddedKafkaBuilder clusterId(String clusterId) {
        Uuid.fromString(clusterId);
        this.clusterId = clusterId;
        return this;
    }

    /**
     * The {@code metadata.version} that the cluster starts with, such as {@code 3.9-IV0}, the newest that older brokers on
     * the {@link #classPath} know. By default the newest of the kit's own Kafka.
     *
     * @throws IllegalArgumentException if Kafka knows none of that name
     */
    public EmbeddedKafkaBuilder metadataVersion(String version) {
        MetadataVersion.fromVersionString(version, false);
        this.metadataVersion = version;
        return this;
    }

    /** The name that brokers advertise; it must resolve to 127.0.0.1. Default {@code localhost}. */
    public EmbeddedKafkaBuilder advertisedHost(String host) {
        this.host = host;
        return this;
    }

    /**
     * Runs each node as a process of its own, with this JVM's {@code java} and class path, so that it can be killed. Its
     * log is {@code broker.log} beside its data. Processes end when this JVM does, however that ends.
     */
    public EmbeddedKafkaBuilder processes() {
        this.processes = true;
        return this;
    }

    /**
     * The JVM options of node processes, in place of {@code -Xmx384m -XX:+UseSerialGC -XX:TieredStopAtLevel=1}. Implies
     * {@link #processes}.
     */
    public EmbeddedKafkaBuilder jvmOptions(String... options) {
        this.jvmOptions = List.of(options);
        return processes();
    }

    /**
     * The class path of node processes, in place of this JVM's: Kafka's server and a logging backend. The kit adds itself.
     * Of an older Kafka also say its {@link #metadataVersion}. Implies {@link #processes}.
     */
    public EmbeddedKafkaBuilder classPath(String classPath) {
        this.classPath = classPath;
        return processes();
    }

    /**
     * Puts a {@link io.eventbroker.testkit.fault.FaultProxy} before every client listener of every broker. Brokers
     * advertise the proxy's address, so clients that follow metadata stay behind it; brokers among themselves use a
     * listener {@code INTERNAL} of their own, unless {@link #interBroker} names a client listener.
     */
    public EmbeddedKafkaBuilder throughProxies() {
        this.proxies = true;
        return this;
    }

    /** How long all nodes may take to come up. Default 60 seconds. */
    public EmbeddedKafkaBuilder startTimeout(Duration timeout) {
        this.startTimeout = timeout;
        return this;
    }

    /**
     * Starts the cluster and waits until every broker is registered and unfenced.
     *
     * @throws IllegalArgumentException if what was described contradicts itself
     * @throws io.eventbroker.testkit.TestKitException if a node fails or is not up in time; nothing is left running
     */
    public EmbeddedKafka start() {
        return EmbeddedKafka.start(this);
    }

    List<KafkaListener> clientListeners() {
        return listeners.isEmpty() ? List.of(DEFAULT_LISTENER) : List.copyOf(listeners);
    }

    Optional<String> rack(int broker) {
        return racks.isEmpty() ? Optional.empty() : Optional.of(racks.get(broker % racks.size()));
    }
}
