package io.eventbroker.core.manifest.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JvmSizeTest {
    @ParameterizedTest
    @CsvSource({"4096,4096", "512k,524288", "256M,268435456", "2g,2147483648", "1T,1099511627776"})
    void readsSizesAsTheJvmDoes(String text, BigInteger bytes) {
        assertThat(JvmSize.parse(text)).contains(bytes);
    }

    @Test
    void countsWhatNoLongHolds() {
        assertThat(JvmSize.parse("9000000t"))
                .contains(BigInteger.valueOf(9_000_000).shiftLeft(40));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "g", "1.5g", "2Gi", "-1g", "2 g", "${HEAP}"})
    void takesNothingElseForASize(String text) {
        assertThat(JvmSize.parse(text)).isEmpty();
    }
}
