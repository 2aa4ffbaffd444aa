package io.eventbroker.core.manifest.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ListenerTextTest {
    private static final Map<String, String> PROTOCOLS =
            ListenerText.protocols(" Internal:ssl, EXTERNAL : SASL_SSL,, nonsense");

    @Test
    void namesHostPortAndProtocolInAnyCase() {
        assertThat(ListenerText.parse(" internal://0.0.0.0:9092 ", PROTOCOLS))
                .contains(new ListenerText("internal", "0.0.0.0", "9092", "SSL"));
        assertThat(ListenerText.parse("EXTERNAL://[::1]:$(PORT)", PROTOCOLS))
                .contains(new ListenerText("EXTERNAL", "[::1]", "$(PORT)", "SASL_SSL"));
        assertThat(ListenerText.parse("plaintext://:9093", PROTOCOLS))
                .contains(new ListenerText("plaintext", "", "9093", "PLAINTEXT"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "INTERNAL", "INTERNAL:9092", "://host:1", "INTERNAL://host"})
    void isNoneWithoutNameOrPort(String text) {
        assertThat(ListenerText.parse(text, PROTOCOLS)).isEmpty();
    }
}
