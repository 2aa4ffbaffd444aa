package io.eventbroker.core.schema;

import static org.assertj.core.api.Assertions.assertThat;

import io.eventbroker.core.spec.Specs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the README shows of references and schemas is what happens. */
class FilesReadmeTest {
    private static final Pattern CHECKED =
            Pattern.compile("<!-- checked by FilesReadmeTest -->\n *```java\n(.*?) *```\n", Pattern.DOTALL);

    @TempDir
    Path folder;

    @Test
    void showsWhatWorks() throws IOException {
        // Given
        List<String> blocks = CHECKED.matcher(Files.readString(Path.of("README.md")))
                .results()
                .map((MatchResult block) -> block.group(1))
                .toList();
        String here =
                squeezed(Files.readString(Path.of("src/test/java/io/eventbroker/core/schema/FilesReadmeTest.java")));

        // When
        Specs specs = Specs.standard().resolving("env", name -> Optional.ofNullable(System.getenv(name)));
        Schemas schemas = Schemas.of(Specs.standard());
        Files.writeString(folder.resolve("event-broker.schema.json"), schemas.files());
        Files.writeString(folder.resolve("event-broker.overlay.schema.json"), schemas.overlays());
        Files.writeString(folder.resolve("crds.yaml"), schemas.resourceDefinitions());

        // Then
        assertThat(specs.read(Path.of("src/test/resources/spec/small.yaml")).warnings())
                .isEmpty();
        assertThat(folder.resolve("crds.yaml")).content().contains("name: topologies.eventbroker.io");
        assertThat(blocks).hasSize(2).allSatisfy(block -> assertThat(here).contains(squeezed(block)));
    }

    private static String squeezed(String code) {
        return code.replaceAll("\\s+", "");
    }
}
