package io.eventbroker.core.lint;

import io.eventbroker.core.source.Node;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * An element of a manifest and its path. Whatever is asked for and is not there, or is of another type than asked for, is
 * empty, so that rules can look at anything that people write.
 *
 * @param path as for {@link Node#find}; empty for the whole manifest
 */
record Spot(Manifest manifest, String path, Node node) {
    static Spot of(Manifest manifest) {
        return new Spot(manifest, "", manifest.root());
    }

    /** The path of an element below, which need not be there. */
    String path(String below) {
        return path.isEmpty() || below.isEmpty() || below.startsWith("[") ? path + below : path + "." + below;
    }

    Optional<Spot> at(String below) {
        return node.find(below).map(found -> new Spot(manifest, path(below), found));
    }

    boolean has(String below) {
        return node.find(below).isPresent();
    }

    Optional<String> text(String below) {
        return node.text(below);
    }

    /** The scalar that stands here. */
    Optional<String> text() {
        return node instanceof Node.Text text && !text.isNull() ? Optional.of(text.text()) : Optional.empty();
    }

    boolean is(String below, String text) {
        return text(below).filter(text::equals).isPresent();
    }

    /** The whole number below; empty also for one that is written in another way, such as a template. */
    Optional<Long> number(String below) {
        return text(below).flatMap(Spot::parse);
    }

    static Optional<Long> parse(String text) {
        try {
            return Optional.of(Long.parseLong(text.trim()));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    /** The items of the list below that are not null. */
    List<Spot> items(String below) {
        return at(below).map(Spot::items).orElse(List.of());
    }

    /** The items of the list that stands here that are not null. */
    List<Spot> items() {
        List<Spot> items = new ArrayList<>();
        if (node instanceof Node.Items list) {
            for (int i = 0; i < list.items().size(); i++) {
                if (!list.items().get(i).isNull()) {
                    items.add(new Spot(
                            manifest, path + "[" + i + "]", list.items().get(i)));
                }
            }
        }
        return items;
    }

    /** The texts in the list below. */
    List<String> texts(String below) {
        return items(below).stream().flatMap(item -> item.text().stream()).toList();
    }

    /** The fields of the map below, also those that are null, in the order of the file. */
    Map<String, Spot> fields(String below) {
        return at(below).map(Spot::fields).orElse(Map.of());
    }

    /** The fields of the map that stands here, also those that are null, in the order of the file. */
    Map<String, Spot> fields() {
        Map<String, Spot> fields = new LinkedHashMap<>();
        if (node instanceof Node.Fields map) {
            map.fields().forEach((key, field) -> {
                String below = key.isEmpty() || key.indexOf('.') >= 0 || key.indexOf('[') >= 0 ? "[" + key + "]" : key;
                fields.put(key, new Spot(manifest, path(below), field.value()));
            });
        }
        return fields;
    }

    /** The scalars of the map below, such as labels. */
    Map<String, String> labels(String below) {
        Map<String, String> labels = new LinkedHashMap<>();
        fields(below).forEach((key, value) -> value.text().ifPresent(text -> labels.put(key, text)));
        return labels;
    }

    /** Every scalar here and below. */
    List<String> allTexts() {
        List<String> texts = new ArrayList<>();
        gather(node, texts);
        return texts;
    }

    private static void gather(Node node, List<String> texts) {
        if (node instanceof Node.Text text) {
            texts.add(text.text());
        } else if (node instanceof Node.Items list) {
            list.items().forEach(item -> gather(item, texts));
        } else if (node instanceof Node.Fields map) {
            map.fields().values().forEach(field -> gather(field.value(), texts));
        }
    }
}
