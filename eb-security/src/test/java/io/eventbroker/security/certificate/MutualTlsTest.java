package io.eventbroker.security.certificate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.eventbroker.core.secret.Secret;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.SslConfigs;
import org.apache.kafka.common.config.types.Password;
import org.apache.kafka.common.security.ssl.DefaultSslEngineFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Handshakes over sockets, with the SSL contexts that Kafka itself builds from the properties. */
class MutualTlsTest {

    private static final Secret PASSWORD = Secret.of("correct horse battery");

    private final CertificateAuthority ca = CertificateAuthority.create(CaProfile.clusterCa("kafka-test"));

    @TempDir
    Path dir;

    @Test
    void shakesHandsOverTls13WithBothFormsOfStore() throws Exception {
        IssuedCertificate broker = ca.issue(CertificateProfile.broker("localhost", "127.0.0.1"));
        IssuedCertificate client = ca.issue(CertificateProfile.client("orders-service"));
        StoreFile trustP12 = KeyStores.trustStore(PASSWORD, ca).writeTo(dir.resolve("trust.p12"));
        StoreFile trustPem = Pem.trustStore(ca).writeTo(dir.resolve("trust.pem"));
        MutualTls server = new MutualTls(KeyStores.pkcs12(broker, PASSWORD).writeTo(dir.resolve("b.p12")), trustPem);

        for (StoreFile keys : List.of(
                KeyStores.pkcs12(client, PASSWORD).writeTo(dir.resolve("c.p12")),
                Pem.unencryptedKeyStore(client).writeTo(dir.resolve("clear.pem")))) {
            SSLSession session = handshake(server, new MutualTls(keys, trustP12), "localhost");

            assertThat(session.getProtocol()).isEqualTo("TLSv1.3");
            assertThat(session.getPeerPrincipal().getName()).isEqualTo("CN=orders-service");
        }
        assertThat(handshake(server, tls("c2", client, ca), "127.0.0.1")).isNotNull();
    }

    @Test
    void givesAClientAllThatItNeedsToConnect() {
        // Given
        MutualTls tls = tls("c", ca.issue(CertificateProfile.client("c")), ca);

        // When
        Map<String, Object> properties = tls.client("kafka-0:9093,kafka-1:9093");

        // Then
        assertThat(properties)
                .containsAllEntriesOf(tls.client())
                .containsEntry("bootstrap.servers", "kafka-0:9093,kafka-1:9093")
                .containsEntry("security.protocol", "SSL");
        assertThat(properties.get("ssl.keystore.password"))
                .isInstanceOf(Password.class)
                .hasToString("[hidden]");
        assertThatThrownBy(() -> tls.client(" ")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void shakesHandsWithAnEncryptedPemKey() throws Exception {
        assumeTrue(Runtime.version().feature() >= 25, "Kafka on Java 17 cannot read PBES2 keys in PEM");
        IssuedCertificate both = ca.issue(CertificateProfile.broker("localhost"));
        MutualTls tls = new MutualTls(
                Pem.keyStore(both, PASSWORD).writeTo(dir.resolve("b.pem")),
                Pem.trustStore(ca).writeTo(dir.resolve("trust.pem")));

        assertThat(handshake(tls, tls, "localhost").getProtocol()).isEqualTo("TLSv1.3");
    }

    @Test
    void refusesABrokerUnderAnotherName() {
        MutualTls server = tls("b", ca.issue(CertificateProfile.broker("kafka-0.kafka.svc")), ca);
        MutualTls client = tls("c", ca.issue(CertificateProfile.client("c")), ca);

        assertThatThrownBy(() -> handshake(server, client, "localhost"))
                .isInstanceOf(SSLHandshakeException.class)
                .hasMessageContaining("localhost");
    }

    @Test
    void refusesAClientOfAnotherAuthority() {
        CertificateAuthority other = CertificateAuthority.create(CaProfile.clusterCa("other"));
        MutualTls server = tls("b", ca.issue(CertificateProfile.broker("localhost")), ca);
        MutualTls client = tls("c", other.issue(CertificateProfile.client("c")), ca);

        assertThatThrownBy(() -> handshake(server, client, "localhost")).isInstanceOf(IOException.class);
    }

    @Test
    void refusesAClientThatPosesAsABroker() {
        MutualTls server = tls("b", ca.issue(CertificateProfile.client("localhost")), ca);
        MutualTls client = tls("c", ca.issue(CertificateProfile.client("c")), ca);

        assertThatThrownBy(() -> handshake(server, client, "localhost")).isInstanceOf(IOException.class);
    }

    @Test
    void refusesAnExpiredBroker() {
        Clock past = Clock.offset(Clock.systemUTC(), Duration.ofDays(-2));
        CertificateAuthority old = CertificateAuthority.create(CaProfile.clusterCa("old"), past);
        IssuedCertificate expired =
                old.issue(CertificateProfile.broker("localhost").validFor(Duration.ofDays(1)));
        MutualTls server = tls("b", expired, old);
        MutualTls client = tls("c", old.issue(CertificateProfile.client("c")), old);

        assertThatThrownBy(() -> handshake(server, client, "localhost"))
                .isInstanceOf(SSLHandshakeException.class)
                .hasStackTraceContaining("NotAfter");
    }

    @Test
    void trustsOldAndNewAuthorityWhileTheyAreExchanged() throws Exception {
        CertificateAuthority next = CertificateAuthority.create(CaProfile.clusterCa("kafka-test"));
        for (StoreFile both : List.of(
                KeyStores.trustStore(PASSWORD, ca, next).writeTo(dir.resolve("both.p12")),
                Pem.trustStore(ca, next).writeTo(dir.resolve("both.pem")))) {
            for (CertificateAuthority issuer : List.of(ca, next)) {
                StoreFile keys = KeyStores.pkcs12(issuer.issue(CertificateProfile.broker("localhost")), PASSWORD)
                        .writeTo(dir.resolve("k.p12"));
                assertThat(handshake(new MutualTls(keys, both), new MutualTls(keys, both), "localhost"))
                        .isNotNull();
            }
        }
    }

    @Test
    void givesKafkaWhatItAsksForAndNothingToPrint() {
        MutualTls tls = tls("b", ca.issue(CertificateProfile.broker("localhost")), ca);

        assertThat(tls.client())
                .containsEntry("security.protocol", "SSL")
                .containsEntry("ssl.enabled.protocols", "TLSv1.3")
                .containsEntry("ssl.endpoint.identification.algorithm", "https")
                .doesNotContainKey("ssl.client.auth");
        assertThat(tls.listener("EXTERNAL"))
                .containsEntry("listener.name.external.ssl.client.auth", "required")
                .containsEntry("listener.name.external.ssl.protocol", "TLSv1.3")
                .hasEntrySatisfying(
                        "listener.name.external.ssl.keystore.password",
                        value -> assertThat(value).isInstanceOf(Password.class).hasToString(Password.HIDDEN));
    }

    private MutualTls tls(String name, IssuedCertificate keys, CertificateAuthority trusted) {
        return new MutualTls(
                KeyStores.pkcs12(keys, PASSWORD).writeTo(dir.resolve(name + ".p12")),
                KeyStores.trustStore(PASSWORD, trusted).writeTo(dir.resolve(name + "-trust.p12")));
    }

    /** One byte each way, so that a refusal in either direction surfaces; the session is the server's. */
    private static SSLSession handshake(MutualTls server, MutualTls client, String host) throws Exception {
        ExecutorService executor = Executors.newSingleThreadExecutor();
        try (SSLServerSocket listener = (SSLServerSocket) context(server.broker())
                .getServerSocketFactory()
                .createServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            listener.setSoTimeout(10_000);
            listener.setNeedClientAuth(true);
            listener.setEnabledProtocols(new String[] {"TLSv1.3"});
            Callable<SSLSession> accept = () -> {
                try (SSLSocket socket = (SSLSocket) listener.accept()) {
                    socket.setSoTimeout(10_000);
                    socket.getOutputStream().write(socket.getInputStream().read());
                    return socket.getSession();
                }
            };
            Future<SSLSession> session = executor.submit(accept);
            try (SSLSocket socket = (SSLSocket)
                    context(client.client()).getSocketFactory().createSocket(host, listener.getLocalPort())) {
                socket.setSoTimeout(10_000);
                SSLParameters parameters = socket.getSSLParameters();
                parameters.setEndpointIdentificationAlgorithm(
                        (String) client.client().get("ssl.endpoint.identification.algorithm"));
                parameters.setProtocols(new String[] {"TLSv1.3"});
                socket.setSSLParameters(parameters);
                socket.getOutputStream().write(1);
                if (socket.getInputStream().read() != 1) {
                    throw new IOException("the server closed the connection");
                }
            }
            return session.get(10, TimeUnit.SECONDS);
        } finally {
            executor.shutdownNow();
        }
    }

    private static SSLContext context(Map<String, Object> properties) throws IOException {
        // Parsed as Kafka's clients and brokers do before they hand it on.
        ConfigDef definition = new ConfigDef();
        SslConfigs.addClientSslSupport(definition);
        Map<String, Object> complete = definition.parse(properties);
        try (DefaultSslEngineFactory factory = new DefaultSslEngineFactory()) {
            factory.configure(complete);
            return factory.sslContext();
        }
    }
}
