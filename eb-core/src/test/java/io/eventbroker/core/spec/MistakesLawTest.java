package io.eventbroker.core.spec;

import static org.assertj.core.api.Assertions.assertThat;

import io.eventbroker.core.problem.Problem;
import io.eventbroker.core.problem.Severity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Law: the problems of a file with several mistakes are those of the files with one each. So no mistake hides another,
 * and none is reported that would be gone with the mending of the others.
 */
class MistakesLawTest {
    /**
     * A line of the sample, and what stands there instead. That 4 replicas do not fit on 3 brokers of one cluster is about
     * the lines of all three numbers and names, so these count as one.
     */
    private record Mistake(int line, String right, String wrong) {
        int value() {
            return line == 4 || line == 10 || line == 36 ? 39 : line;
        }

        String in(String text) {
            String[] lines = text.split("\n", -1);
            assertThat(lines[line - 1]).contains(right);
            lines[line - 1] = lines[line - 1].replace(right, wrong);
            return String.join("\n", lines);
        }
    }

    /** At most one of these in each line, and none that touches the same value as another. */
    private static final List<Mistake> MISTAKES = List.of(
            new Mistake(4, "name: kafka-test", "name: Kafka_Test"),
            new Mistake(4, "name: kafka-test", "name: [kafka-test]"),
            new Mistake(4, "name: kafka-test", "nome: kafka-test"),
            new Mistake(6, "environment: development", "environment: producton"),
            new Mistake(6, "environment: development", "environment: [development]"),
            new Mistake(6, "environment: development", "enviroment: development"),
            new Mistake(7, "version: 4.3.1", "version: latest"),
            new Mistake(7, "version: 4.3.1", "version: 4.3.1, flavour: sweet"),
            new Mistake(8, "[az-a]", "[az-a, az-a]"),
            new Mistake(8, "[az-a]", "az-a"),
            new Mistake(10, "replicas: 3", "replicas: 2"),
            new Mistake(11, "{application: apache/kafka:4.3.1}", "{application: apache kafka}"),
            new Mistake(11, "{application: apache/kafka:4.3.1}", "{application: apache/kafka:4.3.1, pull: always}"),
            new Mistake(11, "{application: apache/kafka:4.3.1}", "apache/kafka:4.3.1"),
            new Mistake(13, "cpu: 1", "cpu: one"),
            new Mistake(14, "cpu: 2", "cpu: 2, disk: 1"),
            new Mistake(16, "{min: 1Gi, max: 1Gi}", "{min: 2Gi, max: 1Gi}"),
            new Mistake(16, "{min: 1Gi, max: 1Gi}", "{min: 1Gi, max: 1Qi}"),
            new Mistake(18, "size: 10Gi", "size: 10"),
            new Mistake(18, "size: 10Gi", "size: [10Gi]"),
            new Mistake(20, "port: 9092", "port: 99092"),
            new Mistake(20, "name: internal", "name: Internal"),
            new Mistake(20, "name: internal", "tls: maybe, name: internal"),
            new Mistake(23, "min.insync.replicas: 2", "min.insync.replicas: 4"),
            new Mistake(23, "min.insync.replicas: 2", "node.id: 2"),
            new Mistake(25, "replicas: 3", "replicas: three"),
            new Mistake(26, "apache/kafka", "apache kafka"),
            new Mistake(36, "cluster: kafka-test", "cluster: kafka-tost"),
            new Mistake(36, "cluster: kafka-test", "claster: kafka-test"),
            new Mistake(38, "name: orders.order.placed", "name: orders order placed"),
            new Mistake(39, "replicationFactor: 3", "replicationFactor: 4"),
            new Mistake(39, "replicationFactor: 3", "colour: blue"),
            new Mistake(40, "partitions: 3", "partitions: many"),
            new Mistake(41, "name: payments", "name: payments.refused"),
            new Mistake(42, "partitions: 3", "partitions: [3]"),
            new Mistake(43, "payments.refused", "payments.refused, colour: blue"),
            new Mistake(44, "[payments.old]", "[payments.old, payments.old]"),
            new Mistake(44, "[payments.old]", "[payments old]"));

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void noneHidesOrInventsAnother(long seed) throws IOException {
        String right = sample();
        assertThat(problems(right)).isEmpty();
        Random random = new Random(seed);
        for (int i = 0; i < 12; i++) {
            // Given
            List<Mistake> made = some(random, 2 + random.nextInt(i % 2 == 0 ? 2 : 20));
            String wrong = right;
            Set<String> expected = new TreeSet<>();
            for (Mistake mistake : made) {
                expected.addAll(problems(mistake.in(right)));
                wrong = mistake.in(wrong);
            }

            // When, Then
            assertThat(problems(wrong)).as("%s", made).isEqualTo(expected);
        }
    }

    @Test
    void aMisspeltListMayHaveBeenLongEnough() throws IOException {
        // Given
        String text = sample().replace("environment: development", "environment: wide")
                        .replace("  zones: [az-a]", "  zoness: [az-a, az-b, az-c]")
                + """
                ---
                apiVersion: eventbroker.io/v1
                kind: Environment
                metadata: {name: wide}
                spec: {purpose: Three zones at least, minBrokers: 3, minZones: 3}
                """;

        // When, Then
        assertThat(problems(text)).singleElement().asString().contains("unknown key 'zoness'");
    }

    private static List<Mistake> some(Random random, int many) {
        List<Mistake> shuffled = new ArrayList<>(MISTAKES);
        Collections.shuffle(shuffled, random);
        Map<Integer, Mistake> byValue = new TreeMap<>();
        shuffled.forEach(mistake -> {
            if (byValue.size() < many) {
                byValue.putIfAbsent(mistake.value(), mistake);
            }
        });
        return List.copyOf(byValue.values());
    }

    private static String sample() throws IOException {
        return Files.readString(Path.of("src/test/resources/spec/small.yaml")) + """
                      partitions: 3
                    - name: payments
                      partitions: 3
                    - {name: payments.refused}
                  retired: [payments.old]
                """;
    }

    private static Set<String> problems(String text) {
        try {
            Specs.standard().parse("f", text);
            return Set.of();
        } catch (InvalidSpecException e) {
            return lines(e.problems().asList().stream()
                    .filter(problem -> problem.severity() == Severity.ERROR)
                    .toList());
        }
    }

    private static Set<String> lines(List<Problem> problems) {
        Set<String> lines = new TreeSet<>();
        problems.forEach(problem -> lines.add(problem.toString()));
        assertThat(lines).as("each is reported once").hasSameSizeAs(problems);
        return lines;
    }
}
