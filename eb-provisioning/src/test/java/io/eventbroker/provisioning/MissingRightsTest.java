package io.eventbroker.provisioning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eventbroker.core.Deadline;
import io.eventbroker.core.TopicName;
import io.eventbroker.core.plan.Plan;
import io.eventbroker.core.run.PlanStaleException;
import io.eventbroker.core.run.RunOptions;
import io.eventbroker.core.topic.TopicDefaults;
import io.eventbroker.core.topic.TopicSet;
import io.eventbroker.core.topic.TopicSpec;
import io.eventbroker.provisioning.topic.TopicAction;
import io.eventbroker.provisioning.topic.Topics;
import io.eventbroker.provisioning.verify.SyntheticTransaction;
import io.eventbroker.provisioning.verify.SyntheticTransactionFailedException;
import io.eventbroker.testkit.kafka.EmbeddedKafka;
import io.eventbroker.testkit.kafka.KafkaListener;
import io.eventbroker.testkit.kafka.SaslMechanism;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What a host is told whose principal may not do what it asks for. */
class MissingRightsTest {
    private static final String PASSWORD = "reader's password";

    private static EmbeddedKafka kafka;
    private static Map<String, Object> reader;

    @BeforeAll
    static void startCluster() throws Exception {
        kafka = EmbeddedKafka.builder()
                .listener(KafkaListener.saslPlaintext("USERS", SaslMechanism.PLAIN))
                .user("reader", PASSWORD)
                .authorizer()
                .start();
        reader = kafka.clientProperties("USERS", "reader", PASSWORD);
        try (Admin admin = kafka.admin()) {
            admin.createTopics(Stream.of("orders.a", "orders.b", "probe")
                            .map(name -> new NewTopic(name, 1, (short) 1))
                            .toList())
                    .all()
                    .get();
            admin.createAcls(Stream.of(AclOperation.READ, AclOperation.DESCRIBE_CONFIGS)
                            .map(MissingRightsTest::readerMay)
                            .toList())
                    .all()
                    .get();
        }
    }

    private static AclBinding readerMay(AclOperation operation) {
        return new AclBinding(
                new ResourcePattern(ResourceType.TOPIC, "probe", PatternType.LITERAL),
                new AccessControlEntry("User:reader", "*", operation, AclPermissionType.ALLOW));
    }

    @AfterAll
    static void stopCluster() {
        kafka.close();
    }

    private static Deadline soon() {
        return Deadline.after(Duration.ofSeconds(30));
    }

    @Test
    void aRunThatMayNotDescribeNamesTheTopicsThatItMisses() {
        try (Admin operator = kafka.admin();
                Admin blind = Admin.create(reader)) {
            // Given
            TopicSet wanted = new TopicSet(
                    "orders",
                    Optional.empty(),
                    new TopicDefaults(Optional.empty(), Optional.empty(), new TreeMap<>()),
                    List.of(
                            topic("orders.a", Map.of("retention.ms", "1000000")),
                            topic("orders.b", Map.of()),
                            topic("orders.c", Map.of())),
                    Set.of());
            Topics topics = Topics.on(operator);
            Plan<TopicAction> plan = topics.plan(topics.read(soon()), List.of(wanted));

            // When, Then
            assertThatThrownBy(() ->
                            Topics.on(blind).run(plan, RunOptions.defaults()).await(soon()))
                    .isInstanceOf(PlanStaleException.class)
                    .hasMessageContaining("not visible any more: orders.a, orders.b (deleted, or")
                    .hasMessageContaining("lacks the right to describe");
        }
    }

    private static TopicSpec topic(String name, Map<String, String> configs) {
        return new TopicSpec(
                TopicName.of(name), Optional.of(1), Optional.of(1), Optional.empty(), new TreeMap<>(configs));
    }

    @Test
    void aRefusedTransactionSaysSoWithoutATrailOfStackTraces() {
        // Given
        ByteArrayOutputStream logged = new ByteArrayOutputStream();
        PrintStream before = System.err;
        System.setErr(new PrintStream(logged, true, StandardCharsets.UTF_8));
        try {
            // When, Then
            assertThatThrownBy(() -> SyntheticTransaction.with(reader).run(TopicName.of("probe"), 3, soon()))
                    .isInstanceOf(SyntheticTransactionFailedException.class)
                    .hasMessageContaining("probe")
                    .hasMessageContaining("uthoriz");
        } finally {
            System.setErr(before);
        }
        assertThat(logged.toString(StandardCharsets.UTF_8))
                .doesNotContain("Transactional method invoked", "while aborting transaction");
    }
}
