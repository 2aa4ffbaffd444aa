package io.eventbroker.testkit.kafka;

import io.eventbroker.testkit.TestKitException;
import io.eventbroker.testkit.fault.FaultProxy;
import io.eventbroker.testkit.internal.Ports;
import io.eventbroker.testkit.kafka.internal.JvmNode;
import io.eventbroker.testkit.kafka.internal.Node;
import io.eventbroker.testkit.kafka.internal.NodeConfig;
import io.eventbroker.testkit.kafka.internal.ProcessNode;
import io.eventbroker.testkit.kafka.internal.Storage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.Uuid;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A real Kafka cluster (KRaft) for a test: its brokers run in this JVM and are reached over loopback TCP like any other.
 *
 * <pre>{@code
 * try (EmbeddedKafka kafka = EmbeddedKafka.builder().brokers(3).racks("az-a", "az-b", "az-c").start();
 *         Admin admin = kafka.admin()) {
 *     admin.createTopics(List.of(new NewTopic("orders", 6, (short) 3))).all().get();
 * }
 * }</pre>
 *
 * <p>Brokers keep small buffers and few threads; {@code auto.create.topics.enable} is off. Any property can be set over
 * these defaults. Ports are free ones that no other process is given while the cluster lives, also while a broker is
 * stopped.
 *
 * <p>Safe for use by several threads; starting, stopping and adding brokers exclude each other. A shutdown hook closes
 * what is still open when the JVM ends.
 */
public final class EmbeddedKafka implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(EmbeddedKafka.class);
    private static final AtomicInteger CLUSTERS = new AtomicInteger();
    private static final Duration STOP_LIMIT = Duration.ofSeconds(10);
    private static final Duration HANDOVER = Duration.ofSeconds(5);

    private final String name;
    private final String clusterId;
    private final ClusterLayout layout;
    private final EmbeddedKafkaBuilder wanted;
    private final Path directory;
    private final Ports ports = new Ports();
    private final ConcurrentSkipListMap<Integer, Member> members = new ConcurrentSkipListMap<>();
    private final List<Admin> admins = new ArrayList<>();
    private final List<String> leftBehind = new ArrayList<>();
    private final ReentrantLock lock = new ReentrantLock();
    private final Thread hook;
    private boolean closed;

    /** A node with what the cluster knows of it. */
    private record Member(Node node, Optional<String> rack) {
        int id() {
            return node.config().id();
        }
    }

    private EmbeddedKafka(EmbeddedKafkaBuilder wanted) {
        this.wanted = wanted;
        this.name = "embedded-kafka-" + CLUSTERS.incrementAndGet();
        try {
            Path kept = wanted.directory;
            this.directory = kept == null ? Files.createTempDirectory(name + "-") : Files.createDirectories(kept);
            this.clusterId = clusterId(wanted, directory);
        } catch (IOException e) {
            throw new TestKitException(name + ": no directory for its data: " + e.getMessage(), e);
        }
        try {
            this.layout = new ClusterLayout(wanted, name, clusterId, directory, ports);
        } catch (RuntimeException e) {
            ports.close();
            deleteData();
            throw e;
        }
        this.hook = new Thread(this::closeAtExit, name + "-shutdown-hook");
    }

    /** Describes a cluster. */
    public static EmbeddedKafkaBuilder builder() {
        return new EmbeddedKafkaBuilder();
    }

    static EmbeddedKafka start(EmbeddedKafkaBuilder wanted) {
        EmbeddedKafka kafka = new EmbeddedKafka(wanted);
        Runtime.getRuntime().addShutdownHook(kafka.hook);
        try {
            kafka.startAll();
            return kafka;
        } catch (RuntimeException | Error e) {
            kafka.close();
            throw e;
        }
    }

    private static String clusterId(EmbeddedKafkaBuilder wanted, Path directory) throws IOException {
        Path earlier = directory.resolve("node-0").resolve("data").resolve("meta.properties");
        String chosen = wanted.clusterId;
        if (Files.exists(earlier)) {
            Properties properties = new Properties();
            try (var reader = Files.newBufferedReader(earlier, StandardCharsets.UTF_8)) {
                properties.load(reader);
            }
            String found = properties.getProperty("cluster.id");
            if (chosen != null && !chosen.equals(found)) {
                throw new IllegalArgumentException("directory " + directory + " holds cluster " + found + ", not "
                        + chosen + "; leave out clusterId or choose another directory");
            }
            chosen = found;
        }
        return chosen == null ? Uuid.randomUuid().toString() : chosen;
    }

    private void startAll() {
        long deadline = System.nanoTime() + wanted.startTimeout.toNanos();
        for (int id : layout.initialNodes()) {
            Optional<String> rack = layout.isBroker(id) ? wanted.rack(id) : Optional.empty();
            add(id, rack, Map.of());
        }
        start(members.values(), deadline);
    }

    private Member add(int id, Optional<String> rack, Map<String, String> properties) {
        NodeConfig config = layout.node(id, rack, properties);
        Node node =
                wanted.processes ? new ProcessNode(config, wanted.jvmOptions, wanted.classPath) : new JvmNode(config);
        Member member = new Member(node, rack);
        members.put(id, member);
        return member;
    }

    /** Starts nodes at the same time, for controllers wait for each other, and waits until all are seen by the cluster. */
    private void start(Collection<Member> starting, long deadline) {
        Map<Member, CompletableFuture<Void>> starts = new LinkedHashMap<>();
        for (Member member : starting) {
            starts.put(member, member.node().start());
        }
        try {
            CompletableFuture<?> first = failFast(starts.values());
            first.get(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
            awaitRegistered(deadline);
        } catch (TimeoutException e) {
            throw new TestKitException(
                    name + ": not all nodes came up within " + wanted.startTimeout.toSeconds() + " s: "
                            + describe(starts)
                            + "; look at their log, or allow more with startTimeout on a slow machine",
                    e);
        } catch (ExecutionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new TestKitException(
                    name + ": a node failed to start: " + cause.getMessage() + "; " + describe(starts)
                            + "; check the properties that were set for it",
                    cause);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new TestKitException(name + ": interrupted while starting", e);
        }
    }

    /** Completes when all are up, or as soon as one failed. */
    private static CompletableFuture<?> failFast(Collection<CompletableFuture<Void>> starts) {
        CompletableFuture<Void> failed = new CompletableFuture<>();
        for (CompletableFuture<Void> start : starts) {
            start.exceptionally(e -> {
                failed.completeExceptionally(e);
                return null;
            });
        }
        return CompletableFuture.anyOf(CompletableFuture.allOf(starts.toArray(CompletableFuture[]::new)), failed);
    }

    private static String describe(Map<Member, CompletableFuture<Void>> starts) {
        return starts.entrySet().stream()
                .map(entry -> {
                    CompletableFuture<Void> start = entry.getValue();
                    String state = start.isCompletedExceptionally() ? "failed" : start.isDone() ? "up" : "starting";
                    String log = entry.getKey().node().logTail();
                    return "node " + entry.getKey().id() + " " + state
                            + (log.isEmpty() || state.equals("up") ? "" : ", its log ends with:\n" + log);
                })
                .collect(Collectors.joining(", "));
    }

    private void awaitRegistered(long deadline) throws TimeoutException, InterruptedException, ExecutionException {
        long expected = members.values().stream()
                .filter(member -> layout.isBroker(member.id()) && member.node().isRunning())
                .count();
        try (Admin admin = Admin.create(nodeClientProperties())) {
            while (true) {
                long left = deadline - System.nanoTime();
                if (left <= 0) {
                    throw new TimeoutException();
                }
                int seen = admin.describeCluster()
                        .nodes()
                        .get(left, TimeUnit.NANOSECONDS)
                        .size();
                if (seen >= expected) {
                    return;
                }
                TimeUnit.MILLISECONDS.sleep(20);
            }
        }
    }

    /** The cluster id. */
    public String clusterId() {
        return clusterId;
    }

    /** The brokers, by id; those that are stopped too. */
    public List<BrokerNode> brokers() {
        return members.values().stream()
                .filter(member -> layout.isBroker(member.id()))
                .map(member -> new BrokerNode(
                        member.id(),
                        member.rack(),
                        member.node().isRunning(),
                        layout.endpoints(member.id()),
                        member.node().config().data(),
                        member.node().pid()))
                .toList();
    }

    /** {@code host:port} of every broker on the first client listener, comma-separated; those that are stopped too. */
    public String bootstrapServers() {
        return bootstrapServers(layout.firstListener().name());
    }

    /**
     * {@code host:port} of every broker on a listener, comma-separated; those that are stopped too.
     *
     * @throws IllegalArgumentException if there is no such client listener
     */
    public String bootstrapServers(String listener) {
        return endpoints(layout.listener(listener).name());
    }

    private String endpoints(String listener) {
        return members.keySet().stream()
                .filter(layout::isBroker)
                .map(id -> layout.endpoints(id).get(listener))
                .collect(Collectors.joining(","));
    }

    /**
     * What a client needs to connect to the first client listener.
     *
     * @throws IllegalStateException if that listener wants a certificate or a user; say which with another overload
     */
    public Map<String, Object> clientProperties() {
        KafkaListener listener = layout.firstListener();
        if (!listener.isPlaintext()) {
            throw new IllegalStateException("listener " + listener + " needs "
                    + (listener.isSasl() ? "a user" : "TLS files") + "; use clientProperties(\"" + listener.name()
                    + "\", ...), or admin() for the cluster's own rights");
        }
        return connection(listener);
    }

    /** What a client needs to connect to a TLS listener with its own certificate and trust. */
    public Map<String, Object> clientProperties(String listenerName, TlsFiles client) {
        KafkaListener listener = layout.listener(listenerName);
        if (listener.isSasl()) {
            throw new IllegalArgumentException("listener " + listener + " needs a user; pass name and password");
        }
        Map<String, Object> properties = connection(listener);
        properties.putAll(client.properties());
        return properties;
    }

    /**
     * What a client needs to connect to a PLAIN or SCRAM listener. On SASL_SSL the trust store is the one of broker 0.
     */
    public Map<String, Object> clientProperties(String listenerName, String user, String password) {
        KafkaListener listener = layout.listener(listenerName);
        SaslMechanism mechanism = listener.mechanism()
                .orElseThrow(() -> new IllegalArgumentException("listener " + listener + " has no users"));
        Map<String, Object> properties = connection(listener);
        properties.put("sasl.mechanism", mechanism.kafkaName());
        properties.put("sasl.jaas.config", mechanism.loginOf(user, password));
        listener.tls(0).ifPresent(files -> {
            properties.put("ssl.truststore.location", files.trustStore().toString());
            properties.put("ssl.truststore.type", TlsFiles.type(files.trustStore()));
            properties.put("ssl.truststore.password", files.trustStorePassword());
        });
        return properties;
    }

    private Map<String, Object> connection(KafkaListener listener) {
        Map<String, Object> properties = new LinkedHashMap<>();
        properties.put("bootstrap.servers", endpoints(listener.name()));
        properties.put("security.protocol", listener.protocol().name);
        return properties;
    }

    /** The connection that a broker would use: over the inter-broker listener, as broker 0. */
    private Map<String, Object> nodeClientProperties() {
        KafkaListener listener = layout.interBroker();
        Map<String, Object> properties = connection(listener);
        listener.tls(0).ifPresent(files -> properties.putAll(files.properties()));
        return properties;
    }

    /**
     * A new Admin client with the cluster's own rights: over the brokers' listener, as a super user. Close it early if
     * you like; it is closed with the cluster.
     */
    public Admin admin() {
        Admin admin = Admin.create(nodeClientProperties());
        lock.lock();
        try {
            if (closed) {
                admin.close(Duration.ZERO);
                throw new IllegalStateException(name + " is closed");
            }
            admins.add(admin);
            return admin;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Adds a broker in the rack whose turn it is, and waits until it is registered. Returns its id, the next free one.
     *
     * @throws IllegalStateException if its certificate's subject is not a super user of the running brokers; see {@link
     *     EmbeddedKafkaBuilder#authorizer}
     */
    public int addBroker() {
        return addBroker(wanted.rack(nextBroker()), Map.of());
    }

    /** Adds a broker in a rack. */
    public int addBroker(String rack) {
        return addBroker(Optional.of(rack), Map.of());
    }

    /** Adds a broker with properties of its own, in the rack that {@code broker.rack} names or whose turn it is. */
    public int addBroker(Map<String, String> properties) {
        String rack = properties.get("broker.rack");
        return addBroker(rack == null ? wanted.rack(nextBroker()) : Optional.of(rack), properties);
    }

    private int addBroker(Optional<String> rack, Map<String, String> properties) {
        return exclusively(() -> {
            int id = nextBroker();
            layout.requireTrusted(id);
            Member member = add(id, rack, properties);
            try {
                start(List.of(member), System.nanoTime() + wanted.startTimeout.toNanos());
            } catch (RuntimeException e) {
                member.node().stop(Duration.ZERO, STOP_LIMIT);
                members.remove(id);
                throw e;
            }
            return id;
        });
    }

    private int nextBroker() {
        return (int) members.keySet().stream().filter(layout::isBroker).count();
    }

    /**
     * Stops a broker in order: it hands its partitions over first, as far as others can take them. Its data stays. A
     * combined node takes its controller with it.
     */
    public void stopBroker(int id) {
        exclusively(() -> {
            Member member = broker(id);
            if (!member.node().isRunning()) {
                throw new IllegalStateException(name + ": broker " + id + " is not running");
            }
            member.node().stop(hasQuorum() ? HANDOVER : Duration.ZERO, STOP_LIMIT);
            return id;
        });
    }

    /**
     * Kills a broker's process (SIGKILL): nothing is handed over and nothing flushed. Its data stays.
     *
     * @throws UnsupportedOperationException unless the cluster was built with {@link EmbeddedKafkaBuilder#processes}
     */
    public void killBroker(int id) {
        exclusively(() -> {
            broker(id).node().kill();
            return id;
        });
    }

    /**
     * The proxy before a broker's first client listener.
     *
     * @throws IllegalStateException unless the cluster was built with {@link EmbeddedKafkaBuilder#throughProxies}
     */
    public FaultProxy proxy(int broker) {
        return proxy(broker, layout.firstListener().name());
    }

    /** The proxy before one of a broker's client listeners. */
    public FaultProxy proxy(int broker, String listener) {
        return layout.proxy(broker, listener);
    }

    /** Starts a stopped or killed broker with the same data, ports and properties, and waits until it is registered. */
    public void startBroker(int id) {
        exclusively(() -> {
            Member member = broker(id);
            if (member.node().isRunning()) {
                throw new IllegalStateException(name + ": broker " + id + " is running");
            }
            start(List.of(member), System.nanoTime() + wanted.startTimeout.toNanos());
            return id;
        });
    }

    private Member broker(int id) {
        Member member = members.get(id);
        if (member == null || !layout.isBroker(id)) {
            throw new IllegalArgumentException(name + ": no broker " + id + "; there are "
                    + members.keySet().stream().filter(layout::isBroker).toList());
        }
        return member;
    }

    private boolean hasQuorum() {
        long voters = members.values().stream()
                .filter(member ->
                        layout.isController(member.id()) && member.node().isRunning())
                .count();
        return voters > layout.controllerCount() / 2;
    }

    private <T> T exclusively(java.util.function.Supplier<T> action) {
        lock.lock();
        try {
            if (closed) {
                throw new IllegalStateException(name + " is closed");
            }
            return action.get();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Stops all nodes, in hundreds of milliseconds and at most some seconds whatever state they are in, and removes
     * their data unless it has a directory of its own. Closing twice does nothing.
     */
    @Override
    public void close() {
        lock.lock();
        try {
            if (closed) {
                return;
            }
            closed = true;
            admins.forEach(admin -> admin.close(Duration.ZERO));
            admins.clear();
            layout.closeProxies();
            boolean dataMatters = wanted.directory != null;
            Duration patience =
                    hasQuorum() && (dataMatters || !wanted.processes) ? Duration.ofSeconds(1) : Duration.ZERO;
            // Brokers first: they hand over to controllers that are still there.
            together(member -> member.node().stopBroker(patience, STOP_LIMIT));
            together(member -> member.node().stopController(STOP_LIMIT));
            members.values().forEach(member -> leftBehind.addAll(member.node().leftovers()));
            ports.close();
            deleteData();
            if (!leftBehind.isEmpty()) {
                LOG.warn("{} left behind {}", name, leftBehind);
            }
        } finally {
            lock.unlock();
        }
        if (!Thread.currentThread().equals(hook)) {
            try {
                Runtime.getRuntime().removeShutdownHook(hook);
            } catch (IllegalStateException e) {
                LOG.debug("{}: the JVM is ending", name);
            }
        }
    }

    /**
     * Closes when the JVM ends, which must not wait for a start or stop in progress: then processes are killed and data
     * is removed under the feet of whoever is at it.
     */
    private void closeAtExit() {
        boolean free = false;
        try {
            free = lock.tryLock(2, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (free) {
            try {
                close();
            } finally {
                lock.unlock();
            }
        } else {
            if (wanted.processes) {
                members.values().forEach(member -> member.node().kill());
            }
            deleteData();
        }
    }

    private void together(java.util.function.Consumer<Member> action) {
        List<Thread> threads = members.values().stream()
                .map(member -> {
                    Thread thread = new Thread(() -> action.accept(member), name + "-close-" + member.id());
                    thread.setDaemon(true);
                    thread.start();
                    return thread;
                })
                .toList();
        boolean interrupted = false;
        for (Thread thread : threads) {
            try {
                thread.join(STOP_LIMIT.toMillis() * 2);
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void deleteData() {
        if (wanted.directory == null) {
            try {
                Storage.delete(directory);
            } catch (IOException e) {
                leftBehind.add("directory " + directory + ": " + e.getMessage());
            }
        }
    }

    /** What a closed cluster could not remove: threads, processes, directories, described. Empty is what to expect. */
    public List<String> leftBehind() {
        lock.lock();
        try {
            return List.copyOf(leftBehind);
        } finally {
            lock.unlock();
        }
    }

    /** The cluster's name and where it listens. */
    @Override
    public String toString() {
        return name + "[" + endpoints(layout.firstListener().name()) + "]";
    }
}
