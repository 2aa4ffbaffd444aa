package io.eventbroker.core.config;

/** Whose properties are meant: each has definitions of its own. */
public enum ConfigScope {
    /** {@code server.properties} of a broker. */
    BROKER,
    /** {@code server.properties} of a KRaft controller; Kafka defines its keys together with the broker's. */
    CONTROLLER,
    /** Properties of a single topic. */
    TOPIC,
    /** A Connect worker in distributed mode. */
    CONNECT,
    /** MirrorMaker 2 and its connectors. */
    MIRROR_MAKER,
    PRODUCER,
    CONSUMER,
    ADMIN
}
