package io.eventbroker.testkit.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SecuredKafkaTest {
    @TempDir
    static Path directory;

    private static TestCertificates certificates;

    @BeforeAll
    static void makeCertificates() throws Exception {
        certificates = new TestCertificates(directory, "broker", "writer", "stranger");
    }

    @Test
    void mutualTlsBrokersTrustEachOtherAndRefuseWhoHasNoAcl() throws Exception {
        try (EmbeddedKafka kafka = EmbeddedKafka.builder()
                .brokers(3)
                .listener(KafkaListener.mutualTls("SECURE", id -> certificates.of(id == 4 ? "stranger" : "broker"))
                        .property("ssl.enabled.protocols", "TLSv1.3"))
                .controllerListener(KafkaListener.mutualTls("CONTROLLER", id -> certificates.of("broker")))
                .authorizer()
                .start()) {
            Admin admin = kafka.admin();
            admin.createTopics(List.of(new NewTopic("orders", 1, (short) 3)))
                    .all()
                    .get();
            admin.createAcls(List.of(
                            allow("User:O=Event Broker,CN=nobody", ResourceType.TOPIC, "orders", AclOperation.READ),
                            allow("User:CN=writer,O=Event Broker", ResourceType.TOPIC, "orders", AclOperation.ALL),
                            allow("User:CN=writer,O=Event Broker", ResourceType.GROUP, "*", AclOperation.READ)))
                    .all()
                    .get();
            Map<String, Object> writer = kafka.clientProperties("SECURE", certificates.of("writer"));
            Map<String, Object> stranger = kafka.clientProperties("SECURE", certificates.of("stranger"));

            Records.write(writer, "orders", List.of("one", "two"));

            assertThat(Records.read(writer, "orders", 2)).containsExactly("one", "two");
            assertThatThrownBy(() -> Records.write(stranger, "orders", List.of("three")))
                    .hasCauseInstanceOf(TopicAuthorizationException.class);
            assertThat(kafka.addBroker()).isEqualTo(3);
            assertThatThrownBy(kafka::addBroker)
                    .as("broker 4 has a certificate that the others do not know")
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("authorizer(\"User:CN=stranger,O=Event Broker\")");
            assertThatThrownBy(kafka::clientProperties).hasMessageContaining("needs TLS files");
        }
    }

    @Test
    void plaintextNodesHaveNamesOfTheirOwnUnderAnAuthorizer() throws Exception {
        try (EmbeddedKafka kafka = EmbeddedKafka.builder()
                .listener(KafkaListener.plaintext("OPEN"))
                .listener(KafkaListener.saslPlaintext("SCRAM", SaslMechanism.SCRAM_SHA_512))
                .listener(KafkaListener.saslSsl("PLAIN", SaslMechanism.PLAIN, id -> certificates.of("broker")))
                .user("alice", "her \"secret\"")
                .authorizer("User:alice")
                .start()) {
            kafka.admin()
                    .createTopics(List.of(new NewTopic("orders", 1, (short) 1)))
                    .all()
                    .get();

            Records.write(kafka.clientProperties("SCRAM", "alice", "her \"secret\""), "orders", List.of("one"));

            assertThat(Records.read(kafka.clientProperties("PLAIN", "alice", "her \"secret\""), "orders", 1))
                    .containsExactly("one");
            assertThatThrownBy(() -> Records.write(kafka.clientProperties(), "orders", List.of("two")))
                    .as("anonymous clients are not taken for nodes")
                    .hasCauseInstanceOf(TopicAuthorizationException.class);
            Map<String, Object> guessed = new HashMap<>(kafka.clientProperties("SCRAM", "alice", "a guess"));
            try (Admin admin = Admin.create(guessed)) {
                assertThatThrownBy(() -> admin.listTopics().names().get())
                        .hasCauseInstanceOf(SaslAuthenticationException.class);
            }
        }
    }

    @Test
    void refusesAnAuthorizerThatItsOwnNodesCouldNotPass() {
        EmbeddedKafkaBuilder builder = EmbeddedKafka.builder()
                .listener(KafkaListener.ssl("TLS", id -> certificates.of("broker")))
                .interBroker("TLS")
                .authorizer();

        assertThatThrownBy(builder::start)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'TLS' leaves nodes anonymous");
    }

    @Test
    void keepsPasswordsOutOfWhatIsPrinted() {
        KafkaListener listener = KafkaListener.mutualTls("SECURE", id -> certificates.of("broker"))
                .property("sasl.jaas.config", TestCertificates.PASSWORD);

        assertThat(Set.of(listener.toString(), certificates.of("broker").toString()))
                .noneMatch(text -> text.contains(TestCertificates.PASSWORD));
    }

    private static AclBinding allow(String principal, ResourceType type, String name, AclOperation operation) {
        return new AclBinding(
                new ResourcePattern(type, name, PatternType.LITERAL),
                new AccessControlEntry(principal, "*", operation, AclPermissionType.ALLOW));
    }
}
