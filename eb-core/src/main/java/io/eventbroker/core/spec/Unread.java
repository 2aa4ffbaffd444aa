package io.eventbroker.core.spec;

import java.util.List;
import java.util.function.UnaryOperator;

/**
 * Stands for a value that could not be read; its problems are reported already.
 *
 * @param possible some of what it may be once the file is mended; empty if nothing is known, and then nothing that needs
 *     the value is checked
 */
record Unread(List<Object> possible) {
    Unread {
        possible = List.copyOf(possible);
    }

    /** The function of the value, or of whatever it may be. */
    static Object map(Object value, UnaryOperator<Object> function) {
        return value instanceof Unread unread
                ? new Unread(unread.possible.stream().map(function).toList())
                : function.apply(value);
    }
}
