package io.eventbroker.testkit.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.eventbroker.testkit.kubernetes.FieldRules.Comparison;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Who owns which fields of one object: {@code metadata.managedFields}, and how writes change it. */
final class ManagedFields {

    record Manager(String name, String operation, String subresource) {
        String printed(String apiVersion) {
            String quoted = "\"" + name + "\"";
            if (operation.equals("Apply")) {
                return quoted;
            }
            return quoted + (subresource.isEmpty() ? "" : " with subresource \"" + subresource + "\"") + " using "
                    + apiVersion;
        }
    }

    private record Owned(FieldSet fields, String apiVersion, String time) {}

    private final Map<Manager, Owned> managers = new LinkedHashMap<>();

    static ManagedFields of(ObjectNode object) {
        ManagedFields result = new ManagedFields();
        for (JsonNode entry : object.path("metadata").path("managedFields")) {
            result.managers.put(
                    new Manager(
                            entry.path("manager").asText(),
                            entry.path("operation").asText(),
                            entry.path("subresource").asText()),
                    new Owned(
                            FieldSet.fromFieldsV1(entry.path("fieldsV1")),
                            entry.path("apiVersion").asText(),
                            entry.path("time").asText()));
        }
        return result;
    }

    void writeTo(ObjectNode object) {
        ArrayNode list = JsonNodeFactory.instance.arrayNode();
        managers.forEach((manager, owned) -> {
            if (owned.fields().isEmpty()) {
                return;
            }
            ObjectNode entry = list.addObject();
            entry.put("manager", manager.name())
                    .put("operation", manager.operation())
                    .put("apiVersion", owned.apiVersion())
                    .put("time", owned.time())
                    .put("fieldsType", "FieldsV1")
                    .set("fieldsV1", owned.fields().toFieldsV1());
            if (!manager.subresource().isEmpty()) {
                entry.put("subresource", manager.subresource());
            }
        });
        if (list.isEmpty()) {
            object.withObjectProperty("metadata").remove("managedFields");
        } else {
            object.withObjectProperty("metadata").set("managedFields", list);
        }
    }

    /** A write that is no apply: whoever changes a field owns it from then on, alone. */
    void update(Manager manager, String apiVersion, String now, Comparison changes) {
        FieldSet changed = changes.changed();
        managers.replaceAll((other, owned) -> new Owned(
                owned.fields()
                        .difference(other.equals(manager) ? new FieldSet() : changed)
                        .difference(changes.removed()),
                owned.apiVersion(),
                owned.time()));
        if (!changed.isEmpty()) {
            Owned before = managers.get(manager);
            FieldSet mine = before == null ? changed : before.fields().union(changed);
            managers.put(manager, new Owned(mine, apiVersion, now));
        }
    }

    /**
     * Applies an object to the live one.
     *
     * @param live without any field if the object is to be created
     * @return the new object, not yet with its managed fields
     * @throws ApiException 409 if it would change what others own, unless forced
     */
    ObjectNode apply(
            Manager manager, FieldRules rules, ObjectNode live, ObjectNode applied, String now, boolean force) {
        String apiVersion = applied.path("apiVersion").asText();
        FieldSet wanted = rules.appliedFields(applied);
        Owned last = managers.get(manager);
        managers.put(
                manager,
                new Owned(wanted, apiVersion, last != null && same(last.fields(), wanted) ? last.time() : now));

        ObjectNode result = rules.merge(live, applied);
        if (last != null) {
            FieldSet owned = managers.values().stream().map(Owned::fields).reduce(new FieldSet(), FieldSet::union);
            rules.prune(result, last.fields(), owned);
        }

        Comparison changes = rules.compare(live, result);
        FieldSet changed = changes.changed();
        Map<String, List<String>> conflicts = new LinkedHashMap<>();
        managers.forEach((other, owned) -> {
            FieldSet contested = owned.fields().intersection(changed);
            if (!other.equals(manager) && !contested.isEmpty()) {
                conflicts.put(other.printed(owned.apiVersion()), contested.paths());
            }
        });
        if (!force && !conflicts.isEmpty()) {
            throw ApiException.fieldConflicts(conflicts);
        }
        managers.replaceAll((other, owned) -> other.equals(manager)
                ? owned
                : new Owned(
                        owned.fields().difference(changed).difference(changes.removed()),
                        owned.apiVersion(),
                        owned.time()));
        return result;
    }

    private static boolean same(FieldSet one, FieldSet other) {
        return one.toFieldsV1().equals(other.toFieldsV1());
    }
}
