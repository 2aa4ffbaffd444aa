package io.eventbroker.core.adopt;

import static org.assertj.core.api.Assertions.assertThat;

import io.eventbroker.core.law.Readme;
import io.eventbroker.core.source.Sources;
import io.eventbroker.core.spec.Specs;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the README shows of taking over what exists is what happens. */
class AdoptReadmeTest {
    private final Readme readme = Readme.of(AdoptReadmeTest.class);

    @TempDir
    Path folder;

    @Test
    void showsWhatWorks() throws Exception {
        // Given
        List<String> blocks = readme.blocks();
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
        readme.assertShowsCode(blocks.get(1));
    }
}
