package io.eventbroker.core.schema;

import static org.assertj.core.api.Assertions.assertThat;

import io.eventbroker.core.law.Readme;
import io.eventbroker.core.spec.Platform;
import io.eventbroker.core.spec.SpecWriter;
import io.eventbroker.core.spec.Specs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the README shows of references and schemas is what happens. */
class FilesReadmeTest {
    private final Readme readme = Readme.of(FilesReadmeTest.class);

    @TempDir
    Path folder;

    @Test
    void showsWhatWorks() throws IOException {
        // Given
        List<String> blocks = readme.blocks();

        // When
        Specs specs = Specs.standard().resolving("env", name -> Optional.ofNullable(System.getenv(name)));
        Schemas schemas = Schemas.of(Specs.standard());
        Files.writeString(folder.resolve("event-broker.schema.json"), schemas.files());
        Files.writeString(folder.resolve("event-broker.overlay.schema.json"), schemas.overlays());
        Files.writeString(folder.resolve("crds.yaml"), schemas.resourceDefinitions());

        Platform platform = specs.read(Path.of("src/test/resources/spec/small.yaml"));
        Files.writeString(folder.resolve("platform.yaml"), SpecWriter.write(platform)); // by kind and name

        // Then
        assertThat(Specs.standard()
                        .read(folder.resolve("platform.yaml"))
                        .topology("kafka-test")
                        .brokers()
                        .replicas())
                .isEqualTo(3);
        assertThat(specs.read(Path.of("src/test/resources/spec/small.yaml")).warnings())
                .isEmpty();
        assertThat(folder.resolve("crds.yaml")).content().contains("name: topologies.eventbroker.io");
        assertThat(blocks).hasSize(3);
        readme.assertShowsCode(blocks.get(0), blocks.get(1), blocks.get(2));
    }
}
