package io.eventbroker.core.run;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;
import java.util.UUID;

/**
 * Names a run: in the names of its threads, in its journal and report, and in every log line as MDC key
 * {@value #MDC_KEY}.
 */
public record RunId(@JsonValue String value) {
    public static final String MDC_KEY = "eb.run";

    @JsonCreator
    public RunId {
        if (value.isBlank()) {
            throw new IllegalArgumentException("a run needs an id");
        }
    }

    /** A new id, made of the kind of plan and eight random digits. */
    public static RunId random(String kind) {
        return new RunId(kind.toLowerCase(Locale.ROOT) + "-"
                + UUID.randomUUID().toString().substring(0, 8));
    }

    @Override
    public String toString() {
        return value;
    }
}
