package io.eventbroker.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eventbroker.backup.RetentionPolicy.Candidate;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Which recovery points a policy keeps: laws for arbitrary ones, and the edges of calendars. */
class RetentionPolicyTest {
    private static final List<String> ZONES = List.of(
            "UTC",
            "Europe/Paris",
            "America/St_Johns",
            "Asia/Kathmandu",
            "Pacific/Kiritimati",
            "Pacific/Pago_Pago",
            "Australia/Lord_Howe");

    static List<Long> seeds() {
        return new Random(20261129).longs(60).boxed().toList();
    }

    private static List<Candidate> points(Random random) {
        Instant at = Instant.parse("2025-10-01T00:00:00Z").plusSeconds(random.nextInt(86_400));
        List<Candidate> points = new ArrayList<>();
        for (int i = 0; i < 1 + random.nextInt(120); i++) {
            at = at.plusSeconds(1 + random.nextInt(random.nextInt(10) == 0 ? 40 * 86_400 : 30 * 3_600));
            points.add(new Candidate(String.format("p%03d", i), at));
        }
        return points;
    }

    private static RetentionPolicy policy(Random random) {
        RetentionPolicy policy = RetentionPolicy.in(ZoneId.of(ZONES.get(random.nextInt(ZONES.size()))))
                .keepLast(1 + random.nextInt(5));
        if (random.nextBoolean()) {
            policy = policy.keepDaily(1 + random.nextInt(20));
        }
        if (random.nextBoolean()) {
            policy = policy.keepWeekly(1 + random.nextInt(10));
        }
        if (random.nextBoolean()) {
            policy = policy.keepMonthly(1 + random.nextInt(15));
        }
        return random.nextBoolean() ? policy.keepYoungerThan(Duration.ofHours(1 + random.nextInt(200))) : policy;
    }

    private static Set<String> ids(List<Candidate> points) {
        return points.stream().map(Candidate::id).collect(Collectors.toCollection(TreeSet::new));
    }

    private static Instant last(List<Candidate> points) {
        return points.get(points.size() - 1).takenAt();
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void keepsTheNewestAndNothingThatIsNotThere(long seed) {
        Random random = new Random(seed);
        List<Candidate> points = points(random);

        Set<String> kept = policy(random).kept(points, last(points)).keySet();

        assertThat(kept).contains(points.get(points.size() - 1).id()).isSubsetOf(ids(points));
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void keepsAllOfWhatItHasKept(long seed) {
        Random random = new Random(seed);
        List<Candidate> points = points(random);
        RetentionPolicy policy = policy(random);
        Set<String> kept = policy.kept(points, last(points)).keySet();
        List<Candidate> left =
                points.stream().filter(p -> kept.contains(p.id())).toList();

        Set<String> again = policy.kept(left, last(points)).keySet();

        assertThat(again).isEqualTo(kept);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void keepsNoLessWithOneMoreRule(long seed) {
        Random random = new Random(seed);
        List<Candidate> points = points(random);
        RetentionPolicy policy =
                RetentionPolicy.in(ZoneId.of("Europe/Paris")).keepLast(2).keepDaily(3);

        assertThat(policy.keepMonthly(4).kept(points, last(points)).keySet())
                .containsAll(policy.kept(points, last(points)).keySet());
        assertThat(policy.keepDaily(9).kept(points, last(points)).keySet())
                .containsAll(policy.kept(points, last(points)).keySet());
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void keepsTheNewestOfEachOfTheLastDaysThatHaveAny(long seed) {
        // Given
        Random random = new Random(seed);
        List<Candidate> points = points(random);
        ZoneId zone = ZoneId.of(ZONES.get(random.nextInt(ZONES.size())));
        int days = 1 + random.nextInt(20);

        // When
        Map<String, List<String>> kept =
                RetentionPolicy.in(zone).keepDaily(days).kept(points, last(points));

        // Then
        Map<LocalDate, Candidate> newest = points.stream()
                .collect(Collectors.toMap(
                        p -> p.takenAt().atZone(zone).toLocalDate(), p -> p, (a, b) -> b, java.util.TreeMap::new));
        assertThat(kept.keySet())
                .isEqualTo(newest.entrySet().stream()
                        .sorted(Map.Entry.comparingByKey(Comparator.reverseOrder()))
                        .limit(days)
                        .map(e -> e.getValue().id())
                        .collect(Collectors.toCollection(TreeSet::new)));
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void doesNotDependOnTheOrderInWhichPointsAreFound(long seed) {
        Random random = new Random(seed);
        List<Candidate> points = points(random);
        RetentionPolicy policy = policy(random);
        List<Candidate> shuffled = new ArrayList<>(points);
        java.util.Collections.shuffle(shuffled, random);

        assertThat(policy.kept(shuffled, last(points))).isEqualTo(policy.kept(points, last(points)));
    }

    private static Set<String> kept(RetentionPolicy policy, String... taken) {
        List<Candidate> points = new ArrayList<>();
        for (String at : taken) {
            points.add(new Candidate(at, Instant.parse(at)));
        }
        return policy.kept(points, Instant.parse(taken[taken.length - 1])).keySet();
    }

    @Test
    void endsTheDayAtMidnightOfTheZone() {
        String[] around = {"2026-06-10T21:59:00Z", "2026-06-10T22:01:00Z", "2026-06-10T23:59:00Z"};

        assertThat(kept(RetentionPolicy.in(ZoneId.of("UTC")).keepDaily(5), around))
                .containsExactly(around[2]);
        assertThat(kept(RetentionPolicy.in(ZoneId.of("Europe/Paris")).keepDaily(5), around))
                .containsExactly(around[0], around[2]);
    }

    @ParameterizedTest
    @CsvSource({
        // A day of 23 hours, and one of 25: the second 02:30 is of the same day.
        "Europe/Paris, 2026-03-28T23:30:00Z, 2026-03-29T21:30:00Z, 2026-03-29T22:30:00Z",
        "Europe/Paris, 2026-10-24T22:30:00Z, 2026-10-25T22:30:00Z, 2026-10-25T23:30:00Z",
        // Midnight itself is skipped.
        "America/Santiago, 2026-09-06T04:00:00Z, 2026-09-07T02:59:00Z, 2026-09-07T03:00:00Z",
    })
    void countsDaysThatAreShorterOrLonger(String zone, String first, String last, String nextDay) {
        RetentionPolicy daily = RetentionPolicy.in(ZoneId.of(zone)).keepDaily(9);

        assertThat(kept(daily, first, last, nextDay)).containsExactly(last, nextDay);
    }

    @Test
    void knowsThatAWeekCanBelongToTwoYears() {
        // 2026-W53 lasts from Monday, December 28th, to Sunday, January 3rd.
        String[] taken = {
            "2026-12-27T12:00:00Z",
            "2026-12-28T12:00:00Z",
            "2026-12-31T12:00:00Z",
            "2027-01-03T12:00:00Z",
            "2027-01-04T12:00:00Z"
        };

        assertThat(kept(RetentionPolicy.in(ZoneId.of("UTC")).keepWeekly(9), taken))
                .containsExactly(taken[0], taken[3], taken[4]);
        assertThat(kept(RetentionPolicy.in(ZoneId.of("UTC")).keepMonthly(9), taken))
                .containsExactly(taken[2], taken[4]);
    }

    @Test
    void countsDaysWithABackupOnly() {
        String[] taken = {"2026-01-31T12:00:00Z", "2026-02-28T12:00:00Z", "2026-06-01T12:00:00Z"};

        assertThat(kept(RetentionPolicy.in(ZoneId.of("UTC")).keepDaily(2), taken))
                .containsExactly(taken[1], taken[2]);
    }

    @Test
    void keepsWhatIsYoungerThanTheAgeAndWhatAClockHasPutIntoTheFuture() {
        Instant now = Instant.parse("2026-06-10T12:00:00Z");
        RetentionPolicy policy = RetentionPolicy.in(ZoneId.of("UTC")).keepYoungerThan(Duration.ofDays(2));
        List<Candidate> points = List.of(
                new Candidate("exactly", now.minus(2, ChronoUnit.DAYS)),
                new Candidate("younger", now.minus(2, ChronoUnit.DAYS).plusMillis(1)),
                new Candidate("future", now.plus(300, ChronoUnit.DAYS)));

        assertThat(policy.kept(points, now).keySet()).containsExactlyInAnyOrder("younger", "future");
    }

    @Test
    void refusesCountsAndAgesThatMakeNoSense() {
        RetentionPolicy policy = RetentionPolicy.in(ZoneId.of("UTC"));

        assertThat(policy.hasNoRule()).isTrue();
        assertThat(policy.keepMonthly(1).hasNoRule()).isFalse();
        assertThatThrownBy(() -> policy.keepLast(0)).hasMessageContaining("at least 1");
        assertThatThrownBy(() -> policy.keepYoungerThan(Duration.ZERO)).hasMessageContaining("positive");
        assertThatThrownBy(() -> policy.abandonUnfinishedAfter(Duration.ofMinutes(59)))
                .hasMessageContaining("60 minutes");
    }
}
