package io.eventbroker.core.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.eventbroker.core.problem.Problem;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files made to hurt are refused before they do. */
class LimitsTest {
    @TempDir
    Path dir;

    @Test
    void refusesAliasesThatMultiply() {
        StringBuilder bomb = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
        for (int i = 1; i < 12; i++) {
            bomb.append("a%d: &a%d [%s]\n".formatted(i, i, String.join(", ", Collections.nCopies(10, "*a" + (i - 1)))));
        }
        assertThat(problemOf("f.yaml", bomb.toString()))
                .contains("more than 2000000 values in one file, aliases followed");
    }

    @Test
    void refusesTooManyAliases() {
        String bomb = "a: &a x\nb: [" + "*a, ".repeat(2_000) + "*a]\n";
        assertThat(problemOf("f.yaml", bomb)).contains("more than 1000 aliases in one file");
    }

    @Test
    void refusesAValueThatContainsItself() {
        assertThat(problemOf("f.yaml", "a: &a [*a]\n")).contains("'*a' names no anchor that is complete before it");
    }

    @Test
    void refusesDepth() {
        assertThat(problemOf("f.yaml", "[".repeat(1_000_000))).contains("nested deeper than 64 levels");
        assertThat(problemOf("f.yaml", "- ".repeat(100_000))).contains("nested deeper than 64 levels");
        assertThat(problemOf("f.json", "[".repeat(1_000_000))).contains("not valid JSON");
    }

    @Test
    void refusesDepthThatAliasesAddUp() {
        StringBuilder deep = new StringBuilder("k0: &a0 x\n");
        for (int i = 1; i < 900; i++) {
            deep.append("k" + i + ": &a" + i + " " + "[".repeat(50) + "*a" + (i - 1) + "]".repeat(50) + "\n");
        }

        assertThat(problemOf("f.yaml", deep.toString())).contains("nested deeper than 64 levels");
    }

    @Test
    void refusesSize() throws IOException {
        // Given a sparse file of 8 GiB
        Path file = dir.resolve("big.yaml");
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap(new byte[] {'x'}), 8L << 30);
        }

        InvalidSpecException refused = assertTimeoutPreemptively(
                Duration.ofSeconds(10),
                () -> catchThrowableOfType(
                        InvalidSpecException.class, () -> Specs.standard().read(file)));

        assertThat(refused).hasMessageContaining("is larger than 16 MiB; split the file");
    }

    @Test
    void refusesFoldersThatLeadBackToThemselves() throws IOException {
        Files.createSymbolicLink(dir.resolve("again"), dir);

        InvalidSpecException refused = catchThrowableOfType(
                InvalidSpecException.class, () -> Specs.standard().read(dir));

        assertThat(refused).hasMessageContaining("folders nested deeper than 32");
    }

    @Test
    void refusesTagsMergeKeysAndWhatIsNotText() throws IOException {
        assertThat(problemOf("f.yaml", "apiVersion: !!java.net.URL [http://127.0.0.1]\n"))
                .contains("the tag 'tag:yaml.org,2002:java.net.URL' is not allowed");
        assertThat(problemOf("f.yaml", "a: &a {x: 1}\nb: {<<: *a}\n")).contains("merge keys (<<)");
        assertThat(problemOf("f.yaml", "? [a]\n: b\n")).contains("a key must be text, found a list");
        Path binary = Files.write(dir.resolve("b.yaml"), new byte[] {'a', (byte) 0xC3, 0x28});
        assertThat(catchThrowableOfType(
                        InvalidSpecException.class, () -> Specs.standard().read(binary)))
                .hasMessageContaining("is not UTF-8 text");
    }

    @Test
    void refusesEscapesThatAreNoCharacter() {
        assertThat(problemOf("f.yaml", "a: \"\\UFFFFFFFF\"\n")).contains("not valid YAML");
    }

    @Test
    void refusesMoreReplicasThanCanBeListed() throws IOException {
        String small = Files.readString(Path.of("src/test/resources/spec/small.yaml"));

        assertThat(problemOf("f.yaml", small.replace("replicas: 3", "replicas: 2147483647")))
                .contains("spec.brokers.replicas: must be at most 10000, was 2147483647")
                .contains("spec.controllers.replicas: must be at most 10000, was 2147483647");
        assertThat(problemOf("f.yaml", small.replaceFirst("replicas: 3", "replicas: 3\n    firstId: 2147483647")))
                .contains("spec.brokers.firstId: must be at most 2147473647, was 2147483647");
    }

    @Test
    void stopsAfterAThousandProblems() {
        String many = "apiVersion: eventbroker.io/v1\nkind: TopicSet\nmetadata: {name: many}\nspec:\n  topics:\n"
                + "    - {nome: x}\n".repeat(5_000);
        assertThat(problemOf("f.yaml", many)).contains("more than 1000 problems");
    }

    private static String problemOf(String source, String text) {
        InvalidSpecException refused = assertTimeoutPreemptively(
                Duration.ofSeconds(10),
                () -> catchThrowableOfType(
                        InvalidSpecException.class, () -> Specs.standard().parse(source, text)));
        List<Problem> problems = refused.problems().asList();
        assertThat(problems).isNotEmpty().hasSizeLessThanOrEqualTo(1_001);
        return refused.getMessage();
    }
}
