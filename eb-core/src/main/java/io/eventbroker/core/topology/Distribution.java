package io.eventbroker.core.topology;

import io.eventbroker.core.kind.InvalidValueException;

/**
 * Whose Kafka it is, and which release: {@code {type: confluent, version: 7.9.2}} or {@code {type: apache, …}}. Releases
 * from Kafka 3.3 on, the first whose KRaft is meant for production (KIP-833; Confluent's is from 7.4 on). What is known of each is in
 * {@link Compatibility}; a later release than it knows is taken as it is.
 */
public sealed interface Distribution {
    Version version();

    /** The Apache Kafka release inside; its patch number is not known for Confluent and 0. */
    Version kafka();

    <R> R accept(Handler<R> handler);

    /** Confluent Platform, from 7.3 on. 7.n holds Kafka 3.n, 8.n holds Kafka 4.n. */
    record Confluent(Version version) implements Distribution {
        public Confluent {
            if (version.isBefore(Version.of(7, 3))) {
                throw new InvalidValueException(
                        "version", "Confluent Platform " + version + " is not supported", "use 7.3 or later");
            }
        }

        @Override
        public Version kafka() {
            return Compatibility.kafkaIn(version);
        }

        @Override
        public <R> R accept(Handler<R> handler) {
            return handler.confluent(this);
        }

        @Override
        public String toString() {
            return "Confluent Platform " + version;
        }
    }

    /** Apache Kafka, from 3.3 on. */
    record Apache(Version version) implements Distribution {
        public Apache {
            if (version.isBefore(Version.of(3, 3))) {
                throw new InvalidValueException(
                        "version", "Apache Kafka " + version + " is not supported", "use 3.3 or later");
            }
        }

        @Override
        public Version kafka() {
            return version;
        }

        @Override
        public <R> R accept(Handler<R> handler) {
            return handler.apache(this);
        }

        @Override
        public String toString() {
            return "Apache Kafka " + version;
        }
    }

    /** One method per distribution. */
    interface Handler<R> {
        R confluent(Confluent confluent);

        R apache(Apache apache);
    }
}
