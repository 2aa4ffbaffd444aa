package io.eventbroker.core.adopt;

import static org.assertj.core.api.Assertions.assertThat;

import io.eventbroker.core.source.Sources;
import io.eventbroker.core.spec.Specs;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the README shows of taking over what exists is what happens. */
class AdoptReadmeTest {
    private static final Pattern BLOCK =
            Pattern.compile("<!-- checked by AdoptReadmeTest -->\n```(?:yaml|java|text)\n(.*?)```\n", Pattern.DOTALL);

    @TempDir
    Path folder;

    @Test
    void showsWhatWorks() throws Exception {
        // Given
        List<String> blocks = BLOCK.matcher(Files.readString(Path.of("README.md")))
                .results()
                .map((MatchResult block) -> block.group(1))
                .toList();
        Files.writeString(folder.resolve("kafka.yaml"), Samples.text("confluent-sample.yaml"));
        Files.writeString(folder.resolve("assumed.yaml"), blocks.get(0));
        StringBuilder out = new StringBuilder();

        // When
        Adopted adopted = Adoption.of(Sources.read(folder.resolve("kafka.yaml"))) // or Adoption.of(admin, soon())
                .assuming(Sources.read(folder.resolve("assumed.yaml")))
                .adopt(); // InvalidSpecException: all that cannot be, at its place in the source
        Files.writeString(folder.resolve("kafka-prod.yaml"), adopted.toYaml());
        adopted.printTo(out);

        // Then
        assertThat(Specs.standard().read(folder.resolve("kafka-prod.yaml")).topology("kafka-prod"))
                .isEqualTo(adopted.topology());
        assertThat(out.toString().replace(folder + "/", ""))
                .contains(blocks.get(2).lines().toList());
        String here =
                squeezed(Files.readString(Path.of("src/test/java/io/eventbroker/core/adopt/AdoptReadmeTest.java")));
        assertThat(here).as("the snippet is the code above").contains(squeezed(blocks.get(1)));
    }

    private static String squeezed(String code) {
        return code.replaceAll("\\s+", "");
    }
}
