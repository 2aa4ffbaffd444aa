package io.eventbroker.backup.internal.wire;

import io.eventbroker.core.EventBrokerException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/** Proves to a broker over SASL who we are, where that is configured, and knows when it must be done again. */
final class Authentication {
    private static final long LEAST_SESSION_MILLIS = 1_100;

    private final BrokerConnection connection;
    private final Optional<Sasl> sasl;
    private long againAt = Long.MAX_VALUE;

    Authentication(BrokerConnection connection, Optional<Sasl> sasl) {
        this.connection = connection;
        this.sasl = sasl;
    }

    /** At the beginning and again before the session ends (KIP-43, KIP-152, KIP-368). */
    void run() throws IOException {
        if (sasl.isEmpty()) {
            return;
        }
        handshake(sasl.get().mechanism());
        SaslConversation conversation = sasl.get().begin();
        byte[] message = conversation.first();
        long lifetimeMillis = 0;
        while (message != null) {
            connection.send(connection
                    .request(ApiVersions.SASL_AUTHENTICATE)
                    .compactBytes(ByteBuffer.wrap(message))
                    .noTags());
            Decoder in = connection.receive(ApiVersions.SASL_AUTHENTICATE);
            int error = in.int16();
            String why = in.compactString();
            ByteBuffer answer = in.compactBytes();
            if (error != KafkaError.NONE) {
                throw new EventBrokerException("broker " + connection.address() + " does not let this client in ("
                        + sasl.get().mechanism() + "): " + (why == null ? KafkaError.name(error) : why)
                        + "; check sasl.jaas.config and the user's credentials");
            }
            lifetimeMillis = in.int64();
            byte[] challenge = new byte[answer.remaining()];
            answer.get(challenge);
            message = conversation.answer(challenge);
        }
        againAt = lifetimeMillis <= 0
                ? Long.MAX_VALUE
                : System.nanoTime() + againAfterMillis(lifetimeMillis) * 1_000_000L;
    }

    /**
     * Somewhere in the last part of the session, as Kafka's own clients do, so that not all connections do it at once; but
     * a broker refuses it within a second of the last time (KIP-368).
     */
    private static long againAfterMillis(long lifetimeMillis) {
        double part = ThreadLocalRandom.current().nextDouble(0.8, 0.9);
        return Math.max(LEAST_SESSION_MILLIS, (long) (lifetimeMillis * part));
    }

    private void handshake(String mechanism) throws IOException {
        connection.send(
                connection.inflexibleRequest(ApiVersions.SASL_HANDSHAKE, 1).string(mechanism));
        Decoder in = connection.receive(ApiVersions.SASL_HANDSHAKE);
        int error = in.int16();
        if (error != KafkaError.NONE) {
            List<String> offered = new ArrayList<>();
            int count = in.int32();
            for (int i = 0; i < count; i++) {
                offered.add(in.string());
            }
            throw new EventBrokerException("broker " + connection.address() + " refuses sasl.mechanism " + mechanism
                    + " (" + KafkaError.name(error) + "); it offers " + String.join(", ", offered));
        }
    }

    /** Whether the session will end soon. Between the steps of authenticating the broker accepts nothing else. */
    boolean isDue() {
        return againAt - System.nanoTime() <= 0 && againAt != Long.MAX_VALUE;
    }
}
