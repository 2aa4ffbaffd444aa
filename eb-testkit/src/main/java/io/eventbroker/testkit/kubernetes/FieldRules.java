package io.eventbroker.testkit.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * How the fields of one kind are merged, owned and compared. An object is merged field by field and a list is replaced
 * as a whole, unless a rule says otherwise. The rules are those that the OpenAPI document of Kubernetes 1.3x states
 * with {@code x-kubernetes-list-type}, {@code x-kubernetes-list-map-keys} and {@code x-kubernetes-map-type}; custom
 * resources have the rules of a schema that states none.
 */
final class FieldRules {

    /** Fields as {@code spec.ports[].name}. */
    private final Map<String, List<String>> keyedLists = new HashMap<>();

    private final Set<String> sets = new HashSet<>();
    private final Set<String> atomicMaps = new HashSet<>();

    private FieldRules() {
        keyedLists.put("metadata.ownerReferences", List.of("uid"));
        sets.add("metadata.finalizers");
    }

    static FieldRules of(String apiVersion, String kind) {
        FieldRules rules = new FieldRules();
        switch (apiVersion + " " + kind) {
            case "v1 Service" -> {
                rules.keyedLists.put("spec.ports", List.of("port", "protocol"));
                rules.atomicMaps.add("spec.selector");
            }
            case "v1 ServiceAccount" -> rules.keyedLists.put("secrets", List.of("name"));
            case "v1 Pod" -> rules.pod("spec");
            case "apps/v1 StatefulSet", "apps/v1 Deployment", "apps/v1 DaemonSet", "batch/v1 Job" -> {
                rules.atomicMaps.add("spec.selector");
                rules.keyedLists.put("spec.template.metadata.ownerReferences", List.of("uid"));
                rules.sets.add("spec.template.metadata.finalizers");
                rules.pod("spec.template.spec");
            }
            case "policy/v1 PodDisruptionBudget" -> rules.atomicMaps.add("spec.selector");
            case "networking.k8s.io/v1 NetworkPolicy" -> rules.atomicMaps.add("spec.podSelector");
            default -> {}
        }
        return rules;
    }

    private void pod(String pod) {
        atomicMaps.add(pod + ".nodeSelector");
        atomicMaps.add(pod + ".affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution");
        keyedLists.put(pod + ".volumes", List.of("name"));
        for (String source : List.of("configMap", "secret")) {
            atomicMaps.add(pod + ".volumes[]." + source + ".localObjectReference");
        }
        keyedLists.put(pod + ".imagePullSecrets", List.of("name"));
        keyedLists.put(pod + ".hostAliases", List.of("ip"));
        keyedLists.put(pod + ".topologySpreadConstraints", List.of("topologyKey", "whenUnsatisfiable"));
        atomicMaps.add(pod + ".topologySpreadConstraints[].labelSelector");
        for (String containers : List.of("containers", "initContainers", "ephemeralContainers")) {
            String list = pod + "." + containers;
            keyedLists.put(list, List.of("name"));
            keyedLists.put(list + "[].ports", List.of("containerPort", "protocol"));
            keyedLists.put(list + "[].env", List.of("name"));
            for (String source : List.of("fieldRef", "resourceFieldRef", "configMapKeyRef", "secretKeyRef")) {
                atomicMaps.add(list + "[].env[].valueFrom." + source);
            }
            keyedLists.put(list + "[].volumeMounts", List.of("mountPath"));
            keyedLists.put(list + "[].volumeDevices", List.of("devicePath"));
            keyedLists.put(list + "[].resources.claims", List.of("name"));
        }
    }

    private static String below(String field, String element) {
        if (element.charAt(0) != 'f') {
            return field + "[]";
        }
        String name = element.substring(2);
        return field.isEmpty() ? name : field + "." + name;
    }

    /** The parts of a value that are owned one by one, by path element; null where the value is owned as a whole. */
    private @Nullable Map<String, JsonNode> parts(JsonNode value, String field) {
        if (value instanceof ObjectNode object) {
            if (atomicMaps.contains(field)) {
                return null;
            }
            Map<String, JsonNode> parts = new LinkedHashMap<>();
            object.properties().forEach(entry -> {
                if (!entry.getValue().isNull()) {
                    parts.put("f:" + entry.getKey(), entry.getValue());
                }
            });
            return parts;
        }
        if (value instanceof ArrayNode array) {
            List<String> keys = keyedLists.get(field);
            boolean set = sets.contains(field);
            if (keys == null && !set) {
                return null;
            }
            Map<String, JsonNode> parts = new LinkedHashMap<>();
            for (JsonNode item : array) {
                String element = keys == null ? "v:" + item : keyElement(item, keys, field);
                if (parts.put(element, item) != null) {
                    throw ApiException.of(
                            500,
                            "InternalError",
                            "failed to create typed patch object: ." + field + ": duplicate entries for key "
                                    + element.substring(2));
                }
            }
            return parts;
        }
        return null;
    }

    private static String keyElement(JsonNode item, List<String> keys, String field) {
        TreeMap<String, JsonNode> values = new TreeMap<>();
        for (String key : keys) {
            JsonNode value = item.get(key);
            if (value == null && key.equals("protocol")) {
                value = JsonNodeFactory.instance.textNode("TCP");
            }
            if (value == null) {
                throw ApiException.of(
                        500,
                        "InternalError",
                        "failed to create typed patch object: ." + field
                                + ": element of an associative list has no value for the key field \"" + key + "\"");
            }
            values.put(key, value);
        }
        ObjectNode key = JsonNodeFactory.instance.objectNode();
        values.forEach(key::set);
        return "k:" + key;
    }

    /** The fields that someone owns who applies this object. */
    FieldSet appliedFields(ObjectNode object) {
        FieldSet fields = new FieldSet();
        collectApplied(object, "", fields);
        return fields.withoutIdentity();
    }

    private void collectApplied(JsonNode value, String field, FieldSet into) {
        Map<String, JsonNode> parts = parts(value, field);
        if (parts == null || (parts.isEmpty() && value.isObject())) {
            into.add();
            return;
        }
        parts.forEach((element, part) -> {
            FieldSet child = into.descend(element);
            if (element.charAt(0) != 'f') {
                child.add();
            }
            collectApplied(part, below(field, element), child);
        });
    }

    record Comparison(FieldSet added, FieldSet modified, FieldSet removed) {
        FieldSet changed() {
            return added.union(modified);
        }
    }

    /** What differs between two versions of an object; the order of keyed lists and sets does not count. */
    Comparison compare(ObjectNode before, ObjectNode after) {
        Comparison result = new Comparison(new FieldSet(), new FieldSet(), new FieldSet());
        compare(before, after, "", result.added(), result.modified(), result.removed());
        return new Comparison(
                result.added().withoutIdentity(),
                result.modified().withoutIdentity(),
                result.removed().withoutIdentity());
    }

    private void compare(
            JsonNode before, JsonNode after, String field, FieldSet added, FieldSet modified, FieldSet removed) {
        Map<String, JsonNode> old = parts(before, field);
        Map<String, JsonNode> now = parts(after, field);
        if (old == null || now == null) {
            if (!before.equals(after)) {
                modified.add();
            }
            return;
        }
        old.forEach((element, value) -> {
            JsonNode other = now.get(element);
            String below = below(field, element);
            if (other == null) {
                addAll(value, below, removed.descend(element));
            } else {
                compare(
                        value,
                        other,
                        below,
                        added.descend(element),
                        modified.descend(element),
                        removed.descend(element));
                trim(added, element);
                trim(modified, element);
                trim(removed, element);
            }
        });
        now.forEach((element, value) -> {
            if (!old.containsKey(element)) {
                addAll(value, below(field, element), added.descend(element));
            }
        });
    }

    private static void trim(FieldSet set, String element) {
        FieldSet child = set.child(element);
        if (child != null && child.isEmpty()) {
            set.children().remove(element);
        }
    }

    private void addAll(JsonNode value, String field, FieldSet into) {
        into.add();
        Map<String, JsonNode> parts = parts(value, field);
        if (parts != null) {
            parts.forEach((element, part) -> addAll(part, below(field, element), into.descend(element)));
        }
    }

    /** The live object with everything that is applied on top. */
    ObjectNode merge(ObjectNode live, ObjectNode applied) {
        return (ObjectNode) merge(live, applied, "");
    }

    private JsonNode merge(JsonNode live, JsonNode applied, String field) {
        Map<String, JsonNode> current = parts(live, field);
        Map<String, JsonNode> wanted = parts(applied, field);
        if (current == null || wanted == null) {
            return applied.deepCopy();
        }
        Map<String, JsonNode> merged = new LinkedHashMap<>(current);
        wanted.forEach((element, value) ->
                merged.merge(element, value, (mine, theirs) -> merge(mine, theirs, below(field, element))));
        if (applied.isObject()) {
            ObjectNode object = JsonNodeFactory.instance.objectNode();
            merged.forEach((element, value) -> object.set(element.substring(2), value.deepCopy()));
            return object;
        }
        ArrayNode array = JsonNodeFactory.instance.arrayNode();
        merged.values().forEach(value -> array.add(value.<JsonNode>deepCopy()));
        return array;
    }

    /** Takes out of the object what its applier owned before and nobody owns now. */
    void prune(ObjectNode object, FieldSet before, FieldSet owned) {
        prune(object, "", before, owned);
    }

    private void prune(JsonNode node, String field, FieldSet before, FieldSet owned) {
        Map<String, JsonNode> parts = parts(node, field);
        if (parts == null) {
            return;
        }
        before.children().forEach((element, last) -> {
            JsonNode part = parts.get(element);
            if (part == null) {
                return;
            }
            FieldSet kept = owned.child(element);
            // A field stays for what is owned below it; the item of a list stays only for itself.
            boolean isField = element.charAt(0) == 'f';
            boolean stays = kept != null && (isField || kept.isMember());
            boolean wasOwned = isField || last.isMember();
            if (!stays && wasOwned && !(field.isEmpty() && element.equals("f:metadata"))) {
                remove(node, element, part);
            } else {
                prune(part, below(field, element), last, kept == null ? new FieldSet() : kept);
            }
        });
    }

    /** The part is the very node within the other, not one that equals it. */
    @SuppressWarnings("ReferenceEquality")
    private static void remove(JsonNode from, String element, JsonNode part) {
        if (from instanceof ObjectNode object) {
            object.remove(element.substring(2));
        } else if (from instanceof ArrayNode array) {
            for (int i = 0; i < array.size(); i++) {
                if (array.get(i) == part) {
                    array.remove(i);
                    return;
                }
            }
        }
    }
}
