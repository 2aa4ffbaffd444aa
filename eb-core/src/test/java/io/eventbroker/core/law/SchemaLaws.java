package io.eventbroker.core.law;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.eventbroker.core.kind.Kind;
import io.eventbroker.core.problem.Problem;
import io.eventbroker.core.problem.Severity;
import io.eventbroker.core.schema.Schemas;
import io.eventbroker.core.source.Sources;
import io.eventbroker.core.spec.InvalidSpecException;
import io.eventbroker.core.spec.Specs;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/**
 * Laws of the schemas that are generated for kinds: a schema accepts what the reader accepts, and refuses what the reader
 * refuses for a reason that a schema can express. Checked on samples and on mutants of them. Extend it in a module's tests
 * and name kinds and samples.
 */
public abstract class SchemaLaws {
    /** How many mutants of each sample are looked at. */
    private static final int MUTANTS = Integer.getInteger("schema.mutants", 400);

    /** What the reader says about one value by itself, without a look at others. */
    private static final List<Pattern> EXPRESSIBLE = List.of(
            Pattern.compile("unknown key '.*'"),
            Pattern.compile("is missing(: expected .*)?"),
            Pattern.compile("expected (text|a whole number|a number|true or false|a list|a map|an? [a-z ]+|one of .*),"
                    + " found .*"),
            Pattern.compile("expected eventbroker.io/v1, found .*"),
            Pattern.compile("expected a document .*"),
            Pattern.compile("unknown kind '.*"),
            Pattern.compile("'.*' is not (a name|a size|a version|processor time|a zone|a topic name|a duration)\\b.*"),
            Pattern.compile("resource '.*': expected .*"),
            Pattern.compile("must lie between -2147483648 and .*"),
            Pattern.compile("is already in the list"));

    /** What the reader says of a number that is out of its range. */
    private static final List<Pattern> RANGES = List.of(
            Pattern.compile("must lie between -?[0-9]+ and [0-9]+, was .*"),
            Pattern.compile("must be at (least|most) [0-9]+(Mi)?, was .*"),
            Pattern.compile("must be more than 0"),
            Pattern.compile("(a broker id )?must not be negative, was .*"),
            Pattern.compile("processor time must be at least 1m, was .*"));

    /** What a resource definition leaves to Kubernetes or cannot say. */
    private static final List<Pattern> NOT_IN_RESOURCES = List.of(
            Pattern.compile("unknown key '.*'"),
            Pattern.compile("unknown kind '.*"),
            Pattern.compile("expected eventbroker.io/v1, found .*"));

    /** The kinds that the samples need. */
    protected abstract Specs specs();

    /** Files that the reader accepts. */
    protected abstract List<Path> samples();

    /** The base of an overlay, by the overlay. */
    protected abstract Map<Path, Path> overlays();

    @Test
    void acceptSamples() {
        Schema files = schema(Schemas.of(specs()).files());
        for (Path sample : samples()) {
            specs().read(sample);
            for (Object document : documents(sample)) {
                assertThat(errors(files, document)).as("%s", sample).isEmpty();
                Kind<?> kind = kind(document);
                assertThat(errors(schema(Schemas.of(specs()).files(kind)), document))
                        .as("%s", sample)
                        .isEmpty();
                assertThat(errors(resource(kind), document)).as("%s", sample).isEmpty();
            }
        }
    }

    @Test
    void acceptOverlays() {
        Schema schema = schema(Schemas.of(specs()).overlays());
        Schema whole = schema(Schemas.of(specs()).files());
        overlays().forEach((overlay, base) -> {
            specs().overlay(overlay).read(base);
            for (Object document : documents(overlay)) {
                assertThat(errors(schema, document)).as("%s", overlay).isEmpty();
                for (Mutants.Mutation mutation : Mutants.of(document)) {
                    if (errors(whole, mutation.document()).isEmpty()) {
                        assertThat(errors(schema, mutation.document()))
                                .as("what is whole is a good overlay: %s %s", mutation.path(), mutation.change())
                                .isEmpty();
                    }
                }
            }
        });
    }

    @Test
    void agreeWithTheReaderOnMutants() {
        Schema files = schema(Schemas.of(specs()).files());
        int accepted = 0;
        int refused = 0;
        for (Path sample : samples()) {
            for (Mutant mutant : mutants(sample)) {
                List<Problem> problems = refusals(mutant);
                List<String> errors = errors(files, mutant.document());
                if (problems.isEmpty()) {
                    assertThat(errors).as("accepted by the reader: %s", mutant).isEmpty();
                    accepted++;
                } else if (problems.stream().anyMatch(problem -> isExpressible(problem, mutant))) {
                    assertThat(errors)
                            .as("refused by the reader: %s\n%s", mutant, problems)
                            .isNotEmpty();
                    refused++;
                }
            }
        }
        assertThat(accepted).isGreaterThan(20);
        assertThat(refused).isGreaterThan(200);
    }

    @Test
    void ofResourcesAgreeWithTheReaderOnMutants() {
        Map<Kind<?>, Schema> resources = new HashMap<>();
        specs().kinds().forEach(kind -> resources.put(kind, resource(kind)));
        int accepted = 0;
        int refused = 0;
        for (Path sample : samples()) {
            for (Mutant mutant : mutants(sample)) {
                Schema schema = resources.get(kind(mutant.original()));
                List<Problem> problems = refusals(mutant);
                List<String> errors = errors(schema, mutant.document());
                if (problems.isEmpty()) {
                    if (!mutant.isDecimalOrBoolean() && !mutant.path().startsWith("metadata.")) {
                        assertThat(errors)
                                .as("accepted by the reader: %s", mutant)
                                .isEmpty();
                        accepted++;
                    }
                } else if (problems.stream().anyMatch(problem -> isExpressibleInResources(problem, mutant))) {
                    assertThat(errors)
                            .as("refused by the reader: %s\n%s", mutant, problems)
                            .isNotEmpty();
                    refused++;
                }
            }
        }
        assertThat(accepted).isGreaterThan(20);
        assertThat(refused).isGreaterThan(100);
    }

    /** The rules of Kubernetes for structural schemas, and those for defaults and extensions that are used here. */
    @Test
    void ofResourcesAreStructural() {
        for (Kind<?> kind : specs().kinds()) {
            Map<?, ?> definition = definition(kind);
            assertThat(definition.get("apiVersion")).isEqualTo("apiextensions.k8s.io/v1");
            Map<?, ?> spec = (Map<?, ?>) definition.get("spec");
            Map<?, ?> names = (Map<?, ?>) spec.get("names");
            assertThat(((Map<?, ?>) definition.get("metadata")).get("name"))
                    .isEqualTo(names.get("plural") + "." + spec.get("group"));
            assertThat(names.get("kind")).isEqualTo(kind.name());
            new StructuralRules(kind.name()).check(openApi(kind));
        }
    }

    @Test
    void areTheSameEveryTime() {
        Schemas schemas = Schemas.of(specs());
        assertThat(Schemas.of(specs()).files()).isEqualTo(schemas.files());
        assertThat(Schemas.of(specs()).resourceDefinitions()).isEqualTo(schemas.resourceDefinitions());
    }

    /**
     * A sample with one change.
     *
     * @param path where
     * @param document the one that was changed
     * @param original what it was
     * @param all every document of the sample, with the change
     */
    private record Mutant(String path, String change, Object document, Object original, List<Object> all) {
        boolean isNumber() {
            return change.matches(".* by -?[0-9]+");
        }

        boolean isDecimalOrBoolean() {
            return change.matches(".* by (true|false|-?[0-9]+\\.[0-9]+)");
        }

        boolean isNumberOrBoolean() {
            return change.matches(".* by (true|false|-?[0-9]+(\\.[0-9]+)?)");
        }

        @Override
        public String toString() {
            return path + ": " + change;
        }
    }

    /** Seeded, so that a failure repeats. */
    private static List<Mutant> mutants(Path sample) {
        List<Object> documents = documents(sample);
        List<Mutant> all = new ArrayList<>();
        for (int i = 0; i < documents.size(); i++) {
            Object original = documents.get(i);
            for (Mutants.Mutation mutation : Mutants.of(original)) {
                List<Object> mutated = new ArrayList<>(documents);
                mutated.set(i, mutation.document());
                all.add(new Mutant(mutation.path(), mutation.change(), mutation.document(), original, mutated));
            }
        }
        Collections.shuffle(all, new Random(7));
        return all.subList(0, Math.min(MUTANTS, all.size()));
    }

    private List<Problem> refusals(Mutant mutant) {
        return refusals(() -> specs().parse("mutant.json", Json.text(mutant.all())));
    }

    private static List<Problem> refusals(Runnable read) {
        try {
            read.run();
            return List.of();
        } catch (InvalidSpecException e) {
            return e.problems().asList().stream()
                    .filter(problem -> problem.severity() == Severity.ERROR)
                    .toList();
        }
    }

    private static boolean isExpressible(Problem problem, Mutant mutant) {
        boolean property = problem.path().contains("onfig[") || problem.path().contains("onfigs[");
        // what a property may be, Kafka's catalogue knows; that it is one scalar, a schema knows too
        boolean scalar = property && !problem.message().matches("expected text, found .*");
        // patterns are for strings
        boolean form = problem.message().contains(" is not ") && mutant.isNumberOrBoolean();
        boolean range = mutant.isNumber()
                && RANGES.stream().anyMatch(p -> p.matcher(problem.message()).matches());
        return !scalar
                && !form
                && (range
                        || EXPRESSIBLE.stream()
                                .anyMatch(p -> p.matcher(problem.message()).matches()));
    }

    private static boolean isExpressibleInResources(Problem problem, Mutant mutant) {
        boolean property = problem.path().contains("onfig[") || problem.path().contains("onfigs[");
        boolean labels = problem.path().startsWith("metadata.labels");
        // which resource it is, and that it has a name, Kubernetes knows before it looks at any schema
        boolean head = problem.path().equals("kind")
                || problem.path().equals("apiVersion")
                || (problem.path().equals("metadata.name") && !problem.message().contains(" is not "));
        // where text may stand too, Kubernetes has no ranges
        boolean size = problem.message().matches("must be at least [0-9]+Mi, .*|must be more than 0|processor time .*");
        return !property
                && !size
                && !head
                && !labels
                && isExpressible(problem, mutant)
                && NOT_IN_RESOURCES.stream()
                        .noneMatch(p -> p.matcher(problem.message()).matches());
    }

    private static List<Object> documents(Path sample) {
        Sources sources = Sources.read(sample);
        assertThat(sources.problems()).isEmpty();
        return sources.documents().stream().map(Json::of).toList();
    }

    private Kind<?> kind(Object document) {
        Object name = ((Map<?, ?>) document).get("kind");
        return specs().kinds().stream()
                .filter(kind -> kind.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static Schema schema(String json) {
        return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_7).getSchema(json);
    }

    private static List<String> errors(Schema schema, Object document) {
        return schema.validate(Json.text(document), InputFormat.JSON).stream()
                .map(Object::toString)
                .toList();
    }

    private Map<?, ?> definition(Kind<?> kind) {
        return new Yaml(new SafeConstructor(new LoaderOptions()))
                .load(Schemas.of(specs()).resourceDefinition(kind));
    }

    /** Checks the schema in a CustomResourceDefinition against the rules of Kubernetes. */
    protected static void checkStructure(String kind, Map<?, ?> openApi) {
        new StructuralRules(kind).check(openApi);
    }

    private Map<?, ?> openApi(Kind<?> kind) {
        Map<?, ?> spec = (Map<?, ?>) definition(kind).get("spec");
        Map<?, ?> version = (Map<?, ?>) ((List<?>) spec.get("versions")).get(0);
        return (Map<?, ?>) ((Map<?, ?>) version.get("schema")).get("openAPIV3Schema");
    }

    private Schema resource(Kind<?> kind) {
        return schema(Json.text(StructuralRules.asJsonSchema(openApi(kind))));
    }
}
