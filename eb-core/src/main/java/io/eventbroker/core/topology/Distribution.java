package io.eventbroker.core.topology;

import io.eventbroker.core.kind.InvalidValueException;

/** Whose Kafka it is, and which release: {@code {type: confluent, version: 7.9.2}} or {@code {type: apache, …}}. */
public sealed interface Distribution {
    Version version();

    /** The Apache Kafka release inside; its patch number is not known for Confluent and 0. */
    Version kafka();

    <R> R accept(Handler<R> handler);

    /** Confluent Platform. 7.n holds Kafka 3.n, 8.n holds Kafka 4.n. */
    record Confluent(Version version) implements Distribution {
        public Confluent {
            if (version.major() < 7) {
                throw new InvalidValueException(
                        "version", "Confluent Platform " + version + " is not supported", "use 7.0 or later");
            }
        }

        @Override
        public Version kafka() {
            return Version.of(version.major() - 4, version.minor());
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

    /** Apache Kafka. */
    record Apache(Version version) implements Distribution {
        public Apache {
            if (version.major() < 3) {
                throw new InvalidValueException(
                        "version", "Apache Kafka " + version + " is not supported", "use 3.0 or later");
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
