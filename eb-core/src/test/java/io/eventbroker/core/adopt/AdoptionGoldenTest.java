package io.eventbroker.core.adopt;

import static org.assertj.core.api.Assertions.assertThat;

import io.eventbroker.core.spec.Platform;
import io.eventbroker.core.spec.Specs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What becomes of each sample, and the list of what was not carried over. With {@code -Dgolden.accept=true} what comes out
 * is taken for right: look at the difference in Git.
 */
class AdoptionGoldenTest {
    static Stream<String> samples() {
        return Samples.ALL.stream();
    }

    static void compare(String file, String text) throws IOException {
        Path golden = Samples.file(file);
        if (Boolean.getBoolean("golden.accept")) {
            Files.writeString(golden, text);
        }
        assertThat(text).isEqualTo(Files.exists(golden) ? Files.readString(golden) : "(there is no " + golden + ")");
    }

    @ParameterizedTest
    @MethodSource("samples")
    void becomesATopologyAndAList(String sample) throws Exception {
        // When
        Adopted adopted = Samples.adoption(sample).adopt();

        // Then
        compare(Samples.base(sample) + ".golden.yaml", adopted.toYaml());
        compare(Samples.base(sample) + ".golden.txt", adopted.toString());
    }

    @ParameterizedTest
    @MethodSource("samples")
    void readsBackEqual(String sample) {
        // Given
        Adopted adopted = Samples.adoption(sample).adopt();

        // When
        Platform platform = Specs.standard().parse("adopted.yaml", adopted.toYaml());

        // Then
        assertThat(platform.topology(adopted.topology().name())).isEqualTo(adopted.topology());
    }

    @Test
    void namesEveryPlaceInTheSource() {
        for (String sample : Samples.ALL) {
            assertThat(Samples.adoption(sample).adopt().notCarried())
                    .isNotEmpty()
                    .allSatisfy(entry -> {
                        assertThat(entry.at().source()).isIn(sample, Samples.base(sample) + ".assumed.yaml");
                        assertThat(entry.at().line()).isPositive();
                        assertThat(entry.why()).isNotBlank();
                    });
        }
    }
}
