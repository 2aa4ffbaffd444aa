package io.eventbroker.core.lint;

/** The JVM options of processes that manifests describe, for the rules in {@link JvmOptionRules}. */
final class ProcessJvmRules {
    private ProcessJvmRules() {}

    static void explicitGc(Manifest manifest, Reporter report) {
        for (PlatformProcess process : ProcessHeapRules.platform(manifest)) {
            process.option("-XX:+DisableExplicitGC")
                    .ifPresent(option ->
                            report.finding(option.path(), option.text() + " keeps direct buffers from being freed"));
        }
    }

    static void removed(Manifest manifest, Reporter report) {
        for (PlatformProcess process : ProcessHeapRules.platform(manifest)) {
            if (process.option("-XX:+IgnoreUnrecognizedVMOptions").isEmpty()) {
                process.jvm().stream()
                        .filter(option -> JvmOptionRules.isRemoved(option.text()))
                        .forEach(option ->
                                report.finding(option.path(), "Java 17 does not know '" + option.text() + "'"));
            }
        }
    }

    /** Only of pods: an operator may give options that its resources do not show. */
    static void survives(Manifest manifest, Reporter report) {
        if (Pods.of(manifest).isPresent()) {
            ProcessHeapRules.platform(manifest).stream()
                    .filter(process -> process.role().isKafka())
                    .filter(process -> !process.owner().has("envFrom") && !exits(process))
                    .forEach(process -> report.finding(
                            process.owner().path(process.jvmAt()),
                            "no option ends the JVM of " + process.words() + " when it is out of memory"));
        }
    }

    private static boolean exits(PlatformProcess process) {
        return process.option("-XX:+ExitOnOutOfMemoryError")
                .or(() -> process.option("-XX:+CrashOnOutOfMemoryError"))
                .or(() -> process.option("-XX:OnOutOfMemoryError"))
                .isPresent();
    }
}
