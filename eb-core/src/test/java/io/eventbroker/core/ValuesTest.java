package io.eventbroker.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eventbroker.core.json.CanonicalJson;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ValuesTest {
    @ParameterizedTest
    @CsvSource({
        "0,0",
        "4096,4096",
        "1Ti,1099511627776",
        "500M,500000000",
        "8Gi,8589934592",
        "1k,1000",
        "7EiB,8070450532247928832"
    })
    void readsSizes(String text, long bytes) {
        assertThat(DataSize.parse(text).bytes()).isEqualTo(bytes);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Ti", "-1", "1.5Gi", "1Zi", "8Ei", "9999999999999999999"})
    void refusesWhatIsNoSize(String text) {
        assertThatThrownBy(() -> DataSize.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void refusesUnitsThatMeanOneThingToOneAndAnotherToTheNext() {
        assertThatThrownBy(() -> DataSize.parse("2TB"))
                .hasMessage(
                        "'2TB' is not a size, for TB means powers of 1,000 to some and of 1,024 to others; write 2TiB"
                                + " (powers of 1,024), or 2T (powers of 1,000)");
        assertThatThrownBy(() -> DataSize.parse("10 kB")).hasMessageContaining("write 10 KiB");
        assertThat(DataSize.parse("2TiB")).isEqualTo(DataSize.parse("2Ti"));
        assertThat(DataSize.parse("2T").bytes()).isEqualTo(2_000_000_000_000L);
    }

    @Test
    void writesSizesThatReadBackEqual() {
        Random random = new Random(7);
        for (int i = 0; i < 10_000; i++) {
            DataSize size = DataSize.ofBytes(random.nextLong() >>> (1 + random.nextInt(62)));
            assertThat(DataSize.parse(size.toString())).isEqualTo(size);
            assertThat(CanonicalJson.read(CanonicalJson.write(size), DataSize.class))
                    .isEqualTo(size);
        }
        assertThat(DataSize.ofGibibytes(1)).hasToString("1Gi");
        assertThat(DataSize.ofBytes(1_395_864_371_200L).forPeople()).isEqualTo("1.27 TiB");
    }

    @Test
    void keepsTopicNamesLegal() {
        assertThat(TopicName.of("orders.placed-v1_x").isInternal()).isFalse();
        assertThat(TopicName.of("__consumer_offsets").isInternal()).isTrue();
        assertThatThrownBy(() -> TopicName.of("..")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> TopicName.of("a b")).hasMessageContaining("'a b'");
        assertThatThrownBy(() -> TopicName.of("x".repeat(250))).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void ratesTellTimes() {
        assertThat(Rate.mebibytesPerSecond(80).timeFor(DataSize.ofMebibytes(160)))
                .isEqualTo(Duration.ofSeconds(2));
        assertThat(Rate.mebibytesPerSecond(80)).hasToString("80.0 MiB/s");
    }

    @Test
    void deadlinesShrinkAndPass() {
        Deadline soon = Deadline.after(Duration.ofHours(1));
        assertThat(soon.hasPassed()).isFalse();
        assertThat(soon.remaining()).isLessThanOrEqualTo(Duration.ofHours(1));
        assertThat(soon.atMost(Duration.ofMinutes(1)).remaining()).isLessThanOrEqualTo(Duration.ofMinutes(1));
        Deadline now = Deadline.after(Duration.ZERO);
        assertThat(now.hasPassed()).isTrue();
        assertThat(now.remainingMillis()).isZero();
        assertThatThrownBy(() -> now.check("the end"))
                .isInstanceOf(DeadlineExceededException.class)
                .hasMessageContaining("the end");
    }
}
