package io.eventbroker.core.registry;

import com.fasterxml.jackson.databind.JsonNode;
import io.eventbroker.core.EventBrokerException;
import io.eventbroker.core.http.RestAnswer;
import io.eventbroker.core.http.RestCall;
import io.eventbroker.core.json.CanonicalJson;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Takes the answers of one registry apart, and puts its refusals in words. */
final class RegistryAnswers {
    /** Codes of Confluent's API reference, "Errors". */
    private static final Map<Integer, String> WORDS = new HashMap<>();

    static {
        WORDS.put(401, "it refused the credentials; check user and password, or the token");
        WORDS.put(403, "these credentials lack the right to do this");
        WORDS.put(404, "there is no such path; check that the address is where the registry's API begins");
        WORDS.put(409, "the schema is not compatible with earlier versions");
        WORDS.put(40401, "there is no such subject");
        WORDS.put(40402, "there is no such version");
        WORDS.put(40403, "there is no such schema");
        WORDS.put(40404, "the subject was deleted softly");
        WORDS.put(40405, "the subject must be deleted softly before it is deleted for good");
        WORDS.put(40406, "the version was deleted softly");
        WORDS.put(40407, "the version must be deleted softly before it is deleted for good");
        WORDS.put(40408, "the subject has no compatibility of its own");
        WORDS.put(40409, "the subject has no mode of its own");
        WORDS.put(42201, "the schema is not valid");
        WORDS.put(42202, "the version is not valid");
        WORDS.put(42203, "the compatibility is not valid");
        WORDS.put(42204, "the mode is not valid");
        WORDS.put(42205, "the mode does not allow this; IMPORT is needed to give ids, READWRITE for anything else");
        WORDS.put(42206, "another schema refers to it; delete that one first");
    }

    private final URI registry;

    RegistryAnswers(URI registry) {
        this.registry = registry;
    }

    /** Whatever the status: registries differ in it. */
    static boolean isAbsent(RestAnswer answer) {
        int code = answer.errorCode().orElse(0);
        return !answer.succeeded() && code >= 40401 && code <= 40409 && code != 40405 && code != 40407;
    }

    /** A path that this registry does not have, as opposed to a thing that is not there. */
    static boolean isNotOffered(RestAnswer answer) {
        return (answer.status() == 404 && answer.errorCode().orElse(404) == 404)
                || answer.status() == 204
                || answer.status() == 405
                || answer.status() == 501;
    }

    SchemaRegistryException refusal(RestCall call, RestAnswer answer) {
        int code = answer.errorCode().orElse(answer.status());
        String words = WORDS.getOrDefault(code, WORDS.getOrDefault(answer.status(), "it refused"));
        String said = answer.message().isEmpty() ? "" : ": " + answer.message();
        return new SchemaRegistryException(
                "cannot " + call.what() + " at " + registry + ": " + words + " (" + code + said + ")", code);
    }

    JsonNode success(RestCall call, RestAnswer answer) {
        if (!answer.succeeded()) {
            throw refusal(call, answer);
        }
        return answer.body();
    }

    private SchemaRegistryException strange(RestCall call, String expected) {
        return new SchemaRegistryException(
                "cannot " + call.what() + " at " + registry + ": its answer has " + expected
                        + "; is this the address of a Schema Registry?",
                200);
    }

    List<String> names(RestCall call, JsonNode body) {
        return list(call, body, JsonNode::isTextual, JsonNode::textValue);
    }

    List<Integer> numbers(RestCall call, JsonNode body) {
        return list(call, body, JsonNode::canConvertToInt, JsonNode::intValue);
    }

    private <T> List<T> list(
            RestCall call, JsonNode body, Function<JsonNode, Boolean> fits, Function<JsonNode, T> value) {
        if (!body.isArray()) {
            throw strange(call, "no list");
        }
        List<T> values = new ArrayList<>(body.size());
        for (JsonNode entry : body) {
            if (!fits.apply(entry)) {
                throw strange(call, "a list of something else");
            }
            values.add(value.apply(entry));
        }
        return values;
    }

    int number(RestCall call, JsonNode body, String key) {
        JsonNode value = body.path(key);
        if (!value.canConvertToInt()) {
            throw strange(call, "no '" + key + "'");
        }
        return value.intValue();
    }

    /** Of a setting, which is written under one name and read under another, or under the same. */
    <E extends Enum<E>> E word(RestCall call, JsonNode body, Class<E> type, String... keys) {
        for (String key : keys) {
            JsonNode value = body.path(key);
            if (value.isTextual()) {
                try {
                    return Enum.valueOf(type, value.textValue());
                } catch (IllegalArgumentException e) {
                    throw strange(call, "the unknown " + key + " '" + value.textValue() + "'");
                }
            }
        }
        throw strange(call, "no '" + keys[0] + "'");
    }

    Schema schema(RestCall call, JsonNode body) {
        JsonNode text = body.path("schema");
        if (!text.isTextual()) {
            throw strange(call, "no 'schema'");
        }
        List<SchemaReference> references = new ArrayList<>();
        for (JsonNode reference : body.path("references")) {
            references.add(new SchemaReference(
                    reference.path("name").asText(),
                    reference.path("subject").asText(),
                    number(call, reference, "version")));
        }
        try {
            return new Schema(
                    // Left out for Avro, which was the only one once.
                    body.path("schemaType").asText("AVRO"),
                    text.textValue(),
                    references,
                    part(body, "metadata"),
                    part(body, "ruleSet"));
        } catch (EventBrokerException | IllegalArgumentException e) {
            throw strange(call, "a schema with something wrong: " + e.getMessage());
        }
    }

    SchemaVersion version(RestCall call, JsonNode body, boolean deleted) {
        return new SchemaVersion(
                body.path("subject").asText(),
                number(call, body, "version"),
                number(call, body, "id"),
                schema(call, body),
                deleted);
    }

    private static Optional<String> part(JsonNode body, String key) {
        JsonNode part = body.path(key);
        return part.isObject() ? Optional.of(CanonicalJson.write(part)) : Optional.empty();
    }
}
