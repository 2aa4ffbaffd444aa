package io.eventbroker.core.adopt;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PartsTest {
    @ParameterizedTest
    @CsvSource({
        "confluentinc/cp-server:7.3.1, confluent, 7.3.1",
        "registry.example.com:5000/confluentinc/cp-server:7.9.2-1-ubi8, confluent, 7.9.2",
        "example.com/mirror/cp-kafka:7.4.0, confluent, 7.4.0",
        "apache/kafka:4.3.1, apache, 4.3.1",
        "apache/kafka:4.3, apache, 4.3",
        "bitnami/kafka:3.9.0-debian-12-r1, apache, 3.9.0",
        "apache/kafka:4.3.1@sha256:0123456789abcdef, apache, 4.3.1",
        "quay.io/strimzi/kafka:0.45.0-kafka-3.9.0, apache, 3.9.0",
        "apache/kafka:latest, apache,",
        "apache/kafka, apache,",
        "localhost:5000/kafka, apache,",
        "apache/kafka@sha256:4123456789abcdef, apache,",
    })
    void tellsTheReleaseOfAnImage(String image, String distribution, String release) {
        assertThat(Parts.distribution(image)).isEqualTo(distribution);
        assertThat(Parts.release(image).orElse(null)).isEqualTo(release);
    }

    @ParameterizedTest
    @CsvSource({
        "1Ti, 1099511627776",
        "1.5Ti, 1649267441664",
        "500M, 500000000",
        "2k, 2000",
        "1e3, 1000",
        "1E, 1000000000000000000",
        "100m, 0.1",
        ".5Ki, 512",
        "7., 7",
        "+4, 4",
    })
    void readsQuantities(String text, BigDecimal number) {
        assertThat(Parts.quantity(text))
                .hasValueSatisfying(found -> assertThat(found).isEqualByComparingTo(number));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "much", "1Xi", "-1", "1 Gi", "1e", "."})
    void knowsWhatIsNoQuantity(String text) {
        assertThat(Parts.quantity(text)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "LOG_RETENTION_HOURS, log.retention.hours",
        "LISTENER_NAME_INTERNAL_SSL_CLIENT_AUTH, listener.name.internal.ssl.client.auth",
        "LISTENER_NAME_MY__NET_SSL_CLIENT_AUTH, listener.name.my_net.ssl.client.auth",
        "LISTENER_NAME_X_SCRAM___SHA___512_SASL_JAAS_CONFIG, listener.name.x.scram-sha-512.sasl.jaas.config",
    })
    void readsVariablesAsTheImagesDo(String variable, String key) {
        assertThat(StatefulSetAdopter.key(variable)).isEqualTo(key);
    }
}
