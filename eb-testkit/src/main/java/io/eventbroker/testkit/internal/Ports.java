package io.eventbroker.testkit.internal;

import io.eventbroker.testkit.TestKitException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.UnknownHostException;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Loopback ports that stay ours while nothing listens on them: between choosing a port and the broker's bind, and while
 * a broker is stopped.
 *
 * <p>On Linux a port is held by a socket that is bound with SO_REUSEADDR but does not listen. The kernel then gives the
 * port to nobody who asks for a free one, in any process, while a server that names it may bind and listen (servers set
 * SO_REUSEADDR, and Linux only refuses a second <em>listening</em> socket). Connecting to a held port is refused, as
 * with any stopped broker. Other systems do not allow the second bind; there the port is only probed, and whoever
 * starts a server tries again on a collision.
 */
public final class Ports implements AutoCloseable {
    private static final boolean HOLDS =
            System.getProperty("os.name", "").toLowerCase(Locale.ROOT).contains("linux");

    private static final Logger LOG = LoggerFactory.getLogger(Ports.class);

    private final Map<Integer, Socket> held = new HashMap<>();

    /** Always IPv4, as in the brokers' listeners, whatever the JVM prefers. */
    private static InetAddress loopback() throws UnknownHostException {
        return InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
    }

    /** Takes a free port. */
    public synchronized int take() {
        try {
            if (HOLDS) {
                Socket socket = new Socket();
                socket.setReuseAddress(true);
                socket.bind(new InetSocketAddress(loopback(), 0));
                held.put(socket.getLocalPort(), socket);
                return socket.getLocalPort();
            }
            try (ServerSocket probe = new ServerSocket()) {
                probe.bind(new InetSocketAddress(loopback(), 0));
                return probe.getLocalPort();
            }
        } catch (IOException e) {
            throw new UncheckedIOException("no free port on the loopback interface", e);
        }
    }

    /**
     * Checks that a port that the host chose is free now.
     *
     * @throws TestKitException if something listens there
     */
    public int require(int port) {
        try (ServerSocket probe = new ServerSocket()) {
            probe.setReuseAddress(true);
            probe.bind(new InetSocketAddress(loopback(), port));
            return port;
        } catch (IOException e) {
            throw new TestKitException(
                    "port " + port + " on 127.0.0.1 is in use; stop what listens there, or leave the port free", e);
        }
    }

    @Override
    public synchronized void close() {
        for (Socket socket : held.values()) {
            try {
                socket.close();
            } catch (IOException e) {
                LOG.debug("closing port {}", socket.getLocalPort(), e);
            }
        }
        held.clear();
    }
}
