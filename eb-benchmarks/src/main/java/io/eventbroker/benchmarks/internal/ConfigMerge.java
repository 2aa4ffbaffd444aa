package io.eventbroker.benchmarks.internal;

import io.eventbroker.core.config.EffectiveConfig;
import io.eventbroker.core.config.Layer;
import io.eventbroker.core.problem.SourceLocation;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Four layers of 300 keys become what holds for each of 1,000 brokers, of which every one has a layer of its own: the
 * hardest case, for brokers without one share the rest. A quarter of the keys of each layer is not in the one before.
 * Three layers are merged once and the fourth for every broker; so does the baseline.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 5, time = 2)
@Measurement(iterations = 5, time = 2)
public class ConfigMerge {
    private static final int KEYS = 300;
    private static final int BROKERS = 1_000;
    private static final List<Layer> SHARED = List.of(Layer.PLATFORM, Layer.ENVIRONMENT, Layer.CLUSTER);

    private final List<SortedMap<String, String>> sharedValues = new ArrayList<>();
    private final List<SortedMap<String, String>> brokerValues = new ArrayList<>();
    private final List<EffectiveConfig> shared = new ArrayList<>();
    private final List<EffectiveConfig> brokers = new ArrayList<>();

    public ConfigMerge() {
        for (Layer layer : SHARED) {
            SortedMap<String, String> values = values(shared.size() * KEYS / 4, layer.name());
            sharedValues.add(values);
            shared.add(layer(layer, values));
        }
        for (int broker = 0; broker < BROKERS; broker++) {
            SortedMap<String, String> values = values(shared.size() * KEYS / 4, "broker " + broker);
            brokerValues.add(values);
            brokers.add(layer(Layer.BROKER, values));
        }
        check();
    }

    @Benchmark
    public List<EffectiveConfig> subject() {
        EffectiveConfig base = EffectiveConfig.empty();
        for (EffectiveConfig layer : shared) {
            base = base.overriddenBy(layer);
        }
        List<EffectiveConfig> merged = new ArrayList<>(BROKERS);
        for (EffectiveConfig own : brokers) {
            merged.add(base.overriddenBy(own));
        }
        return merged;
    }

    @Benchmark
    public List<SortedMap<String, String>> maps() {
        SortedMap<String, String> base = new TreeMap<>();
        for (SortedMap<String, String> layer : sharedValues) {
            base.putAll(layer);
        }
        List<SortedMap<String, String>> merged = new ArrayList<>(BROKERS);
        for (SortedMap<String, String> own : brokerValues) {
            SortedMap<String, String> one = new TreeMap<>(base);
            one.putAll(own);
            merged.add(one);
        }
        return merged;
    }

    private static SortedMap<String, String> values(int first, String value) {
        SortedMap<String, String> values = new TreeMap<>();
        for (int i = first; i < first + KEYS; i++) {
            values.put(String.format(Locale.ROOT, "log.some.property.number.%04d", i), value);
        }
        return values;
    }

    private static EffectiveConfig layer(Layer layer, Map<String, String> values) {
        return EffectiveConfig.of(layer, SourceLocation.of(layer + ".yaml"), values, key -> false);
    }

    /** Both sides say the same, which this makes sure of before anything is measured. */
    private void check() {
        List<EffectiveConfig> ours = subject();
        List<SortedMap<String, String>> theirs = maps();
        for (int broker = 0; broker < BROKERS; broker++) {
            if (!ours.get(broker).written().equals(theirs.get(broker))) {
                throw new IllegalStateException("the layers of broker " + broker + " were merged differently");
            }
        }
    }
}
