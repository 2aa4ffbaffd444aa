package io.eventbroker.core.manifest.internal;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class KafkaVariablesTest {
    @ParameterizedTest
    @CsvSource({
        "LOG_RETENTION_HOURS, log.retention.hours",
        "LISTENER_NAME_CLIENT__A_SSL_KEY_PASSWORD, listener.name.client_a.ssl.key.password",
        "LISTENER_NAME_SASL__SSL_SCRAM___SHA___512_SASL_JAAS_CONFIG, listener.name.sasl_ssl.scram-sha-512.sasl.jaas.config",
        "A____B, a-.b"
    })
    void areTakenForPropertiesAsTheImagesDo(String variable, String key) {
        assertThat(KafkaVariables.key(variable)).isEqualTo(key);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "KAFKA_HEAP_OPTS",
                "KAFKA_GC_LOG_OPTS",
                "KAFKA_JMX_PORT",
                "KAFKA_LOG4J_ROOT_LOGLEVEL",
                "KAFKA_SSL_KEY_CREDENTIALS",
                "KAFKA_CLUSTER_ID",
                "KAFKA_VERSION",
                "PATH"
            })
    void thatScriptsReadAreNone(String variable) {
        assertThat(KafkaVariables.isProperty(variable)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"KAFKA_LISTENERS", "KAFKA_SSL_KEYSTORE_PASSWORD", "KAFKA_LOG_DIRS", "KAFKA_NODE_ID"})
    void othersAre(String variable) {
        assertThat(KafkaVariables.isProperty(variable)).isTrue();
    }
}
