package io.eventbroker.core.cluster;

import io.eventbroker.core.BrokerId;
import io.eventbroker.core.cluster.ClusterState.Part;
import io.eventbroker.core.cluster.Reading.Question;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.ConfigEntry.ConfigSource;
import org.apache.kafka.clients.admin.DescribeConfigsOptions;
import org.apache.kafka.clients.admin.DescribeFeaturesOptions;
import org.apache.kafka.clients.admin.DescribeLogDirsOptions;
import org.apache.kafka.clients.admin.FeatureMetadata;
import org.apache.kafka.clients.admin.LogDirDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.ConfigResource;

/** Reads what each broker alone can tell: a request a broker and part. */
final class BrokerReader {
    private final Reading reading;
    private final List<BrokerId> brokers;

    BrokerReader(Reading reading, List<BrokerId> brokers) {
        this.reading = reading;
        this.brokers = brokers;
    }

    private static Question question(Part part, BrokerId id, String what, String right) {
        return new Question(part, "broker " + id, "read " + what + " of broker " + id, right);
    }

    void askFeatures(Lane lane, StateBuilder state) {
        for (BrokerId id : brokers) {
            lane.add(() -> {
                KafkaFuture<FeatureMetadata> asked = reading.admin
                        .describeFeatures(
                                new DescribeFeaturesOptions().nodeId(id.value()).timeoutMs(reading.millis()))
                        .featureMetadata();
                return () -> reading.answerOf(id, asked, question(Part.FEATURES, id, "the features", "to connect"))
                        .ifPresent(metadata -> state.features = features(state.features, id, metadata));
            });
        }
    }

    /** The brokers may be moments apart: what is finalized is taken from the one that has the newest. */
    private static Features features(
            @org.jspecify.annotations.Nullable Features before, BrokerId id, FeatureMetadata metadata) {
        SortedMap<BrokerId, SortedMap<String, VersionRange>> supported = new TreeMap<>();
        if (before != null) {
            supported.putAll(before.supported());
        }
        SortedMap<String, VersionRange> ranges = new TreeMap<>();
        metadata.supportedFeatures()
                .forEach((name, range) -> ranges.put(name, new VersionRange(range.minVersion(), range.maxVersion())));
        supported.put(id, ranges);
        OptionalLong epoch =
                metadata.finalizedFeaturesEpoch().map(OptionalLong::of).orElse(OptionalLong.empty());
        if (before != null && before.epoch().orElse(-1) >= epoch.orElse(-1)) {
            return new Features(before.finalized(), before.epoch(), supported);
        }
        SortedMap<String, Integer> finalized = new TreeMap<>();
        metadata.finalizedFeatures().forEach((name, range) -> finalized.put(name, (int) range.maxVersionLevel()));
        return new Features(finalized, epoch, supported);
    }

    void askConfigs(Lane lane, StateBuilder state, ConfigTable.Interner interner) {
        for (BrokerId id : brokers) {
            ConfigResource resource = new ConfigResource(ConfigResource.Type.BROKER, id.toString());
            lane.add(() -> {
                KafkaFuture<Config> asked = Objects.requireNonNull(reading.admin
                        .describeConfigs(
                                List.of(resource),
                                new DescribeConfigsOptions()
                                        .includeSynonyms(true)
                                        .timeoutMs(reading.millis()))
                        .values()
                        .get(resource));
                return () -> reading.answerOf(
                                id,
                                asked,
                                question(Part.BROKER_CONFIGS, id, "the properties", "DescribeConfigs on the cluster"))
                        .ifPresent(config -> {
                            SortedMap<BrokerId, ConfigTable> tables =
                                    state.brokerConfigs == null ? new TreeMap<>() : state.brokerConfigs;
                            tables.put(id, table(config, interner));
                            state.brokerConfigs = tables;
                        });
            });
        }
    }

    static ConfigTable table(Config config, ConfigTable.Interner interner) {
        SortedMap<String, ConfigValue> values = new TreeMap<>();
        config.entries().forEach(entry -> values.put(entry.name(), value(entry)));
        return interner.table(values);
    }

    private static ConfigValue value(ConfigEntry entry) {
        Optional<String> clusterWide = entry.synonyms().stream()
                .filter(synonym -> synonym.source() == ConfigSource.DYNAMIC_DEFAULT_BROKER_CONFIG)
                .map(ConfigEntry.ConfigSynonym::value)
                .filter(Objects::nonNull)
                .findFirst();
        return new ConfigValue(
                entry.value(),
                switch (entry.source()) {
                    case DYNAMIC_TOPIC_CONFIG -> ConfigValue.Origin.TOPIC;
                    case DYNAMIC_BROKER_CONFIG, DYNAMIC_BROKER_LOGGER_CONFIG -> ConfigValue.Origin.BROKER;
                    case DYNAMIC_DEFAULT_BROKER_CONFIG -> ConfigValue.Origin.CLUSTER;
                    case STATIC_BROKER_CONFIG -> ConfigValue.Origin.FILE;
                    default -> ConfigValue.Origin.DEFAULT;
                },
                entry.isSensitive(),
                entry.isReadOnly(),
                clusterWide);
    }

    void askLogDirs(Lane lane, StateBuilder state, TopicReader topics) {
        for (BrokerId id : brokers) {
            lane.add(() -> {
                KafkaFuture<Map<String, LogDirDescription>> asked = Objects.requireNonNull(reading.admin
                        .describeLogDirs(List.of(id.value()), new DescribeLogDirsOptions().timeoutMs(reading.millis()))
                        .descriptions()
                        .get(id.value()));
                return () -> reading.answerOf(
                                id, asked, question(Part.SIZES, id, "the log directories", "Describe on the cluster"))
                        .ifPresent(found -> {
                            SortedMap<BrokerId, List<LogDir>> all =
                                    state.logDirs == null ? new TreeMap<>() : state.logDirs;
                            all.put(id, logDirs(found));
                            state.logDirs = all;
                            fillSizes(id, found, topics);
                        });
            });
        }
    }

    private static List<LogDir> logDirs(Map<String, LogDirDescription> found) {
        List<LogDir> dirs = new ArrayList<>();
        found.forEach((path, dir) -> dirs.add(new LogDir(
                path,
                dir.totalBytes(),
                dir.usableBytes(),
                dir.replicaInfos().values().stream()
                        .mapToLong(replica -> replica.size())
                        .sum(),
                dir.replicaInfos().size(),
                Optional.ofNullable(dir.error()).map(Throwable::getMessage))));
        dirs.sort(Comparator.comparing(LogDir::path));
        return dirs;
    }

    private static void fillSizes(BrokerId id, Map<String, LogDirDescription> found, TopicReader topics) {
        for (LogDirDescription dir : found.values()) {
            dir.replicaInfos().forEach((partition, replica) -> {
                PartitionTable table = topics.partitions(partition.topic());
                if (table != null && partition.partition() < table.size() && !replica.isFuture()) {
                    int place = table.replicaOn(partition.partition(), id.value());
                    if (place >= 0) {
                        table.setSize(partition.partition(), place, replica.size());
                    }
                }
            });
        }
        // What the broker does not list it has not made yet, unless it may lie in a directory that has failed.
        if (found.values().stream().allMatch(dir -> dir.error() == null)) {
            topics.tables().forEach(table -> table.setUnknownSizesOn(id.value(), 0));
        }
    }
}
