package io.eventbroker.core.config;

import io.eventbroker.core.BrokerId;
import io.eventbroker.core.Deadline;
import io.eventbroker.core.cluster.ClusterState;
import io.eventbroker.core.cluster.ConfigValue;
import io.eventbroker.core.problem.SourceLocation;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.Admin;
import org.jspecify.annotations.Nullable;

/**
 * The properties of the brokers as they run, with what was set dynamically. Immutable.
 *
 * @param brokers what each broker has, by key
 */
public record LiveConfig(SortedMap<BrokerId, SortedMap<String, Value>> brokers) {

    /** Where a running broker has a value from; what stands above wins. */
    public enum Origin {
        /** Set dynamically for this broker. */
        BROKER,
        /** Set dynamically for all brokers. */
        CLUSTER,
        /** In the file that the broker was started with. */
        FILE,
        /** Nowhere: Kafka's default. */
        DEFAULT
    }

    /**
     * A value that holds on a broker.
     *
     * @param text null for secrets, which Kafka does not tell, and where there is no value
     * @param origin where it comes from
     * @param sensitive whether it is a secret
     * @param readOnly whether the broker would refuse to change it while it runs
     * @param clusterWide the value set dynamically for all brokers, if there is one, even if it does not hold here
     */
    public record Value(
            @Nullable String text, Origin origin, boolean sensitive, boolean readOnly, Optional<String> clusterWide) {
        /** Secrets are hidden. */
        String shown() {
            return sensitive ? "[hidden]" : text == null ? "nothing" : text.isEmpty() ? "''" : text;
        }

        @Override
        public String toString() {
            return shown() + " (" + origin + ")";
        }
    }

    public LiveConfig {
        SortedMap<BrokerId, SortedMap<String, Value>> copy = new TreeMap<>();
        brokers.forEach((id, values) -> copy.put(id, Collections.unmodifiableSortedMap(new TreeMap<>(values))));
        brokers = Collections.unmodifiableSortedMap(copy);
    }

    /**
     * Reads the properties of every broker that is alive: {@link #of} a state with {@link ClusterState.Part#BROKER_CONFIGS}
     * alone. Needs the right {@code DescribeConfigs} on the cluster. Blocks.
     *
     * @throws io.eventbroker.core.RetryableException if a request failed for a reason that is likely to pass
     * @throws io.eventbroker.core.DeadlineExceededException if the deadline passed first
     * @throws io.eventbroker.core.EventBrokerException if a right is missing or Kafka refused otherwise
     */
    public static LiveConfig read(Admin admin, Deadline deadline) {
        return of(ClusterState.read(admin, deadline, Set.of(ClusterState.Part.BROKER_CONFIGS), List.of()));
    }

    /**
     * The properties of the brokers of a state.
     *
     * @throws io.eventbroker.core.cluster.NotReadException if the state was read without {@link
     *     ClusterState.Part#BROKER_CONFIGS}, or a right was missing
     */
    public static LiveConfig of(ClusterState state) {
        SortedMap<BrokerId, SortedMap<String, Value>> brokers = new TreeMap<>();
        state.brokerConfigs().forEach((id, configs) -> {
            SortedMap<String, Value> values = new TreeMap<>();
            configs.forEach((key, value) -> values.put(key, value(value)));
            brokers.put(id, values);
        });
        return new LiveConfig(brokers);
    }

    private static Value value(ConfigValue value) {
        return new Value(
                value.value(),
                switch (value.origin()) {
                    case BROKER -> Origin.BROKER;
                    case CLUSTER -> Origin.CLUSTER;
                    case FILE -> Origin.FILE;
                    case TOPIC, DEFAULT -> Origin.DEFAULT;
                },
                value.sensitive(),
                value.readOnly(),
                value.clusterWide());
    }

    /**
     * What was set dynamically on a broker, as a layer over that of the files: {@code
     * config.broker(id).overriddenBy(live.dynamic(id)).explain(key)} tells what really holds. Secrets are left out.
     */
    public EffectiveConfig dynamic(BrokerId id) {
        EffectiveConfig.Builder clusterWide = EffectiveConfig.builder(Layer.LIVE);
        EffectiveConfig.Builder own = EffectiveConfig.builder(Layer.LIVE);
        brokers.getOrDefault(id, Collections.emptySortedMap()).forEach((key, value) -> {
            value.clusterWide()
                    .ifPresent(
                            text -> clusterWide.set(key, text, SourceLocation.of("dynamic, for all brokers"), false));
            if (value.origin() == Origin.BROKER && value.text() != null && !value.sensitive()) {
                own.set(key, value.text(), SourceLocation.of("dynamic, for broker " + id), false);
            }
        });
        return clusterWide.build().overriddenBy(own.build());
    }
}
