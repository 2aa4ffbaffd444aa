package io.eventbroker.examples.quickstart;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.SslAuthenticationException;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Who must not get in: somebody without a role, and somebody whose certificate another authority has issued. */
final class Strangers {
    private Strangers() {}

    static boolean areRefused(Stage stage, Certificates certificates) {
        Exception withoutRole = refusal(stage.connect(certificates, "stranger"));
        stage.narration().say("a stranger with a valid certificate: %s", String.valueOf(withoutRole.getMessage()));
        Exception withoutTrust =
                refusal(certificates.impostor(Orders.PRODUCER, stage.cluster().bootstrapServers()));
        stage.narration().say("a certificate of another authority: %s", String.valueOf(withoutTrust.getMessage()));
        boolean refused =
                withoutRole instanceof AuthorizationException && withoutTrust instanceof SslAuthenticationException;
        Stage.require(refused, "a stranger was not refused");
        return refused;
    }

    /** What a producer with these properties is told. */
    private static Exception refusal(Map<String, Object> properties) {
        Map<String, Object> hasty = new HashMap<>(properties);
        hasty.put("max.block.ms", 20_000);
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(hasty, new ByteArraySerializer(), new ByteArraySerializer())) {
            producer.send(new ProducerRecord<>(Orders.TOPIC, new byte[] {1})).get();
            return new IllegalStateException("its record was accepted");
        } catch (ExecutionException e) {
            return e.getCause() instanceof Exception cause ? cause : e;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return e;
        }
    }
}
