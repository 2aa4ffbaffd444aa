package io.eventbroker.backup.internal.wire;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.Optional;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLParameters;

/**
 * One TCP connection, in plain text or TLS, used by one thread as if it blocked, with a time limit on every wait.
 *
 * <p>TLS runs on an engine rather than a socket: one read from the kernel feeds many 16 KiB records, and each is
 * decrypted where it lies and copied once, into the caller's buffer.
 */
final class Channel implements AutoCloseable {
    private static final int TLS_READ = 256 << 10;

    private final SocketChannel socket;
    private final Selector selector;
    private final SelectionKey key;
    private final Optional<SSLEngine> engine;
    private ByteBuffer netIn = ByteBuffer.allocate(0);
    private ByteBuffer netOut = ByteBuffer.allocate(0);

    private Channel(SocketChannel socket, Selector selector, Optional<SSLEngine> engine) throws IOException {
        this.socket = socket;
        this.selector = selector;
        this.engine = engine;
        this.key = socket.register(selector, SelectionKey.OP_READ);
        engine.ifPresent(e -> {
            netIn = ByteBuffer.allocate(Math.max(TLS_READ, e.getSession().getPacketBufferSize()))
                    .limit(0);
            netOut = ByteBuffer.allocate(Math.max(TLS_READ, e.getSession().getPacketBufferSize()));
        });
    }

    static Channel open(InetSocketAddress address, Optional<ClientSettings.Tls> tls, int timeoutMillis)
            throws IOException {
        long until = System.nanoTime() + timeoutMillis * 1_000_000L;
        SocketChannel socket = SocketChannel.open();
        Selector selector = Selector.open();
        Channel channel = null;
        try {
            socket.setOption(StandardSocketOptions.TCP_NODELAY, true);
            socket.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
            socket.configureBlocking(false);
            // Resolved at every connect: a broker that moved keeps its name and changes its address.
            InetSocketAddress resolved = new InetSocketAddress(address.getHostString(), address.getPort());
            if (resolved.isUnresolved()) {
                throw new java.net.UnknownHostException(address.getHostString());
            }
            boolean connected = socket.connect(resolved);
            channel = new Channel(socket, selector, tls.map(t -> engine(t, address)));
            while (!connected) {
                channel.await(SelectionKey.OP_CONNECT, until, "the connection to " + address);
                connected = socket.finishConnect();
            }
            channel.handshake(until);
            return channel;
        } catch (IOException | RuntimeException e) {
            try (socket;
                    selector) {
                throw e;
            }
        }
    }

    private static SSLEngine engine(ClientSettings.Tls tls, InetSocketAddress address) {
        SSLEngine engine = tls.context().createSSLEngine(address.getHostString(), address.getPort());
        engine.setUseClientMode(true);
        SSLParameters parameters = engine.getSSLParameters();
        parameters.setProtocols(tls.protocols().toArray(String[]::new));
        if (!tls.ciphers().isEmpty()) {
            parameters.setCipherSuites(tls.ciphers().toArray(String[]::new));
        }
        if (!tls.endpointIdentification().isEmpty()) {
            parameters.setEndpointIdentificationAlgorithm(tls.endpointIdentification());
        }
        engine.setSSLParameters(parameters);
        return engine;
    }

    /** Spare room that a destination of {@link #read} needs beyond what is asked for. */
    int readSlack() {
        return engine.map(e -> e.getSession().getApplicationBufferSize()).orElse(0);
    }

    /** Whether destinations should be direct: the kernel copies into them, decryption prefers arrays. */
    boolean prefersDirect() {
        return engine.isEmpty();
    }

    /**
     * Reads at least {@code least} bytes into {@code into}. In plain text never more; with TLS up to a record more, for
     * which there must be {@link #readSlack} of room.
     */
    void read(ByteBuffer into, int least, long until) throws IOException {
        int wanted = into.position() + least;
        if (engine.isEmpty()) {
            into.limit(wanted);
            while (into.position() < wanted) {
                int n = socket.read(into);
                if (n < 0) {
                    throw new EOFException("the broker closed the connection");
                }
                if (n == 0) {
                    await(SelectionKey.OP_READ, until, "an answer");
                }
            }
            into.limit(into.capacity());
            return;
        }
        while (into.position() < wanted) {
            unwrap(engine.get(), into, until);
        }
    }

    private void unwrap(SSLEngine tls, ByteBuffer into, long until) throws IOException {
        SSLEngineResult result = tls.unwrap(netIn, into);
        switch (result.getStatus()) {
            case OK -> after(tls, result.getHandshakeStatus(), until);
            case BUFFER_UNDERFLOW -> {
                netIn.compact();
                int n = socket.read(netIn);
                netIn.flip();
                if (n < 0) {
                    throw new EOFException("the broker closed the connection");
                }
                if (n == 0) {
                    await(SelectionKey.OP_READ, until, "an answer");
                }
            }
            case BUFFER_OVERFLOW ->
                throw new IOException("no room for a TLS record: " + into.remaining() + " bytes left");
            case CLOSED -> throw new EOFException("the broker closed the TLS session");
        }
    }

    private void after(SSLEngine tls, SSLEngineResult.HandshakeStatus status, long until) throws IOException {
        if (status == SSLEngineResult.HandshakeStatus.NEED_TASK) {
            runTasks(tls);
        } else if (status == SSLEngineResult.HandshakeStatus.NEED_WRAP) {
            // A key update of TLS 1.3 in the middle of the stream.
            write(new ByteBuffer[] {ByteBuffer.allocate(0)}, until);
        }
    }

    /** Writes all of the buffers. */
    void write(ByteBuffer[] pieces, long until) throws IOException {
        ByteBuffer last = pieces[pieces.length - 1];
        int from = 0;
        if (engine.isEmpty()) {
            while (true) {
                while (from < pieces.length && !pieces[from].hasRemaining()) {
                    from++;
                }
                if (from == pieces.length) {
                    return;
                }
                if (socket.write(pieces, from, pieces.length - from) == 0) {
                    await(SelectionKey.OP_WRITE, until, "the broker to take a request");
                }
            }
        }
        do {
            while (from < pieces.length - 1 && !pieces[from].hasRemaining()) {
                from++;
            }
            netOut.clear();
            // Several records share one write to the kernel.
            do {
                SSLEngineResult result = engine.get().wrap(pieces, from, pieces.length - from, netOut);
                if (result.getStatus() == SSLEngineResult.Status.CLOSED) {
                    throw new EOFException("the TLS session is closed");
                }
                if (result.getHandshakeStatus() == SSLEngineResult.HandshakeStatus.NEED_TASK) {
                    runTasks(engine.get());
                }
            } while (remaining(pieces, from)
                    && netOut.remaining() >= engine.get().getSession().getPacketBufferSize());
            netOut.flip();
            while (netOut.hasRemaining()) {
                if (socket.write(netOut) == 0) {
                    await(SelectionKey.OP_WRITE, until, "the broker to take a request");
                }
            }
        } while (last.hasRemaining() || remaining(pieces, from));
    }

    private static boolean remaining(ByteBuffer[] pieces, int from) {
        for (int i = from; i < pieces.length; i++) {
            if (pieces[i].hasRemaining()) {
                return true;
            }
        }
        return false;
    }

    private void handshake(long until) throws IOException {
        if (engine.isEmpty()) {
            return;
        }
        SSLEngine tls = engine.get();
        ByteBuffer nothing = ByteBuffer.allocate(0);
        ByteBuffer early = ByteBuffer.allocate(tls.getSession().getApplicationBufferSize());
        tls.beginHandshake();
        while (true) {
            switch (tls.getHandshakeStatus()) {
                case NEED_TASK -> runTasks(tls);
                case NEED_WRAP -> {
                    netOut.clear();
                    tls.wrap(nothing, netOut);
                    netOut.flip();
                    while (netOut.hasRemaining()) {
                        if (socket.write(netOut) == 0) {
                            await(SelectionKey.OP_WRITE, until, "the TLS handshake");
                        }
                    }
                }
                case NEED_UNWRAP, NEED_UNWRAP_AGAIN -> unwrap(tls, early, until);
                case FINISHED, NOT_HANDSHAKING -> {
                    if (early.position() > 0) {
                        throw new IOException("the broker spoke before it was asked");
                    }
                    return;
                }
            }
        }
    }

    private static void runTasks(SSLEngine tls) {
        for (Runnable task = tls.getDelegatedTask(); task != null; task = tls.getDelegatedTask()) {
            task.run();
        }
    }

    private void await(int operation, long until, String what) throws IOException {
        key.interestOps(operation);
        long millis = (until - System.nanoTime()) / 1_000_000;
        if (millis <= 0 || (selector.select(millis) == 0 && until - System.nanoTime() <= 0)) {
            throw new SocketTimeoutException("timed out waiting for " + what);
        }
        if (Thread.currentThread().isInterrupted()) {
            throw new java.io.InterruptedIOException("interrupted while waiting for " + what);
        }
        selector.selectedKeys().clear();
    }

    @Override
    public void close() {
        try (socket;
                selector) {
            engine.ifPresent(SSLEngine::closeOutbound);
        } catch (IOException e) {
            // Nothing was left to say on this connection: every answer that mattered has been read.
            org.slf4j.LoggerFactory.getLogger(Channel.class).debug("closing a connection failed", e);
        }
    }
}
