package io.eventbroker.testkit.connect;

import io.eventbroker.testkit.TestKitException;
import io.eventbroker.testkit.internal.ChildProcess;
import io.eventbroker.testkit.internal.Folders;
import io.eventbroker.testkit.internal.Ports;
import io.eventbroker.testkit.kafka.EmbeddedKafka;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;

/**
 * A Connect cluster of one or more distributed workers over an {@link EmbeddedKafka}, each worker in a process of its own,
 * with whatever plug-ins lie among its jars.
 *
 * <pre>{@code
 * try (EmbeddedKafka kafka = EmbeddedKafka.builder().start();
 *         EmbeddedConnect connect = EmbeddedConnect.over(kafka).start()) {
 *     URI rest = connect.endpoint();
 * }
 * }</pre>
 *
 * <p>Where the jars are is said by the system property {@value #JARS}. Values and keys are strings, internal topics have
 * one replica, offsets are committed each second, and a worker that is lost is given up at once; {@link Builder#property}
 * sets anything else. The processes end when this JVM does. Close it before the cluster. Safe for use by several threads.
 */
public final class EmbeddedConnect implements AutoCloseable {
    /** The system property that names the folder with the jars of Connect's runtime and of plug-ins. */
    public static final String JARS = "eventbroker.testkit.connect";

    private static final String LOG = "server.log";
    private static final Duration START_LIMIT = Duration.ofMinutes(2);
    private static final List<String> JVM_OPTIONS = List.of(
            "-Xmx256m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
            "-Dorg.slf4j.simpleLogger.showDateTime=true");

    private final Ports ports = new Ports();
    private final Path folder = Folders.temporary("embedded-connect");
    private final List<Worker> workers = new ArrayList<>();

    private record Worker(URI endpoint, ChildProcess process) {}

    private EmbeddedConnect() {}

    /** Describes a Connect cluster; it uses the first listener of the brokers, without credentials. */
    public static Builder over(EmbeddedKafka kafka) {
        return new Builder(kafka.clientProperties());
    }

    /** What the workers are to be like. */
    public static final class Builder {
        private final Map<String, String> properties = new TreeMap<>();
        private int workers = 1;

        private Builder(Map<String, Object> client) {
            properties.put("group.id", "embedded-connect");
            properties.put("key.converter", "org.apache.kafka.connect.storage.StringConverter");
            properties.put("value.converter", "org.apache.kafka.connect.storage.StringConverter");
            for (String kind : List.of("config", "offset", "status")) {
                properties.put(kind + ".storage.topic", "connect-" + kind + "s");
                properties.put(kind + ".storage.replication.factor", "1");
            }
            properties.put("offset.storage.partitions", "1");
            properties.put("status.storage.partitions", "1");
            properties.put("offset.flush.interval.ms", "1000");
            properties.put("scheduled.rebalance.max.delay.ms", "0");
            // Only what declares itself, as everything of Kafka's does: looking into every class takes seconds.
            properties.put("plugin.discovery", "service_load");
            client.forEach((key, value) -> {
                properties.put(key, String.valueOf(value));
                for (String prefix : List.of("producer.", "consumer.", "admin.")) {
                    properties.put(prefix + key, String.valueOf(value));
                }
            });
        }

        /** How many workers; one unless set. */
        public Builder workers(int workers) {
            if (workers < 1) {
                throw new IllegalArgumentException("a Connect cluster needs at least one worker, was " + workers);
            }
            this.workers = workers;
            return this;
        }

        /** Sets a property of every worker, {@code config.providers} for one. */
        public Builder property(String key, String value) {
            properties.put(key, value);
            return this;
        }

        /**
         * Starts the workers, and returns when all of them answer.
         *
         * @throws TestKitException if there are no jars, or a worker does not start
         */
        public EmbeddedConnect start() {
            List<Path> jars = ChildProcess.jars(ChildProcess.folder(JARS, "the folder with the jars of Connect"));
            EmbeddedConnect connect = new EmbeddedConnect();
            try {
                for (int number = 0; number < workers; number++) {
                    connect.launch(number, jars, properties);
                }
                for (Worker worker : connect.workers) {
                    worker.process().awaitOk(worker.endpoint().resolve("/connectors"), START_LIMIT);
                }
                return connect;
            } catch (RuntimeException | Error e) {
                connect.close();
                throw e;
            }
        }
    }

    private void launch(int number, List<Path> jars, Map<String, String> wanted) {
        URI endpoint = URI.create("http://127.0.0.1:" + ports.take());
        Properties properties = new Properties();
        wanted.forEach(properties::setProperty);
        properties.setProperty("listeners", endpoint.toString());
        Path own = folder.resolve("worker-" + number);
        Path file = own.resolve("worker.properties");
        try {
            Files.createDirectories(own);
            try (var writer = Files.newBufferedWriter(file, StandardCharsets.UTF_8)) {
                properties.store(writer, null);
            }
        } catch (IOException e) {
            throw new TestKitException("cannot write " + file + ": " + e.getMessage(), e);
        }
        ChildProcess process = ChildProcess.start(
                "worker " + number + " of the embedded Connect cluster",
                own,
                LOG,
                JVM_OPTIONS,
                jars,
                List.of("org.apache.kafka.connect.cli.ConnectDistributed", file.toString()));
        workers.add(new Worker(endpoint, process));
    }

    /** The REST API of the first worker. */
    public URI endpoint() {
        return endpoint(0);
    }

    /** The REST API of a worker, numbered from 0. */
    public URI endpoint(int worker) {
        return worker(worker).endpoint();
    }

    /** Ends a worker at once (SIGKILL); the others take over what it ran. */
    public void killWorker(int worker) {
        worker(worker).process().kill();
    }

    private Worker worker(int number) {
        if (number < 0 || number >= workers.size()) {
            throw new IllegalArgumentException(
                    "there is no worker " + number + "; there are " + workers.size() + ", from 0 on");
        }
        return workers.get(number);
    }

    /** Ends all workers and removes their folders; a second call does nothing. */
    @Override
    public void close() {
        workers.forEach(worker -> worker.process().close());
        ports.close();
        Folders.delete(folder);
    }

    /** Where the workers answer. */
    @Override
    public String toString() {
        return "EmbeddedConnect" + workers.stream().map(Worker::endpoint).toList();
    }
}
