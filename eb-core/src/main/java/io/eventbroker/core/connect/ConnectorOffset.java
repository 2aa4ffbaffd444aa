package io.eventbroker.core.connect;

import com.fasterxml.jackson.databind.JsonNode;
import io.eventbroker.core.json.CanonicalJson;
import io.eventbroker.core.kind.Checks;
import java.util.Optional;

/**
 * How far a connector has come with one partition of its source, or with one of its topics'. Both sides are objects that
 * only the connector understands; their keys are kept in the worker's order, which is part of how Connect stores a
 * partition.
 *
 * @param partition a JSON object, such as {@code {"filename":"/data/in.txt"}}
 * @param offset a JSON object, such as {@code {"position":42}}; empty to forget the partition
 */
public record ConnectorOffset(String partition, Optional<String> offset) {
    public ConnectorOffset {
        Checks.begin()
                .require(isObject(partition), "partition", "must be a JSON object", "")
                .require(offset.map(ConnectorOffset::isObject).orElse(true), "offset", "must be a JSON object", "")
                .end();
    }

    static ConnectorOffset of(JsonNode entry) {
        JsonNode offset = entry.path("offset");
        return new ConnectorOffset(
                entry.path("partition").toString(),
                offset.isNull() ? Optional.empty() : Optional.of(offset.toString()));
    }

    String toJson() {
        return "{\"partition\":" + partition + ",\"offset\":" + offset.orElse("null") + "}";
    }

    private static boolean isObject(String json) {
        return json.startsWith("{") && CanonicalJson.readTree(json).isObject();
    }
}
