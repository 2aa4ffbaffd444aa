package io.eventbroker.core.lint;

import io.eventbroker.core.DataSize;
import io.eventbroker.core.topology.Component;
import io.eventbroker.core.topology.Jvm;
import io.eventbroker.core.topology.Service;
import java.util.List;
import java.util.OptionalLong;

/** Heap against memory: what is left for the page cache, for direct buffers, and for the JVM itself. */
final class HeapRules {
    private static final String JAVA = "https://kafka.apache.org/documentation/#java";
    private static final String OPTIONS = "https://docs.oracle.com/en/java/javase/17/docs/specs/man/java.html";

    static final Rule GROWS = Rule.warning("jvm/heap-grows")
            .reason(
                    "A heap that starts small stops the process to grow, and the node finds out under load whether it has"
                            + " the memory.")
            .remedy("Set both to the same size: jvm.heap.min and jvm.heap.max, or -Xms and -Xmx.")
            .source(JAVA)
            .onClusters((cluster, report) -> cluster.topology()
                    .componentsByKey()
                    .forEach((key, component) -> {
                        Jvm.Heap heap = component.jvm().heap();
                        if (!heap.min().equals(heap.max()) && Reliance.isReliedOn(cluster)) {
                            report.finding(
                                    "spec." + key + ".jvm.heap",
                                    "the heap of " + key + " grows from " + heap.min() + " to " + heap.max());
                        }
                    }))
            .onManifests(ProcessHeapRules::grows)
            .build();

    static final RuleSetting<Integer> PERCENT = new RuleSetting<>(
            "percent", "50", "how much of its memory a broker's heap may take, 0 to 100", Numbers::percent);

    static final Rule PAGE_CACHE = Rule.warning("jvm/page-cache")
            .reason(
                    "Brokers serve consumers from the page cache, which is what the heap leaves of the memory; with less"
                            + " than half of it, reads go to the volumes.")
            .remedy(
                    "Lower the heap to half of the requested memory or less, or raise the memory; a broker's heap seldom"
                            + " needs more than 6 GiB.")
            .source("https://docs.confluent.io/platform/current/kafka/deployment.html#memory")
            .setting(PERCENT)
            .onClusters((cluster, report) -> {
                DataSize heap = cluster.topology().brokers().jvm().heap().max();
                DataSize memory =
                        cluster.topology().brokers().resources().requests().memory();
                int most = report.setting(PERCENT);
                if (100.0 * heap.bytes() > (double) most * memory.bytes() && Reliance.isReliedOn(cluster)) {
                    report.finding(
                            "spec.brokers.jvm.heap.max",
                            "a heap of " + heap + " takes more than " + most + " % of the requested " + memory);
                }
            })
            .onManifests(ProcessHeapRules::pageCache)
            .build();

    static final Rule DIRECT = Rule.error("jvm/direct-memory-above-limit")
            .reason(
                    "Heap and direct buffers together may grow beyond the memory limit; the kernel then kills the process,"
                            + " without a heap dump or a word in the log.")
            .remedy("Lower jvm.heap or -XX:MaxDirectMemorySize, or raise resources.limits.memory.")
            .source(OPTIONS)
            .onClusters((cluster, report) -> cluster.topology()
                    .componentsByKey()
                    .forEach((key, component) -> {
                        JvmOptions options = new JvmOptions(component.jvm());
                        OptionalLong direct = options.size("-XX:MaxDirectMemorySize=");
                        long limit = component.resources().limits().memory().bytes();
                        if (direct.isPresent() && component.jvm().heap().max().bytes() + direct.getAsLong() > limit) {
                            report.finding(
                                    options.path(key, "-XX:MaxDirectMemorySize="),
                                    "a heap of " + component.jvm().heap().max() + " and direct buffers of "
                                            + mebibytes(direct.getAsLong()) + " exceed the memory limit of "
                                            + component.resources().limits().memory());
                        }
                    }))
            .build();

    static final Rule NO_HEADROOM = Rule.warning("jvm/no-headroom")
            .reason("Beside its heap a JVM needs memory for classes, threads, code and direct buffers; when the limit"
                    + " leaves little, the kernel kills the process under load.")
            .remedy("Lower jvm.heap, or raise resources.limits.memory.")
            .source(OPTIONS)
            .onClusters((cluster, report) -> cluster.topology()
                    .componentsByKey()
                    .forEach((key, component) -> {
                        DataSize heap = component.jvm().heap().max();
                        DataSize limit = component.resources().limits().memory();
                        if (heap.bytes() > limit.bytes() / 100 * 85 && Reliance.isReliedOn(cluster)) {
                            report.finding(
                                    "spec." + key + ".jvm.heap.max",
                                    "a heap of " + heap + " is more than 85 % of the memory limit of " + limit);
                        }
                    }))
            .build();

    static final Rule POINTERS = Rule.warning("jvm/long-pointers")
            .reason(
                    "From 32Gi on the JVM cannot compress pointers any more: a heap of 32Gi to about 48Gi holds less than"
                            + " one of 31Gi.")
            .remedy("Use at most 31Gi; brokers are better served by the page cache.")
            .source(OPTIONS)
            .onClusters((cluster, report) -> cluster.topology()
                    .componentsByKey()
                    .forEach((key, component) -> {
                        JvmOptions options = new JvmOptions(component.jvm());
                        if (component.jvm().heap().max().bytes() >= 32L << 30
                                && !options.has("-XX:+UseZGC")
                                && options.find("-XX:ObjectAlignmentInBytes=").isEmpty()) {
                            report.finding(
                                    "spec." + key + ".jvm.heap.max",
                                    "a heap of " + component.jvm().heap().max() + " loses compressed pointers");
                        }
                    }))
            .onManifests(ProcessHeapRules::longPointers)
            .build();

    private static final RuleSetting<DataSize> MOST =
            new RuleSetting<>("most", "12Gi", "the largest heap of a broker", DataSize::parse);
    private static final RuleSetting<DataSize> LEAST =
            new RuleSetting<>("least", "4Gi", "the smallest heap of a broker in production", DataSize::parse);

    static final Rule LARGE = Rule.info("jvm/large-broker-heap")
            .reason(
                    "Records pass through the page cache, not the heap; a broker rarely uses more than a few gigabytes of"
                            + " it, and collecting a large one takes longer.")
            .remedy("Lower jvm.heap, unless heap use after collections says otherwise.")
            .source(JAVA)
            .setting(MOST)
            .onClusters((cluster, report) -> {
                DataSize heap = cluster.topology().brokers().jvm().heap().max();
                if (heap.compareTo(report.setting(MOST)) > 0) {
                    report.finding(
                            "spec.brokers.jvm.heap.max", "a heap of " + heap + " is more than " + report.setting(MOST));
                }
            })
            .build();

    static final Rule SMALL = Rule.warning("jvm/small-broker-heap")
            .reason(
                    "Requests, group state and the metadata of partitions live in the heap; a small one is collected all"
                            + " the time, and ends with OutOfMemoryError when partitions are added.")
            .remedy("Give a broker in production 4Gi to 6Gi.")
            .source(JAVA)
            .setting(LEAST)
            .onClusters((cluster, report) -> {
                DataSize heap = cluster.topology().brokers().jvm().heap().max();
                if (heap.compareTo(report.setting(LEAST)) < 0 && cluster.isProduction()) {
                    report.finding(
                            "spec.brokers.jvm.heap.max",
                            "a heap of " + heap + " is less than " + report.setting(LEAST));
                }
            })
            .build();

    static final Rule PERCENTAGES = Rule.info("jvm/ignored-percentage")
            .reason("The heap is given in bytes; percentages of the memory beside it have no effect and mislead whoever"
                    + " reads them.")
            .remedy("Remove it.")
            .source(OPTIONS)
            .onClusters((cluster, report) -> JvmOptions.forEach(cluster, (component, options) -> {
                for (String name :
                        List.of("-XX:MaxRAMPercentage=", "-XX:InitialRAMPercentage=", "-XX:MinRAMPercentage=")) {
                    options.find(name)
                            .ifPresent(option -> report.finding(
                                    options.path(component.key(), name), "'" + option + "' beside -Xms and -Xmx"));
                }
            }))
            .build();

    static final List<Rule> ALL = List.of(GROWS, PAGE_CACHE, DIRECT, NO_HEADROOM, POINTERS, LARGE, SMALL, PERCENTAGES);

    private HeapRules() {}

    /** Services outlive a lost replica; brokers and what coordinates them do so less willingly. */
    static boolean isServer(Component component) {
        return !(component instanceof Service);
    }

    private static String mebibytes(long bytes) {
        return (bytes >> 20) + "Mi";
    }
}
