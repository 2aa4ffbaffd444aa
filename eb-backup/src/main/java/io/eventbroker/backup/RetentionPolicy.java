package io.eventbroker.backup;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.temporal.IsoFields;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * Which recovery points stay: those that any of its rules keeps. Immutable; each method gives a changed copy.
 *
 * <pre>{@code
 * RetentionPolicy.in(ZoneId.of("Europe/Paris")).keepLast(3).keepDaily(14).keepWeekly(8).keepMonthly(12)
 * }</pre>
 *
 * <p>Days, ISO weeks (from Monday on) and months are those of the zone. Of each the newest recovery point is kept, for so
 * many of them as there is one in: days without a backup do not count, so that an outage of the backups takes nothing away.
 * Each cluster's recovery points are counted for themselves; so give backups of different topics stores, or prefixes, of
 * their own. The newest recovery point of a cluster stays, whatever the policy says.
 */
public final class RetentionPolicy {
    /** After which an unfinished backup counts as abandoned. */
    public static final Duration DEFAULT_GRACE = Duration.ofDays(7);

    private static final Duration SHORTEST_GRACE = Duration.ofHours(1);

    private final ZoneId zone;
    private final int last;
    private final int daily;
    private final int weekly;
    private final int monthly;
    private final Duration youngerThan;
    private final Duration grace;

    private RetentionPolicy(
            ZoneId zone, int last, int daily, int weekly, int monthly, Duration youngerThan, Duration grace) {
        this.zone = zone;
        this.last = last;
        this.daily = daily;
        this.weekly = weekly;
        this.monthly = monthly;
        this.youngerThan = youngerThan;
        this.grace = grace;
    }

    /** A policy whose days begin and end in that zone. It has no rule yet. */
    public static RetentionPolicy in(ZoneId zone) {
        return new RetentionPolicy(zone, 0, 0, 0, 0, Duration.ZERO, DEFAULT_GRACE);
    }

    private static int atLeastOne(int count, String what) {
        if (count < 1) {
            throw new IllegalArgumentException("keep at least 1 " + what + ", was " + count);
        }
        return count;
    }

    /** Keeps the newest ones. */
    public RetentionPolicy keepLast(int points) {
        return new RetentionPolicy(
                zone, atLeastOne(points, "recovery point"), daily, weekly, monthly, youngerThan, grace);
    }

    /** Keeps the newest one of each of the last so many days that have any. */
    public RetentionPolicy keepDaily(int days) {
        return new RetentionPolicy(zone, last, atLeastOne(days, "day"), weekly, monthly, youngerThan, grace);
    }

    /** Keeps the newest one of each of the last so many weeks that have any. */
    public RetentionPolicy keepWeekly(int weeks) {
        return new RetentionPolicy(zone, last, daily, atLeastOne(weeks, "week"), monthly, youngerThan, grace);
    }

    /** Keeps the newest one of each of the last so many months that have any. */
    public RetentionPolicy keepMonthly(int months) {
        return new RetentionPolicy(zone, last, daily, weekly, atLeastOne(months, "month"), youngerThan, grace);
    }

    /** Keeps those that were taken less than so long ago: at least as long as a restore or a verification may take. */
    public RetentionPolicy keepYoungerThan(Duration age) {
        if (age.isNegative() || age.isZero()) {
            throw new IllegalArgumentException("the age to keep must be positive, was " + age);
        }
        return new RetentionPolicy(zone, last, daily, weekly, monthly, age, grace);
    }

    /**
     * Leaves unfinished backups alone that began less than so long ago; older ones are cleared away, and a run that still
     * works on one, or is to go on with one, fails. So it must be longer than any backup takes, from its begin to its end
     * and with all its interruptions. {@link #DEFAULT_GRACE} without.
     *
     * @throws IllegalArgumentException if less than an hour
     */
    public RetentionPolicy abandonUnfinishedAfter(Duration age) {
        if (age.compareTo(SHORTEST_GRACE) < 0) {
            throw new IllegalArgumentException("unfinished backups must be left alone for at least "
                    + SHORTEST_GRACE.toMinutes() + " minutes, was " + age);
        }
        return new RetentionPolicy(zone, last, daily, weekly, monthly, youngerThan, age);
    }

    Duration grace() {
        return grace;
    }

    boolean hasNoRule() {
        return last + daily + weekly + monthly == 0 && youngerThan.isZero();
    }

    /** A recovery point, as far as a policy looks at it. */
    record Candidate(String id, Instant takenAt) {}

    /**
     * Why recovery points of one cluster stay, by their ids; those that are left out may go. Never empty if there is one at
     * all.
     */
    Map<String, List<String>> kept(Collection<Candidate> points, Instant now) {
        List<Candidate> newestFirst = points.stream()
                .sorted(Comparator.comparing(Candidate::takenAt)
                        .thenComparing(Candidate::id)
                        .reversed())
                .toList();
        Map<String, List<String>> kept = new TreeMap<>();
        for (int i = 0; i < newestFirst.size(); i++) {
            Candidate point = newestFirst.get(i);
            if (i == 0) {
                keep(kept, point, "the newest");
            }
            if (i < last) {
                keep(kept, point, "one of the last " + last);
            }
            if (!youngerThan.isZero() && point.takenAt().isAfter(now.minus(youngerThan))) {
                keep(kept, point, "younger than " + youngerThan);
            }
        }
        keepNewestOfEach(kept, newestFirst, daily, "day", RetentionPolicy::day);
        keepNewestOfEach(kept, newestFirst, weekly, "week", RetentionPolicy::week);
        keepNewestOfEach(kept, newestFirst, monthly, "month", RetentionPolicy::month);
        return kept;
    }

    private void keepNewestOfEach(
            Map<String, List<String>> kept,
            List<Candidate> newestFirst,
            int periods,
            String what,
            Function<LocalDate, String> period) {
        Set<String> seen = new HashSet<>();
        for (Candidate point : newestFirst) {
            String name = period.apply(LocalDate.ofInstant(point.takenAt(), zone));
            if (seen.size() < periods && seen.add(name)) {
                keep(kept, point, "the newest of " + what + " " + name);
            }
        }
    }

    private static void keep(Map<String, List<String>> kept, Candidate point, String reason) {
        kept.computeIfAbsent(point.id(), none -> new ArrayList<>()).add(reason);
    }

    private static String day(LocalDate date) {
        return date.toString();
    }

    private static String week(LocalDate date) {
        return date.get(IsoFields.WEEK_BASED_YEAR) + "-W" + date.get(IsoFields.WEEK_OF_WEEK_BASED_YEAR);
    }

    private static String month(LocalDate date) {
        return YearMonth.from(date).toString();
    }

    @Override
    public String toString() {
        List<String> rules = new ArrayList<>();
        if (last > 0) {
            rules.add("the last " + last);
        }
        if (daily > 0) {
            rules.add(daily + " daily");
        }
        if (weekly > 0) {
            rules.add(weekly + " weekly");
        }
        if (monthly > 0) {
            rules.add(monthly + " monthly");
        }
        if (!youngerThan.isZero()) {
            rules.add("younger than " + youngerThan);
        }
        return "keep " + String.join(", ", rules) + " (" + zone + ")";
    }
}
