package io.eventbroker.core.spec;

import static org.assertj.core.api.Assertions.assertThat;

import io.eventbroker.core.BrokerId;
import io.eventbroker.core.DataSize;
import io.eventbroker.core.TopicName;
import io.eventbroker.core.kind.Default;
import io.eventbroker.core.kind.Inherit;
import io.eventbroker.core.kind.Kind;
import io.eventbroker.core.kind.Metadata;
import io.eventbroker.core.topic.TopicDefaults;
import io.eventbroker.core.topic.TopicSet;
import io.eventbroker.core.topic.TopicSets;
import io.eventbroker.core.topic.TopicSpec;
import io.eventbroker.core.topology.Topologies;
import io.eventbroker.core.topology.Topology;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Law: read(write(x)) equals x, and writing it again gives the same text. */
class RoundTripTest {
    /** A record with a component of every sort. */
    public record Everything(
            @Metadata String name,
            @Metadata SortedMap<String, String> labels,
            String text,
            int number,
            long large,
            double fraction,
            boolean flag,
            Colour colour,
            Duration duration,
            DataSize size,
            BrokerId broker,
            @Default("3") int three,
            @Default("[a, b]") List<String> letters,
            Optional<String> maybe,
            Optional<Inner> inner,
            List<List<Long>> matrix,
            Set<TopicName> topics,
            Map<String, Inner> inners,
            SortedMap<TopicName, Colour> colours,
            Form form) {}

    @Test
    void aWholePlatformReadsBackEqual() throws java.io.IOException {
        // Given documents of several kinds, in no order
        Platform platform = Specs.standard()
                .parse("f.yaml", java.nio.file.Files.readString(Path.of("src/test/resources/spec/small.yaml")) + """
                        ---
                        apiVersion: eventbroker.io/v1
                        kind: Environment
                        metadata: {name: lab}
                        spec: {purpose: Trying things out, minBrokers: 1, minZones: 1}
                        ---
                        apiVersion: eventbroker.io/v1
                        kind: TopicSet
                        metadata: {name: invoices}
                        spec: {topics: [{name: invoices.invoice.sent}]}
                        """);

        // When
        String written = SpecWriter.write(platform);
        Platform again = Specs.standard().parse("again.yaml", written);

        // Then
        for (Kind<?> kind : platform.kinds()) {
            assertThat(again.all(kind)).isEqualTo(platform.all(kind));
        }
        assertThat(written.lines().filter(line -> line.startsWith("kind: ") || line.startsWith("  name: ")))
                .containsExactly(
                        "kind: Environment",
                        "  name: lab",
                        "kind: TopicSet",
                        "  name: invoices",
                        "kind: TopicSet",
                        "  name: orders",
                        "kind: Topology",
                        "  name: kafka-test");
        assertThat(SpecWriter.write(again)).isEqualTo(written);
    }

    /** Alternatives. */
    public sealed interface Form permits RoundForm, Square {}

    public record RoundForm(int radius) implements Form {}

    public record Square(@Inherit(suffix = "-square") String name, Optional<Integer> side) implements Form {}

    public record Inner(
            @Inherit String text, @Default("true") boolean flag) {}

    /** With a name of two words. */
    public enum Colour {
        RED,
        DARK_GREEN
    }

    /** What a text means must not depend on resolvers once it is written. */
    private static final Specs RESOLVING = Specs.standard()
            .resolving("env", name -> Optional.of("resolved"))
            .resolving("file", name -> Optional.of("read"));

    private static final Kind<Everything> EVERYTHING = Kind.of("Everything", Everything.class);

    /** A set, whose order is that of hash codes. */
    public record Notes(@Metadata String name, Set<String> texts) {}

    @Test
    void setsHaveOneOrderHoweverLongTheirItemsAre() {
        // Given items that differ only far behind
        Kind<Notes> kind = Kind.of("Notes", Notes.class);
        String same = "x".repeat(100);
        List<String> items = List.of(same + "c", same + "a", same + "b");
        List<String> reversed = List.of(same + "b", same + "a", same + "c");

        // When
        String one = SpecWriter.write(kind, new Notes("n", new LinkedHashSet<>(items)));
        String other = SpecWriter.write(kind, new Notes("n", new LinkedHashSet<>(reversed)));

        // Then
        assertThat(one).isEqualTo(other);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void everySortOfComponent(long seed) {
        Generator generate = new Generator(seed);
        Specs specs = RESOLVING.with(EVERYTHING);
        for (int i = 0; i < 250; i++) {
            Everything written = generate.everything();
            String text = SpecWriter.write(EVERYTHING, written);

            Everything read = specs.parse("seed " + seed, text).one(EVERYTHING, written.name());

            assertThat(read).as(text).isEqualTo(written);
            assertThat(SpecWriter.write(EVERYTHING, read)).isEqualTo(text);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void topicSets(long seed) {
        Generator generate = new Generator(seed);
        for (int i = 0; i < 250; i++) {
            TopicSet written = generate.topicSet();

            TopicSet read = RESOLVING
                    .parse("seed " + seed, SpecWriter.write(TopicSets.KIND, written))
                    .one(TopicSets.KIND, written.name());

            assertThat(read).isEqualTo(written);
        }
    }

    @Test
    void topologies() {
        Path samples = Path.of("src/test/resources/spec");
        for (Specs specs :
                List.of(Specs.standard(), Specs.standard().overlay(samples.resolve("sample-overlay.yaml")))) {
            Topology written =
                    specs.read(samples.resolve("sample-platform.yaml")).topology("kafka-prod");
            String text = SpecWriter.write(Topologies.KIND, written)
                    .replace("environment: quickstart", "environment: development");

            Topology read = Specs.standard().parse("written", text).topology("kafka-prod");

            assertThat(SpecWriter.write(Topologies.KIND, read)).isEqualTo(text);
            assertThat(read.components()).isEqualTo(written.components());
        }
    }

    @Test
    void writesWhatAPersonWouldWrite() {
        TopicSet set = new TopicSet(
                "orders",
                Optional.of("kafka-prod"),
                new TopicDefaults(Optional.of(12), Optional.empty(), new TreeMap<>(Map.of("retention.ms", "1000"))),
                List.of(new TopicSpec(
                        TopicName.of("orders.placed"),
                        Optional.empty(),
                        Optional.of(3),
                        Optional.of("team: x"),
                        new TreeMap<>())),
                Set.of());

        assertThat(SpecWriter.write(TopicSets.KIND, set)).isEqualTo("""
                        apiVersion: eventbroker.io/v1
                        kind: TopicSet
                        metadata:
                          name: orders
                        spec:
                          cluster: kafka-prod
                          defaults:
                            partitions: 12
                            configs:
                              retention.ms: '1000'
                          topics:
                            - name: orders.placed
                              replicationFactor: 3
                              owner: 'team: x'
                        """);
    }

    /** Values from a seed, with the texts that YAML gets wrong most easily. */
    private static final class Generator {
        private static final List<String> TEXTS = List.of(
                "",
                " ",
                "~",
                "null",
                "yes",
                "12",
                "1e3",
                "0x1F",
                "- a",
                "a: b",
                "#",
                "a #b",
                "'",
                "\"",
                "\\",
                "*a",
                "&a",
                "!!int 3",
                "{",
                "[x]",
                "a\nb",
                "\n",
                "\ttab",
                "trailing ",
                "é",
                "\u2028",
                "\u0000",
                "\u0085",
                "\uD83D\uDE00",
                "2026-01-01",
                "<<",
                "=",
                "key?",
                "? q",
                "%",
                "@",
                "`",
                "a,b",
                "---",
                "...",
                "\uFEFFx",
                "a\r\nb",
                "${env:STAGE}",
                "$${env:STAGE}",
                "$",
                "${",
                "${secret:kafka-tls/password}",
                "${file:/etc/a:b}",
                "${STAGE}");

        private final Random random;

        Generator(long seed) {
            this.random = new Random(seed);
        }

        String text() {
            StringBuilder text = new StringBuilder(TEXTS.get(random.nextInt(TEXTS.size())));
            while (random.nextInt(3) == 0) {
                text.append(TEXTS.get(random.nextInt(TEXTS.size())));
            }
            return text.toString();
        }

        String word() {
            return "w" + Integer.toString(random.nextInt(1_000_000), 36);
        }

        <T> Optional<T> maybe(Supplier<T> value) {
            return random.nextBoolean() ? Optional.of(value.get()) : Optional.empty();
        }

        <T> List<T> list(Supplier<T> item) {
            List<T> list = new ArrayList<>();
            for (int n = random.nextInt(4); n > 0; n--) {
                list.add(item.get());
            }
            return list;
        }

        <K extends Comparable<K>, V> SortedMap<K, V> map(Supplier<K> key, Supplier<V> value) {
            SortedMap<K, V> map = new TreeMap<>();
            for (int n = random.nextInt(4); n > 0; n--) {
                map.put(key.get(), value.get());
            }
            return map;
        }

        Duration duration() {
            long amount = random.nextInt(1_000_000);
            return switch (random.nextInt(5)) {
                case 0 -> Duration.ofDays(amount);
                case 1 -> Duration.ofSeconds(amount);
                case 2 -> Duration.ofMillis(amount);
                case 3 -> Duration.ofNanos(amount);
                default -> Duration.ofHours(-amount);
            };
        }

        Inner inner() {
            return new Inner(text(), random.nextBoolean());
        }

        Colour colour() {
            return random.nextBoolean() ? Colour.RED : Colour.DARK_GREEN;
        }

        TopicName topic() {
            return TopicName.of(word());
        }

        Everything everything() {
            return new Everything(
                    word(),
                    map(this::word, this::text),
                    text(),
                    random.nextInt(),
                    random.nextLong(),
                    random.nextGaussian() * Math.pow(10, random.nextInt(60) - 30),
                    random.nextBoolean(),
                    colour(),
                    duration(),
                    DataSize.ofBytes(random.nextLong() >>> (1 + random.nextInt(60))),
                    BrokerId.of(random.nextInt(1000)),
                    random.nextInt(5),
                    list(this::text),
                    maybe(this::text),
                    maybe(this::inner),
                    list(() -> list(random::nextLong)),
                    Set.copyOf(list(this::topic)),
                    new LinkedHashMap<>(map(this::text, this::inner)),
                    map(this::topic, this::colour),
                    random.nextBoolean()
                            ? new RoundForm(random.nextInt())
                            : new Square(text(), maybe(random::nextInt)));
        }

        DataSize size() {
            return DataSize.ofBytes(1 + random.nextInt(Integer.MAX_VALUE - 1));
        }

        TopicSet topicSet() {
            SortedMap<TopicName, TopicSpec> topics = new TreeMap<>();
            for (TopicName topic : list(this::topic)) {
                topics.put(
                        topic,
                        new TopicSpec(
                                topic,
                                maybe(() -> 1 + random.nextInt(100)),
                                maybe(() -> 1 + random.nextInt(5)),
                                maybe(this::text),
                                maybe(this::word),
                                maybe(this::size),
                                map(this::word, this::text)));
            }
            return new TopicSet(
                    word(),
                    Optional.empty(),
                    new TopicDefaults(
                            maybe(() -> 1 + random.nextInt(100)),
                            maybe(() -> 3),
                            maybe(this::word),
                            maybe(this::size),
                            map(this::word, this::text)),
                    List.copyOf(topics.values()),
                    Set.of(TopicName.of("retired-" + word())));
        }
    }
}
