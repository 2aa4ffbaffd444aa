package io.eventbroker.testkit.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.channels.ServerSocketChannel;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@EnabledOnOs(value = OS.LINUX, disabledReason = "only Linux lets a server bind a port that another socket holds")
class PortsTest {
    @Test
    void nobodyElseIsGivenAHeldPort() throws Exception {
        try (Ports ports = new Ports()) {
            Set<Integer> held = new HashSet<>();
            for (int i = 0; i < 300; i++) {
                assertThat(held.add(ports.take())).isTrue();
            }
            List<ServerSocket> others = new ArrayList<>();
            try {
                for (int i = 0; i < 300; i++) {
                    ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                    others.add(other);
                    assertThat(held).doesNotContain(other.getLocalPort());
                }
            } finally {
                for (ServerSocket other : others) {
                    other.close();
                }
            }
        }
    }

    @Test
    void aServerMayBindAHeldPortAgainAndAgain() throws Exception {
        try (Ports ports = new Ports()) {
            InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), ports.take());
            for (int i = 0; i < 3; i++) {
                try (ServerSocketChannel server = ServerSocketChannel.open().bind(address);
                        Socket client = new Socket(address.getAddress(), address.getPort())) {
                    assertThat(client.isConnected()).isTrue();
                    assertThat(server.accept()).isNotNull();
                }
            }
            assertThatThrownBy(() -> new Socket(address.getAddress(), address.getPort()))
                    .isInstanceOf(ConnectException.class);
        }
    }
}
