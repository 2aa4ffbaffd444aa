package io.eventbroker.core.adopt;

import static org.assertj.core.api.Assertions.assertThat;

import io.eventbroker.core.source.Node;
import io.eventbroker.core.source.NodePath;
import io.eventbroker.core.source.Sources;
import io.eventbroker.core.spec.InvalidSpecException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every scalar of a source is in the list of what was not carried over, or it matters: with another value in its place, the
 * result or the list is another, or there is an error. This does not look at how the adoption keeps its books.
 */
class NothingIsDroppedTest {
    static Stream<String> samples() {
        return Samples.ALL.stream();
    }

    @ParameterizedTest
    @MethodSource("samples")
    void everyScalarMattersOrIsListed(String sample) {
        // Given
        Sources sources = Sources.parse(sample, Samples.text(sample));
        Adopted adopted = adopt(sample, sources.documents());
        List<String> dropped = new ArrayList<>();
        int[] seen = {0};

        for (int i = 0; i < sources.documents().size(); i++) {
            int document = i;
            walk(sources.documents().get(i), null, (path, scalar) -> {
                seen[0]++;
                // When
                if (!isListed(adopted, scalar, path) && !matters(sample, sources, adopted, document, path, scalar)) {
                    dropped.add(scalar.at() + " " + path + ": " + scalar.text());
                }
            });
        }

        // Then
        assertThat(seen[0]).isGreaterThan(20);
        assertThat(dropped).isEmpty();
    }

    private static Adopted adopt(String sample, List<Node> documents) {
        return Adoption.of(Sources.of(documents))
                .assuming(Samples.assumed(sample))
                .adopt();
    }

    /** An entry of the same place or of one around it. */
    private static boolean isListed(Adopted adopted, Node.Text scalar, String path) {
        return adopted.notCarried().stream()
                .anyMatch(entry -> entry.at().source().equals(scalar.at().source())
                        && ((entry.at().equals(scalar.at()) && entry.path().equals(path))
                                || isAround(entry, scalar, path)));
    }

    private static boolean isAround(NotCarried entry, Node.Text scalar, String path) {
        boolean around =
                entry.path().isEmpty() || path.startsWith(entry.path() + ".") || path.startsWith(entry.path() + "[");
        // the same paths are in several documents: the entry must stand before the scalar
        return around
                && entry.at().compareTo(scalar.at()) <= 0
                && !entry.found().isEmpty();
    }

    private static boolean matters(
            String sample, Sources sources, Adopted adopted, int document, String path, Node.Text scalar) {
        for (String other :
                List.of(scalar.text() + "9", "7", "zzz", scalar.text().equals("true") ? "false" : "true")) {
            List<Node> documents = new ArrayList<>(sources.documents());
            documents.set(
                    document,
                    changed(
                            documents.get(document),
                            null,
                            path,
                            text -> new Node.Text(text.at(), other, text.plain())));
            try {
                Adopted different = adopt(sample, documents);
                if (!different.topology().equals(adopted.topology())
                        || !different.layers().equals(adopted.layers())
                        || different.notCarried().size() != adopted.notCarried().size()) {
                    return true;
                }
            } catch (InvalidSpecException e) {
                return true;
            }
        }
        return false;
    }

    private static NodePath below(@Nullable NodePath path, String key) {
        return path == null ? NodePath.of(key) : path.key(key);
    }

    private static void walk(Node node, @Nullable NodePath path, BiConsumer<String, Node.Text> each) {
        if (node instanceof Node.Text text && !text.isNull()) {
            each.accept(String.valueOf(path), text);
        } else if (node instanceof Node.Fields map) {
            map.fields().forEach((key, field) -> walk(field.value(), below(path, key), each));
        } else if (node instanceof Node.Items list && path != null) {
            for (int i = 0; i < list.items().size(); i++) {
                walk(list.items().get(i), path.index(i), each);
            }
        }
    }

    private static Node changed(Node node, @Nullable NodePath path, String at, UnaryOperator<Node.Text> change) {
        if (node instanceof Node.Text text) {
            return at.equals(String.valueOf(path)) ? change.apply(text) : text;
        } else if (node instanceof Node.Fields map) {
            Map<String, Node.Field> fields = new LinkedHashMap<>();
            map.fields()
                    .forEach((key, field) -> fields.put(
                            key, new Node.Field(field.keyAt(), changed(field.value(), below(path, key), at, change))));
            return new Node.Fields(map.at(), fields);
        } else if (node instanceof Node.Items list && path != null) {
            List<Node> items = new ArrayList<>();
            for (int i = 0; i < list.items().size(); i++) {
                items.add(changed(list.items().get(i), path.index(i), at, change));
            }
            return new Node.Items(list.at(), items);
        }
        return node;
    }
}
