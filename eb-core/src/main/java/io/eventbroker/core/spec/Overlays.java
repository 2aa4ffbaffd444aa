package io.eventbroker.core.spec;

import io.eventbroker.core.source.Node;
import io.eventbroker.core.source.Node.Field;
import io.eventbroker.core.source.Node.Fields;
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
                // a map that is merged into stays where it is, with what it lacks
                boolean within = before != null && before.value() instanceof Fields && field.value() instanceof Fields;
                merged.put(
                        key,
                        new Field(
                                within && before != null ? before.keyAt() : field.keyAt(),
                                merge(before == null ? null : before.value(), field.value())));
            }
        });
        return new Fields(base instanceof Fields ? base.at() : patch.at(), merged);
    }
}
