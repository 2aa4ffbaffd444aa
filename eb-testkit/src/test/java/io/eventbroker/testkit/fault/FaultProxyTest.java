package io.eventbroker.testkit.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class FaultProxyTest {
    private ServerSocket echo;
    private Thread acceptor;
    private FaultProxy proxy;

    @BeforeEach
    void start() throws IOException {
        echo = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        acceptor = new Thread(this::serve, "echo");
        acceptor.setDaemon(true);
        acceptor.start();
        proxy = FaultProxy.to(new InetSocketAddress(InetAddress.getLoopbackAddress(), echo.getLocalPort()));
    }

    private void serve() {
        while (!echo.isClosed()) {
            try {
                Socket socket = echo.accept();
                Thread thread = new Thread(() -> answer(socket), "echo-" + socket.getPort());
                thread.setDaemon(true);
                thread.start();
            } catch (IOException e) {
                return;
            }
        }
    }

    private static void answer(Socket socket) {
        try (socket) {
            socket.getInputStream().transferTo(socket.getOutputStream());
        } catch (IOException e) {
            return;
        }
    }

    @AfterEach
    void stop() throws IOException {
        proxy.close();
        echo.close();
        assertThat(Thread.getAllStackTraces().keySet())
                .extracting(Thread::getName)
                .noneMatch(name -> name.startsWith("fault-proxy-"));
    }

    private Socket connect() throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), proxy.port());
        socket.setSoTimeout(5_000);
        return socket;
    }

    private static String ask(Socket socket, String question) throws IOException {
        socket.getOutputStream().write(question.getBytes(StandardCharsets.UTF_8));
        return new String(socket.getInputStream().readNBytes(question.length()), StandardCharsets.UTF_8);
    }

    @Test
    void forwardsBothWaysAndPassesTheEndOn() throws IOException {
        try (Socket socket = connect()) {
            assertThat(ask(socket, "hello")).isEqualTo("hello");
            socket.shutdownOutput();
            assertThat(socket.getInputStream().read()).isEqualTo(-1);
        }
        await().until(() -> proxy.connections().isEmpty());
    }

    @Test
    void delaysEachWay() throws IOException {
        try (Socket socket = connect()) {
            ask(socket, "warm");
            proxy.delay(Duration.ofMillis(150));
            long began = System.nanoTime();
            ask(socket, "late");
            assertThat(Duration.ofNanos(System.nanoTime() - began)).isGreaterThanOrEqualTo(Duration.ofMillis(300));
        }
    }

    @Test
    void throttlesToARate() throws IOException {
        try (Socket socket = connect()) {
            proxy.throttle(Direction.TO_SERVER, 40_000);
            long began = System.nanoTime();
            ask(socket, "x".repeat(20_000));
            assertThat(Duration.ofNanos(System.nanoTime() - began))
                    .isBetween(Duration.ofMillis(400), Duration.ofMillis(2_000));
        }
    }

    @Test
    void stallsWhileStayingOpenAndPassesOnWhatWasHeld() throws IOException {
        try (Socket socket = connect()) {
            ask(socket, "before");
            proxy.stall(Direction.TO_CLIENT);
            socket.setSoTimeout(200);
            assertThatThrownBy(() -> ask(socket, "held")).isInstanceOf(SocketTimeoutException.class);
            assertThat(proxy.connections()).hasSize(1);
            socket.setSoTimeout(5_000);
            proxy.heal();
            assertThat(socket.getInputStream().readNBytes(4))
                    .asString(StandardCharsets.UTF_8)
                    .isEqualTo("held");
        }
    }

    @Test
    void cutsInOrder() throws IOException {
        try (Socket socket = connect()) {
            ask(socket, "before");
            proxy.cut();
            assertThat(socket.getInputStream().read()).isEqualTo(-1);
        }
        try (Socket again = connect()) {
            assertThat(ask(again, "after")).isEqualTo("after");
        }
    }

    @Test
    void resetsOneConnectionAndSparesTheOther() throws IOException {
        try (Socket first = connect();
                Socket second = connect()) {
            ask(first, "one");
            ask(second, "two");
            proxy.connections().stream()
                    .filter(connection -> connection.client().getPort() == first.getLocalPort())
                    .findFirst()
                    .orElseThrow()
                    .reset();
            assertThatThrownBy(() -> first.getInputStream().read()).isInstanceOf(SocketException.class);
            assertThat(ask(second, "still")).isEqualTo("still");
        }
    }

    @Test
    void refusesUntilHealed() throws IOException {
        try (Socket before = connect()) {
            ask(before, "one");
            proxy.refuse();
            assertThatThrownBy(this::connect).isInstanceOf(ConnectException.class);
            assertThat(ask(before, "still")).isEqualTo("still");
            proxy.heal();
            try (Socket after = connect()) {
                assertThat(ask(after, "two")).isEqualTo("two");
            }
        }
    }

    @Test
    void refusesAndHealsInQuickSuccession() throws IOException {
        for (int i = 0; i < 50; i++) {
            proxy.refuse();
            proxy.heal();
        }
        try (Socket socket = connect()) {
            assertThat(ask(socket, "still here")).isEqualTo("still here");
        }
    }

    @Test
    void closesTheClientWhenTheServerIsDown() throws Exception {
        echo.close();
        // The port is let go by the thread that accepts.
        acceptor.join(5_000);
        try (Socket socket = connect()) {
            assertThat(socket.getInputStream().read()).isEqualTo(-1);
        }
    }
}
