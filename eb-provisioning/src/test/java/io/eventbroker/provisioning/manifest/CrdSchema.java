package io.eventbroker.provisioning.manifest;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** As much of JSON Schema as custom resource definitions use. */
final class CrdSchema {
    private CrdSchema() {}

    /** Everything in the value that the schema does not allow. */
    static List<String> violations(JsonNode schema, JsonNode value, String path) {
        List<String> found = new ArrayList<>();
        check(schema, value, path, found);
        return found;
    }

    private static void check(JsonNode schema, JsonNode value, String path, List<String> found) {
        if (schema.path("x-kubernetes-int-or-string").asBoolean()) {
            if (!value.isTextual() && !value.isIntegralNumber()) {
                found.add(path + ": expected a number or text, found " + value);
            }
        } else if (schema.has("type")) {
            boolean right = switch (schema.get("type").asText()) {
                case "object" -> value.isObject();
                case "array" -> value.isArray();
                case "string" -> value.isTextual();
                case "integer" -> value.isIntegralNumber();
                case "boolean" -> value.isBoolean();
                default -> true;
            };
            if (!right) {
                found.add(path + ": expected " + schema.get("type").asText() + ", found " + value);
                return;
            }
        }
        if (schema.has("enum")) {
            boolean listed = false;
            for (JsonNode allowed : schema.get("enum")) {
                listed |= allowed.equals(value);
            }
            if (!listed) {
                found.add(path + ": " + value + " is none of " + schema.get("enum"));
            }
        }
        if (value.isTextual()) {
            String text = value.asText();
            if (schema.has("pattern")
                    && !Pattern.compile(schema.get("pattern").asText())
                            .matcher(text)
                            .find()) {
                found.add(path + ": '" + text + "' does not match " + schema.get("pattern"));
            }
            if (text.length() > schema.path("maxLength").asInt(Integer.MAX_VALUE)) {
                found.add(path + ": '" + text + "' is too long");
            }
        }
        schema.path("required").forEach(name -> {
            if (!value.has(name.asText())) {
                found.add(path + ": " + name.asText() + " is missing");
            }
        });
        value.properties().forEach(entry -> {
            JsonNode property = schema.path("properties").get(entry.getKey());
            if (property != null) {
                check(property, entry.getValue(), path + "." + entry.getKey(), found);
            } else if (schema.path("additionalProperties").isObject()) {
                check(schema.get("additionalProperties"), entry.getValue(), path + "." + entry.getKey(), found);
            } else if (schema.has("properties")
                    && !schema.path("x-kubernetes-preserve-unknown-fields").asBoolean()) {
                found.add(path + "." + entry.getKey() + ": unknown");
            }
        });
        if (value.isArray() && schema.has("items")) {
            for (int i = 0; i < value.size(); i++) {
                check(schema.get("items"), value.get(i), path + "[" + i + "]", found);
            }
        }
    }
}
