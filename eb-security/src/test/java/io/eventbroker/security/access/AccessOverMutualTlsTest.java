package io.eventbroker.security.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.eventbroker.core.Deadline;
import io.eventbroker.core.EventBrokerException;
import io.eventbroker.core.plan.Plan;
import io.eventbroker.core.run.Deletes;
import io.eventbroker.core.run.DeletesNotAllowedException;
import io.eventbroker.core.run.Journal;
import io.eventbroker.core.run.Outcome;
import io.eventbroker.core.run.Report;
import io.eventbroker.core.run.RunOptions;
import io.eventbroker.core.secret.Secret;
import io.eventbroker.security.certificate.CaProfile;
import io.eventbroker.security.certificate.CertificateAuthority;
import io.eventbroker.security.certificate.CertificateProfile;
import io.eventbroker.security.certificate.IssuedCertificate;
import io.eventbroker.security.certificate.KeyStores;
import io.eventbroker.security.certificate.MutualTls;
import io.eventbroker.security.certificate.Pem;
import io.eventbroker.security.certificate.StoreFile;
import io.eventbroker.testkit.kafka.EmbeddedKafka;
import io.eventbroker.testkit.kafka.EmbeddedKafkaBuilder;
import io.eventbroker.testkit.kafka.KafkaListener;
import io.eventbroker.testkit.kafka.TlsFiles;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLHandshakeException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.acl.AclBindingFilter;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.config.types.Password;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.SslAuthenticationException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Certificates and rights together, on real brokers that ask for both. */
class AccessOverMutualTlsTest {

    private static final String PASSWORD_TEXT = "correct horse battery";
    private static final Secret PASSWORD = Secret.of(PASSWORD_TEXT);
    private static final CertificateAuthority CA = CertificateAuthority.create(CaProfile.clusterCa("kafka-test"));
    private static final String ORDERS = "User:CN=orders-service";

    private static final AccessPolicy POLICY = AccessPolicy.of(
            "orders",
            PrincipalAccess.of(
                    ORDERS,
                    RoleGrant.of(Role.DEVELOPER_WRITE, AccessResource.topicsStartingWith("orders.")),
                    RoleGrant.of(Role.DEVELOPER_READ, AccessResource.topic("orders.placed"))));

    @TempDir
    static Path dir;

    private static EmbeddedKafka kafka;
    private static Admin admin;
    private static AccessControl access;

    @BeforeAll
    static void start() throws Exception {
        StoreFile trust = KeyStores.trustStore(PASSWORD, CA).writeTo(dir.resolve("trust.p12"));
        EmbeddedKafkaBuilder cluster = EmbeddedKafka.builder()
                .brokers(2)
                .listener(KafkaListener.mutualTls(
                        "EXTERNAL",
                        node -> new TlsFiles(brokerKeys(node).path(), PASSWORD_TEXT, trust.path(), PASSWORD_TEXT)))
                .authorizer();
        for (int node = 0; node < 2; node++) {
            int broker = node;
            // Over what the test kit sets by itself: what hosts put into their brokers' configuration.
            new MutualTls(brokerKeys(node), trust)
                    .listener("EXTERNAL")
                    .forEach((key, value) -> cluster.property(
                            broker, key, value instanceof Password hidden ? hidden.value() : value.toString()));
        }
        kafka = cluster.start();
        admin = kafka.admin();
        access = AccessControl.on(admin);
        admin.createTopics(List.of(new NewTopic("orders.placed", 1, (short) 2), new NewTopic("billing", 1, (short) 2)))
                .all()
                .get(30, TimeUnit.SECONDS);
    }

    private static StoreFile brokerKeys(int node) {
        CertificateProfile profile =
                CertificateProfile.broker("localhost", "127.0.0.1").named("kafka-" + node);
        return KeyStores.pkcs12(CA.issue(profile), PASSWORD).writeTo(dir.resolve("kafka-" + node + ".v1.p12"));
    }

    @AfterAll
    static void stop() {
        if (kafka != null) {
            kafka.close();
        }
    }

    @BeforeEach
    void clearRights() throws Exception {
        admin.deleteAcls(List.of(AclBindingFilter.ANY)).all().get(30, TimeUnit.SECONDS);
        await().until(() -> access.read(soon()).rules().isEmpty());
    }

    @Test
    void letsAClientWithTheRoleInAndNobodyElse() throws Exception {
        // Given
        IssuedCertificate client = CA.issue(CertificateProfile.client("orders-service"));
        IssuedCertificate stranger = CA.issue(CertificateProfile.client("stranger"));

        // When
        run(plan(), RunOptions.defaults()).requireSuccess();

        // Then
        assertThat(client.kafkaPrincipal()).isEqualTo(ORDERS);
        send(client, "orders.placed");
        assertThatThrownBy(() -> send(client, "billing")).hasRootCauseInstanceOf(AuthorizationException.class);
        assertThatThrownBy(() -> send(stranger, "orders.placed")).hasRootCauseInstanceOf(AuthorizationException.class);
    }

    @Test
    void refusesTheHandshakeOfAnotherAuthority() {
        CertificateAuthority other = CertificateAuthority.create(CaProfile.clusterCa("kafka-test"));
        IssuedCertificate impostor = other.issue(CertificateProfile.client("orders-service"));

        run(plan(), RunOptions.defaults()).requireSuccess();

        assertThatThrownBy(() -> send(impostor, "orders.placed"))
                .hasRootCauseInstanceOf(SSLHandshakeException.class)
                .hasStackTraceContaining(SslAuthenticationException.class.getSimpleName());
    }

    @Test
    void refusesAnythingOlderThanTls13() {
        run(plan(), RunOptions.defaults()).requireSuccess();
        Map<String, Object> older = new HashMap<>(tls(CA.issue(CertificateProfile.client("orders-service")), "older")
                .client());
        older.put("ssl.enabled.protocols", "TLSv1.2");
        older.put("ssl.protocol", "TLSv1.2");

        assertThatThrownBy(() -> send(older, "orders.placed"))
                .hasStackTraceContaining(SslAuthenticationException.class.getSimpleName())
                .hasStackTraceContaining("protocol_version");
    }

    @Test
    void takesClientsWithPemFiles() throws Exception {
        run(plan(), RunOptions.defaults()).requireSuccess();

        IssuedCertificate client = CA.issue(CertificateProfile.client("orders-service"));
        send(
                new MutualTls(
                        Pem.unencryptedKeyStore(client).writeTo(dir.resolve("orders.pem")),
                        Pem.trustStore(CA).writeTo(dir.resolve("ca.pem"))),
                "orders.placed");
    }

    @Test
    void hasNothingLeftToDoAfterARun() {
        Plan<AccessAction> plan = plan();
        Report report = run(plan, RunOptions.defaults());

        report.requireSuccess();
        assertThat(plan.actions()).hasSize(2);
        assertThat(plan().actions()).isEmpty();
        assertThat(access.read(soon()).clusterId()).isEqualTo(kafka.clusterId());
    }

    @Test
    void revokesOnlyWithAnAllowance() throws Exception {
        // Given
        IssuedCertificate client = CA.issue(CertificateProfile.client("orders-service"));
        run(plan(), RunOptions.defaults()).requireSuccess();
        AccessPolicy nothing = AccessPolicy.of("orders", PrincipalAccess.of(ORDERS));
        Plan<AccessAction> revoke = access.plan(access.read(soon()), List.of(nothing));

        // When
        assertThatThrownBy(() -> access.run(revoke, RunOptions.defaults().allow(Deletes.atMost(1))))
                .isInstanceOf(DeletesNotAllowedException.class);
        send(client, "orders.placed");
        run(revoke, RunOptions.defaults().allow(Deletes.atMost(2))).requireSuccess();

        // Then
        assertThat(access.read(soon()).rules()).isEmpty();
        await().untilAsserted(() -> assertThatThrownBy(() -> send(client, "orders.placed"))
                .hasRootCauseInstanceOf(AuthorizationException.class));
    }

    @Test
    void revokesExactlyWhatWasPlanned() {
        AclRule others =
                AclRule.allow("User:CN=other", AclOperation.READ, AccessResource.topicsStartingWith("orders."));
        AccessPolicy both = AccessPolicy.of(
                "all",
                POLICY.principals().get(0),
                PrincipalAccess.of(
                        "User:CN=other",
                        RoleGrant.of(Role.DEVELOPER_READ, AccessResource.topicsStartingWith("orders."))));
        run(access.plan(access.read(soon()), List.of(both)), RunOptions.defaults())
                .requireSuccess();

        run(
                        access.plan(access.read(soon()), List.of(AccessPolicy.of("gone", PrincipalAccess.of(ORDERS)))),
                        RunOptions.defaults().allow(Deletes.atMost(2)))
                .requireSuccess();

        assertThat(access.read(soon()).rules()).containsExactly(others);
    }

    @Test
    void doesNothingTwiceWithOneJournal() {
        Plan<AccessAction> plan = plan();
        RunOptions options = RunOptions.defaults().journal(Journal.file(dir.resolve("twice.journal")));
        run(plan, options).requireSuccess();

        Report again = run(savedAndRead(plan), options);

        again.requireSuccess();
        assertThat(plan().actions()).isEmpty();
    }

    @Test
    void readsWithDescribeAndRunsWithAlterOnTheCluster() throws Exception {
        // Given
        String auditor = "User:CN=auditor";
        String keeper = "User:CN=keeper";
        AccessPolicy staff = AccessPolicy.of(
                "staff",
                PrincipalAccess.of(auditor, RoleGrant.of(Role.SECURITY_ADMIN)),
                PrincipalAccess.of(keeper, RoleGrant.acceptingOverGrants(Role.USER_ADMIN)));
        run(access.plan(access.read(soon()), List.of(staff)), RunOptions.defaults())
                .requireSuccess();

        try (Admin asStranger = admin("stranger");
                Admin asAuditor = admin("auditor");
                Admin asKeeper = admin("keeper")) {
            // When
            AccessControl seeing = AccessControl.on(asAuditor);
            Plan<AccessAction> plan = seeing.plan(seeing.read(soon()), List.of(POLICY));
            Report refused = seeing.run(plan, RunOptions.defaults()).await(soon());
            Report done =
                    AccessControl.on(asKeeper).run(plan, RunOptions.defaults()).await(soon());

            // Then
            assertThatThrownBy(() -> AccessControl.on(asStranger).read(soon()))
                    .isInstanceOf(EventBrokerException.class)
                    .hasMessageContaining("describe the ACLs");
            assertThat(refused.counts()).containsOnly(Map.entry(Outcome.FAILED, 2));
            assertThatThrownBy(refused::requireSuccess).hasMessageContaining("ClusterAuthorizationException");
            done.requireSuccess();
        }
    }

    private static Admin admin(String name) {
        Map<String, Object> properties = new HashMap<>(
                tls(CA.issue(CertificateProfile.client(name)), name).client());
        properties.put("bootstrap.servers", kafka.bootstrapServers("EXTERNAL"));
        return Admin.create(properties);
    }

    /** As a host does that had it approved in between. */
    private static Plan<AccessAction> savedAndRead(Plan<AccessAction> plan) {
        return AccessControl.PLANS.read(plan.toJson());
    }

    private static Plan<AccessAction> plan() {
        return access.plan(access.read(soon()), List.of(POLICY));
    }

    private static Report run(Plan<AccessAction> plan, RunOptions options) {
        return access.run(plan, options).await(Deadline.after(Duration.ofSeconds(60)));
    }

    private static Deadline soon() {
        return Deadline.after(Duration.ofSeconds(30));
    }

    private static void send(IssuedCertificate client, String topic) throws Exception {
        String name = client.certificate().getSubjectX500Principal().getName().substring(3);
        send(tls(client, name), topic);
    }

    private static MutualTls tls(IssuedCertificate client, String name) {
        return new MutualTls(
                KeyStores.pkcs12(client, PASSWORD).writeTo(dir.resolve(name + ".p12")),
                KeyStores.trustStore(PASSWORD, CA).writeTo(dir.resolve(name + "-trust.p12")));
    }

    private static void send(MutualTls tls, String topic) throws Exception {
        send(tls.client(), topic);
    }

    private static void send(Map<String, Object> connection, String topic) throws Exception {
        Map<String, Object> properties = new HashMap<>(connection);
        properties.put("bootstrap.servers", kafka.bootstrapServers("EXTERNAL"));
        properties.put("max.block.ms", 10_000);
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer())) {
            producer.send(new ProducerRecord<>(topic, "order".getBytes(StandardCharsets.UTF_8)))
                    .get(20, TimeUnit.SECONDS);
        }
    }
}
