package io.eventbroker.core.config;

import io.eventbroker.core.BrokerId;
import io.eventbroker.core.Deadline;
import io.eventbroker.core.cluster.AdminCalls;
import io.eventbroker.core.problem.SourceLocation;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.ConfigEntry.ConfigSource;
import org.apache.kafka.clients.admin.DescribeConfigsOptions;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.config.ConfigResource;
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
     * Reads the properties of every broker that is alive: a request for the brokers and one to each of them, at once.
     * Needs the right {@code DescribeConfigs} on the cluster. Blocks.
     *
     * @throws io.eventbroker.core.RetryableException if a request failed for a reason that is likely to pass
     * @throws io.eventbroker.core.DeadlineExceededException if the deadline passed first
     * @throws io.eventbroker.core.EventBrokerException if a right is missing or Kafka refused otherwise
     */
    public static LiveConfig read(Admin admin, Deadline deadline) {
        List<ConfigResource> resources = new ArrayList<>();
        for (Node node : AdminCalls.read(admin.describeCluster().nodes(), "list the brokers", deadline)) {
            resources.add(new ConfigResource(ConfigResource.Type.BROKER, Integer.toString(node.id())));
        }
        DescribeConfigsOptions options =
                new DescribeConfigsOptions().includeSynonyms(true).timeoutMs(Math.max(1, deadline.remainingMillis()));
        Map<ConfigResource, KafkaFuture<Config>> answers =
                new HashMap<>(admin.describeConfigs(resources, options).values());
        SortedMap<BrokerId, SortedMap<String, Value>> brokers = new TreeMap<>();
        for (ConfigResource resource : resources) {
            KafkaFuture<Config> answer = answers.get(resource);
            if (answer != null) {
                Config config = AdminCalls.read(answer, "read the properties of broker " + resource.name(), deadline);
                SortedMap<String, Value> values = new TreeMap<>();
                config.entries().forEach(entry -> values.put(entry.name(), value(entry)));
                brokers.put(BrokerId.of(Integer.parseInt(resource.name())), values);
            }
        }
        return new LiveConfig(brokers);
    }

    private static Value value(ConfigEntry entry) {
        Optional<String> clusterWide = entry.synonyms().stream()
                .filter(synonym -> synonym.source() == ConfigSource.DYNAMIC_DEFAULT_BROKER_CONFIG)
                .map(ConfigEntry.ConfigSynonym::value)
                .filter(text -> text != null)
                .findFirst();
        return new Value(
                entry.isSensitive() ? null : entry.value(),
                switch (entry.source()) {
                    case DYNAMIC_BROKER_CONFIG, DYNAMIC_BROKER_LOGGER_CONFIG -> Origin.BROKER;
                    case DYNAMIC_DEFAULT_BROKER_CONFIG -> Origin.CLUSTER;
                    case STATIC_BROKER_CONFIG -> Origin.FILE;
                    default -> Origin.DEFAULT;
                },
                entry.isSensitive(),
                entry.isReadOnly(),
                entry.isSensitive() ? Optional.empty() : clusterWide);
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
