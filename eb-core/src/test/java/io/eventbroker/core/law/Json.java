package io.eventbroker.core.law;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.eventbroker.core.source.Node;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Trees as editors see them: YAML's scalars by the core schema of YAML 1.2. */
final class Json {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private Json() {}

    static Object of(Node node) {
        if (node instanceof Node.Items list) {
            List<Object> items = new ArrayList<>();
            list.items().forEach(item -> items.add(of(item)));
            return items;
        }
        if (node instanceof Node.Fields map) {
            Map<String, Object> fields = new LinkedHashMap<>();
            map.fields().forEach((key, field) -> fields.put(key, of(field.value())));
            return fields;
        }
        Node.Text text = (Node.Text) node;
        if (!text.plain()) {
            return text.text();
        }
        if (text.isNull()) {
            return null;
        }
        if (text.text().matches("true|True|TRUE|false|False|FALSE")) {
            return Boolean.valueOf(text.text());
        }
        if (text.text().matches("[-+]?[0-9]+|[-+]?(\\.[0-9]+|[0-9]+(\\.[0-9]*)?)([eE][-+]?[0-9]+)?")) {
            return new BigDecimal(text.text().replaceFirst("^\\+", ""));
        }
        return text.text();
    }

    static String text(Object tree) {
        try {
            return MAPPER.writeValueAsString(tree);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("no JSON: " + tree, e);
        }
    }
}
