package io.eventbroker.core.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.eventbroker.core.secret.SecretRef;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigReferenceTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "${secret:kafka-tls/keystore-password}",
                "${configMap:kafka-tuning/num.io.threads}",
                "${env:IO_THREADS}",
                "${file:/mnt/secrets/tls.properties:password}"
            })
    void readsBackWhatItPrints(String text) {
        assertThat(ConfigReference.parse(text).orElseThrow()).hasToString(text);
        assertThat(ConfigReference.isIn(text)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "$", "${}", "${secret}", "${secret:}", "${:x}", "secret:x", "plain ${text"})
    void leavesOtherTextAlone(String text) {
        assertThat(ConfigReference.parse(text)).isEmpty();
        assertThat(ConfigReference.isIn(text)).isFalse();
    }

    @Test
    void findsReferencesWithinTextButTakesOnlyWholeOnesForOne() {
        String jaas = "org.apache.kafka.ScramLoginModule required password=\"${secret:kafka/scram}\";";
        assertThat(ConfigReference.isIn(jaas)).isTrue();
        assertThat(ConfigReference.parse(jaas)).isEmpty();
    }

    @Test
    void namesTheSecretForTheHostsSource() {
        assertThat(ConfigReference.parse("${secret:kafka/scram}").flatMap(ConfigReference::secret))
                .contains(new SecretRef("kafka/scram"));
        assertThat(ConfigReference.parse("${env:X}").flatMap(ConfigReference::secret))
                .isEmpty();
    }
}
