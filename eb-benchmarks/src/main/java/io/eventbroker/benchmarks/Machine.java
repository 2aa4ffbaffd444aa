package io.eventbroker.benchmarks;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What was measured on: enough to judge a figure by, nothing that says whose machine it is.
 *
 * @param cores that the JVM may use
 * @param memoryGB of the machine or its container, in 2^30 bytes, rounded
 * @param cpu the model
 */
@JsonPropertyOrder({"cores", "memoryGB", "cpu", "jdk", "os"})
public record Machine(int cores, long memoryGB, String cpu, String jdk, String os) {
    /** This one. */
    static Machine here() {
        com.sun.management.OperatingSystemMXBean system =
                ManagementFactory.getPlatformMXBean(com.sun.management.OperatingSystemMXBean.class);
        return new Machine(
                Runtime.getRuntime().availableProcessors(),
                Math.round(system.getTotalMemorySize() / (double) (1L << 30)),
                cpu(Path.of("/proc/cpuinfo")),
                System.getProperty("java.vm.name") + " " + Runtime.version(),
                System.getProperty("os.name") + " " + System.getProperty("os.arch"));
    }

    private static String cpu(Path info) {
        try {
            for (String line : Files.readAllLines(info)) {
                if (line.startsWith("model name")) {
                    return line.substring(line.indexOf(':') + 1).trim();
                }
            }
        } catch (IOException e) {
            // Not Linux: the architecture has to do.
        }
        return System.getProperty("os.arch");
    }
}
