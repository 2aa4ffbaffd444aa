package io.eventbroker.core.spec;

import static org.assertj.core.api.Assertions.assertThat;

import io.eventbroker.core.problem.SourceLocation;
import io.eventbroker.core.source.Node;
import io.eventbroker.core.source.NodePath;
import java.util.AbstractMap;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ListChangesTest {
    private static final SourceLocation HERE = SourceLocation.of("list");

    private final AtomicLong looks = new AtomicLong();

    /** A map that counts how often somebody looks at what it holds. */
    private Node item(String key, int number, int value) {
        Map<String, Node.Field> fields = new TreeMap<>();
        fields.put(key, new Node.Field(HERE, new Node.Text(HERE, "item-" + number, true)));
        fields.put("value", new Node.Field(HERE, new Node.Text(HERE, "" + value, true)));
        return new Node.Fields(HERE, new AbstractMap<>() {
            @Override
            public Set<Entry<String, Node.Field>> entrySet() {
                looks.incrementAndGet();
                return fields.entrySet();
            }

            @Override
            public Node.Field get(Object name) {
                looks.incrementAndGet();
                return fields.get(name);
            }
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"name", "topic"})
    void looksAtEachItemAFewTimesHoweverManyThereAre(String key) {
        // Given
        int items = 10_000;
        Node.Items before = new Node.Items(
                HERE, IntStream.range(0, items).mapToObj(i -> item(key, i, i)).toList());
        Node.Items after = new Node.Items(
                HERE,
                IntStream.range(0, items)
                        .map(i -> items - 1 - i)
                        .mapToObj(i -> item(key, i, i % 2 == 0 ? i : -i))
                        .toList());
        List<OverlayChange> changes = new ArrayList<>();

        // When
        new ListChanges("TopicSet", "orders", changes).compare(before, after, NodePath.of("spec"));

        // Then
        assertThat(looks.get()).isLessThan(100L * items);
        assertThat(changes).hasSizeGreaterThanOrEqualTo(items / 2);
        if (key.equals("name")) {
            assertThat(changes)
                    .hasSize(items / 2)
                    .allMatch(change -> change.path().endsWith(".value"));
        }
    }
}
