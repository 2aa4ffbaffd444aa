package io.eventbroker.benchmarks;

import io.eventbroker.benchmarks.Result.Baseline;
import io.eventbroker.benchmarks.Result.Subject;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

/** Turns the runs of a subject and its baselines into a result. Not safe for use by several threads. */
final class Comparison {
    private final String benchmark;
    private final String unit;
    private final boolean higherIsBetter;
    private final Measured subject;
    private final List<Baseline> baselines = new ArrayList<>();

    private Comparison(String benchmark, String unit, boolean higherIsBetter, Measured subject) {
        this.benchmark = benchmark;
        this.unit = unit;
        this.higherIsBetter = higherIsBetter;
        this.subject = subject;
    }

    static Comparison ofRates(String benchmark, String unit, Measured subject) {
        return new Comparison(benchmark, unit, true, subject);
    }

    static Comparison ofTimes(String benchmark, String unit, Measured subject) {
        return new Comparison(benchmark, unit, false, subject);
    }

    Comparison against(String name, String version, Measured baseline) {
        double ratio = higherIsBetter ? subject.median() / baseline.median() : baseline.median() / subject.median();
        OptionalDouble cpu = Measured.median(baseline.cpuSeconds());
        OptionalDouble ours = Measured.median(subject.cpuSeconds());
        OptionalDouble cpuRatio = cpu.isPresent() && ours.isPresent()
                ? OptionalDouble.of(rounded(cpu.getAsDouble() / ours.getAsDouble()))
                : OptionalDouble.empty();
        baselines.add(new Baseline(name, version, rounded(baseline.median()), rounded(cpu), rounded(ratio), cpuRatio));
        return this;
    }

    /** Closes the comparison; the target is a least ratio against every baseline. */
    Result targeting(double ratio) {
        return new Result(
                benchmark,
                "mvn -q -Pbench verify -Dbench=" + benchmark,
                Machine.here(),
                unit,
                higherIsBetter,
                subject.values().size(),
                new Subject(
                        rounded(subject.median()),
                        rounded(subject.min()),
                        rounded(subject.max()),
                        rounded(Measured.median(subject.cpuSeconds())),
                        rounded(Measured.median(subject.allocatedMB()))),
                baselines,
                "ratio of at least "
                        + BigDecimal.valueOf(ratio).stripTrailingZeros().toPlainString(),
                baselines.stream().allMatch(baseline -> baseline.ratio() >= ratio));
    }

    private static OptionalDouble rounded(OptionalDouble value) {
        return value.isPresent() ? OptionalDouble.of(rounded(value.getAsDouble())) : value;
    }

    /** Four digits: no measurement here is better than that. */
    private static double rounded(double value) {
        if (!Double.isFinite(value)) {
            throw new IllegalArgumentException("a measurement must be a number, was " + value);
        }
        return new BigDecimal(value).round(new MathContext(4)).doubleValue();
    }
}
