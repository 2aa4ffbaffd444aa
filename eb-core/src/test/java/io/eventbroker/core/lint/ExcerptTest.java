package io.eventbroker.core.lint;

import static org.assertj.core.api.Assertions.assertThat;

import io.eventbroker.core.lint.policy.DocumentRef;
import io.eventbroker.core.problem.Severity;
import io.eventbroker.core.problem.SourceLocation;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Lines of files as a terminal shows them. */
class ExcerptTest {
    private static final String SECRET = "hunter2";

    private static String excerpt(String text, int line, int column) {
        return excerpt(text, line, column, "Topology", false);
    }

    private static String excerpt(String text, int line, int column, String kind, boolean sensitive) {
        Finding finding = new Finding(
                "a/b",
                Severity.ERROR,
                new SourceLocation("a.yaml", line, column),
                new DocumentRef(kind, "x"),
                "",
                "m",
                "r",
                sensitive);
        return Excerpt.of(new SourceLines("a.yaml", text), finding)
                .map(Excerpt::toString)
                .orElse("");
    }

    @Test
    void putsTheCaretBelowThePlace() {
        assertThat(excerpt("a: 1\nreplicas: 3\n", 2, 11)).isEqualTo("  2 | replicas: 3\n    |           ^\n");
    }

    @ParameterizedTest
    @CsvSource({
        // the text before 'X', and how many columns it takes
        "'\ta: ', 4",
        "'名前: ', 6",
        "'é: ', 3",
        "'e\u0301: ', 3",
        "'😀: ', 4",
        "'a\u0007b\u202Ec: ', 7"
    })
    void countsColumnsAsATerminalDoes(String before, int columns) {
        String shown = excerpt(before + "X", 1, before.codePointCount(0, before.length()) + 1);

        assertThat(shown.lines().toList().get(1)).isEqualTo("    | " + " ".repeat(columns) + "^");
        assertThat(shown).doesNotContain("\t", "\u0007", "\u202E");
    }

    @Test
    void cutsLongLinesAroundThePlace() {
        String text = "a".repeat(100_000) + "X" + "b".repeat(100_000);

        List<String> lines = excerpt(text, 1, 100_001).lines().toList();

        assertThat(lines.get(0)).hasSizeLessThan(140).contains("| …X", "b…");
        assertThat(lines.get(0).charAt(lines.get(1).indexOf('^'))).isEqualTo('X');

        List<String> shorter =
                excerpt("a".repeat(500) + "X" + "b".repeat(500), 1, 501).lines().toList();
        assertThat(shorter.get(0)).hasSizeLessThan(140).contains("| …a", "aX", "b…");
        assertThat(shorter.get(0).charAt(shorter.get(1).indexOf('^'))).isEqualTo('X');
    }

    @Test
    void showsTheElementAtThePlaceOfAFileOnOneLine() {
        String others = "{\"name\":\"a\",\"password\":\"hunter2\"},".repeat(5_000);
        String text = "[" + others + "{\"name\":\"Orders\",\"password\":\"hunter2\"}," + others + "]";

        List<String> lines =
                excerpt(text, 1, text.indexOf("\"Orders\"") + 1).lines().toList();

        assertThat(lines.get(0)).isEqualTo("  1 | …\"name\":\"Orders\",\"password\":[hidden]");
        assertThat(lines.get(0).charAt(lines.get(1).indexOf('^') + 1)).isEqualTo('O');
    }

    @ParameterizedTest
    @ValueSource(strings = {"a: 1\r\nb: 2\r\nc: 3\r\n", "a: 1\rb: 2\rc: 3", "a: 1\nb: 2", "a: 1\u2028b: 2\u0085c: 3"})
    void knowsEveryEndOfALine(String text) {
        assertThat(excerpt(text, 2, 4)).startsWith("  2 | b: 2\n");
    }

    @Test
    void showsNothingOfLinesThatAreNotThere() {
        assertThat(excerpt("a: 1\n", 7, 1)).isEmpty();
        assertThat(excerpt("", 1, 1)).isEqualTo("  1 | \n    | ^\n");
        assertThat(excerpt("a: 1", 1, 999)).isEqualTo("  1 | a: 1\n    |     ^\n");
        assertThat(excerpt("a: 1", 1, 0)).isEqualTo("  1 | a: 1\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ssl.keystore.password: hunter2",
                "{\"ssl.key.password\":\"hunter2\",\"a\":1}",
                "config: {a: 1, ssl.key.password: hunter2, b: 2}",
                "sasl.jaas.config: org.apache.PlainLoginModule required password=\"hunter2\";",
                "clientSecret: 'hunter2'",
                "- {name: DB_PASSWORD, value: hunter2}",
                "adminToken: hunter2 # not ${env:THIS}",
                "url: https://admin:hunter2@registry:8081",
                "basic.auth.credentials.source=hunter2",
                "args: [--password=hunter2]",
                "args: [--password, hunter2]",
                "aws_secret_access_key = hunter2"
            })
    void hidesWhatSoundsLikeASecret(String line) {
        assertThat(excerpt("x: 1\n" + line + "\n", 2, 3)).doesNotContain(SECRET).contains("[hidden]");
    }

    @Test
    void hidesWhatBelongsToASecretOnOtherLines() {
        String variable = "- name: KAFKA_SSL_KEY_PASSWORD\n  value: hunter2\n";
        String turned = "- value: hunter2\n  name: KAFKA_SSL_KEY_PASSWORD\n";
        String block = "sasl.jaas.config: |\n\n  x required\n    key=\"hunter2\"\n";
        String folded = "spec:\n  password: >-\n    hunter2\n";

        assertThat(excerpt(variable, 2, 10)).doesNotContain(SECRET).contains("value: [hidden]");
        assertThat(excerpt(turned, 1, 10)).doesNotContain(SECRET).contains("value: [hidden]");
        assertThat(excerpt(block, 4, 5)).doesNotContain(SECRET);
        assertThat(excerpt(folded, 3, 5)).doesNotContain(SECRET);
    }

    @Test
    void hidesEverythingInAKubernetesSecret() {
        assertThat(excerpt("data:\n  anything: aHVudGVyMg==\n", 2, 13, "Secret", false))
                .isEqualTo("  2 |   anything: [hidden]\n    |             ^\n");
        assertThat(excerpt("data:\n  anything: |\n    hunter2\n", 3, 5, "Secret", false))
                .doesNotContain(SECRET);
    }

    @Test
    void hidesTheValueOfASensitiveSetting() {
        assertThat(excerpt("  my.own.thing: hunter2\n", 1, 17, "Topology", true))
                .isEqualTo("  1 |   my.own.thing: [hidden]\n    |                 ^\n");
        assertThat(excerpt("  my.own.thing: hunter2\n", 1, 0, "Topology", true)).doesNotContain(SECRET);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ssl.keystore.password: ${secret:kafka-tls/keystore-password}",
                "secretName: kafka-tls",
                "secretKeyRef: {name: kafka-tls, key: x}",
                "replicas: 3 # without a secret",
                "storageClass: gp3"
            })
    void showsReferencesAndWhatIsNoSecret(String line) {
        assertThat(excerpt(line + "\n", 1, 1)).contains(line);
    }

    @Test
    void survivesAnyTextAndPlace() {
        Random random = new Random(20260701);
        String alphabet = "ab:=\"'{}[]#$\t\r\n\u2028名😀\u0301 -_./@password secret value name";
        int[] points = alphabet.codePoints().toArray();
        for (int i = 0; i < 20_000; i++) {
            StringBuilder text = new StringBuilder();
            int length = random.nextInt(60);
            for (int j = 0; j < length; j++) {
                text.appendCodePoint(points[random.nextInt(points.length)]);
            }
            int line = 1 + random.nextInt(4);
            String shown = excerpt(
                    text.toString(),
                    line,
                    random.nextInt(70),
                    random.nextBoolean() ? "Secret" : "Topology",
                    random.nextBoolean());

            assertThat(shown.lines().count()).as("lines of %s", text).isLessThanOrEqualTo(2);
        }
    }
}
