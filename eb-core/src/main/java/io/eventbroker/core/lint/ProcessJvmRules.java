package io.eventbroker.core.lint;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Other options of the JVM that manifests give. */
final class ProcessJvmRules {
    /** What a JVM of 17 does not know any more, so that it does not start. */
    private static final Pattern REMOVED = Pattern.compile("-XX:[+-]?(UseConcMarkSweepGC|UseParNewGC|CMS[A-Za-z]+"
            + "|UseCMS[A-Za-z]+|(Max)?PermSize|AggressiveOpts|PrintGC(Date|Time)Stamps|PrintHeapAtGC"
            + "|PrintTenuringDistribution|PrintGCApplicationStoppedTime|UseGCLogFileRotation|NumberOfGCLogFiles|GCLogFileSize"
            + "|UnlockCommercialFeatures)(=.*)?");

    static final Rule EXPLICIT_GC = Rule.warning("java/explicit-gc-disabled")
            .reason(
                    "The JVM asks for a collection when direct buffers run out, and Kafka's network threads live on them;"
                            + " where that is switched off, brokers end with an OutOfMemoryError: Direct buffer memory. Kafka's own"
                            + " options have -XX:+ExplicitGCInvokesConcurrent instead.")
            .remedy("Replace -XX:+DisableExplicitGC by -XX:+ExplicitGCInvokesConcurrent.")
            .source("kafka-run-class.sh; java.nio.Bits")
            .onManifests((manifest, report) -> ProcessHeapRules.platform(manifest)
                    .forEach(process -> process.option("-XX:+DisableExplicitGC")
                            .ifPresent(option -> report.finding(
                                    option.path(), option.text() + " keeps direct buffers from being freed"))))
            .build();

    static final Rule REMOVED_OPTION = Rule.error("java/removed-option")
            .reason(
                    "A JVM does not start with an option that it does not know, and images of today hold Java 17 or later.")
            .remedy("Remove it; write G1's options (-XX:+UseG1GC) and unified logging (-Xlog:gc*) instead.")
            .source("https://openjdk.org/jeps/363")
            .onManifests((manifest, report) -> ProcessHeapRules.platform(manifest)
                    .forEach(process -> process.jvm().stream()
                            .filter(option -> REMOVED.matcher(option.text()).matches())
                            .forEach(
                                    option -> report.finding(option.path(), "Java 17 does not know " + option.text()))))
            .build();

    static final Rule SURVIVES = Rule.info("java/survives-out-of-memory")
            .reason("After an OutOfMemoryError some threads are gone and others go on: such a broker may hold its"
                    + " leaderships and serve nobody. Where the process ends, Kubernetes starts it anew.")
            .remedy("Add -XX:+ExitOnOutOfMemoryError.")
            .source("https://docs.oracle.com/en/java/javase/17/docs/specs/man/java.html")
            .onManifests((manifest, report) -> Pods.of(manifest)
                    .ifPresent(ignored -> ProcessHeapRules.platform(manifest).stream()
                            .filter(process -> process.role().isKafka())
                            .filter(process -> !process.owner().has("envFrom"))
                            .filter(process -> exits(process).isEmpty())
                            .forEach(process -> report.finding(
                                    process.owner().path(process.jvmAt()),
                                    "no option ends the JVM of " + process.words() + " when it is out of memory"))))
            .build();

    static final List<Rule> ALL = List.of(EXPLICIT_GC, REMOVED_OPTION, SURVIVES);

    private ProcessJvmRules() {}

    private static Optional<PlatformProcess.Option> exits(PlatformProcess process) {
        return process.option("-XX:+ExitOnOutOfMemoryError")
                .or(() -> process.option("-XX:+CrashOnOutOfMemoryError"))
                .or(() -> process.option("-XX:OnOutOfMemoryError"));
    }
}
