package io.eventbroker.core.adopt;

import static org.assertj.core.api.Assertions.assertThat;

import io.eventbroker.core.source.Sources;
import io.eventbroker.core.spec.InvalidSpecException;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The samples hold secrets, each of which begins with {@code planted}; none comes out. */
class AdoptedSecretsTest {
    @ParameterizedTest
    @MethodSource("io.eventbroker.core.adopt.Samples#all")
    void noSecretIsCarriedOrRepeated(String sample) {
        // When
        Adopted adopted = Samples.adoption(sample).adopt();

        // Then
        assertThat(adopted.toYaml() + adopted + adopted.topology()).doesNotContain("planted");
    }

    @ParameterizedTest
    @MethodSource("io.eventbroker.core.adopt.Samples#all")
    void noErrorRepeatsASecret(String sample) {
        // Given the sample, which lacks what is assumed
        try {
            Adoption.of(Sources.parse(sample, Samples.text(sample))).adopt();
        } catch (InvalidSpecException e) {
            // Then
            assertThat(e).hasMessageNotContaining("planted");
        }
    }

    @Test
    void theSamplesHoldSecretsOfEveryKind() {
        // When
        long planted = Samples.ALL.stream()
                .mapToLong(sample -> Pattern.compile("planted-")
                        .matcher(Samples.text(sample))
                        .results()
                        .count())
                .sum();

        // Then
        assertThat(planted).isGreaterThanOrEqualTo(13);
    }

    @Test
    void referencesToSecretsAreCarried() {
        // When
        Adopted adopted = Samples.adoption("statefulset-kraft.yaml").adopt();

        // Then
        assertThat(adopted.topology().brokers().config())
                .containsEntry("ssl.keystore.password", "${secret:events-tls/keystore-password}")
                .containsEntry("num.io.threads", "${configMap:events-tuning/io-threads}")
                .containsEntry("ssl.truststore.password", "${secret:events-brokers/ssl.truststore.password}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ssl.key.password=planted",
                "sasl.jaas.config=x.PlainLoginModule required username=a password=planted;",
                "listener.name.a.scram-sha-512.sasl.jaas.config=planted",
                "confluent.license=planted",
                "acme.url=https://user:planted@example.com",
                "acme.api.key=planted",
                "acme.basic.auth.user.info=a:planted",
                "ssl.keystore.key=planted",
                "acme.settings=password=planted",
                "acme.pem=-----BEGIN PRIVATE KEY-----planted",
            })
    void everyKindOfSecretIsReplaced(String property) {
        // Given
        String text = Samples.text("confluent-sample.yaml").replace("num.partitions=12", property);

        // When
        Adopted adopted = Samples.adoption("confluent-sample.yaml", text).adopt();

        // Then
        String key = property.substring(0, property.indexOf('='));
        assertThat(adopted.topology().brokers().config())
                .containsEntry(key, "${secret:kafka-prod-brokers/" + key + "}");
        assertThat(adopted.toYaml() + adopted).doesNotContain("planted");
        assertThat(adopted.notCarried(NotCarried.Kind.CHANGED))
                .anySatisfy(entry -> assertThat(entry.toString()).contains("'" + key + "' is a secret", "[hidden]"));
    }

    @Test
    void whatASecretBesideTheClusterHoldsIsHidden() {
        // Given
        String secret = """

                ---
                apiVersion: v1
                kind: Secret
                metadata: {name: tls}
                data: {a: cGxhbnRlZA, tls.key: planted}
                stringData: {b: planted}
                """;

        // When
        Adopted adopted = Samples.adoption("confluent-sample.yaml", Samples.text("confluent-sample.yaml") + secret)
                .adopt();

        // Then
        assertThat(adopted.toString())
                .contains("kind: 'Secret'", "data: {a: [hidden")
                .doesNotContain("cGxhbnRlZA");
        assertThat(adopted.toString().lines().filter(line -> line.contains("'Secret'")))
                .allSatisfy(line -> assertThat(line).doesNotContain("planted"));
    }
}
