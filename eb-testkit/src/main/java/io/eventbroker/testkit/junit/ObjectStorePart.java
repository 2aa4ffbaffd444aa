package io.eventbroker.testkit.junit;

import io.eventbroker.testkit.objectstore.EmbeddedObjectStore;
import java.lang.reflect.AnnotatedElement;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Injects an {@link EmbeddedObjectStore} with an empty bucket, one for a test class. */
public final class ObjectStorePart implements EmbeddedPart {
    /** Made by the service loader. */
    public ObjectStorePart() {}

    @Override
    public Class<? extends AutoCloseable> type() {
        return EmbeddedObjectStore.class;
    }

    @Override
    public AutoCloseable start(AnnotatedElement place) {
        return EmbeddedObjectStore.start();
    }

    @Override
    public List<String> leftBehind(AutoCloseable closed) {
        Path folder = ((EmbeddedObjectStore) closed).folder();
        return Files.exists(folder) ? List.of("directory " + folder) : List.of();
    }
}
