package io.eventbroker.core.topology;

import io.eventbroker.core.DataSize;
import io.eventbroker.core.kind.Checks;
import io.eventbroker.core.kind.Description;
import io.eventbroker.core.kind.Range;

/**
 * What a pod may use.
 *
 * @param requests what it is promised
 * @param limits what it must not exceed; at least the requests
 */
public record Resources(Amount requests, Amount limits) {
    /** Processor time and memory. */
    public record Amount(
            @Description("Processor time") Cpu cpu,

            @Range(above = 0) @Description("Memory, more than 0")
            DataSize memory) {
        public Amount {
            Checks.begin()
                    .require(memory.bytes() > 0, "memory", "must be more than 0", "write a size such as 8Gi")
                    .end();
        }
    }

    public Resources {
        Checks.begin()
                .require(
                        requests.cpu.compareTo(limits.cpu) <= 0,
                        "limits.cpu",
                        "the limit of " + limits.cpu + " cores is below the request of " + requests.cpu,
                        "raise the limit or lower the request")
                .require(
                        requests.memory.compareTo(limits.memory) <= 0,
                        "limits.memory",
                        "the limit of " + limits.memory + " is below the request of " + requests.memory,
                        "raise the limit or lower the request")
                .end();
    }
}
