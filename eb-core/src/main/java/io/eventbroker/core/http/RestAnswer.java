package io.eventbroker.core.http;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.OptionalInt;

/** What a server answered: a status, and JSON where it sent any. */
public final class RestAnswer {
    private static final int LONGEST_MESSAGE = 500;

    private final int status;
    private final JsonNode body;

    RestAnswer(int status, JsonNode body) {
        this.status = status;
        this.body = body;
    }

    public int status() {
        return status;
    }

    /** Whether the request was carried out. */
    public boolean succeeded() {
        return status >= 200 && status < 300;
    }

    /** A missing node where the server sent nothing, or an error that is not JSON. */
    public JsonNode body() {
        return body;
    }

    /** The {@code error_code} of services of the Kafka ecosystem: the status, or more digits that say more. */
    public OptionalInt errorCode() {
        JsonNode code = body.path("error_code");
        return code.canConvertToInt() ? OptionalInt.of(code.intValue()) : OptionalInt.empty();
    }

    /** The {@code message} that goes with it, without line breaks and of bounded length; empty where there is none. */
    public String message() {
        String text =
                body.path("message").asText("").replaceAll("\\p{Cntrl}+", " ").strip();
        return text.length() <= LONGEST_MESSAGE ? text : text.substring(0, LONGEST_MESSAGE) + "…";
    }

    /** The status alone. */
    @Override
    public String toString() {
        return "RestAnswer[" + status + "]";
    }
}
