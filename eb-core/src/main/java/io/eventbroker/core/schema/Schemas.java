package io.eventbroker.core.schema;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.eventbroker.core.kind.Kind;
import io.eventbroker.core.spec.Specs;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.Yaml;

/**
 * What files may hold, for tools that check them before they are read.
 *
 * <pre>{@code
 * Schemas schemas = Schemas.of(Specs.standard().with(AccessPolicies.KIND));
 * Files.writeString(Path.of("event-broker.schema.json"), schemas.files());
 * Files.writeString(Path.of("crds.yaml"), schemas.resourceDefinitions());
 * }</pre>
 *
 * <p>A schema accepts whatever {@link Specs} accepts. It refuses what can be said of one value by itself: unknown and
 * missing keys, wrong types, words that are not in the list, text of the wrong form. What a record says of several values
 * together, and what looks across documents, only the reader knows.
 *
 * <p>Immutable; the same kinds give the same text.
 */
public final class Schemas {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final List<Kind<?>> kinds;

    private Schemas(Collection<Kind<?>> kinds) {
        this.kinds = List.copyOf(kinds);
    }

    /** Of all kinds that these know. Resolvers and overlays do not count. */
    public static Schemas of(Specs specs) {
        return new Schemas(specs.kinds());
    }

    /**
     * JSON Schema of documents of every kind, which {@code kind:} tells apart. Editors apply it to each document of a YAML
     * file; a JSON file that is an array of documents needs a schema of its own around it.
     *
     * <p>Draft 7, for that is what editors know best, YAML's among them, and nothing here needs a later one. References
     * such as {@code ${env:STAGE}} are accepted wherever a resolver may stand behind them.
     */
    public String files() {
        return json(EditorSchema.whole().documents(kinds));
    }

    /** As {@link #files}, of one kind. */
    public String files(Kind<?> kind) {
        return json(EditorSchema.whole().documents(List.of(known(kind))));
    }

    /** As {@link #files}, for overlays: nothing is required below {@code spec} and {@code null} removes. */
    public String overlays() {
        return json(EditorSchema.partial().documents(kinds));
    }

    /**
     * The CustomResourceDefinitions of every kind, as YAML documents in the order of their names: group
     * {@code eventbroker.io}, version {@code v1}, namespaced.
     *
     * <p>Their schemas are structural and hold what Kubernetes can express; unknown keys it drops, or refuses with
     * {@code --validate=strict}. Where files may have a whole number for text, resources may too; decimals and booleans
     * must be quoted there, except in properties. References have no place outside of properties, for nobody resolves them in a
     * cluster. Defaults are filled in by Kubernetes; what a value inherits when it is absent is not, and described
     * instead.
     */
    public String resourceDefinitions() {
        StringBuilder all = new StringBuilder();
        for (Kind<?> kind : kinds) {
            all.append(all.length() == 0 ? "" : "---\n").append(resourceDefinition(kind));
        }
        return all.toString();
    }

    /** The CustomResourceDefinition of one kind, as YAML. */
    public String resourceDefinition(Kind<?> kind) {
        DumperOptions options = new DumperOptions();
        options.setDefaultFlowStyle(DumperOptions.FlowStyle.BLOCK);
        options.setIndicatorIndent(2);
        options.setIndentWithIndicator(true);
        options.setSplitLines(false);
        options.setDereferenceAliases(true);
        return new Yaml(options).dump(ResourceDefinition.of(known(kind)));
    }

    private Kind<?> known(Kind<?> kind) {
        if (!kinds.contains(kind)) {
            throw new IllegalArgumentException("the kind " + kind + " is not among " + kinds);
        }
        return kind;
    }

    private static String json(Map<String, Object> schema) {
        try {
            return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(schema) + "\n";
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a schema that is no JSON", e);
        }
    }
}
