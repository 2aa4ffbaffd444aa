package io.eventbroker.examples.quickstart;

import io.eventbroker.core.law.SchemaLaws;
import io.eventbroker.core.spec.Specs;
import io.eventbroker.security.access.AccessPolicies;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** The laws of schemas, on the files of the quick start and the kinds that they need. */
class QuickStartSchemaTest extends SchemaLaws {
    private static final Path FILES = Path.of("src/main/resources/quickstart");

    @Override
    protected Specs specs() {
        return Specs.standard().with(AccessPolicies.KIND);
    }

    @Override
    protected List<Path> samples() {
        return List.of(FILES.resolve("event-broker.yaml"));
    }

    @Override
    protected Map<Path, Path> overlays() {
        return Map.of(FILES.resolve("overlay.yaml"), FILES.resolve("event-broker.yaml"));
    }
}
