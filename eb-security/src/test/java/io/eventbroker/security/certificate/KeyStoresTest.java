package io.eventbroker.security.certificate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.eventbroker.core.secret.Secret;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeyStoresTest {

    private static final String PASSWORD_TEXT = "correct horse battery";
    private static final Secret PASSWORD = Secret.of(PASSWORD_TEXT);

    private final CertificateAuthority ca = CertificateAuthority.create(CaProfile.clusterCa("kafka-prod"));

    @TempDir
    Path dir;

    @Test
    void readsBackWhatItWrote() {
        IssuedCertificate broker = ca.issue(CertificateProfile.broker("kafka-0.svc"));
        List<StoreContent> forms = List.of(
                KeyStores.pkcs12(broker, PASSWORD), Pem.keyStore(broker, PASSWORD), Pem.unencryptedKeyStore(broker));

        for (StoreContent form : forms) {
            IssuedCertificate read =
                    KeyStores.read(form.writeTo(dir.resolve("store")).path(), PASSWORD);

            assertThat(read.chain()).isEqualTo(broker.chain());
            assertThat(read.privateKey()).isEqualTo(broker.privateKey());
        }
    }

    @Test
    void bringsAnAuthorityBackThatGoesOnIssuing() throws Exception {
        KeyStores.pkcs12(ca, PASSWORD).writeNewTo(dir.resolve("ca.p12"));
        Pem.keyStore(ca, PASSWORD).writeNewTo(dir.resolve("ca.pem"));

        for (String file : List.of("ca.p12", "ca.pem")) {
            CertificateAuthority loaded = CertificateAuthority.load(dir.resolve(file), PASSWORD);
            IssuedCertificate issued = loaded.issue(CertificateProfile.client("c"));

            assertThat(loaded.certificate()).isEqualTo(ca.certificate());
            CertificateAuthorityTest.validate(issued, ca, java.time.Instant.now());
        }
    }

    @Test
    void refusesALeafAsAnAuthority() {
        KeyStores.pkcs12(ca.issue(CertificateProfile.client("c")), PASSWORD).writeTo(dir.resolve("c.p12"));

        assertThatThrownBy(() -> CertificateAuthority.load(dir.resolve("c.p12"), PASSWORD))
                .isInstanceOf(CertificateFailure.class)
                .hasMessageContaining("not an authority");
    }

    @Test
    void refusesAWrongPasswordWithoutRepeatingIt() {
        IssuedCertificate client = ca.issue(CertificateProfile.client("c"));
        KeyStores.pkcs12(client, PASSWORD).writeTo(dir.resolve("c.p12"));
        Pem.keyStore(client, PASSWORD).writeTo(dir.resolve("c.pem"));

        for (String file : List.of("c.p12", "c.pem")) {
            assertThatThrownBy(() -> KeyStores.read(dir.resolve(file), Secret.of("wrong wrong wrong")))
                    .isInstanceOf(CertificateFailure.class)
                    .hasMessageContaining("password is wrong")
                    .hasMessageNotContaining("wrong wrong");
        }
    }

    @Test
    void refusesAKeyThatDoesNotBelongToItsCertificate() throws Exception {
        String one = text(Pem.unencryptedKeyStore(ca.issue(CertificateProfile.client("one"))));
        String two = text(Pem.unencryptedKeyStore(ca.issue(CertificateProfile.client("two"))));
        String end = "-----END PRIVATE KEY-----\n";
        Path mixed = Files.writeString(
                dir.resolve("mixed.pem"),
                one.substring(0, one.indexOf(end) + end.length()) + two.substring(two.indexOf(end) + end.length()));

        assertThatThrownBy(() -> KeyStores.read(mixed, PASSWORD))
                .isInstanceOf(CertificateFailure.class)
                .hasMessageContaining("does not belong");
    }

    @Test
    void refusesWhatIsNoStore() throws Exception {
        Path rubbish = Files.writeString(dir.resolve("rubbish"), "hello");
        Path large = Files.write(dir.resolve("large"), new byte[2 << 20]);
        Path noKey = Pem.trustStore(ca).writeTo(dir.resolve("ca.pem")).path();

        for (Path file : List.of(rubbish, large, noKey, dir.resolve("absent"))) {
            assertThatThrownBy(() -> KeyStores.read(file, PASSWORD))
                    .isInstanceOf(CertificateFailure.class)
                    .hasMessageContaining(file.toString());
        }
    }

    @Test
    void writesFilesForTheirOwnerAlone() throws Exception {
        Path file = dir.resolve("kafka-0.v1.p12");
        Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-rw-rw-")));

        KeyStores.pkcs12(ca, PASSWORD).writeTo(file);

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        try (Stream<Path> left = Files.list(dir)) {
            assertThat(left).containsExactly(file);
        }
    }

    @Test
    void neverReplacesWhatItWasToldToCreate() throws Exception {
        Path file = Files.writeString(dir.resolve("ca.p12"), "precious");

        assertThatThrownBy(() -> KeyStores.pkcs12(ca, PASSWORD).writeNewTo(file))
                .isInstanceOf(CertificateFailure.class)
                .hasMessageContaining("exists");
        assertThat(file).hasContent("precious");
        try (Stream<Path> left = Files.list(dir)) {
            assertThat(left).containsExactly(file);
        }
    }

    @Test
    void leavesNothingBehindWhenItCannotWrite() throws Exception {
        Path directory = Files.createDirectory(dir.resolve("taken"));
        Files.createFile(directory.resolve("inside"));

        assertThatThrownBy(() -> KeyStores.pkcs12(ca, PASSWORD).writeTo(directory))
                .isInstanceOf(CertificateFailure.class);
        assertThatThrownBy(() -> KeyStores.pkcs12(ca, PASSWORD).writeTo(dir.resolve("absent/ca.p12")))
                .isInstanceOf(CertificateFailure.class);
        try (Stream<Path> left = Files.list(dir)) {
            assertThat(left).containsExactly(directory);
        }
    }

    @Test
    void refusesShortPasswordsAndEmptyTrust() {
        assertThatThrownBy(() -> KeyStores.pkcs12(ca, Secret.of("short")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageNotContaining("short ");
        assertThatThrownBy(() -> KeyStores.trustStore(PASSWORD)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Pem.trustStore()).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void neverShowsASecret() {
        IssuedCertificate client = ca.issue(CertificateProfile.client("c"));
        StoreFile keys = Pem.keyStore(client, PASSWORD).writeTo(dir.resolve("c.pem"));
        StoreFile trust = KeyStores.trustStore(PASSWORD, ca).writeTo(dir.resolve("trust.p12"));
        MutualTls tls = new MutualTls(keys, trust);
        String d = ((java.security.interfaces.ECPrivateKey) client.privateKey())
                .getS()
                .toString();

        for (Object shown : List.of(
                client,
                ca,
                keys,
                trust,
                tls,
                tls.client(),
                tls.broker(),
                tls.listener("X"),
                Pem.unencryptedKeyStore(client))) {
            assertThat(shown.toString())
                    .doesNotContain(PASSWORD_TEXT)
                    .doesNotContain("PRIVATE KEY")
                    .doesNotContain(d)
                    .doesNotContain(Integer.toString(PASSWORD_TEXT.length()) + " char");
        }
    }

    @Test
    void passesOpensslsStrictVerification() throws Exception {
        assumeTrue(openssl("version") == 0, "openssl is not installed");
        CertificateAuthority bound = CertificateAuthority.create(
                CaProfile.clusterCa("kafka-prod").permittingDomains("kafka.svc").permittingNetworks("10.0.0.0/8"));
        CertificateAuthority next =
                CertificateAuthority.create(CaProfile.clusterCa("kafka-prod").validFor(Duration.ofDays(7300)));

        for (CertificateAuthority authority : List.of(ca, bound, next)) {
            // Several roots in one bundle must work.
            Pem.trustStore(next, authority).writeTo(dir.resolve("bundle.pem"));
            Files.writeString(
                    dir.resolve("broker.pem"),
                    Pem.certificates(List.of(authority
                            .issue(CertificateProfile.broker("kafka-0.kafka.svc", "10.0.0.7"))
                            .certificate())));
            Files.writeString(
                    dir.resolve("client.pem"),
                    Pem.certificates(List.of(authority
                            .issue(CertificateProfile.client("orders-service"))
                            .certificate())));
            String[] verify = {"verify", "-x509_strict", "-check_ss_sig", "-CAfile", "bundle.pem"};

            assertThat(openssl(verify, "-purpose", "sslserver", "-verify_hostname", "kafka-0.kafka.svc", "broker.pem"))
                    .isZero();
            assertThat(openssl(verify, "-purpose", "sslserver", "-verify_ip", "10.0.0.7", "broker.pem"))
                    .isZero();
            assertThat(openssl(verify, "-purpose", "sslclient", "broker.pem")).isZero();
            assertThat(openssl(verify, "-purpose", "sslclient", "client.pem")).isZero();
            assertThat(openssl(verify, "-purpose", "sslserver", "client.pem")).isNotZero();
            assertThat(openssl(verify, "-purpose", "sslserver", "-verify_hostname", "evil.kafka.svc", "broker.pem"))
                    .isNotZero();
        }
    }

    @Test
    void writesStoresThatOpensslOpens() throws Exception {
        assumeTrue(openssl("version") == 0, "openssl is not installed");
        IssuedCertificate client = ca.issue(CertificateProfile.client("c"));
        KeyStores.pkcs12(client, PASSWORD).writeTo(dir.resolve("c.p12"));
        Pem.keyStore(client, PASSWORD).writeTo(dir.resolve("c.pem"));
        Pem.unencryptedKeyStore(client).writeTo(dir.resolve("clear.pem"));

        String pass = "pass:" + PASSWORD_TEXT;
        assertThat(openssl("pkcs12", "-in", "c.p12", "-passin", pass, "-noout")).isZero();
        assertThat(openssl("pkey", "-in", "c.pem", "-passin", pass, "-noout")).isZero();
        assertThat(openssl("pkey", "-in", "clear.pem", "-noout")).isZero();
        // And the other way: what openssl encrypts, we read.
        assertThat(openssl("pkcs12", "-export", "-in", "clear.pem", "-out", "theirs.p12", "-passout", pass))
                .isZero();
        assertThat(KeyStores.read(dir.resolve("theirs.p12"), PASSWORD).certificate())
                .isEqualTo(client.certificate());
        assertThat(openssl("pkcs8", "-topk8", "-in", "clear.pem", "-out", "theirs.key", "-passout", pass))
                .isZero();
        Path theirs = Files.writeString(
                dir.resolve("theirs.pem"),
                Files.readString(dir.resolve("theirs.key")) + Pem.certificates(client.chain()));
        assertThat(KeyStores.read(theirs, PASSWORD).privateKey()).isEqualTo(client.privateKey());
    }

    private int openssl(String[] first, String... more) throws Exception {
        List<String> arguments = new ArrayList<>(List.of(first));
        arguments.addAll(List.of(more));
        return openssl(arguments.toArray(String[]::new));
    }

    private int openssl(String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of("openssl"));
        command.addAll(List.of(arguments));
        try {
            Process process = new ProcessBuilder(command)
                    .directory(dir.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(dir.resolve("openssl.log").toFile())
                    .start();
            assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
            return process.exitValue();
        } catch (IOException e) {
            return -1;
        }
    }

    private static String text(StoreContent content) {
        return new String(content.bytes(), StandardCharsets.US_ASCII);
    }
}
