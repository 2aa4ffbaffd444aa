package io.eventbroker.core.topology;

import java.time.LocalDate;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * What is published about which releases belong together. Only lines that a source confirms are here; for the others the
 * answer is empty, which means not known, and no check is made of it.
 *
 * <p>Sources, as of November 2026:
 *
 * <ul>
 *   <li>Kafka in Confluent Platform, and its dates: Confluent's
 *       <a href="https://docs.confluent.io/platform/current/installation/versions-interoperability.html">Supported Versions
 *       and Interoperability</a>.
 *   <li>Confluent for Kubernetes: the first sentence of its release notes of
 *       <a href="https://docs.confluent.io/operator/2.9/release-notes.html">2.9</a>,
 *       <a href="https://docs.confluent.io/operator/2.10/release-notes.html">2.10</a>,
 *       <a href="https://docs.confluent.io/operator/3.1/release-notes.html">3.1</a> and
 *       <a href="https://docs.confluent.io/operator/3.3/release-notes.html">3.3</a>.
 *   <li>KRaft in Confluent Platform from 7.4 on:
 *       <a href="https://docs.confluent.io/operator/2.8/co-configure-kraft.html">Configure and Manage KRaft</a> and the
 *       <a href="https://docs.confluent.io/platform/7.4/installation/upgrade-checklist.html">upgrade overview of 7.4</a>.
 *   <li>Control Center: its release notes of
 *       <a href="https://docs.confluent.io/control-center/2.0/release-notes.html">2.0</a> and the system requirements of
 *       <a href="https://docs.confluent.io/control-center/2.2/installation/system-requirements.html">2.2</a>.
 *   <li>What ended: <a href="https://docs.confluent.io/platform/current/deprecations.html">Deprecations in Confluent
 *       Platform</a>; for ZooKeeper also Kafka's
 *       <a href="https://kafka.apache.org/40/documentation/zk2kraft.html">Differences between KRaft mode and ZooKeeper
 *       mode</a>; for the legacy Control
 *       Center <a href="https://docs.confluent.io/operator/current/co-upgrade-c3.html">Migrate to and Upgrade Control
 *       Center</a>.
 * </ul>
 */
public final class Compatibility {
    /**
     * A minor release of Confluent Platform.
     *
     * @param confluent its version, patch 0
     * @param kafka the Apache Kafka inside, patch 0
     * @param released the day of its first patch
     */
    public record ConfluentRelease(Version confluent, Version kafka, LocalDate released) {}

    /**
     * A minor release of a product that works with a range of Confluent Platform releases.
     *
     * @param version its version, patch 0
     * @param from the first minor release of Confluent Platform that it works with
     * @param to the last
     */
    public record CompanionRelease(Version version, Version from, Version to) {
        /** Whether a release of Confluent Platform lies in its range; patches do not count. */
        public boolean worksWith(Version confluent) {
            return !minor(confluent).isBefore(from) && !to.isBefore(minor(confluent));
        }
    }

    /**
     * What is not there any more after a release.
     *
     * @param what as people call it
     * @param lastConfluent the last minor release of Confluent Platform that has it
     * @param lastKafka the last minor release of Apache Kafka that has it; empty if it never was part of it
     * @param instead what replaces it
     */
    public record Ending(String what, Version lastConfluent, Optional<Version> lastKafka, String instead) {
        /** Whether a distribution still has it. */
        public boolean isIn(Distribution distribution) {
            return distribution.accept(new Distribution.Handler<>() {
                @Override
                public Boolean confluent(Distribution.Confluent confluent) {
                    return !lastConfluent.isBefore(minor(confluent.version()));
                }

                @Override
                public Boolean apache(Distribution.Apache apache) {
                    return lastKafka
                            .map(last -> !last.isBefore(minor(apache.version())))
                            .orElse(false);
                }
            });
        }
    }

    /** Brokers that keep their metadata in ZooKeeper. */
    public static final Ending ZOOKEEPER =
            new Ending("ZooKeeper", Version.of(7, 9), Optional.of(Version.of(3, 9)), "KRaft controllers");

    /** The Control Center that is part of Confluent Platform and has its version. */
    public static final Ending LEGACY_CONTROL_CENTER =
            new Ending("Control Center (Legacy)", Version.of(7, 9), Optional.empty(), "Control Center 2.2 or later");

    /** The first release whose KRaft is meant for production. */
    static final Version FIRST_CONFLUENT_WITH_KRAFT = Version.of(7, 4);

    /** The first releases whose migration from ZooKeeper to KRaft is meant for production ({@link KraftMigration}). */
    static final Version FIRST_MIGRATING_CONFLUENT = new Version(7, 6, 1);

    static final Version FIRST_MIGRATING_KAFKA = new Version(3, 6, 2);

    private static final List<ConfluentRelease> CONFLUENT = List.of(
            release(7, 3, "2022-11-04"),
            release(7, 4, "2023-05-03"),
            release(7, 5, "2023-08-25"),
            release(7, 6, "2024-02-09"),
            release(7, 7, "2024-07-26"),
            release(7, 8, "2024-12-02"),
            release(7, 9, "2025-02-19"),
            release(8, 0, "2025-06-11"),
            release(8, 1, "2025-10-15"),
            release(8, 2, "2026-03-04"),
            release(8, 3, "2026-06-17"));

    private static final List<CompanionRelease> OPERATORS = List.of(
            new CompanionRelease(Version.of(2, 9), Version.of(7, 1), Version.of(7, 7)),
            new CompanionRelease(Version.of(2, 10), Version.of(7, 1), Version.of(7, 8)),
            new CompanionRelease(Version.of(3, 1), Version.of(7, 4), Version.of(8, 1)),
            new CompanionRelease(Version.of(3, 3), Version.of(7, 5), Version.of(8, 3)));

    private static final List<CompanionRelease> CONTROL_CENTERS = List.of(
            new CompanionRelease(Version.of(2, 0), Version.of(7, 5), Version.of(7, 9)),
            new CompanionRelease(Version.of(2, 2), Version.of(7, 7), Version.of(8, 0)));

    private Compatibility() {}

    private static ConfluentRelease release(int major, int minor, String released) {
        return new ConfluentRelease(Version.of(major, minor), Version.of(major - 4, minor), LocalDate.parse(released));
    }

    /** The minor releases of Confluent Platform from 7.3 on, oldest first. */
    public static List<ConfluentRelease> confluentReleases() {
        return CONFLUENT;
    }

    /** The releases of Confluent for Kubernetes whose range is confirmed, oldest first. */
    public static List<CompanionRelease> operatorReleases() {
        return OPERATORS;
    }

    /** The releases of the Control Center that is a product of its own whose range is confirmed, oldest first. */
    public static List<CompanionRelease> controlCenterReleases() {
        return CONTROL_CENTERS;
    }

    /** What a release of Confluent for Kubernetes runs; empty if that is not known. */
    public static Optional<CompanionRelease> operator(Version operator) {
        return find(OPERATORS, operator);
    }

    /** What a release of Control Center works with; empty if that is not known. */
    public static Optional<CompanionRelease> controlCenter(Version controlCenter) {
        return find(CONTROL_CENTERS, controlCenter);
    }

    /** Whether a distribution is newer than what is known here, so that checks by version may miss something. */
    public static boolean isBeyond(Distribution distribution) {
        Version newest = CONFLUENT.stream()
                .map(ConfluentRelease::kafka)
                .max(Comparator.naturalOrder())
                .orElseThrow();
        return newest.isBefore(minor(distribution.kafka()));
    }

    /** The Kafka inside a release of Confluent Platform, patch 0. Both have counted in step since 5.0 and 2.0. */
    static Version kafkaIn(Version confluent) {
        return Version.of(confluent.major() - 4, confluent.minor());
    }

    private static Optional<CompanionRelease> find(List<CompanionRelease> releases, Version version) {
        return releases.stream()
                .filter(release -> release.version().equals(minor(version)))
                .findFirst();
    }

    private static Version minor(Version version) {
        return Version.of(version.major(), version.minor());
    }
}
