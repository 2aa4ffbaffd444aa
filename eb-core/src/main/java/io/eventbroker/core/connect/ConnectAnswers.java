package io.eventbroker.core.connect;

import com.fasterxml.jackson.databind.JsonNode;
import io.eventbroker.core.http.RestAnswer;
import io.eventbroker.core.http.RestCall;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** Takes the answers of one Connect cluster apart, and puts its refusals in words. */
final class ConnectAnswers {
    private static final Map<Integer, String> WORDS = Map.of(
            400, "the worker refused what it was given",
            401, "it refused the credentials; check user and password, or the token",
            403, "these credentials lack the right to do this",
            404, "there is no such connector or plug-in, or no such path",
            405, "this worker does not offer it; offsets need Kafka 3.6, stopping needs 3.5",
            409, "another connector or state stands in the way");

    private final URI cluster;

    ConnectAnswers(URI cluster) {
        this.cluster = cluster;
    }

    JsonNode success(RestCall call, RestAnswer answer) {
        if (answer.succeeded()) {
            return answer.body();
        }
        String said = answer.message().isEmpty() ? "" : ": " + answer.message();
        throw new ConnectApiException(
                "cannot " + call.what() + " at " + cluster + ": " + WORDS.getOrDefault(answer.status(), "it refused")
                        + " (" + answer.status() + said + ")",
                answer.status());
    }

    ConnectApiException strange(RestCall call, String found) {
        return new ConnectApiException(
                "cannot " + call.what() + " at " + cluster + ": its answer has " + found
                        + "; is this the address of a Connect worker?",
                200);
    }

    SortedMap<String, Connector> connectors(RestCall call, JsonNode body) {
        SortedMap<String, Connector> connectors = new TreeMap<>();
        if (!body.isObject()) {
            throw strange(call, "no connectors");
        }
        body.properties()
                .forEach(entry -> connectors.put(
                        entry.getKey(),
                        connector(
                                call,
                                entry.getKey(),
                                entry.getValue().path("info").path("config"),
                                entry.getValue().path("status"))));
        return connectors;
    }

    Connector connector(RestCall call, String name, JsonNode config, JsonNode status) {
        List<ConnectorTask> tasks = new ArrayList<>();
        for (JsonNode task : status.path("tasks")) {
            tasks.add(new ConnectorTask(
                    task.path("id").asInt(),
                    state(call, task),
                    task.path("worker_id").asText(),
                    trace(task)));
        }
        JsonNode own = status.path("connector");
        return new Connector(name, strings(call, config), state(call, own), trace(own), tasks);
    }

    SortedMap<String, String> strings(RestCall call, JsonNode object) {
        if (!object.isObject()) {
            throw strange(call, "no configuration");
        }
        SortedMap<String, String> strings = new TreeMap<>();
        object.properties().forEach(entry -> {
            // A property may be set to nothing; as a property that is not set, it means its default.
            if (!entry.getValue().isNull()) {
                strings.put(entry.getKey(), entry.getValue().asText());
            }
        });
        return strings;
    }

    ConnectorState state(RestCall call, JsonNode status) {
        String state = status.path("state").asText();
        try {
            // A connector that was made just now has no status yet.
            return state.isEmpty() ? ConnectorState.UNASSIGNED : ConnectorState.valueOf(state);
        } catch (IllegalArgumentException e) {
            throw strange(call, "the unknown state '" + state + "'");
        }
    }

    private static Optional<String> trace(JsonNode status) {
        return Optional.of(status.path("trace").asText()).filter(trace -> !trace.isEmpty());
    }
}
