package io.eventbroker.core.config;

/**
 * How a property changes on a running cluster; Kafka's {@code DynamicBrokerConfig} says which is which. The mildest
 * comes first.
 */
public enum UpdateMode {
    /** On the topic itself. */
    PER_TOPIC("per topic"),
    /** For all brokers at once, or for one. */
    CLUSTER_WIDE("cluster-wide"),
    /** For one broker at a time. */
    PER_BROKER("per broker"),
    /** In the file that the process reads when it starts. */
    READ_ONLY("with a restart");

    private final String words;

    UpdateMode(String words) {
        this.words = words;
    }

    /** Whether the process must be restarted for a change to hold. */
    public boolean needsRestart() {
        return this == READ_ONLY;
    }

    @Override
    public String toString() {
        return words;
    }
}
