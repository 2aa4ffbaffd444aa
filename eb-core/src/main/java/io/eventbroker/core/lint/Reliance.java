package io.eventbroker.core.lint;

/** How much is to be asked of a cluster. */
final class Reliance {
    /** What a cluster needs to lose a broker without losing anything: a copy that is gone, one more, and one to spare. */
    static final int REPLICAS = 3;

    private Reliance() {}

    /**
     * Whether somebody relies on a cluster: not in development, nor in an environment of a host's own that is content with
     * so few brokers that nothing can be kept safe.
     */
    static boolean isReliedOn(LintedCluster cluster) {
        return !cluster.isDevelopment() && cluster.environment().minBrokers() >= REPLICAS;
    }
}
