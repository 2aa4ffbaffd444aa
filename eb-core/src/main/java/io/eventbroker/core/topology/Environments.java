package io.eventbroker.core.topology;

import io.eventbroker.core.kind.Document;
import io.eventbroker.core.kind.Documents;
import io.eventbroker.core.kind.Kind;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The environments that platforms know, and the kind that defines more. */
public final class Environments {
    /** {@code kind: Environment}. */
    public static final Kind<Environment> KIND = Kind.of("Environment", Environment.class);

    private static final List<Environment> STANDARD = List.of(
            new Environment("development", "Feature development", 3, Optional.of(3), 1, false),
            new Environment("qa", "Integration and performance tests", 3, Optional.of(6), 2, false),
            new Environment("staging", "Validation before production", 9, Optional.of(9), 3, false),
            new Environment("production", "Business-critical work", 12, Optional.empty(), 3, false),
            new Environment("dr", "Geo-replicated standby", 9, Optional.empty(), 3, true));

    private Environments() {}

    /** development, qa, staging, production and dr. */
    public static List<Environment> standard() {
        return STANDARD;
    }

    /** Their names: of the standard ones and of those that were read. */
    public static List<String> names(Documents documents) {
        return Stream.concat(
                        STANDARD.stream().map(Environment::name),
                        documents.documents(KIND).stream().map(Document::name))
                .distinct()
                .toList();
    }

    /** The environment of this name: one that was read, else a standard one. */
    public static Optional<Environment> find(Documents documents, String name) {
        return documents
                .find(KIND, name)
                .map(Document::value)
                .or(() -> STANDARD.stream()
                        .filter(standard -> standard.name().equals(name))
                        .findFirst());
    }
}
