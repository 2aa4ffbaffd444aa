package io.eventbroker.core.config;

/** Who set a value, from the one that everything overrides to the one that overrides everything. */
public enum Layer {
    /** Nobody: Kafka's own default. */
    KAFKA,
    /** The defaults of the platform. */
    PLATFORM,
    /** The environment that the cluster stands in. */
    ENVIRONMENT,
    /** The cluster. */
    CLUSTER,
    /** A single broker. */
    BROKER,
    /** A set of topics, or a topic itself. */
    TOPIC,
    /** The running cluster: what was set dynamically, in no file. */
    LIVE
}
