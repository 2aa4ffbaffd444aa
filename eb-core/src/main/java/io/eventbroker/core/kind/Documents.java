package io.eventbroker.core.kind;

import java.util.List;
import java.util.Optional;

/** Every document of a platform, for checks that look across them. */
public interface Documents {
    /**
     * The documents of a kind, by name. While a file has mistakes, checks run several times, and a document with a mistake
     * shows a different guess of what it may become each time; what is found every time is reported.
     */
    <T extends Record> List<Document<T>> documents(Kind<T> kind);

    default <T extends Record> Optional<Document<T>> find(Kind<T> kind, String name) {
        return documents(kind).stream()
                .filter(document -> document.name().equals(name))
                .findFirst();
    }

    /**
     * Whether a document of this name was written, or may have been: also true when it is there but wrong, and when a
     * file could not be read at all. A check of references reports only what is surely absent.
     */
    boolean mayExist(Kind<?> kind, String name);

    /**
     * Whether {@link #documents} shows all that were written of a kind: false when one is so wrong that nobody knows what it
     * may become, or a file could not be read at all. A check that something is nowhere reports only then.
     */
    boolean isComplete(Kind<?> kind);
}
