package io.eventbroker.benchmarks;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import io.eventbroker.core.json.CanonicalJson;
import java.util.List;
import java.util.OptionalDouble;

/**
 * What a benchmark found, as it is saved.
 *
 * @param benchmark its name
 * @param command that measures it again
 * @param unit of every median, minimum and maximum
 * @param higherIsBetter whether more of the unit is better, as of a rate, or less, as of a time
 * @param runs of each side
 * @param target what is wanted, for people
 * @param met whether it was reached
 */
@JsonPropertyOrder({
    "benchmark",
    "command",
    "machine",
    "unit",
    "higherIsBetter",
    "runs",
    "subject",
    "baselines",
    "target",
    "met"
})
public record Result(
        String benchmark,
        String command,
        Machine machine,
        String unit,
        boolean higherIsBetter,
        int runs,
        Subject subject,
        List<Baseline> baselines,
        String target,
        boolean met) {
    public Result {
        baselines = List.copyOf(baselines);
    }

    /**
     * The SDK's side.
     *
     * @param cpuSeconds for the same work as a baseline's, or nothing if it could not be told apart
     * @param allocatedMB on the Java heap for that work, in 1,000,000 bytes, or nothing if it was not measured
     */
    @JsonPropertyOrder({"median", "min", "max", "cpuSeconds", "allocatedMB"})
    public record Subject(
            double median, double min, double max, OptionalDouble cpuSeconds, OptionalDouble allocatedMB) {}

    /**
     * What the SDK is measured against.
     *
     * @param ratio how many times better than this baseline the subject is: above 1 is better, below 1 is worse
     * @param cpuRatio how many times less CPU the subject takes
     */
    @JsonPropertyOrder({"name", "version", "median", "cpuSeconds", "ratio", "cpuRatio"})
    public record Baseline(
            String name,
            String version,
            double median,
            OptionalDouble cpuSeconds,
            double ratio,
            OptionalDouble cpuRatio) {}

    public String toJson() {
        return CanonicalJson.writePretty(this) + "\n";
    }

    /**
     * Reads {@link #toJson}.
     *
     * @throws io.eventbroker.core.EventBrokerException if the text is not a result
     */
    public static Result read(String json) {
        return CanonicalJson.read(json, Result.class);
    }
}
