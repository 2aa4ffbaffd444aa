package io.eventbroker.core.topology;

import io.eventbroker.core.DataSize;
import io.eventbroker.core.kind.Checks;
import io.eventbroker.core.kind.Description;
import io.eventbroker.core.kind.Range;
import java.util.ArrayList;
import java.util.List;

/**
 * How a Java process runs.
 *
 * @param heap its heap
 * @param options further options, without {@code -Xms} and {@code -Xmx}
 */
public record Jvm(Heap heap, List<String> options) {
    /** The heap, from its start ({@code -Xms}) to its maximum ({@code -Xmx}). */
    public record Heap(
            @Range(min = 1 << 20) @Description("The heap at the start (-Xms), from 1Mi on")
            DataSize min,

            @Description("The largest heap (-Xmx), at least min")
            DataSize max) {
        public Heap {
            Checks.begin()
                    .require(
                            min.bytes() >= 1 << 20,
                            "min",
                            "must be at least 1Mi, was " + min,
                            "write a size such as 8Gi")
                    .require(
                            min.compareTo(max) <= 0,
                            "max",
                            "the maximum of " + max + " is below the start of " + min,
                            "raise max or lower min")
                    .end();
        }
    }

    public Jvm {
        options = List.copyOf(options);
        Checks checks = Checks.begin();
        for (int i = 0; i < options.size(); i++) {
            String option = options.get(i);
            checks.require(
                            option.startsWith("-"),
                            "options[" + i + "]",
                            "'" + option + "' is not a JVM option",
                            "begin it with '-'")
                    .require(
                            !option.startsWith("-Xms") && !option.startsWith("-Xmx"),
                            "options[" + i + "]",
                            "'" + option + "' says the heap a second time",
                            "write it as heap.min or heap.max only");
        }
        checks.end();
    }

    /** For the command line: {@code -Xms}, {@code -Xmx}, then the options. */
    public List<String> arguments() {
        List<String> arguments = new ArrayList<>();
        arguments.add("-Xms" + argument(heap.min()));
        arguments.add("-Xmx" + argument(heap.max()));
        arguments.addAll(options);
        return List.copyOf(arguments);
    }

    /** The JVM knows k, m and g, not Ki, Mi and Ti. */
    private static String argument(DataSize size) {
        long bytes = size.bytes();
        if (bytes % (1L << 30) == 0) {
            return (bytes >> 30) + "g";
        }
        return bytes % (1L << 20) == 0 ? (bytes >> 20) + "m" : Long.toString(bytes);
    }
}
