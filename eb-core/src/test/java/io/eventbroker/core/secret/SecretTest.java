package io.eventbroker.core.secret;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eventbroker.core.EventBrokerException;
import io.eventbroker.core.json.CanonicalJson;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SecretTest {
    private static final String TEXT = "tr0ub4dor&ä€";

    record Holder(String name, Secret password) {}

    @Test
    void showsItselfToNobodyButItsUser() {
        Secret secret = Secret.of(TEXT);
        assertThat(read(secret)).isEqualTo(TEXT);
        assertThat(secret.<String>useBytes(bytes -> new String(bytes, StandardCharsets.UTF_8)))
                .isEqualTo(TEXT);
        assertThat(secret.toString()).doesNotContain("tr0");
        assertThat(new Holder("n", secret).toString()).doesNotContain("tr0");
        assertThat(CanonicalJson.write(new Holder("n", secret))).isEqualTo("{\"name\":\"n\"}");
    }

    @Test
    void lendsACopyThatIsOverwrittenAfterwards() {
        Secret secret = Secret.of(TEXT);
        char[] kept = secret.use(lent -> lent);
        assertThat(kept).containsOnly('\0');
        assertThat(read(secret)).isEqualTo(TEXT);
    }

    @Test
    void cannotBeUsedOnceDestroyed() {
        Secret secret = Secret.of(TEXT);
        secret.close();
        assertThat(secret.isDestroyed()).isTrue();
        assertThatThrownBy(() -> secret.use(String::new)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void comparesByContent() {
        assertThat(Secret.of(TEXT)).isEqualTo(Secret.of(TEXT.toCharArray())).isNotEqualTo(Secret.of("other"));
        assertThat(Secret.random(22)).isNotEqualTo(Secret.random(22));
    }

    @Test
    void isEqualToItselfAloneOnceDestroyed() {
        Secret secret = Secret.of(TEXT);
        Secret same = Secret.of(TEXT);
        secret.destroy();
        assertThat(Set.of(secret)).contains(secret).doesNotContain(same);
        assertThat(same).isNotEqualTo(secret);
    }

    @Test
    void refusesHalfACharacterRatherThanCutTheSecretThere() {
        assertThatThrownBy(() -> Secret.of("abc\uD83Ddef"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageNotContaining("abc");
        assertThat(read(Secret.of("abc\uD83D\uDD11def"))).isEqualTo("abc\uD83D\uDD11def");
    }

    @Test
    void refusesAnEmptyVariable() {
        assertThatThrownBy(
                        () -> SecretSource.environment(Map.of("PASSWORD", "")).resolve(new SecretRef("env:PASSWORD")))
                .isInstanceOf(EventBrokerException.class)
                .hasMessageContaining("env:PASSWORD");
    }

    @Test
    void sourceNamesWhatIsMissing() {
        SecretSource source = SecretSource.of(Map.of(new SecretRef("ca"), Secret.of(TEXT)));
        assertThat(read(source.resolve(new SecretRef("ca")))).isEqualTo(TEXT);
        assertThatThrownBy(() -> source.resolve(new SecretRef("cb")))
                .isInstanceOf(EventBrokerException.class)
                .hasMessageContaining("'cb'");
        assertThatThrownBy(() -> SecretSource.environment().resolve(new SecretRef("env:EB_NOT_SET_ANYWHERE")))
                .isInstanceOf(EventBrokerException.class)
                .hasMessageContaining("EB_NOT_SET_ANYWHERE");
    }

    private static String read(Secret secret) {
        return secret.use(String::new);
    }
}
