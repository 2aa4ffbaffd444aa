package io.eventbroker.security;

import static org.assertj.core.api.Assertions.assertThat;

import io.eventbroker.core.Deadline;
import io.eventbroker.core.crypto.DataKey;
import io.eventbroker.core.crypto.EncryptionContext;
import io.eventbroker.core.crypto.KeyEncryption;
import io.eventbroker.core.crypto.KeyId;
import io.eventbroker.core.law.Readme;
import io.eventbroker.core.plan.Plan;
import io.eventbroker.core.run.Deletes;
import io.eventbroker.core.run.RunOptions;
import io.eventbroker.core.secret.Secret;
import io.eventbroker.core.spec.Platform;
import io.eventbroker.core.spec.Specs;
import io.eventbroker.security.access.AccessAction;
import io.eventbroker.security.access.AccessControl;
import io.eventbroker.security.access.AccessPolicies;
import io.eventbroker.security.access.AccessPolicy;
import io.eventbroker.security.access.AccessResource;
import io.eventbroker.security.access.PrincipalAccess;
import io.eventbroker.security.access.Role;
import io.eventbroker.security.access.RoleGrant;
import io.eventbroker.security.certificate.CaProfile;
import io.eventbroker.security.certificate.CertificateAuthority;
import io.eventbroker.security.certificate.CertificateProfile;
import io.eventbroker.security.certificate.IssuedCertificate;
import io.eventbroker.security.certificate.KeyStores;
import io.eventbroker.security.certificate.MutualTls;
import io.eventbroker.security.certificate.StoreFile;
import io.eventbroker.security.kms.KmsKeyEncryption;
import io.eventbroker.testkit.kafka.EmbeddedKafka;
import io.eventbroker.testkit.stub.EmbeddedKms;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.kms.KmsClient;

/** Runs the README's snippets, and sees to it that they are the same as here. */
class ReadmeTest {

    @TempDir
    Path dir;

    @Test
    void snippetsRun() {
        Secret password = Secret.random(22);
        IssuedCertificate client = certificates(password);
        StringBuilder out = new StringBuilder();
        try (EmbeddedKafka kafka = EmbeddedKafka.builder().authorizer().start();
                Admin admin = kafka.admin()) {
            rights(admin, client, out);
        }
        assertThat(out.toString()).contains("User:CN=orders-service gains WRITE on topics orders.*");
    }

    private IssuedCertificate certificates(Secret password) {
        // snippet: certificates
        CertificateAuthority ca = CertificateAuthority.create(CaProfile.clusterCa("kafka-prod"));
        KeyStores.pkcs12(ca, password).writeNewTo(dir.resolve("ca.p12")); // never replaces a file
        IssuedCertificate broker = ca.issue(CertificateProfile.broker("kafka-0.kafka.svc", "10.0.0.7"));
        IssuedCertificate client = ca.issue(CertificateProfile.client("orders-service"));

        StoreFile trust = KeyStores.trustStore(password, ca).writeTo(dir.resolve("trust.v1.p12"));
        StoreFile brokerKeys = KeyStores.pkcs12(broker, password).writeTo(dir.resolve("kafka-0.v1.p12"));
        StoreFile clientKeys = KeyStores.pkcs12(client, password).writeTo(dir.resolve("orders-service.v1.p12"));
        Map<String, Object> brokerProperties = new MutualTls(brokerKeys, trust).listener("EXTERNAL");
        Map<String, Object> clientProperties = new MutualTls(clientKeys, trust).client("kafka-0.kafka.svc:9093");
        // end
        assertThat(brokerProperties).containsEntry("listener.name.external.ssl.client.auth", "required");
        assertThat(clientProperties).containsEntry("security.protocol", "SSL");
        return client;
    }

    private static void rights(Admin admin, IssuedCertificate client, Appendable out) {
        Deadline soon = Deadline.after(Duration.ofSeconds(60));
        // snippet: rights
        AccessPolicy policy = AccessPolicy.of(
                "orders",
                PrincipalAccess.of(
                        client.kafkaPrincipal(),
                        RoleGrant.of(Role.DEVELOPER_WRITE, AccessResource.topicsStartingWith("orders.")),
                        RoleGrant.of(Role.DEVELOPER_READ, AccessResource.group("orders-reader"))));

        AccessControl access = AccessControl.on(admin).protecting("User:CN=kafka-admin");
        Plan<AccessAction> rights = access.plan(access.read(soon), List.of(policy));
        rights.printTo(out); // who gains and loses what, and where ACLs give more or less than a role
        access.run(rights, RunOptions.defaults().allow(Deletes.atMost(5)))
                .await(soon)
                .requireSuccess();
        // end
    }

    @Test
    void wrapsDataKeys() {
        try (EmbeddedKms embedded = EmbeddedKms.start();
                KmsClient kms = embedded.client()) {
            String currentArn = embedded.createKey();
            String olderArn = embedded.createKey();
            Deadline soon = Deadline.after(Duration.ofSeconds(60));
            // snippet: kms
            KeyEncryption keys = KmsKeyEncryption.on(kms, KeyId.of(currentArn)).alsoUnwrapping(KeyId.of(olderArn));
            try (DataKey key = keys.generateDataKey(EncryptionContext.of(Map.of("archive", "prod")), soon)) {
                assertThat(key.wrapped().keyId()).isEqualTo(keys.currentKey());
            }
            // end
        }
    }

    @Test
    void fileSaysTheSameAsTheSnippet() throws Exception {
        String yaml = Readme.of(ReadmeTest.class).blocks().get(0);

        Platform platform =
                Specs.standard().with(AccessPolicies.KIND).read(Files.writeString(dir.resolve("orders.yaml"), yaml));

        assertThat(platform.all(AccessPolicies.KIND)).containsExactly(orders("User:CN=orders-service"));
    }

    private static AccessPolicy orders(String principal) {
        return AccessPolicy.of(
                "orders",
                PrincipalAccess.of(
                        principal,
                        RoleGrant.of(Role.DEVELOPER_WRITE, AccessResource.topicsStartingWith("orders.")),
                        RoleGrant.of(Role.DEVELOPER_READ, AccessResource.group("orders-reader"))));
    }

    @Test
    void snippetsAreTheSameAsHere() {
        Readme.of(ReadmeTest.class).assertShowsEverySnippet();
    }
}
