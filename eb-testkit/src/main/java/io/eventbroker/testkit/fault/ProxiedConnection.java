package io.eventbroker.testkit.fault;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * One connection through a {@link FaultProxy}, with faults of its own on top of the proxy's. Safe for use by several
 * threads.
 */
public final class ProxiedConnection {
    private static final int BUFFER = 64 * 1024;
    // A throttle lets this many portions pass per second, so that a change is felt soon.
    private static final int PORTIONS = 20;

    private final String name;
    private final Socket client;
    private final Socket server;
    private final Faults shared;
    private final Faults own = new Faults();
    private final Object changed;
    private final Consumer<ProxiedConnection> whenClosed;
    private final AtomicLong bytesToServer = new AtomicLong();
    private final AtomicLong bytesToClient = new AtomicLong();
    private volatile boolean closed;

    ProxiedConnection(
            String name,
            Socket client,
            Socket server,
            Faults shared,
            Object changed,
            Consumer<ProxiedConnection> whenClosed) {
        this.name = name;
        this.client = client;
        this.server = server;
        this.shared = shared;
        this.changed = changed;
        this.whenClosed = whenClosed;
    }

    List<Thread> threads() {
        return List.of(
                pump(client, server, Direction.TO_SERVER, bytesToServer),
                pump(server, client, Direction.TO_CLIENT, bytesToClient));
    }

    /** The client's address, as the proxy sees it. */
    public InetSocketAddress client() {
        return (InetSocketAddress) client.getRemoteSocketAddress();
    }

    /** Bytes that have passed in a direction. */
    public long bytes(Direction direction) {
        return (direction == Direction.TO_SERVER ? bytesToServer : bytesToClient).get();
    }

    /** Holds what is read, up to 64 KiB at a time, for a while before passing it on, both ways. */
    public void delay(Duration delay) {
        for (Direction direction : Direction.values()) {
            delay(direction, delay);
        }
    }

    /** Holds what is read, up to 64 KiB at a time, for a while before passing it on. */
    public void delay(Direction direction, Duration delay) {
        own.delay(direction, delay);
        wake();
    }

    /** Lets so many bytes per second pass, each way. */
    public void throttle(long bytesPerSecond) {
        for (Direction direction : Direction.values()) {
            throttle(direction, bytesPerSecond);
        }
    }

    /** Lets so many bytes per second pass in a direction. */
    public void throttle(Direction direction, long bytesPerSecond) {
        own.throttle(direction, bytesPerSecond);
        wake();
    }

    /** Passes nothing on, and stays open: what a peer sees of a machine that vanished. Healing passes on what was held. */
    public void stall() {
        for (Direction direction : Direction.values()) {
            stall(direction);
        }
    }

    /** Passes nothing on in a direction, and stays open. */
    public void stall(Direction direction) {
        own.stall(direction);
        wake();
    }

    /** Takes this connection's own faults away. Those of the proxy stay. */
    public void heal() {
        own.heal();
        wake();
    }

    /** Closes the connection in order, on both sides. */
    public void cut() {
        close();
    }

    /** Closes the connection with a TCP reset to both sides. */
    public void reset() {
        for (Socket socket : List.of(client, server)) {
            try {
                socket.setSoLinger(true, 0);
            } catch (IOException e) {
                // Already closed by its peer: there is nobody to reset.
                closed = true;
            }
        }
        close();
    }

    void close() {
        closed = true;
        for (Socket socket : List.of(client, server)) {
            closeQuietly(socket);
        }
        wake();
        whenClosed.accept(this);
    }

    static void closeQuietly(AutoCloseable closeable) {
        try {
            closeable.close();
        } catch (Exception e) {
            FaultProxy.LOG.debug("closing {}", closeable, e);
        }
    }

    private void wake() {
        synchronized (changed) {
            changed.notifyAll();
        }
    }

    private Thread pump(Socket from, Socket to, Direction direction, AtomicLong count) {
        Thread thread = new Thread(
                () -> {
                    try {
                        copy(from.getInputStream(), to.getOutputStream(), direction, count);
                        // One side is done sending; the other may go on.
                        to.shutdownOutput();
                        if (from.isOutputShutdown()) {
                            close();
                        }
                    } catch (IOException e) {
                        close();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                        close();
                    }
                },
                name + "-" + (direction == Direction.TO_SERVER ? "to-server" : "to-client"));
        thread.setDaemon(true);
        return thread;
    }

    private void copy(InputStream in, OutputStream out, Direction direction, AtomicLong count)
            throws IOException, InterruptedException {
        byte[] buffer = new byte[BUFFER];
        int read;
        while ((read = in.read(buffer)) >= 0) {
            long arrived = System.nanoTime();
            awaitDelay(arrived, direction);
            int written = 0;
            while (written < read) {
                awaitPassage(direction);
                long rate = Math.min(shared.bytesPerSecond(direction), own.bytesPerSecond(direction));
                int portion = (int) Math.max(1, Math.min(read - written, rate / PORTIONS));
                long began = System.nanoTime();
                out.write(buffer, written, portion);
                written += portion;
                count.addAndGet(portion);
                if (rate != Long.MAX_VALUE) {
                    awaitUntil(began + (long) (portion * 1e9 / rate));
                }
            }
        }
    }

    private void awaitDelay(long arrived, Direction direction) throws InterruptedException {
        synchronized (changed) {
            while (!closed) {
                long delay = Math.max(shared.delayNanos(direction), own.delayNanos(direction));
                long left = arrived + delay - System.nanoTime();
                if (left <= 0) {
                    return;
                }
                TimeUnit.NANOSECONDS.timedWait(changed, left);
            }
        }
    }

    private void awaitPassage(Direction direction) throws InterruptedException {
        synchronized (changed) {
            while (!closed && (shared.stalled(direction) || own.stalled(direction))) {
                changed.wait();
            }
        }
    }

    private void awaitUntil(long nanoTime) throws InterruptedException {
        synchronized (changed) {
            long left;
            while (!closed && (left = nanoTime - System.nanoTime()) > 0) {
                TimeUnit.NANOSECONDS.timedWait(changed, left);
            }
        }
    }

    /** The client's address and the bytes that passed. */
    @Override
    public String toString() {
        return name + "[" + client.getRemoteSocketAddress() + ", " + bytesToServer + " bytes to server, "
                + bytesToClient + " to client]";
    }
}
