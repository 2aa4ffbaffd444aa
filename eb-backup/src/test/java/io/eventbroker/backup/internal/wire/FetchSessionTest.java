package io.eventbroker.backup.internal.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.eventbroker.backup.internal.wire.FetchCall.FetchAnswer;
import io.eventbroker.backup.internal.wire.FetchCall.FetchFrom;
import io.eventbroker.backup.internal.wire.FetchCall.FetchLimits;
import io.eventbroker.core.Deadline;
import io.eventbroker.testkit.kafka.EmbeddedKafka;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Brokers remember what is fetched, and may forget it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FetchSessionTest {
    private static final FetchLimits LIMITS = new FetchLimits(200, 1, 1 << 20, 1 << 20);

    private final Uuid topic = Uuid.randomUuid();
    private EmbeddedKafka kafka;
    private KafkaWire wire;
    private ClusterMetadata metadata;

    @BeforeAll
    void start() throws Exception {
        kafka = EmbeddedKafka.builder().start();
        try (Admin admin = kafka.admin();
                KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                        kafka.clientProperties(), new ByteArraySerializer(), new ByteArraySerializer())) {
            admin.createTopics(List.of(new NewTopic("t", 3, (short) 1))).all().get();
            for (int i = 0; i < 3; i++) {
                producer.send(new ProducerRecord<>("t", i, null, new byte[100])).get();
            }
        }
        wire = new KafkaWire(ClientSettings.from(kafka.clientProperties()));
        metadata = await().until(
                        () -> wire.metadata(List.of("t"), Deadline.after(Duration.ofSeconds(30))),
                        found -> found.topics().get("t").partitions().size() == 3);
    }

    @AfterAll
    void stop() {
        wire.close();
        kafka.close();
    }

    private FetchFrom from(int partition, long offset) {
        return new FetchFrom(topic, partition, 0, -1, offset);
    }

    private FetchFrom real(int partition, long offset) {
        return new FetchFrom(metadata.topics().get("t").id(), partition, -1, -1, offset);
    }

    private static FetchAnswer fetch(BrokerConnection connection, FetchFrom... positions) throws IOException {
        connection.sendFetch(List.of(positions), LIMITS);
        return connection.receiveFetch(1_000);
    }

    private BrokerConnection connect() throws IOException {
        return wire.connect(metadata.brokers().get(0));
    }

    @Test
    void saysOnlyWhatHasChanged() {
        FetchSession session = new FetchSession();
        FetchSession.Request first = session.next(List.of(from(0, 5), from(1, 5)), 100);
        assertThat(first).isEqualTo(new FetchSession.Request(0, 0, List.of(from(0, 5), from(1, 5)), List.of()));

        session.answered(KafkaError.NONE, 77);
        assertThat(session.next(List.of(from(0, 9), from(1, 5)), 100))
                .isEqualTo(new FetchSession.Request(77, 1, List.of(from(0, 9)), List.of()));

        session.answered(KafkaError.NONE, 77);
        assertThat(session.next(List.of(from(1, 5), from(2, 0)), 100))
                .isEqualTo(
                        new FetchSession.Request(77, 2, List.of(from(2, 0)), List.of(new FetchSession.Key(topic, 0))));

        session.answered(KafkaError.NONE, 77);
        assertThat(session.next(List.of(from(1, 5), from(2, 0)), 400).positions())
                .as("a larger limit is news too")
                .hasSize(2);
    }

    @Test
    void asksForAllAgainWhenTheBrokerGivesNoSessionOrHasLostIt() {
        FetchSession session = new FetchSession();
        session.next(List.of(from(0, 5)), 100);
        session.answered(KafkaError.NONE, 0);
        assertThat(session.next(List.of(from(0, 5)), 100))
                .isEqualTo(new FetchSession.Request(0, 0, List.of(from(0, 5)), List.of()));

        session.answered(KafkaError.NONE, 77);
        session.next(List.of(from(0, 5)), 100);
        assertThat(session.answered(KafkaError.FETCH_SESSION_ID_NOT_FOUND, 0)).isTrue();
        assertThat(session.next(List.of(from(0, 5)), 100))
                .isEqualTo(new FetchSession.Request(0, 0, List.of(from(0, 5)), List.of()));
    }

    @Test
    void isToldOnlyWhatIsNew() throws IOException {
        try (BrokerConnection connection = connect()) {
            FetchAnswer all = fetch(connection, real(0, 0), real(1, 0), real(2, 1));
            assertThat(all.session()).isNotZero();
            assertThat(all.partitions()).hasSize(3);

            FetchAnswer rest = fetch(connection, real(0, 1), real(1, 0), real(2, 1));
            assertThat(rest.session()).isEqualTo(all.session());
            assertThat(rest.partitions())
                    .extracting(FetchCall.Fetched::partition)
                    .containsExactly(1);

            FetchAnswer again = fetch(connection, real(0, 0), real(2, 1));
            assertThat(again.partitions())
                    .as("partition 1 was forgotten")
                    .extracting(FetchCall.Fetched::partition)
                    .containsExactly(0);
        }
    }

    @Test
    void goesOnWhenTheBrokerDoesNotKnowTheSession() throws IOException {
        try (BrokerConnection connection = connect()) {
            connection.sendFetch(new FetchSession.Request(12_345, 3, List.of(real(0, 0)), List.of()), LIMITS);
            FetchAnswer nothing = connection.receiveFetch(1_000);
            assertThat(nothing.error()).isZero();
            assertThat(nothing.partitions()).isEmpty();

            assertThat(fetch(connection, real(0, 0), real(1, 0)).partitions()).hasSize(2);
        }
    }

    @Test
    void worksWithBrokersThatGiveNoSessions() throws Exception {
        try (EmbeddedKafka without = EmbeddedKafka.builder()
                        .property("max.incremental.fetch.session.cache.slots", "0")
                        .start();
                Admin admin = without.admin();
                KafkaWire other = new KafkaWire(ClientSettings.from(without.clientProperties()))) {
            admin.createTopics(List.of(new NewTopic("t", Map.of(0, List.of(0)))))
                    .all()
                    .get();
            ClusterMetadata found = await().until(
                            () -> other.metadata(List.of("t"), Deadline.after(Duration.ofSeconds(30))),
                            known -> known.topics().get("t").partitions().size() == 1);
            FetchFrom position = new FetchFrom(found.topics().get("t").id(), 0, -1, -1, 0);
            try (BrokerConnection connection = other.connect(found.brokers().get(0))) {
                for (int i = 0; i < 3; i++) {
                    FetchAnswer answer = fetch(connection, position);
                    assertThat(answer.session()).isZero();
                    assertThat(answer.partitions()).hasSize(1);
                }
            }
        }
    }
}
