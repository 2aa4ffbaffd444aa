package io.eventbroker.core.lint;

import io.eventbroker.core.manifest.internal.ImageName;
import io.eventbroker.core.topology.Version;
import java.util.Optional;

/** A release as images and fields name it, which may be older than any that a {@code Topology} takes. */
record Release(boolean confluent, Version version) {
    private static final Version FIRST_CONFLUENT_WITH_KAFKA_3 = Version.of(7, 0);

    /** What an image holds, if it is one of Kafka or of what belongs to it. */
    static Optional<Release> of(ImageName image) {
        return image.version().map(version -> new Release(image.isOfConfluent(), version));
    }

    /** The Kafka inside; empty if it is older than 3.0. */
    Optional<Version> kafka() {
        if (!confluent) {
            return Optional.of(version);
        }
        return version.isBefore(FIRST_CONFLUENT_WITH_KAFKA_3)
                ? Optional.empty()
                : Optional.of(Version.of(version.major() - 4, version.minor()));
    }

    /** Whether brokers of this release can keep their metadata in ZooKeeper: up to Confluent Platform 7.9, Kafka 3.9. */
    boolean hasZooKeeper() {
        return version.major() < (confluent ? 8 : 4);
    }

    @Override
    public String toString() {
        return (confluent ? "Confluent Platform " : "Kafka ") + version;
    }
}
