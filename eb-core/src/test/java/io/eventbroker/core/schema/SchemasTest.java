package io.eventbroker.core.schema;

import io.eventbroker.core.law.SchemaLaws;
import io.eventbroker.core.spec.Specs;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** The laws of schemas, on the samples of this module. */
class SchemasTest extends SchemaLaws {
    private static final Path RESOURCES = Path.of("src/test/resources");

    @Override
    protected Specs specs() {
        return Specs.standard();
    }

    @Override
    protected List<Path> samples() {
        return List.of(
                RESOURCES.resolve("spec/small.yaml"),
                RESOURCES.resolve("spec/sample-platform.yaml"),
                RESOURCES.resolve("topology/production.yaml"));
    }

    @Override
    protected Map<Path, Path> overlays() {
        return Map.of(RESOURCES.resolve("spec/sample-overlay.yaml"), RESOURCES.resolve("spec/sample-platform.yaml"));
    }
}
