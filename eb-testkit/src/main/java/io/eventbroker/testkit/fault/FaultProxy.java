package io.eventbroker.testkit.fault;

import io.eventbroker.testkit.internal.Ports;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A TCP proxy on the loopback interface that forwards to a server and can do to the traffic what networks do.
 *
 * <pre>{@code
 * try (FaultProxy proxy = FaultProxy.to(new InetSocketAddress("127.0.0.1", 9092))) {
 *     proxy.delay(Duration.ofMillis(80));
 *     proxy.reset();   // existing connections
 *     proxy.refuse();  // new ones
 *     proxy.heal();
 * }
 * }</pre>
 *
 * <p>Delays, throttles and stalls act on all connections, present and to come, until {@link #heal}; each of {@link
 * #connections} can have more of its own. Where both have one, the longer delay and the lower rate count. Safe for use
 * by several threads.
 */
public final class FaultProxy implements AutoCloseable {
    static final Logger LOG = LoggerFactory.getLogger(FaultProxy.class);
    private static final AtomicInteger PROXIES = new AtomicInteger();
    private static final int CONNECT_TIMEOUT_MS = 10_000;

    private final String name;
    private final InetSocketAddress target;
    private final Ports ports = new Ports();
    private final int port;
    private final Faults faults = new Faults();
    private final Object changed = new Object();
    private final Set<ProxiedConnection> connections = ConcurrentHashMap.newKeySet();
    private final Set<Thread> threads = ConcurrentHashMap.newKeySet();
    private final AtomicInteger accepted = new AtomicInteger();
    // Held while the port opens and closes; never taken by the thread that accepts, which is waited for under it.
    private final Object switching = new Object();
    private @Nullable ServerSocket listening;
    private @Nullable Thread acceptor;
    private volatile boolean closed;

    private FaultProxy(InetSocketAddress target, @Nullable Integer fixedPort) {
        this.name = "fault-proxy-" + PROXIES.incrementAndGet();
        this.target = target;
        this.port = fixedPort == null ? ports.take() : ports.require(fixedPort);
        synchronized (switching) {
            listen();
        }
    }

    /** Starts a proxy on a free port. The target is connected to when a client connects. */
    public static FaultProxy to(InetSocketAddress target) {
        return new FaultProxy(target, null);
    }

    /**
     * Starts a proxy on a given port.
     *
     * @throws io.eventbroker.testkit.TestKitException if the port is in use
     */
    public static FaultProxy to(InetSocketAddress target, int port) {
        return new FaultProxy(target, port);
    }

    /** The port to connect to, on 127.0.0.1. */
    public int port() {
        return port;
    }

    /** The open connections, in no order. */
    public List<ProxiedConnection> connections() {
        return List.copyOf(connections);
    }

    /** Connections accepted so far; those that ended too. */
    public int accepted() {
        return accepted.get();
    }

    /** Holds what is read, up to 64 KiB at a time, for a while before passing it on, both ways. */
    public void delay(Duration delay) {
        for (Direction direction : Direction.values()) {
            delay(direction, delay);
        }
    }

    /** Holds what is read, up to 64 KiB at a time, for a while before passing it on. */
    public void delay(Direction direction, Duration delay) {
        faults.delay(direction, delay);
        wake();
    }

    /** Lets so many bytes per second pass, each way and on each connection. */
    public void throttle(long bytesPerSecond) {
        for (Direction direction : Direction.values()) {
            throttle(direction, bytesPerSecond);
        }
    }

    /** Lets so many bytes per second pass in a direction, on each connection. */
    public void throttle(Direction direction, long bytesPerSecond) {
        faults.throttle(direction, bytesPerSecond);
        wake();
    }

    /**
     * Passes nothing on and keeps connections open: what peers see of a machine that vanished. New connections are
     * accepted and stall too. Healing passes on what was held.
     */
    public void stall() {
        for (Direction direction : Direction.values()) {
            stall(direction);
        }
    }

    /** Passes nothing on in a direction and keeps connections open. */
    public void stall(Direction direction) {
        faults.stall(direction);
        wake();
    }

    /** Closes the present connections in order. Clients may connect again. */
    public void cut() {
        connections().forEach(ProxiedConnection::cut);
    }

    /** Closes the present connections with a TCP reset. Clients may connect again. */
    public void reset() {
        connections().forEach(ProxiedConnection::reset);
    }

    /** Refuses new connections, as a port does on which nothing listens. Present ones stay. */
    public void refuse() {
        synchronized (switching) {
            ServerSocket socket = listening;
            Thread thread = acceptor;
            listening = null;
            if (socket == null || thread == null) {
                return;
            }
            ProxiedConnection.closeQuietly(socket);
            // The port is let go by the thread that accepts, when it notices.
            join(thread);
        }
    }

    /** Takes all faults away, those of single connections too, and listens again. What was closed stays closed. */
    public void heal() {
        faults.heal();
        connections().forEach(ProxiedConnection::heal);
        wake();
        synchronized (switching) {
            if (!closed && listening == null) {
                listen();
            }
        }
    }

    private void listen() {
        try {
            ServerSocket socket = new ServerSocket();
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), port));
            Thread thread = new Thread(() -> accept(socket), name + "-accept");
            thread.setDaemon(true);
            thread.start();
            listening = socket;
            acceptor = thread;
        } catch (IOException e) {
            throw new UncheckedIOException(name + ": cannot listen on port " + port, e);
        }
    }

    private void accept(ServerSocket socket) {
        while (!socket.isClosed()) {
            Socket client;
            try {
                client = socket.accept();
            } catch (SocketException e) {
                return;
            } catch (IOException e) {
                LOG.debug("{}: accept", name, e);
                continue;
            }
            connect(client);
        }
    }

    private void connect(Socket client) {
        Socket server = new Socket();
        try {
            client.setTcpNoDelay(true);
            server.setTcpNoDelay(true);
            server.connect(new InetSocketAddress(target.getHostString(), target.getPort()), CONNECT_TIMEOUT_MS);
        } catch (IOException e) {
            // What a client sees of a server that is down behind a load balancer.
            LOG.debug("{}: {} is not reachable", name, target, e);
            ProxiedConnection.closeQuietly(server);
            ProxiedConnection.closeQuietly(client);
            return;
        }
        int number = accepted.incrementAndGet();
        ProxiedConnection connection =
                new ProxiedConnection(name + "-" + number, client, server, faults, changed, connections::remove);
        synchronized (this) {
            if (closed) {
                connection.close();
                return;
            }
            connections.add(connection);
            connection.threads().forEach(this::run);
        }
    }

    private void run(Thread thread) {
        threads.removeIf(known -> !known.isAlive());
        thread.start();
        threads.add(thread);
    }

    private static void join(Thread thread) {
        try {
            thread.join(5_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void wake() {
        synchronized (changed) {
            changed.notifyAll();
        }
    }

    /** Closes the port and all connections, and waits for the threads. */
    @Override
    public void close() {
        synchronized (this) {
            closed = true;
        }
        refuse();
        connections().forEach(ProxiedConnection::close);
        threads.forEach(FaultProxy::join);
        ports.close();
    }

    /** Where it listens and where it forwards to. */
    @Override
    public String toString() {
        return name + "[127.0.0.1:" + port + " to " + target.getHostString() + ":" + target.getPort() + "]";
    }
}
