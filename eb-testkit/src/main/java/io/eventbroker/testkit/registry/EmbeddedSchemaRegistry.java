package io.eventbroker.testkit.registry;

import io.eventbroker.testkit.TestKitException;
import io.eventbroker.testkit.internal.ChildProcess;
import io.eventbroker.testkit.internal.Folders;
import io.eventbroker.testkit.internal.Ports;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Apicurio Registry with the API of Confluent's Schema Registry, in a process of its own on a free port of the loopback
 * interface. It keeps everything in memory.
 *
 * <pre>{@code
 * try (EmbeddedSchemaRegistry registry = EmbeddedSchemaRegistry.start()) {
 *     properties.put("schema.registry.url", registry.endpoint().toString());
 * }
 * }</pre>
 *
 * <p>Where the runner is unpacked is said by the system property {@value #HOME}. The process ends when this JVM does.
 * Safe for use by several threads.
 */
public final class EmbeddedSchemaRegistry implements AutoCloseable {
    /** The system property that names the folder with the unpacked {@code apicurio-registry-app-…-all.tar.gz}. */
    public static final String HOME = "eventbroker.testkit.registry";

    private static final String LOG = "server.log";
    private static final Duration START_LIMIT = Duration.ofSeconds(90);
    private static final String MAIN = "io.quarkus.runner.GeneratedMain";
    private static final List<String> JVM_OPTIONS = List.of(
            "-Xmx256m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-Djava.util.logging.manager=org.jboss.logmanager.LogManager",
            "-Dquarkus.http.host=127.0.0.1",
            "-Dquarkus.log.level=WARN",
            "-Dapicurio.storage.kind=sql",
            "-Dapicurio.datasource.url=jdbc:h2:mem:registry");

    private final Ports ports;
    private final Path folder;
    private final URI endpoint;
    private final ChildProcess process;

    private EmbeddedSchemaRegistry(Ports ports, Path folder, URI endpoint, ChildProcess process) {
        this.ports = ports;
        this.folder = folder;
        this.endpoint = endpoint;
        this.process = process;
    }

    /**
     * Starts an empty registry from the runner in the folder that the system property {@value #HOME} names.
     *
     * @throws TestKitException if there is no runner, or it does not start
     */
    public static EmbeddedSchemaRegistry start() {
        Path home = ChildProcess.folder(HOME, "the folder of the unpacked Apicurio Registry");
        Path runner = ChildProcess.jars(home).stream()
                .filter(jar -> jar.getFileName().toString().endsWith("-runner.jar"))
                .findFirst()
                .orElseThrow(() -> new TestKitException("there is no …-runner.jar in " + home
                        + ", which the system property " + HOME
                        + " names; unpack io.apicurio:apicurio-registry-app:3.0.9:tar.gz:all there"));
        Ports ports = new Ports();
        int port = ports.take();
        EmbeddedSchemaRegistry registry = launch(runner, ports, port);
        try {
            registry.process.awaitOk(URI.create(registry.endpoint + "/subjects"), START_LIMIT);
            return registry;
        } catch (RuntimeException | Error e) {
            registry.close();
            throw e;
        }
    }

    private static EmbeddedSchemaRegistry launch(Path runner, Ports ports, int port) {
        List<String> options = new ArrayList<>(JVM_OPTIONS);
        options.add("-Dquarkus.http.port=" + port);
        Path folder = Folders.temporary("embedded-registry");
        // The runner's manifest names its libraries.
        ChildProcess process = ChildProcess.start(
                "the embedded Schema Registry", folder, LOG, options, List.of(runner), List.of(MAIN));
        return new EmbeddedSchemaRegistry(
                ports, folder, URI.create("http://127.0.0.1:" + port + "/apis/ccompat/v7"), process);
    }

    /** Where the API begins: {@code http://127.0.0.1:<port>/apis/ccompat/v7}. */
    public URI endpoint() {
        return endpoint;
    }

    /** Ends the process at once (SIGKILL). What it held is gone; the port answers no more. */
    public void kill() {
        process.kill();
    }

    /** Whether the process is there. */
    public boolean isRunning() {
        return process.isRunning();
    }

    /** Ends the process and removes its folder; a second call does nothing. */
    @Override
    public void close() {
        process.close();
        ports.close();
        Folders.delete(folder);
    }

    /** Where it listens. */
    @Override
    public String toString() {
        return "EmbeddedSchemaRegistry[" + endpoint + "]";
    }
}
