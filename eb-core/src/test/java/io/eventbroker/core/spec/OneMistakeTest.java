package io.eventbroker.core.spec;

import static org.assertj.core.api.Assertions.assertThat;

import io.eventbroker.core.problem.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Every mistake is reported in the first reading, once, where it was made, with what to write instead. */
class OneMistakeTest {
    private static String small() throws IOException {
        return Files.readString(Path.of("src/test/resources/spec/small.yaml"));
    }

    private static List<String> problems(String text) {
        try {
            Specs.standard().parse("f", text);
            return List.of();
        } catch (InvalidSpecException e) {
            return e.problems().asList().stream().map(Problem::toString).toList();
        }
    }

    private static String problem(String text) {
        List<String> all = problems(text);
        assertThat(all).hasSize(1);
        return all.get(0);
    }

    @Test
    void aWrongPropertyHidesNoOtherOfItsMap() throws IOException {
        // Given
        String text = small().replace("min.insync.replicas: 2", """
                        min.insync.replicas: 4
                              node.id: 3
                              log.retention.hours: soon
                              ssl.key.password: hunter2""");

        // When
        List<String> problems = problems(text);

        // Then
        assertThat(problems).hasSize(4);
        assertThat(String.join("\n", problems))
                .contains(
                        "spec.brokers.config[min.insync.replicas]: 4 in-sync replicas can never be reached",
                        "spec.brokers.config[node.id]: is set by the model",
                        "spec.brokers.config[log.retention.hours]: expected a whole number, found 'soon'",
                        "spec.brokers.config[ssl.key.password]: 'ssl.key.password' is a secret")
                .doesNotContain("hunter2");
    }

    @Test
    void whatIsInheritedIsWrongWhereItIsWritten() throws IOException {
        assertThat(problem(small().replace("  zones: [az-a]", "  namespace: Streaming\n  zones: [az-a]")))
                .startsWith("f:8:14 spec.namespace: 'Streaming' is not a DNS label");
        // and hides nothing
        assertThat(problems(small().replace("  zones: [az-a]", "  namespace: Streaming\n  zones: [az-a]")
                        .replace("min.insync.replicas: 2", "log.retention.hours: soon")))
                .hasSize(2);
    }

    @Test
    void whatIsMisspeltIsNotAlsoMissing() throws IOException {
        assertThat(problem(small().replace("  controllers:", "  controlers:")))
                .isEqualTo("f:24:3 spec.controlers: unknown key 'controlers'; did you mean 'controllers'?");
        assertThat(problem(small().replaceFirst("spec:", "specs:"))).contains("did you mean 'spec'?");
        // what is wrong below it is found all the same
        assertThat(problems(small().replace("  controllers:\n    replicas: 3", "  controlers:\n    replicas: three")))
                .hasSize(2);
    }

    @Test
    void whatStandsInTheWrongPlaceIsSentToTheRightOne() throws IOException {
        assertThat(problem(small().replaceFirst("  brokers:\n    replicas: 3", "  replicas: 3\n  brokers:")))
                .isEqualTo("f:9:3 spec.replicas: unknown key 'replicas'; it belongs under 'brokers'");
        assertThat(problem(small().replaceFirst("    replicas: 3", "    replicas: 3\n    distribution: {}")))
                .contains("move it up");
    }

    @Test
    void theWrongItemOfASetIsNamed() throws IOException {
        assertThat(problem(small().replace(
                                "  zones: [az-a]",
                                "  security: {superUsers: ['User:a', admin, 'User:b']}\n  zones: [az-a]")))
                .startsWith("f:8:37 spec.security.superUsers[1]: 'admin' is not a principal");
    }

    @Test
    void aMapIsShownInItsSmallestForm() throws IOException {
        assertThat(problem(small().replaceFirst("    image: .*\n", "")))
                .endsWith("is missing: expected a map; add 'image: {application: …}'");
        assertThat(problem(small().replaceFirst("\\{application: apache/kafka:4.3.1}", "apache/kafka:4.3.1")))
                .endsWith("; write it as a map such as {application: …}");
        assertThat(problems(small().replaceFirst("&jvm\n.*\n", "&jvm 6g\n")))
                .first()
                .asString()
                .endsWith("; write it as a map such as {heap: {min: 1Gi, max: 1Gi}}");
        assertThat(problems(small().replaceFirst("    storage: .*\n.*\n", "    storage: &storage {}\n")))
                .first()
                .asString()
                .endsWith("add 'data: {size: 1Gi}'");
    }

    @Test
    void whatWasProbablyMeantIsAskedFor() throws IOException {
        assertThat(problems(small().replaceFirst("max: 1Gi", "max: 6g")))
                .hasSize(2) // two components share it
                .allSatisfy(problem -> assertThat(problem).endsWith("; did you mean 6Gi?"));
        assertThat(problem(small().replace(
                                "  zones: [az-a]", "  security: {principals: {broker: 'User:a'}}\n  zones: [az-a]")))
                .endsWith("; did you mean 'brokers'?");
        assertThat(problem(small() + """
                ---
                apiVersion: eventbroker.io/v1
                kind: ConfigLayer
                metadata: {name: prod}
                spec: {environment: prodcution}
                """))
                .contains("there are development, qa")
                .endsWith("; did you mean 'production'?");
    }

    @Test
    @Timeout(60)
    void aWholeFileOfABrokersPropertiesMayBePastedIn() throws IOException {
        StringBuilder pasted = new StringBuilder("      default.replication.factor: 3\n");
        List<String> modelled = List.of("node.id", "process.roles", "listeners", "advertised.listeners", "log.dirs");
        modelled.forEach(key -> pasted.append("      ").append(key).append(": 3\n"));
        for (int i = 0; i < 5_000; i++) {
            pasted.append("      my.plugin.key").append(i).append(": 3\n");
        }

        assertThat(problems(small().replace("      default.replication.factor: 3\n", pasted)))
                .filteredOn(problem -> modelled.stream().anyMatch(key -> problem.contains("config[" + key + "]")))
                .hasSize(modelled.size());
    }

    @Test
    void aListForAPropertyBecomesOneText() throws IOException {
        String topic = small() + "      configs: {cleanup.policy: %s}\n";

        assertThat(problem(topic.formatted("[compact, delete]")))
                .endsWith("expected text, found a list; write it as one text with commas: 'compact,delete'");
        assertThat(problem(small().replace(
                                "      default.replication.factor: 3\n",
                                "      default.replication.factor: 3\n      ssl.key.password: [hunter2]\n")))
                .endsWith("write it as one text with commas")
                .doesNotContain("hunter2");
        assertThat(problem(topic.formatted("compacted"))).endsWith("; did you mean 'compact'?");
        assertThat(problem(topic.formatted("forever")))
                .endsWith("; write one text with commas, such as 'compact,delete'");
    }

    @Test
    void topicsHaveNoUnknownProperties() throws IOException {
        String topic = small() + "      configs: {%s}\n";

        assertThat(problem(topic.formatted("retention.mss: 1"))).endsWith("; did you mean 'retention.ms'?");
        assertThat(problem(topic.formatted("log.retention.hours: 72")))
                .endsWith("; write 'retention.ms: 259200000', as topics call it");
        assertThat(problem(topic.formatted("retention.hours: 72")))
                .endsWith("; write 'retention.ms: 259200000', as topics call it");
        assertThat(problems(topic.formatted("confluent.placement.constraints: x")))
                .isEmpty();
        assertThat(problem(small() + """
                ---
                apiVersion: eventbroker.io/v1
                kind: ConfigLayer
                metadata: {name: all}
                spec: {topics: {log.cleanup.policy: compact}}
                """)).endsWith("; write 'cleanup.policy: compact', as topics call it");
    }

    @Test
    void superUsersAreSaidOnce() throws IOException {
        assertThat(problem(small().replace("  zones: [az-a]", "  security: {superUsers: ['User:a']}\n  zones: [az-a]")
                        .replace("min.insync.replicas: 2", "super.users: User:b")))
                .contains("spec.brokers.config[super.users]: is also said by security.superUsers");
    }
}
