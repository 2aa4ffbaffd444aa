package io.eventbroker.core.kind;

import io.eventbroker.core.problem.SourceLocation;

/**
 * A document that was read: its model and where every part of it was written.
 *
 * @param <T> the record of its kind
 */
public interface Document<T extends Record> {
    Kind<T> kind();

    /** {@code metadata.name}; unique within its kind. */
    String name();

    T value();

    /** Where the document begins. */
    default SourceLocation location() {
        return locate("");
    }

    /**
     * Where an element is written, or the nearest element around it when it is not written at all.
     *
     * @param path such as {@code spec.brokers.replicas}, {@code spec.topics[3].name} or
     *     {@code spec.brokers.config[min.insync.replicas]}
     */
    SourceLocation locate(String path);
}
