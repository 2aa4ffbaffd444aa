package io.eventbroker.core.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eventbroker.core.spec.InvalidSpecException;
import io.eventbroker.core.spec.Specs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The scale that each environment demands, as rules for topologies. */
class EnvironmentsTest {
    private static final List<String> ZONES = List.of("az-a", "az-b", "az-c");

    @ParameterizedTest
    @CsvSource({
        "development, 3, 1",
        "development, 3, 3",
        "qa, 3, 2",
        "qa, 6, 2",
        "staging, 9, 3",
        "production, 12, 3",
        "production, 60, 3"
    })
    void suits(String environment, int brokers, int zones) throws IOException {
        assertThat(Specs.standard()
                        .parse("cluster.yaml", cluster(environment, brokers, zones))
                        .topology("kafka-test")
                        .environment())
                .isEqualTo(environment);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '"',
            value = {
                "development; 4; 1; 4 brokers do not suit the environment 'development', which asks for 3",
                "qa; 7; 2; 7 brokers do not suit the environment 'qa', which asks for 3 to 6",
                "qa; 3; 1; 1 zone does not suit the environment 'qa', which asks for at least 2",
                "staging; 8; 3; 8 brokers do not suit the environment 'staging', which asks for 9",
                "staging; 9; 2; 2 zones do not suit the environment 'staging', which asks for at least 3",
                "production; 11; 3; 11 brokers do not suit the environment 'production', which asks for 12 or more",
                "dr; 8; 3; 8 brokers do not suit the environment 'dr', which asks for 9 or more",
                "dr; 9; 3; the environment 'dr' is geo-replicated, but no flow copies to or from 'kafka-test'"
            })
    void doesNotSuit(String environment, int brokers, int zones, String reason) {
        assertThatThrownBy(() -> Specs.standard().parse("cluster.yaml", cluster(environment, brokers, zones)))
                .isInstanceOf(InvalidSpecException.class)
                .hasMessageContaining(reason);
    }

    private static String cluster(String environment, int brokers, int zones) throws IOException {
        String named = ZONES.stream().limit(zones).collect(Collectors.joining(", ", "[", "]"));
        return Files.readString(Path.of("src/test/resources/spec/small.yaml"))
                .replace("environment: development", "environment: " + environment)
                .replace("zones: [az-a]", "zones: " + named)
                .replaceFirst("replicas: 3", "replicas: " + brokers);
    }
}
