package io.eventbroker.core.lint;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The heaps of processes that manifests describe, against each other and against memory. */
final class ProcessHeapRules {
    private static final String KAFKA_JAVA = "https://kafka.apache.org/documentation/#java";
    private static final Pattern SIZE = Pattern.compile("(\\d{1,15})([kKmMgGtT]?)");
    private static final BigDecimal MEBIBYTE = BigDecimal.valueOf(1 << 20);
    private static final BigDecimal COMPRESSED = BigDecimal.valueOf(32L << 30);
    /** Below this a broker of the default heap is no surprise. */
    private static final BigDecimal SMALL = BigDecimal.valueOf(2L << 30);

    private static final RuleSetting<Integer> MOST =
            new RuleSetting<>("percent", "50", "how much of its memory a broker's heap may take, 1 to 100", text -> {
                int percent = Integer.parseInt(text);
                if (percent < 1 || percent > 100) {
                    throw new IllegalArgumentException("'" + text + "' is not between 1 and 100");
                }
                return percent;
            });

    static final Rule DIFFERS = Rule.warning("heap/start-differs")
            .reason("A heap that starts smaller than it may become grows under load, with pauses, and takes memory that"
                    + " the node may have given away by then.")
            .remedy("Give -Xms and -Xmx the same size.")
            .source(KAFKA_JAVA)
            .onManifests((manifest, report) -> platform(manifest).forEach(process -> {
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
                            "the heap of " + process.words() + " has "
                                    + most.get().text() + " and no -Xms");
                }
            }))
            .build();

    static final Rule EXCEEDS = Rule.error("heap/exceeds-memory")
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

    static final Rule NO_PAGE_CACHE = Rule.warning("heap/no-page-cache")
            .reason(
                    "Kafka reads and writes through the page cache, which lives in what the heap leaves of the memory; with"
                            + " too little of it, consumers that lag behind read from disk.")
            .remedy("Keep the heap small, or request more memory: a broker's heap seldom needs more than 6 GiB.")
            .source("https://kafka.apache.org/documentation/#design_filesystem")
            .setting(MOST)
            .onManifests((manifest, report) -> PlatformProcess.of(manifest).stream()
                    .filter(process -> process.role() == Role.BROKER)
                    .forEach(process -> process.option("-Xmx").ifPresent(most -> {
                        String which = process.resource("requests.memory").isPresent() ? "requests" : "limits";
                        Optional<BigDecimal> memory = process.quantity(which + ".memory");
                        Optional<BigDecimal> heap = size(most);
                        if (heap.isPresent()
                                && memory.filter(bytes -> bytes.signum() > 0).isPresent()) {
                            int percent = heap.get()
                                    .movePointRight(2)
                                    .divide(memory.get(), RoundingMode.DOWN)
                                    .min(BigDecimal.valueOf(1000))
                                    .intValue();
                            if (percent > report.setting(MOST)) {
                                report.finding(
                                        most.path(),
                                        most.text() + " takes " + percent + " % of the memory in " + which + " ("
                                                + process.resource(which + ".memory")
                                                        .orElse("") + "), more than "
                                                + report.setting(MOST) + " %");
                            }
                        }
                    })))
            .build();

    static final Rule NOT_SET = Rule.warning("heap/not-set")
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

    static final Rule TOO_LARGE = Rule.warning("heap/beyond-compressed-pointers")
            .reason(
                    "From 32 GiB on the JVM cannot compress its pointers, so a heap a little larger holds less than one a"
                            + " little smaller.")
            .remedy("Stay below 32 GiB, and leave the rest to the page cache.")
            .source(
                    "https://docs.oracle.com/en/java/javase/17/vm/java-hotspot-virtual-machine-performance-enhancements.html")
            .onManifests((manifest, report) -> platform(manifest)
                    .forEach(process -> process.option("-Xmx")
                            .filter(most -> size(most)
                                    .filter(heap -> heap.compareTo(COMPRESSED) >= 0)
                                    .isPresent())
                            .ifPresent(most -> report.finding(
                                    most.path(),
                                    most.text() + " of " + process.words() + " is "
                                            + size(most).orElse(BigDecimal.ZERO).divide(MEBIBYTE, RoundingMode.DOWN)
                                            + " MiB, which is beyond compressed pointers"))))
            .build();

    static final List<Rule> ALL = List.of(DIFFERS, EXCEEDS, NO_PAGE_CACHE, NOT_SET, TOO_LARGE);

    private ProcessHeapRules() {}

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
        Matcher matcher = SIZE.matcher(option.text().substring("-Xmx".length()));
        if (!matcher.matches()) {
            return Optional.empty();
        }
        int power = " kmgt"
                .indexOf(
                        matcher.group(2).isEmpty()
                                ? ' '
                                : Character.toLowerCase(matcher.group(2).charAt(0)));
        return Optional.of(new BigDecimal(matcher.group(1))
                .multiply(BigDecimal.valueOf(1024).pow(power)));
    }
}
