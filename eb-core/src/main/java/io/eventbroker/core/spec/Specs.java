package io.eventbroker.core.spec;

import io.eventbroker.core.config.ConfigLayers;
import io.eventbroker.core.kind.Document;
import io.eventbroker.core.kind.Documents;
import io.eventbroker.core.kind.Findings;
import io.eventbroker.core.kind.KeepsReferences;
import io.eventbroker.core.kind.Kind;
import io.eventbroker.core.kind.internal.Shape;
import io.eventbroker.core.lint.policy.LintPolicies;
import io.eventbroker.core.problem.Problem;
import io.eventbroker.core.problem.Problems;
import io.eventbroker.core.problem.Severity;
import io.eventbroker.core.problem.SourceLocation;
import io.eventbroker.core.source.Node;
import io.eventbroker.core.source.Sources;
import io.eventbroker.core.topic.TopicSets;
import io.eventbroker.core.topology.Environments;
import io.eventbroker.core.topology.MultiRegions;
import io.eventbroker.core.topology.Topologies;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Reads the files that describe a platform.
 *
 * <pre>{@code
 * Platform platform = Specs.standard()
 *         .with(AccessPolicies.KIND, BackupPolicies.KIND)
 *         .overlay(Path.of("overlays/local.yaml"))
 *         .read(Path.of("platform"));
 * Topology prod = platform.topology("kafka-prod");
 * }</pre>
 *
 * <p>A file holds one or more documents of the form {@code apiVersion: eventbroker.io/v1}, {@code kind},
 * {@code metadata: {name, labels}}, {@code spec}. JSON is read the same way; it may also be an array of documents.
 * Aliases are allowed; tags, merge keys, duplicate keys and unknown keys are not. A file may have 16 MiB, 64 levels,
 * 1,000 aliases and 2,000,000 values.
 *
 * <p>Immutable; every method returns a new one.
 */
public final class Specs {
    /** What every document begins with. */
    public static final String API_VERSION = "eventbroker.io/v1";

    /** What {@code metadata.name} looks like, a regular expression for the whole of it. */
    public static final String NAME = "[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?";

    private final SortedMap<String, Kind<?>> kinds;
    private final List<Path> overlays;
    private final SortedMap<String, Function<String, Optional<String>>> resolvers;

    private Specs(
            SortedMap<String, Kind<?>> kinds,
            List<Path> overlays,
            SortedMap<String, Function<String, Optional<String>>> resolvers) {
        this.kinds = Collections.unmodifiableSortedMap(kinds);
        this.overlays = List.copyOf(overlays);
        this.resolvers = Collections.unmodifiableSortedMap(resolvers);
    }

    /** Knows the kinds of eb-core: Topology, MultiRegion, Environment, ConfigLayer, TopicSet and LintPolicy. */
    public static Specs standard() {
        return new Specs(new TreeMap<>(), List.of(), new TreeMap<>())
                .with(
                        Topologies.KIND,
                        MultiRegions.KIND,
                        Environments.KIND,
                        TopicSets.KIND,
                        ConfigLayers.KIND,
                        LintPolicies.KIND);
    }

    /** Knows more kinds. */
    public Specs with(Kind<?>... more) {
        SortedMap<String, Kind<?>> all = new TreeMap<>(kinds);
        for (Kind<?> kind : more) {
            Shape.of(kind.type());
            Kind<?> other = all.put(kind.name(), kind);
            if (other != null && !other.equals(kind)) {
                throw new IllegalArgumentException("the kind " + kind + " is registered twice, as "
                        + other.type().getName() + " and as " + kind.type().getName());
            }
        }
        return new Specs(all, overlays, resolvers);
    }

    /**
     * Merges the documents of these files or folders over the base, after earlier overlays. A document of the same kind
     * and name is merged as RFC 7396 says: maps merge, lists and scalars replace, null removes. Others are added. Every
     * value keeps its own place; {@link Platform#overlayChanges()} tells what became different.
     */
    public Specs overlay(Path... more) {
        List<Path> all = new ArrayList<>(overlays);
        all.addAll(Arrays.asList(more));
        return new Specs(kinds, all, resolvers);
    }

    /**
     * Resolves references of a provider: {@code ${env:STAGE}} is what the resolver of {@code env} gives for {@code STAGE}.
     * Without a resolver a reference is a mistake, except in properties ({@link KeepsReferences}), where it stays as it is.
     *
     * <p>A reference may stand in any value, alone or within text, also in {@code metadata.name}, not in keys; what it
     * stands for counts as written without quotes and is not itself looked at for references. <code>$$&#123;</code> is written where
     * a file means <code>$&#123;</code>. The resolver is asked at most once for a path in one reading, by the thread that reads;
     * empty means that there is no such value.
     *
     * <p>No message of the reader, of checks or of the linter repeats what it gives, nor what it throws, but for what is
     * known anyway: the same text standing literally in a file, and words of the SDK such as the names of environments,
     * keys and allowed values. These, values of up to three characters, and single words of longer ones are left out of
     * messages about the reference's own place only. Everything else may show it, for it is a value of the model like any other: {@code toString} of records, plans,
     * {@link SpecWriter}, {@code explain} of a configuration. So it must be no secret; secrets are written
     * {@code ${secret:NAME/KEY}} and never resolved into a model.
     *
     * @param provider letters, digits, {@code .}, {@code _} and {@code -}, the first a letter
     * @throws IllegalArgumentException for {@code secret} and {@code configMap}, which always stay references, and for a
     *     provider that has a resolver already
     */
    public Specs resolving(String provider, Function<String, Optional<String>> resolver) {
        return new Specs(kinds, overlays, References.and(resolvers, provider, resolver));
    }

    /** The kinds that it knows, by name. */
    public Collection<Kind<?>> kinds() {
        return kinds.values();
    }

    /**
     * Reads files and folders; a folder with everything below it that ends in {@code .yaml}, {@code .yml} or
     * {@code .json}, in the order of the names, hidden entries left out.
     *
     * @throws InvalidSpecException with every problem of every file, if there is an error among them
     */
    public Platform read(Path... paths) {
        return read(Sources.read(paths));
    }

    /**
     * Reads text that does not come from a file.
     *
     * @param source the name that problems give as its place; one that ends in {@code .json} is read as JSON
     * @throws InvalidSpecException with every problem, if there is an error among them
     */
    public Platform parse(String source, String text) {
        return read(Sources.parse(source, text));
    }

    /**
     * Takes documents that were read, or made, already. Problems have the places that the parts of the documents have.
     *
     * @throws InvalidSpecException with every problem, if there is an error among them
     */
    public Platform read(Sources sources) {
        Reading reading = new Reading(kinds, new References(resolvers));
        return platform(reading, reading.documents(sources));
    }

    private Platform platform(Reading reading, Map<String, RawDocument> documents) {
        List<OverlayChange> changes = new ArrayList<>();
        Set<Kind<?>> unmatched = new HashSet<>();
        for (Path overlay : overlays) {
            reading.documents(Sources.read(overlay)).forEach((key, patch) -> {
                RawDocument base = documents.get(key);
                if (base == null
                        && (!patch.isNamed() || documents.values().stream().anyMatch(d -> mayBe(d, patch)))) {
                    unmatched.add(patch.kind());
                    return;
                }
                if (base == null) {
                    changes.add(patch.added());
                } else {
                    changes.addAll(base.changesBy(patch.root()));
                }
                documents.put(key, base == null ? patch : base.over(patch.root()));
            });
        }
        List<Bindings> bindings = new ArrayList<>();
        boolean sure = true;
        for (RawDocument document : documents.values()) {
            if (!document.isNamed() && unmatched.contains(document.kind())) {
                // an overlay may be meant for it
                sure = false;
                continue;
            }
            Object value = bind(document, reading);
            bindings.add(new Bindings(document, value));
            sure &= document.isNamed() && !(value instanceof Unread);
        }
        Set<String> names = new HashSet<>(documents.keySet());
        documents.values().stream()
                .filter(document -> !document.isNamed())
                .forEach(document -> names.add(anyOf(document.kind())));
        Documents all = written(bindings, 0, names, reading.unreadable());
        Set<Problem> always = new LinkedHashSet<>(findings(all));
        for (int i = 1; !sure && !always.isEmpty() && i < Guesses.CASES; i++) {
            always.retainAll(findings(written(bindings, i, names, reading.unreadable())));
        }
        Set<Place> known = reading.problems().stream().map(Place::of).collect(Collectors.toSet());
        boolean guessed = !sure;
        always.stream()
                .filter(found -> !known.contains(Place.of(found)))
                // a warning need not outlast the mending, and comes again if it does
                .filter(found -> !guessed || found.severity() == Severity.ERROR)
                .forEach(reading::problem);

        Problems problems = Problems.of(reading.problems());
        if (problems.hasErrors()) {
            throw new InvalidSpecException(problems);
        }
        List<Problem> warnings = problems.asList().stream()
                .filter(problem -> problem.severity() != Severity.ERROR)
                .toList();
        return new Platform(
                all,
                kinds.values(),
                Problems.of(warnings),
                new OverlayChanges(changes),
                reading.sources(),
                reading.references().mask());
    }

    /** A document and its record, or what stands for it if something in it is wrong. */
    private record Bindings(RawDocument document, Object value) {}

    /** Where a problem is. */
    private record Place(SourceLocation location, String path) {
        static Place of(Problem problem) {
            return new Place(problem.location(), problem.path());
        }
    }

    /** Stands among the names for a document of the kind that may have any. */
    private static String anyOf(Kind<?> kind) {
        return Reading.key(kind.name(), "");
    }

    /** Whether the patch may be meant for the document, whose name is wrong. */
    private static boolean mayBe(RawDocument document, RawDocument patch) {
        return !document.isNamed() && document.kind().equals(patch.kind());
    }

    private static Object bind(RawDocument document, Reading reading) {
        Node.Fields root = document.root();
        if (!(root.get("spec") instanceof Node.Fields spec)) {
            return new Unread(List.of());
        }
        Node.Fields metadata =
                root.get("metadata") instanceof Node.Fields there ? there : new Node.Fields(root.at(), Map.of());
        Shape.Struct struct = Shape.of(document.kind().type());
        List<Problem> found = new ArrayList<>();
        long resolved = reading.references().resolved();
        Binder binder = new Binder(root, reading.references(), Set.of(), found::add);
        Object value = binder.bind(struct, metadata, document.isNamed(), spec);
        if (!binder.suspects().isEmpty()) {
            // a name that seems to be missing may be the very one that could not be read
            Set<Place> again = new HashSet<>();
            reading.references().countFrom(resolved);
            Object other = new Binder(
                            root, reading.references(), binder.suspects(), problem -> again.add(Place.of(problem)))
                    .bind(struct, metadata, document.isNamed(), spec);
            if (found.removeIf(problem -> !again.contains(Place.of(problem)))) {
                value = other;
            }
        }
        found.forEach(reading::problem);
        return value;
    }

    private List<Problem> findings(Documents all) {
        Findings findings = new Findings();
        kinds.values().forEach(kind -> kind.check(all, findings));
        return findings.problems().asList();
    }

    /** The documents in one of the cases of what those with mistakes may be after the mending. */
    private static Written written(List<Bindings> bindings, int number, Set<String> names, boolean unreadable) {
        Map<Kind<?>, List<Document<?>>> bound = new HashMap<>();
        for (Bindings binding : bindings) {
            RawDocument document = binding.document();
            List<Object> possible =
                    binding.value() instanceof Unread unread ? unread.possible() : List.of(binding.value());
            if (!possible.isEmpty()) {
                bound.computeIfAbsent(document.kind(), kind -> new ArrayList<>())
                        .add(document.bound(document.kind(), Guesses.one(possible, number)));
            }
        }
        bound.values().forEach(list -> list.sort(Comparator.comparing(Document::name)));
        return new Written(bound, names, unreadable);
    }

    /** The documents of a reading, as checks and the platform see them. */
    private record Written(Map<Kind<?>, List<Document<?>>> bound, Set<String> names, boolean unreadable)
            implements Documents {
        @Override
        @SuppressWarnings("unchecked") // a kind's documents were bound with that kind's record
        public <T extends Record> List<Document<T>> documents(Kind<T> kind) {
            return Collections.unmodifiableList((List<Document<T>>) (List<?>) bound.getOrDefault(kind, List.of()));
        }

        @Override
        public boolean isComplete(Kind<?> kind) {
            long written = names.stream()
                    .filter(name -> name.startsWith(Reading.key(kind.name(), "")))
                    .count();
            return !unreadable && bound.getOrDefault(kind, List.of()).size() == written;
        }

        @Override
        public boolean mayExist(Kind<?> kind, String name) {
            return unreadable || names.contains(Reading.key(kind.name(), name)) || names.contains(anyOf(kind));
        }
    }
}
