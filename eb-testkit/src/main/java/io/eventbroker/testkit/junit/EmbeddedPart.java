package io.eventbroker.testkit.junit;

import java.lang.reflect.AnnotatedElement;
import java.util.List;

/**
 * Makes a part of the kit, or of a host application, injectable by {@link EventBrokerExtension}. Implementations are
 * found by {@link java.util.ServiceLoader}; they must load without the part's optional libraries, which are needed only
 * by {@link #start}. What is started is shared by the tests of a class and closed after them.
 */
public interface EmbeddedPart {
    /** The parameter type that is answered with this part. */
    Class<? extends AutoCloseable> type();

    /**
     * Starts the part for a test class; gives an instance of {@link #type}.
     *
     * @param place the test class, whose annotations may say how
     */
    AutoCloseable start(AnnotatedElement place);

    /** What a closed part could not remove, described; the test class fails if there is anything. */
    default List<String> leftBehind(AutoCloseable closed) {
        return List.of();
    }
}
