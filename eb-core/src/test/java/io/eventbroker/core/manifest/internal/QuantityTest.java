package io.eventbroker.core.manifest.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class QuantityTest {
    @ParameterizedTest
    @CsvSource({
        "1Ti, 1099511627776",
        "1.5Ti, 1649267441664",
        "500M, 500000000",
        "2k, 2000",
        "1e3, 1000",
        "1E, 1000000000000000000",
        "100m, 0.1",
        ".5Ki, 512",
        "7., 7",
        "+4, 4",
    })
    void readsQuantities(String text, BigDecimal number) {
        assertThat(Quantity.parse(text))
                .hasValueSatisfying(found -> assertThat(found).isEqualByComparingTo(number));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "much", "1Xi", "-1", "1 Gi", "1e", "."})
    void knowsWhatIsNoQuantity(String text) {
        assertThat(Quantity.parse(text)).isEmpty();
    }
}
