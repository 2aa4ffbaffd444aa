package io.eventbroker.core.topology;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is known of releases that belong together, and that nothing is said of the others. */
class CompatibilityTest {
    @Test
    void knowsEveryConfluentPlatformFrom73OnOldestFirst() {
        List<Compatibility.ConfluentRelease> releases = Compatibility.confluentReleases();

        assertThat(releases)
                .extracting(Compatibility.ConfluentRelease::confluent)
                .startsWith(Version.of(7, 3));
        assertThat(releases)
                .isSortedAccordingTo(Comparator.comparing(Compatibility.ConfluentRelease::released))
                .isSortedAccordingTo(Comparator.comparing(Compatibility.ConfluentRelease::kafka))
                .allSatisfy(release -> assertThat(new Distribution.Confluent(release.confluent()).kafka())
                        .isEqualTo(release.kafka()));
    }

    @ParameterizedTest
    @CsvSource({
        "3.3.0, 8.3.1, true",
        "3.3.0, 7.4.9, false",
        "3.1.1, 8.1.0, true",
        "3.1.1, 8.2.0, false",
        "2.9.8, 7.1.0, true",
        "2.9.8, 7.8.0, false"
    })
    void knowsWhichOperatorRunsWhat(String operator, String confluent, boolean runs) {
        assertThat(Compatibility.operator(Version.parse(operator)))
                .hasValueSatisfying(release ->
                        assertThat(release.worksWith(Version.parse(confluent))).isEqualTo(runs));
    }

    @Test
    void saysNothingOfReleasesThatNoSourceConfirms() {
        assertThat(Compatibility.operator(Version.of(2, 5))).isEmpty();
        assertThat(Compatibility.controlCenter(Version.of(2, 9))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"7.9.11, true, true", "8.0.0, false, false"})
    void knowsWhatEndedInConfluentPlatform(String confluent, boolean zooKeeper, boolean controlCenter) {
        Distribution distribution = new Distribution.Confluent(Version.parse(confluent));

        assertThat(Compatibility.ZOOKEEPER.isIn(distribution)).isEqualTo(zooKeeper);
        assertThat(Compatibility.LEGACY_CONTROL_CENTER.isIn(distribution)).isEqualTo(controlCenter);
    }

    @ParameterizedTest
    @CsvSource({"3.9.1, true", "4.0.0, false"})
    void knowsWhatEndedInApacheKafka(String kafka, boolean zooKeeper) {
        Distribution distribution = new Distribution.Apache(Version.parse(kafka));

        assertThat(Compatibility.ZOOKEEPER.isIn(distribution)).isEqualTo(zooKeeper);
        assertThat(Compatibility.LEGACY_CONTROL_CENTER.isIn(distribution)).isFalse();
    }

    @Test
    void admitsThatItDoesNotKnowTheNewest() {
        assertThat(Compatibility.isBeyond(new Distribution.Apache(Version.of(4, 3))))
                .isFalse();
        assertThat(Compatibility.isBeyond(new Distribution.Apache(Version.of(4, 4))))
                .isTrue();
        assertThat(Compatibility.isBeyond(new Distribution.Confluent(Version.of(8, 4))))
                .isTrue();
    }
}
