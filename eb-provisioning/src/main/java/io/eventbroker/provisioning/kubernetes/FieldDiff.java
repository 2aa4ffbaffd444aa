package io.eventbroker.provisioning.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Compares two versions of an object, field by field. */
final class FieldDiff {
    private FieldDiff() {}

    /** The object without what changes by itself and is nobody's wish. */
    static JsonNode stable(JsonNode object) {
        ObjectNode copy = object.deepCopy();
        copy.remove("status");
        if (copy.get("metadata") instanceof ObjectNode metadata) {
            metadata.remove(List.of("managedFields", "resourceVersion", "generation", "creationTimestamp", "selfLink"));
        }
        return copy;
    }

    static List<FieldChange> between(JsonNode from, JsonNode to) {
        List<FieldChange> changes = new ArrayList<>();
        compare(from, to, "", changes);
        return List.copyOf(changes);
    }

    private static void compare(@Nullable JsonNode from, @Nullable JsonNode to, String path, List<FieldChange> into) {
        if (from != null && from.equals(to)) {
            return;
        }
        if (from instanceof ObjectNode old && to instanceof ObjectNode now) {
            TreeSet<String> names = new TreeSet<>();
            old.fieldNames().forEachRemaining(names::add);
            now.fieldNames().forEachRemaining(names::add);
            names.forEach(name -> compare(old.get(name), now.get(name), path + "." + name, into));
            return;
        }
        Map<String, JsonNode> old = byName(from);
        Map<String, JsonNode> now = byName(to);
        if (old != null && now != null) {
            TreeSet<String> names = new TreeSet<>(old.keySet());
            names.addAll(now.keySet());
            names.forEach(name -> compare(old.get(name), now.get(name), path + "[name=\"" + name + "\"]", into));
            return;
        }
        into.add(new FieldChange(
                path,
                Optional.ofNullable(from).map(JsonNode::toString),
                Optional.ofNullable(to).map(JsonNode::toString)));
    }

    /** The items of a list in which each has another name; null for any other value. */
    private static @Nullable Map<String, JsonNode> byName(@Nullable JsonNode list) {
        if (list == null || !list.isArray()) {
            return null;
        }
        Map<String, JsonNode> items = new LinkedHashMap<>();
        for (JsonNode item : list) {
            JsonNode name = item.get("name");
            if (name == null || !name.isTextual() || items.put(name.asText(), item) != null) {
                return null;
            }
        }
        return items;
    }
}
