package io.eventbroker.testkit.kafka.internal;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import kafka.raft.KafkaRaftManager;
import kafka.server.BrokerServer;
import kafka.server.ControllerServer;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import kafka.server.QuotaFactory;
import kafka.server.Server;
import kafka.server.SharedServer;
import org.apache.kafka.common.metrics.Metrics;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.bootstrap.BootstrapMetadata;
import org.apache.kafka.metadata.properties.MetaPropertiesEnsemble;
import org.apache.kafka.raft.QuorumConfig;
import org.apache.kafka.server.ServerSocketFactory;
import org.apache.kafka.server.fault.FaultHandler;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A node in this JVM. Does what {@link KafkaRaftServer} does, with the two parts of a combined node apart, because that
 * one waits up to five minutes for a controlled shutdown that a test has long given up on, and halts the JVM on a fault.
 * The only class that knows Kafka's server classes.
 */
public final class JvmNode implements Node {
    private static final Logger LOG = LoggerFactory.getLogger(JvmNode.class);

    private final NodeConfig config;
    private final ThreadGroup group;
    private final AtomicReference<@Nullable Throwable> fault = new AtomicReference<>();
    private volatile @Nullable Servers servers;
    private volatile @Nullable CompletableFuture<Void> started;
    private boolean guarded;

    /** The running parts of a node. */
    private record Servers(
            SharedServer shared,
            @Nullable ControllerServer controller,
            @Nullable BrokerServer broker) {}

    public JvmNode(NodeConfig config) {
        this.config = config;
        this.group = new ThreadGroup(config.name());
    }

    @Override
    public NodeConfig config() {
        return config;
    }

    @Override
    public CompletableFuture<Void> start() {
        if (!guarded) {
            ExitGuard.install();
            guarded = true;
        }
        fault.set(null);
        CompletableFuture<Void> future = inGroup("start", this::startServers);
        started = future;
        return future;
    }

    private void startServers() {
        Storage.format(config);
        KafkaConfig kafka = new KafkaConfig(config.properties(), false);
        scala.Tuple2<MetaPropertiesEnsemble, BootstrapMetadata> storage =
                KafkaRaftServer.initializeLogDirs(kafka, LOG, config.name() + ": ");
        Metrics metrics = new Metrics(Server.buildMetricsConfig(kafka));
        SharedServer shared = new SharedServer(
                kafka,
                storage._1(),
                Time.SYSTEM,
                metrics,
                CompletableFuture.completedFuture(
                        QuorumConfig.parseVoterConnections(kafka.quorumConfig().voters())),
                QuorumConfig.parseBootstrapServers(kafka.quorumConfig().bootstrapServers()),
                this::faultHandler,
                ServerSocketFactory.INSTANCE);
        ControllerServer controller = config.hasRole("controller")
                ? new ControllerServer(shared, KafkaRaftServer.configSchema(), storage._2())
                : null;
        BrokerServer broker = config.hasRole("broker") ? new BrokerServer(shared) : null;
        // Known before they start, so that a start that hangs can be stopped.
        servers = new Servers(shared, controller, broker);
        try {
            // The controller first: the broker's registration goes through it.
            if (controller != null) {
                controller.startup();
            }
            if (broker != null) {
                broker.startup();
            }
        } catch (Throwable e) {
            Throwable first = fault.get();
            if (first != null && first != e) {
                e.addSuppressed(first);
            }
            throw e;
        }
    }

    private FaultHandler faultHandler(String name, boolean fatal, Runnable action) {
        return (message, cause) -> {
            LOG.error("{}: fault in {}: {}", config.name(), name, message, cause);
            RuntimeException thrown = new IllegalStateException(name + ": " + message, cause);
            if (fatal) {
                fault.compareAndSet(null, thrown);
            }
            action.run();
            return thrown;
        };
    }

    @Override
    public void stop(Duration patience, Duration limit) {
        long end = System.nanoTime() + limit.toNanos();
        stopBroker(patience, limit);
        Duration left = Duration.ofNanos(Math.max(1, end - System.nanoTime()));
        stopController(left, patience.isZero());
    }

    @Override
    public void stopBroker(Duration patience, Duration limit) {
        abandonStart(limit);
        Servers running = servers;
        if (running == null || running.broker() == null) {
            return;
        }
        BrokerServer broker = running.broker();
        within(limit, "stop the broker", inGroup("stop the broker", () -> broker.shutdown(patience)));
    }

    /** A part that is still starting ignores being stopped; interrupted, it fails and stops itself. */
    private void abandonStart(Duration limit) {
        CompletableFuture<Void> future = started;
        long end = System.nanoTime() + limit.toNanos();
        while (future != null && !future.isDone() && System.nanoTime() < end) {
            group.interrupt();
            try {
                future.get(200, TimeUnit.MILLISECONDS);
            } catch (TimeoutException | ExecutionException e) {
                LOG.debug("{}: abandoned its start", config.name(), e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    @Override
    public void stopController(Duration limit) {
        stopController(limit, true);
    }

    private void stopController(Duration limit, boolean alone) {
        Servers running = servers;
        if (running != null && running.controller() != null) {
            ControllerServer controller = running.controller();
            KafkaRaftManager<?> raft = running.shared().raftManager();
            CompletableFuture<Void> stopped = inGroup("stop the controller", controller::shutdown);
            if (alone && raft != null) {
                resignAtOnce(raft, stopped, limit);
            }
            within(limit, "stop the controller", stopped);
            // A start that was interrupted can be interrupted again in the middle of stopping itself.
            within(limit, "stop the controller's quotas", inGroup("stop the quotas", () -> stopQuotas(controller)));
        }
        servers = null;
        if (guarded) {
            guarded = false;
            ExitGuard.remove();
        }
    }

    /** Does nothing where they are stopped already, or the start did not come that far. */
    private static void stopQuotas(ControllerServer controller) {
        QuotaFactory.QuotaManagers quotas = controller.quotaManagers();
        if (quotas != null) {
            quotas.shutdown();
        }
    }

    /**
     * Shortens the five seconds that a leader waits for another to take over, when there is nobody left to do so. The
     * shorter limit counts only once the orderly shutdown has set its own.
     */
    private static void resignAtOnce(KafkaRaftManager<?> raft, CompletableFuture<Void> stopped, Duration limit) {
        long end = System.nanoTime() + limit.toNanos();
        while (!raft.client().isShuttingDown() && !stopped.isDone() && System.nanoTime() < end) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
        }
        CompletableFuture<Void> unused = raft.client().shutdown(1);
    }

    @Override
    public void kill() {
        throw new UnsupportedOperationException(config.name()
                + " runs in this JVM and cannot be killed without it; use builder().processes() to test kill -9, or"
                + " stopBroker for an orderly stop");
    }

    @Override
    public boolean isRunning() {
        return servers != null && fault.get() == null;
    }

    @Override
    public Optional<Long> pid() {
        return Optional.empty();
    }

    /** Looks for up to two seconds: a thread that was told to end takes a moment. */
    @Override
    public List<String> leftovers() {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(2);
        List<String> left = threads();
        while (!left.isEmpty() && System.nanoTime() < end) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
            left = threads();
        }
        return left;
    }

    private List<String> threads() {
        Thread[] threads = new Thread[group.activeCount() + 16];
        int count = group.enumerate(threads);
        List<String> left = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            if (threads[i].isAlive() && !isShared(threads[i])) {
                left.add("thread '" + threads[i].getName() + "' of " + config.name());
            }
        }
        return left;
    }

    /** Threads that belong to the JVM or to a library's static state, whoever caused them to be made. */
    private static boolean isShared(Thread thread) {
        String name = thread.getName();
        return name.startsWith("metrics-meter-tick-thread")
                || name.startsWith("ForkJoinPool.commonPool")
                || name.startsWith("CompletableFutureDelayScheduler")
                || name.startsWith("process reaper");
    }

    private void within(Duration limit, String what, CompletableFuture<Void> done) {
        try {
            done.get(limit.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            LOG.warn("{}: could not {} within {} ms; interrupting its threads", config.name(), what, limit.toMillis());
            group.interrupt();
        } catch (ExecutionException e) {
            // A node that never came up has parts that cannot be stopped twice; what remains is reported by threads.
            LOG.debug("{}: could not {} in order", config.name(), what, e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            group.interrupt();
        }
    }

    /** Runs in a thread of the node's group: every thread that Kafka starts from there belongs to the group. */
    private CompletableFuture<Void> inGroup(String what, Runnable action) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        Thread thread = new Thread(group, config.name() + " " + what) {
            @Override
            public void run() {
                try {
                    action.run();
                    done.complete(null);
                } catch (Throwable e) {
                    done.completeExceptionally(e);
                }
            }
        };
        thread.setDaemon(true);
        thread.start();
        return done;
    }
}
