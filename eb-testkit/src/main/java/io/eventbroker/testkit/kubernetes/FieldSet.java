package io.eventbroker.testkit.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A set of paths into an object, as a tree whose edges are the elements of Kubernetes' FieldsV1: {@code f:name} for a
 * field, <code>k:{"name":"x"}</code> for the item of a list with keys, {@code v:"x"} for an element of a set.
 */
final class FieldSet {

    private boolean member;
    private final TreeMap<String, FieldSet> children = new TreeMap<>();

    boolean isMember() {
        return member;
    }

    boolean isEmpty() {
        return !member && children.isEmpty();
    }

    Map<String, FieldSet> children() {
        return children;
    }

    @Nullable
    FieldSet child(String element) {
        return children.get(element);
    }

    FieldSet descend(String element) {
        return children.computeIfAbsent(element, e -> new FieldSet());
    }

    void add() {
        member = true;
    }

    FieldSet union(FieldSet other) {
        FieldSet result = copy();
        result.member |= other.member;
        other.children.forEach(
                (element, child) -> result.children.merge(element, child.copy(), (mine, theirs) -> mine.union(theirs)));
        return result;
    }

    FieldSet intersection(FieldSet other) {
        FieldSet result = new FieldSet();
        result.member = member && other.member;
        children.forEach((element, child) -> {
            FieldSet theirs = other.children.get(element);
            if (theirs != null) {
                FieldSet common = child.intersection(theirs);
                if (!common.isEmpty()) {
                    result.children.put(element, common);
                }
            }
        });
        return result;
    }

    /** The paths that are here and not there; a path there does not take away those below it. */
    FieldSet difference(FieldSet other) {
        FieldSet result = new FieldSet();
        result.member = member && !other.member;
        children.forEach((element, child) -> {
            FieldSet theirs = other.children.get(element);
            FieldSet rest = theirs == null ? child.copy() : child.difference(theirs);
            if (!rest.isEmpty()) {
                result.children.put(element, rest);
            }
        });
        return result;
    }

    private FieldSet copy() {
        FieldSet result = new FieldSet();
        result.member = member;
        children.forEach((element, child) -> result.children.put(element, child.copy()));
        return result;
    }

    /** Without the fields by which an object is identified and versioned: nobody owns them. */
    FieldSet withoutIdentity() {
        FieldSet result = copy();
        result.children.remove("f:apiVersion");
        result.children.remove("f:kind");
        FieldSet metadata = result.children.get("f:metadata");
        if (metadata != null) {
            for (String field : List.of(
                    "name",
                    "generateName",
                    "namespace",
                    "uid",
                    "resourceVersion",
                    "generation",
                    "creationTimestamp",
                    "selfLink",
                    "managedFields")) {
                metadata.children.remove("f:" + field);
            }
            metadata.member = false;
            if (metadata.isEmpty()) {
                result.children.remove("f:metadata");
            }
        }
        return result;
    }

    /** The paths as the API server writes them in conflicts: {@code .spec.ports[port=80,protocol="TCP"].targetPort}. */
    List<String> paths() {
        List<String> paths = new ArrayList<>();
        paths("", paths);
        return paths;
    }

    private void paths(String prefix, List<String> paths) {
        if (member) {
            paths.add(prefix);
        }
        children.forEach((element, child) -> child.paths(prefix + pathOf(element), paths));
    }

    private static String pathOf(String element) {
        String content = element.substring(2);
        return switch (element.charAt(0)) {
            case 'f' -> "." + content;
            case 'v' -> "[=" + content + "]";
            default -> {
                List<String> keys = new ArrayList<>();
                Json.object(content)
                        .properties()
                        .forEach(key ->
                                keys.add(key.getKey() + "=" + key.getValue().toString()));
                yield "[" + String.join(",", keys) + "]";
            }
        };
    }

    ObjectNode toFieldsV1() {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        if (member && !children.isEmpty()) {
            node.putObject(".");
        }
        children.forEach((element, child) -> node.set(element, child.toFieldsV1()));
        return node;
    }

    static FieldSet fromFieldsV1(JsonNode node) {
        FieldSet root = read(node);
        if (node.isEmpty()) {
            root.member = false;
        }
        return root;
    }

    private static FieldSet read(JsonNode node) {
        FieldSet set = new FieldSet();
        set.member = node.isEmpty();
        for (Map.Entry<String, JsonNode> entry : node.properties()) {
            if (entry.getKey().equals(".")) {
                set.member = true;
            } else {
                set.children.put(entry.getKey(), read(entry.getValue()));
            }
        }
        return set;
    }
}
