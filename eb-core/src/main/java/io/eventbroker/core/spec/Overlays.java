package io.eventbroker.core.spec;

import io.eventbroker.core.source.Node;
import io.eventbroker.core.source.Node.Field;
import io.eventbroker.core.source.Node.Fields;
import io.eventbroker.core.source.Node.Items;
import io.eventbroker.core.source.Node.Text;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Trees merged over trees. */
final class Overlays {
    private Overlays() {}

    /**
     * The patch merged over the base as RFC 7396 says: maps merge, lists and scalars replace, null removes. Every value
     * keeps the place that it came from.
     */
    static Node merge(@Nullable Node base, Node patch) {
        if (!(patch instanceof Fields over)) {
            return patch;
        }
        Map<String, Field> merged =
                base instanceof Fields under ? new LinkedHashMap<>(under.fields()) : new LinkedHashMap<>();
        over.fields().forEach((key, field) -> {
            if (field.value().isNull()) {
                merged.remove(key);
            } else {
                Field before = merged.get(key);
                merged.put(key, new Field(field.keyAt(), merge(before == null ? null : before.value(), field.value())));
            }
        });
        return new Fields(base instanceof Fields ? base.at() : patch.at(), merged);
    }

    /** Equal in meaning, wherever written. */
    static boolean same(Node one, Node other) {
        if (one instanceof Text a && other instanceof Text b) {
            return a.text().equals(b.text()) && a.isNull() == b.isNull();
        }
        if (one instanceof Items a && other instanceof Items b) {
            if (a.items().size() != b.items().size()) {
                return false;
            }
            for (int i = 0; i < a.items().size(); i++) {
                if (!same(a.items().get(i), b.items().get(i))) {
                    return false;
                }
            }
            return true;
        }
        if (one instanceof Fields a && other instanceof Fields b) {
            if (!a.fields().keySet().equals(b.fields().keySet())) {
                return false;
            }
            for (Map.Entry<String, Field> entry : a.fields().entrySet()) {
                Node counterpart = b.get(entry.getKey());
                if (counterpart == null || !same(entry.getValue().value(), counterpart)) {
                    return false;
                }
            }
            return true;
        }
        return false;
    }
}
