package io.eventbroker.core.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.eventbroker.core.topology.Version;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * Reads every catalogued release from its own jars, which the profile {@code catalogue} fetches into a folder each. With
 * {@code -Dcatalogue.accept=true} what was read becomes the catalogue.
 */
@EnabledIfSystemProperty(
        named = "catalogue.jars",
        matches = ".+",
        disabledReason = "needs the jars of every release, which the profile 'catalogue' fetches")
class CatalogueRegenerationTest {
    private static final Path COMMITTED = Path.of("src/main/resources/io/eventbroker/core/config/catalogue.json");

    @Test
    void committedCatalogueIsWhatTheReleasesSay() throws IOException {
        // Given
        SortedMap<Version, List<Definition>> releases = new TreeMap<>();
        try (Stream<Path> folders = Files.list(Path.of(System.getProperty("catalogue.jars")))) {
            for (Path folder : folders.toList()) {
                releases.put(Version.parse(folder.getFileName().toString()), DefinitionReader.ofJars(folder));
            }
        }

        // When
        String text = CatalogueWriter.write(releases).toText();
        if (Boolean.getBoolean("catalogue.accept")) {
            Files.writeString(COMMITTED, text);
        }

        // Then
        assertThat(releases.keySet().stream()
                        .map(version -> Version.of(version.major(), version.minor()))
                        .toList())
                .isEqualTo(ConfigCatalogue.versions());
        assertThat(COMMITTED)
                .as("run it again with -Dcatalogue.accept=true to take what was read")
                .content()
                .isEqualTo(text);
    }
}
