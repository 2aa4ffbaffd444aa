package io.eventbroker.core.lint;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** The heaps of processes that manifests describe, against each other and against memory. */
final class ProcessHeapRules {
    private static final BigDecimal COMPRESSED = BigDecimal.valueOf(32L << 30);
    /** Below this a broker of the default heap is no surprise. */
    private static final BigDecimal SMALL = BigDecimal.valueOf(2L << 30);

    static final Rule EXCEEDS = Rule.error("jvm/heap-exceeds-memory")
            .reason(
                    "A heap as large as the container's memory leaves nothing for stacks, buffers and the JVM itself: the"
                            + " kernel kills the process once the heap is in use.")
            .remedy("Lower -Xmx, or raise the memory limit.")
            .source("https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/")
            .onManifests((manifest, report) -> PlatformProcess.of(manifest)
                    .forEach(process -> process.option("-Xmx").ifPresent(most -> {
                        Optional<BigDecimal> limit = process.quantity("limits.memory");
                        if (limit.isPresent()
                                && size(most)
                                        .filter(heap -> heap.compareTo(limit.get()) >= 0)
                                        .isPresent()) {
                            report.finding(
                                    most.path(),
                                    most.text() + " of " + process.words() + " does not fit into its memory limit of "
                                            + process.resource("limits.memory").orElse(""));
                        }
                    })))
            .build();

    static final Rule NOT_SET = Rule.warning("jvm/heap-not-set")
            .reason("Kafka's start script gives a broker a heap of 1 GiB whatever memory its container has.")
            .remedy("Set KAFKA_HEAP_OPTS to -Xms and -Xmx of the same size.")
            .source("kafka-server-start.sh")
            .onManifests((manifest, report) -> Pods.of(manifest)
                    .ifPresent(ignored -> PlatformProcess.of(manifest).stream()
                            .filter(process -> process.role().isKafka())
                            .filter(process -> process.option("-Xmx").isEmpty() && !hasHeapFromElsewhere(process))
                            .forEach(process -> {
                                Optional<BigDecimal> memory =
                                        process.quantity("limits.memory").or(() -> process.quantity("requests.memory"));
                                if (memory.filter(bytes -> bytes.compareTo(SMALL) > 0)
                                        .isPresent()) {
                                    report.finding(
                                            process.owner().path(process.jvmAt()),
                                            "nothing says the heap of " + process.words() + ", so it is 1 GiB of "
                                                    + process.resource("limits.memory")
                                                            .or(() -> process.resource("requests.memory"))
                                                            .orElse(""));
                                }
                            })))
            .build();

    static final List<Rule> ALL = List.of(EXCEEDS, NOT_SET);

    private ProcessHeapRules() {}

    /** Looks for heaps that do not start with the size that they may have. */
    static void grows(Manifest manifest, Reporter report) {
        for (PlatformProcess process : platform(manifest)) {
            Optional<PlatformProcess.Option> start = process.option("-Xms");
            Optional<PlatformProcess.Option> most = process.option("-Xmx");
            if (start.isPresent() && most.isPresent()) {
                Optional<BigDecimal> from = size(start.get());
                Optional<BigDecimal> to = size(most.get());
                if (from.isPresent() && to.isPresent() && from.get().compareTo(to.get()) != 0) {
                    report.finding(
                            start.get().path(),
                            "the heap of " + process.words() + " starts with "
                                    + start.get().text() + " and ends with "
                                    + most.get().text());
                }
            } else if (most.isPresent()) {
                report.finding(
                        most.get().path(),
                        "the heap of " + process.words() + " has " + most.get().text() + " and no -Xms");
            }
        }
    }

    /** Looks for heaps of brokers that leave little for the page cache. */
    static void pageCache(Manifest manifest, Reporter report) {
        int percent = report.setting(HeapRules.PERCENT);
        for (PlatformProcess process : PlatformProcess.of(manifest)) {
            Optional<PlatformProcess.Option> most = process.option("-Xmx");
            Optional<BigDecimal> heap = most.flatMap(ProcessHeapRules::size);
            if (process.role() != Role.BROKER || most.isEmpty() || heap.isEmpty()) {
                continue;
            }
            String which = process.resource("requests.memory").isPresent() ? "requests" : "limits";
            Optional<BigDecimal> memory = process.quantity(which + ".memory").filter(bytes -> bytes.signum() > 0);
            if (memory.isPresent()) {
                BigDecimal taken = heap.get().movePointRight(2).divide(memory.get(), RoundingMode.CEILING);
                if (taken.compareTo(BigDecimal.valueOf(percent)) > 0) {
                    report.finding(
                            most.get().path(),
                            most.get().text() + " takes "
                                    + taken.min(BigDecimal.valueOf(1000)).toBigInteger()
                                    + " % of the memory in " + which + " ("
                                    + process.resource(which + ".memory").orElse("") + "), more than " + percent
                                    + " %");
                }
            }
        }
    }

    /** Looks for heaps that are too large for compressed pointers. */
    static void longPointers(Manifest manifest, Reporter report) {
        for (PlatformProcess process : platform(manifest)) {
            process.option("-Xmx")
                    .filter(most -> size(most)
                            .filter(heap -> heap.compareTo(COMPRESSED) >= 0)
                            .isPresent())
                    .filter(most -> process.option("-XX:+UseZGC").isEmpty()
                            && process.option("-XX:ObjectAlignmentInBytes=").isEmpty())
                    .ifPresent(most -> report.finding(
                            most.path(), most.text() + " of " + process.words() + " loses compressed pointers"));
        }
    }

    static List<PlatformProcess> platform(Manifest manifest) {
        return PlatformProcess.of(manifest).stream()
                .filter(process -> process.role().isPlatform())
                .toList();
    }

    /** Whether the variable takes its value from a ConfigMap, or variables come from one as a whole. */
    private static boolean hasHeapFromElsewhere(PlatformProcess process) {
        return process.owner().has("envFrom")
                || process.owner().items("env").stream()
                        .anyMatch(item -> item.is("name", "KAFKA_HEAP_OPTS") && !item.has("value"))
                || process.option("-XX:MaxRAMPercentage").isPresent();
    }

    private static Optional<BigDecimal> size(PlatformProcess.Option option) {
        OptionalLong bytes = JvmOptions.bytes(option.text().substring("-Xmx".length()));
        return bytes.isPresent() ? Optional.of(BigDecimal.valueOf(bytes.getAsLong())) : Optional.empty();
    }
}
