package io.eventbroker.core.lint;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringReader;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class PropertiesTextTest {
    @ParameterizedTest
    @ValueSource(strings = {"\n", "\r\n", "\r"})
    void goesOnInTheNextLineAfterABackslashThatIsMeant(String lineBreak) {
        PropertiesText text =
                PropertiesText.parse(String.join(lineBreak, "users=a;\\", "   b", "path=C:\\\\", "node.id=1", ""));

        assertThat(text.entries())
                .containsExactly(Map.entry("users", "a;b"), Map.entry("path", "C:\\"), Map.entry("node.id", "1"));
        assertThat(text.malformed()).isEmpty();
    }

    @Test
    void keepsWhatComesTwiceAndGoesOnAfterAnEscapeThatIsNone() {
        PropertiesText text = PropertiesText.parse("a=1\n# C:\\users \\\nb=\\u12\na=2\nc=\\\n \\uxyz\nd=3");

        assertThat(text.entries()).containsExactly(Map.entry("a", "1"), Map.entry("a", "2"), Map.entry("d", "3"));
        assertThat(text.malformed()).containsExactly(3, 5);
        assertThat(text.has("a")).isTrue();
        assertThat(text.has("b")).isFalse();
    }

    static List<Long> seeds() {
        return new Random(1).longs(2_000).boxed().toList();
    }

    /** The last of each key is what {@link Properties} reads. */
    @ParameterizedTest
    @MethodSource("seeds")
    void readsWhatJavaReads(long seed) throws IOException {
        // Given
        Random random = new Random(seed);
        String[] parts = {"a", "b", "=", ":", " ", "\t", "\\", "\\", "\n", "\r\n", "\r", "#", "!", "\\u0061", "\f"};
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(40); i > 0; i--) {
            text.append(parts[random.nextInt(parts.length)]);
        }
        Properties expected = new Properties();
        expected.load(new StringReader(text.toString()));
        expected.remove("");

        // When
        Map<String, String> last = new LinkedHashMap<>();
        PropertiesText.parse(text.toString()).entries().forEach(entry -> last.put(entry.getKey(), entry.getValue()));

        // Then
        assertThat(last).as("%s", text).isEqualTo(expected);
    }
}
