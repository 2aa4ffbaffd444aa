package io.eventbroker.core.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.eventbroker.core.problem.SourceLocation;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class EffectiveConfigTest {
    static LongStream seeds() {
        return LongStream.range(0, 200);
    }

    /** Layers in their order, of few enough keys that many are set twice. */
    private static List<EffectiveConfig> layers(Random random) {
        List<EffectiveConfig> layers = new ArrayList<>();
        for (Layer layer : Layer.values()) {
            SortedMap<String, String> values = new TreeMap<>();
            for (int i = random.nextInt(12); i > 0; i--) {
                values.put("key." + random.nextInt(15), Integer.toString(random.nextInt(3)));
            }
            EffectiveConfig.Builder builder = EffectiveConfig.builder(layer);
            int[] line = {0};
            values.forEach(
                    (key, value) -> builder.set(key, value, new SourceLocation(layer + ".yaml", ++line[0], 1), false));
            layers.add(builder.build());
        }
        return layers;
    }

    private static EffectiveConfig merged(List<EffectiveConfig> layers) {
        return layers.stream().reduce(EffectiveConfig.empty(), EffectiveConfig::overriddenBy);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void mergingIsAssociativeAndEmptyChangesNothing(long seed) {
        // Given
        Random random = new Random(seed);
        List<EffectiveConfig> layers = layers(random);
        EffectiveConfig a = merged(layers.subList(0, 2));
        EffectiveConfig b = merged(layers.subList(2, 4));
        EffectiveConfig c = merged(layers.subList(4, layers.size()));

        // Then
        assertThat(a.overriddenBy(b).overriddenBy(c)).isEqualTo(a.overriddenBy(b.overriddenBy(c)));
        assertThat(a.overriddenBy(EffectiveConfig.empty())).isEqualTo(a);
        assertThat(EffectiveConfig.empty().overriddenBy(a)).isEqualTo(a);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void lastLayerWinsAndEveryOverriddenValueIsRememberedInOrder(long seed) {
        // Given
        List<EffectiveConfig> layers = layers(new Random(seed));
        SortedMap<String, List<Setting>> expected = new TreeMap<>(); // by a plain map, the strongest first
        for (EffectiveConfig layer : layers) {
            for (Setting setting : layer.settings()) {
                expected.computeIfAbsent(setting.key(), key -> new ArrayList<>())
                        .add(0, setting);
            }
        }

        // When
        EffectiveConfig merged = merged(layers);

        // Then
        assertThat(merged.settings().stream().map(Setting::key)).containsExactlyElementsOf(expected.keySet());
        expected.forEach((key, settings) -> {
            Optional<Setting> found = merged.find(key);
            for (Setting setting : settings) {
                assertThat(found.orElseThrow().value()).isEqualTo(setting.value());
                assertThat(found.orElseThrow().layer()).isEqualTo(setting.layer());
                assertThat(found.orElseThrow().location()).isEqualTo(setting.location());
                found = found.orElseThrow().overrode();
            }
            assertThat(found).isEmpty();
        });
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void mergingLeavesItsPartsAsTheyWere(long seed) {
        List<EffectiveConfig> layers = layers(new Random(seed));
        merged(layers);
        assertThat(layers).isEqualTo(layers(new Random(seed)));
    }

    @Test
    void brokersWithoutALayerOfTheirOwnShareWhatIsBeneath() {
        EffectiveConfig base = merged(layers(new Random(1)));
        assertThat(base.overriddenBy(EffectiveConfig.empty())).isSameAs(base);
    }

    @Test
    void explainsEveryLayerDownToKafkasDefault() {
        // Given
        EffectiveConfig config = EffectiveConfig.of(
                        Layer.KAFKA,
                        SourceLocation.of("Kafka 4.3 default"),
                        Map.of("min.insync.replicas", "1"),
                        key -> false)
                .overriddenBy(EffectiveConfig.of(
                        Layer.ENVIRONMENT,
                        new SourceLocation("environments/production.yaml", 12, 5),
                        Map.of("min.insync.replicas", "1"),
                        key -> false))
                .overriddenBy(EffectiveConfig.of(
                        Layer.CLUSTER,
                        new SourceLocation("clusters/kafka-prod.yaml", 31, 7),
                        Map.of("min.insync.replicas", "2"),
                        key -> false));

        // Then
        assertThat(config.explain("min.insync.replicas"))
                .isEqualTo("2 ← clusters/kafka-prod.yaml:31, cluster (over 1 ← environments/production.yaml:12,"
                        + " environment; over 1 ← Kafka 4.3 default)");
        assertThat(config.explain("num.io.threads")).isEqualTo("not set");
        assertThat(config.explain("min.insync.replica")).isEqualTo("not set; did you mean 'min.insync.replicas'?");
        assertThat(config.explain("max.insync.brokers"))
                .as("more than a misspelling")
                .isEqualTo("not set");
    }

    @Test
    void showsNoSecretButReferencesToThem() {
        EffectiveConfig config = EffectiveConfig.of(
                Layer.CLUSTER,
                new SourceLocation("kafka.yaml", 3, 1),
                Map.of("a.password", "open sesame", "b.password", "${secret:kafka/b}"),
                key -> true);
        assertThat(config.toString() + config.settings() + config.explain("a.password"))
                .doesNotContain("sesame")
                .contains("[hidden]", "${secret:kafka/b}");
    }
}
