package io.eventbroker.core.lint;

import io.eventbroker.core.DataSize;
import io.eventbroker.core.topology.KafkaBrokers;
import io.eventbroker.core.topology.Storage;
import io.eventbroker.core.topology.ZooKeeper;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;

/** Volumes: what is on them, and whether they can grow. */
final class StorageRules {
    private static final String DISKS = "https://kafka.apache.org/documentation/#diskandfs";
    private static final String EXPANSION =
            "https://kubernetes.io/docs/concepts/storage/persistent-volumes/#expanding-persistent-volumes-claims";

    static final Rule NO_CLASS = Rule.info("storage/no-class")
            .reason(
                    "Without a class the Kubernetes cluster's default decides on speed, encryption and whether a volume can"
                            + " grow; it differs between clusters and may change.")
            .remedy("Name the storageClass.")
            .source("https://kubernetes.io/docs/concepts/storage/storage-classes/#default-storageclass")
            .onClusters((cluster, report) -> {
                if (!cluster.isDevelopment()) {
                    volumes(cluster, (path, volume) -> {
                        if (volume.storageClass().isEmpty()) {
                            report.finding(path + ".storageClass", "a volume of " + volume.size() + " has no class");
                        }
                    });
                }
            })
            .build();

    static final Rule NO_EXPANSION = Rule.info("storage/no-expansion")
            .reason(
                    "A broker stops when its volume is full. A volume that grows by itself gains the time to find out why.")
            .remedy(
                    "Add 'expansion' with a class that can expand volumes, such as {atPercent: 80, byPercent: 25, upTo: 4Ti}.")
            .source(EXPANSION)
            .onClusters((cluster, report) -> {
                KafkaBrokers brokers = cluster.topology().brokers();
                if (cluster.isProduction()
                        && brokers.storage().data().expansion().isEmpty()) {
                    report.finding(
                            "spec.brokers.storage.data.expansion",
                            "the brokers' volumes of "
                                    + brokers.storage().data().size() + " do not grow");
                }
            })
            .build();

    private static final RuleSetting<Integer> LATEST = new RuleSetting<>(
            "latest", "90", "the use in percent at which a volume must have begun to grow", Numbers::percent);

    static final Rule EXPANSION_LATE = Rule.warning("storage/expansion-too-late")
            .reason(
                    "Growing a volume takes minutes to hours, during which it goes on filling; a broker with a full volume"
                            + " stops.")
            .remedy("Lower expansion.atPercent, to 80 for example.")
            .source(EXPANSION)
            .setting(LATEST)
            .onClusters((cluster, report) -> volumes(
                    cluster,
                    (path, volume) -> volume.expansion()
                            .filter(expansion -> expansion.atPercent() > report.setting(LATEST))
                            .ifPresent(expansion -> report.finding(
                                    path + ".expansion.atPercent",
                                    "the volume grows only when it is " + expansion.atPercent()
                                            + " % full; expected at most " + report.setting(LATEST) + " %"))))
            .build();

    private static final RuleSetting<Integer> LEAST_STEP =
            new RuleSetting<>("least", "10", "the least growth in percent", Numbers::percent);

    static final Rule EXPANSION_SMALL = Rule.warning("storage/expansion-steps-too-small")
            .reason(
                    "Providers limit how often a volume may be modified in a day; with small steps it fills faster than it may"
                            + " grow.")
            .remedy("Raise expansion.byPercent, to 25 for example.")
            .source("https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ModifyVolume.html")
            .setting(LEAST_STEP)
            .onClusters((cluster, report) -> volumes(
                    cluster,
                    (path, volume) -> volume.expansion()
                            .filter(expansion -> expansion.byPercent() < report.setting(LEAST_STEP))
                            .ifPresent(expansion -> report.finding(
                                    path + ".expansion.byPercent",
                                    "the volume grows by " + expansion.byPercent() + " % at a time; expected at least "
                                            + report.setting(LEAST_STEP) + " %"))))
            .build();

    static final Rule ONE_VOLUME = Rule.warning("storage/one-volume")
            .reason(
                    "Application logs that share the volume of the data can fill it, as an error that repeats does; a broker"
                            + " with a full volume stops.")
            .remedy("Add storage.logs, a small volume of its own.")
            .source(DISKS)
            .onClusters((cluster, report) -> {
                if (cluster.isProduction()
                        && cluster.topology().brokers().storage().logs().isEmpty()) {
                    report.finding("spec.brokers.storage.logs", "brokers keep data and application logs on one volume");
                }
            })
            .build();

    static final Rule TRANSACTION_LOG = Rule.warning("storage/zookeeper-transaction-log")
            .reason(
                    "ZooKeeper waits for its transaction log at every write. Snapshots on the same device slow it down, until"
                            + " sessions end.")
            .remedy("Add storage.logs, which takes the transaction log.")
            .source("https://zookeeper.apache.org/doc/current/zookeeperAdmin.html#sc_commonProblems")
            .onClusters((cluster, report) -> {
                Optional<ZooKeeper> zooKeeper = cluster.topology().zooKeeper();
                if (cluster.isProduction()
                        && zooKeeper.isPresent()
                        && zooKeeper.get().storage().logs().isEmpty()) {
                    report.finding(
                            "spec.zooKeeper.storage.logs",
                            "ZooKeeper keeps snapshots and transaction log on one volume");
                }
            })
            .build();

    private static final RuleSetting<DataSize> SMALL =
            new RuleSetting<>("small", "100Gi", "a volume up to this size is small", DataSize::parse);

    static final Rule TIME_ONLY = Rule.info("storage/retention-by-time-only")
            .reason(
                    "Retention by time alone keeps whatever arrives within it. On a small volume that does not grow, one busy"
                            + " day fills it.")
            .remedy("Set log.retention.bytes too, a limit per partition; or use larger volumes, or ones that grow.")
            .source("https://kafka.apache.org/documentation/#brokerconfigs_log.retention.bytes")
            .setting(SMALL)
            .onClusters((cluster, report) -> {
                Storage.Volume data = cluster.topology().brokers().storage().data();
                boolean unlimited = cluster.config()
                        .topics()
                        .find("retention.bytes")
                        .map(setting -> Numbers.whole(setting.value()).orElse(0) < 0)
                        .orElse(true);
                if (cluster.isProduction()
                        && unlimited
                        && data.expansion().isEmpty()
                        && data.size().compareTo(report.setting(SMALL)) <= 0) {
                    report.finding(
                            "spec.brokers.storage.data.size",
                            "a volume of " + data.size() + " holds partitions whose size nothing limits");
                }
            })
            .build();

    static final List<Rule> ALL =
            List.of(NO_CLASS, NO_EXPANSION, EXPANSION_LATE, EXPANSION_SMALL, ONE_VOLUME, TRANSACTION_LOG, TIME_ONLY);

    private StorageRules() {}

    /** Every volume of the cluster, with its path. */
    private static void volumes(LintedCluster cluster, BiConsumer<String, Storage.Volume> each) {
        cluster.topology()
                .componentsByKey()
                .forEach((key, component) -> component.volumes().ifPresent(storage -> {
                    each.accept("spec." + key + ".storage.data", storage.data());
                    storage.logs().ifPresent(logs -> each.accept("spec." + key + ".storage.logs", logs));
                }));
    }
}
