package io.eventbroker.testkit.kubernetes;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** What the API server answers with a {@code Status} instead of an object. */
final class ApiException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final int code;
    private final String reason;
    private final transient List<Cause> causes;

    record Cause(String reason, String message, String field) {}

    private ApiException(int code, String reason, String message, List<Cause> causes) {
        super(message);
        this.code = code;
        this.reason = reason;
        this.causes = causes;
    }

    static ApiException of(int code, String reason, String message) {
        return new ApiException(code, reason, message, List.of());
    }

    static ApiException badRequest(String message) {
        return of(400, "BadRequest", message);
    }

    static ApiException notFound(String resource, String name) {
        return of(404, "NotFound", resource + " \"" + name + "\" not found");
    }

    static ApiException invalid(String kind, String name, String field, String problem) {
        String message = field + ": " + problem;
        return new ApiException(
                422,
                "Invalid",
                kind + " \"" + name + "\" is invalid: " + message,
                List.of(new Cause("FieldValueForbidden", problem, field)));
    }

    /** A conflict of server-side apply: which fields other managers own, by the name of the manager as printed. */
    static ApiException fieldConflicts(Map<String, List<String>> fieldsByManager) {
        List<Cause> causes = fieldsByManager.entrySet().stream()
                .flatMap(owned -> owned.getValue().stream()
                        .map(field -> new Cause("FieldManagerConflict", "conflict with " + owned.getKey(), field)))
                .toList();
        String message;
        if (causes.size() == 1) {
            Cause only = causes.get(0);
            message = "Apply failed with 1 conflict: " + only.message() + ": " + only.field();
        } else {
            message = "Apply failed with " + causes.size() + " conflicts: "
                    + fieldsByManager.entrySet().stream()
                            .map(owned -> "conflicts with " + owned.getKey() + ":\n- "
                                    + String.join("\n- ", owned.getValue()))
                            .collect(Collectors.joining("\n"));
        }
        return new ApiException(409, "Conflict", message, causes);
    }

    int code() {
        return code;
    }

    ObjectNode toStatus() {
        ObjectNode status = JsonNodeFactory.instance.objectNode();
        status.put("kind", "Status").put("apiVersion", "v1");
        status.putObject("metadata");
        status.put("status", "Failure").put("message", getMessage()).put("reason", reason);
        if (!causes.isEmpty()) {
            ArrayNode list = status.putObject("details").putArray("causes");
            for (Cause cause : causes) {
                list.addObject()
                        .put("reason", cause.reason())
                        .put("message", cause.message())
                        .put("field", cause.field());
            }
        }
        return status.put("code", code);
    }
}
