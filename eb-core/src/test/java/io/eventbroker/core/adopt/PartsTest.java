package io.eventbroker.core.adopt;

import static org.assertj.core.api.Assertions.assertThat;

import io.eventbroker.core.manifest.internal.ImageName;
import io.eventbroker.core.topology.Version;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PartsTest {
    @ParameterizedTest
    @CsvSource({
        "confluentinc/cp-server:7.3.1, confluent, 7.3.1",
        "registry.example.com:5000/confluentinc/cp-server:7.9.2-1-ubi8, confluent, 7.9.2",
        "example.com/mirror/cp-kafka:7.4.0, confluent, 7.4.0",
        "apache/kafka:4.3.1, apache, 4.3.1",
        "apache/kafka:4.3, apache, 4.3.0",
        "bitnami/kafka:3.9.0-debian-12-r1, apache, 3.9.0",
        "apache/kafka:4.3.1@sha256:0123456789abcdef, apache, 4.3.1",
        "quay.io/strimzi/kafka:0.45.0-kafka-3.9.0, apache, 3.9.0",
        "apache/kafka:latest, apache,",
        "apache/kafka, apache,",
        "localhost:5000/kafka, apache,",
        "apache/kafka@sha256:4123456789abcdef, apache,",
    })
    void tellsTheReleaseOfAnImage(String image, String distribution, String release) {
        ImageName name = ImageName.parse(image);
        assertThat(Parts.distribution(name)).isEqualTo(distribution);
        assertThat(name.version().map(Version::toString).orElse(null)).isEqualTo(release);
    }
}
