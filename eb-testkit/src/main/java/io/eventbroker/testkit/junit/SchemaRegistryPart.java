package io.eventbroker.testkit.junit;

import io.eventbroker.testkit.registry.EmbeddedSchemaRegistry;
import java.lang.reflect.AnnotatedElement;
import java.util.List;

/** Injects an empty {@link EmbeddedSchemaRegistry}, one for a test class. */
public final class SchemaRegistryPart implements EmbeddedPart {
    /** Made by the service loader. */
    public SchemaRegistryPart() {}

    @Override
    public Class<? extends AutoCloseable> type() {
        return EmbeddedSchemaRegistry.class;
    }

    @Override
    public AutoCloseable start(AnnotatedElement place) {
        return EmbeddedSchemaRegistry.start();
    }

    @Override
    public List<String> leftBehind(AutoCloseable closed) {
        return ((EmbeddedSchemaRegistry) closed).isRunning() ? List.of("process of " + closed) : List.of();
    }
}
