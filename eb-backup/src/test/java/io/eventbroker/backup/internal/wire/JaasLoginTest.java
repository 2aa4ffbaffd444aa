package io.eventbroker.backup.internal.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JaasLoginTest {
    @Test
    void readsModuleAndOptions() {
        JaasLogin login = JaasLogin.parse("""
                org.apache.kafka.common.security.scram.ScramLoginModule required
                  username="al\\"ice" password='p;w =d' tokenauth=false;
                """);

        assertThat(login.module()).isEqualTo("org.apache.kafka.common.security.scram.ScramLoginModule");
        assertThat(login.options())
                .containsEntry("username", "al\"ice")
                .containsEntry("password", "p;w =d")
                .containsEntry("tokenauth", "false")
                .hasSize(3);
        assertThat(login.toString()).doesNotContain("p;w =d");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ";",
                "Module",
                "Module perhaps;",
                "Module required",
                "Module required password",
                "Module required password;",
                "Module required password=;",
                "Module required password=\"hunter2\"",
                "Module required password=\"hunter2\"; Other required;"
            })
    void refusesWhatIsNoLoginWithoutRepeatingIt(String text) {
        assertThatThrownBy(() -> JaasLogin.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("sasl.jaas.config: expected")
                .hasMessageNotContaining("hunter2");
    }
}
