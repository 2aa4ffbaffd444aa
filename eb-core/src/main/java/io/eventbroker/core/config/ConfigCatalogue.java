package io.eventbroker.core.config;

import io.eventbroker.core.config.CatalogueFile.Kept;
import io.eventbroker.core.config.CatalogueFile.Line;
import io.eventbroker.core.config.ConfigKey.Importance;
import io.eventbroker.core.kind.Violation;
import io.eventbroker.core.problem.Nearest;
import io.eventbroker.core.problem.SourceLocation;
import io.eventbroker.core.topology.Version;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Every key that a release of Kafka knows, from Kafka's own definitions.
 *
 * <pre>{@code
 * ConfigCatalogue kafka = ConfigCatalogue.of(Version.of(4, 3));
 * kafka.find(ConfigScope.BROKER, "num.io.threads"); // its type, default, range, update mode, …
 * kafka.check(ConfigScope.TOPIC, "retention.mss", "1"); // unknown key 'retention.mss'; did you mean 'retention.ms'?
 * }</pre>
 *
 * <p>Catalogued are 3.3, 3.4, 3.9 and 4.0 to 4.3. For other releases only what all of these say alike is known, and
 * {@link #note()} says so.
 */
public final class ConfigCatalogue {
    /**
     * Keys that plugins read, which Kafka hands to them without knowing them; and {@code config.providers}, which
     * {@code AbstractConfig} reads for every configuration since 2.0 (KIP-297), although only 4.2 defines it for brokers.
     */
    private static final List<String> PLUGINS = List.of(
            "confluent.",
            "config.providers",
            "rsm.config.",
            "rlmm.config.",
            "cruise.control.",
            "strimzi.",
            "opa.",
            "ldap.",
            "oauth.",
            "metrics.",
            "key.converter.",
            "value.converter.",
            "header.converter.",
            "kafka.metrics.",
            "super.users",
            "allow.everyone.if.no.acl.found");

    private static final Pattern SECRET_NAMES = Pattern.compile(
            "(^|[._-])(password|passwd|secret|token|credentials?|jaas[._-]config|private[._-]key|api[._-]key)([._-]|$)",
            Pattern.CASE_INSENSITIVE);

    private static final String LISTENER = "listener.name.";

    private final Version version;
    private final boolean complete;
    private final Map<ConfigScope, SortedMap<String, ConfigKey>> keys;
    private final List<String> prefixes;

    private ConfigCatalogue(
            Version version,
            boolean complete,
            Map<ConfigScope, SortedMap<String, ConfigKey>> keys,
            List<String> prefixes) {
        this.version = version;
        this.complete = complete;
        this.keys = keys;
        this.prefixes = prefixes;
    }

    /** What is known of a release; its patch number makes no difference. */
    public static ConfigCatalogue of(Version kafka) {
        return Everything.CATALOGUES.computeIfAbsent(
                Version.of(kafka.major(), kafka.minor()), Everything.INSTANCE::catalogue);
    }

    /** The releases that were catalogued, oldest first. */
    public static List<Version> versions() {
        return Everything.INSTANCE.versions;
    }

    /** The catalogued releases that have a key, oldest first; none if Kafka never knew it, or only between two of them. */
    public static List<Version> releasesWith(ConfigScope scope, String key) {
        return Everything.INSTANCE.releasesWith(scope, key);
    }

    /** The release without its patch number. */
    public Version version() {
        return version;
    }

    /** Whether the release is catalogued, so that a key that is not found is a key that it does not have. */
    public boolean complete() {
        return complete;
    }

    /** What readers of findings must know about how they came about; empty if there is nothing to say. */
    public Optional<String> note() {
        return complete
                ? Optional.empty()
                : Optional.of("Kafka " + minor(version) + " is not catalogued (" + words(versions())
                        + " are); its properties are checked only by rules that hold in all of these");
    }

    /** The same catalogue, which takes unknown keys that begin like this for those of a plugin. */
    public ConfigCatalogue allowing(String... prefix) {
        List<String> more = new ArrayList<>(prefixes);
        Collections.addAll(more, prefix);
        return new ConfigCatalogue(version, complete, keys, List.copyOf(more));
    }

    /** Everything that is known, by name; unmodifiable. */
    public SortedMap<String, ConfigKey> keys(ConfigScope scope) {
        return keys.getOrDefault(scope, Collections.emptySortedMap());
    }

    /**
     * What is known of a key, also behind a prefix that Kafka gives a meaning: {@code listener.name.<listener>.} on
     * servers, {@code producer.}, {@code consumer.} and {@code admin.} on Connect workers and MirrorMaker, which also has
     * {@code <cluster>.} and {@code <source>-><target>.}
     */
    public Optional<ConfigKey> find(ConfigScope scope, String key) {
        ConfigKey found = keys(scope).get(key);
        return found != null ? Optional.of(found) : behindPrefix(scope, key);
    }

    private Optional<ConfigKey> behindPrefix(ConfigScope scope, String key) {
        switch (scope) {
            case BROKER, CONTROLLER -> {
                if (key.startsWith(LISTENER)) {
                    // listener.name.<listener>.<key> or listener.name.<listener>.<mechanism>.<key>
                    String rest = afterDot(key.substring(LISTENER.length()));
                    ConfigKey found = keys(scope).get(rest);
                    return Optional.ofNullable(
                            found != null ? found : keys(scope).get(afterDot(rest)));
                }
            }
            case CONNECT -> {
                return ofClient(key);
            }
            case MIRROR_MAKER -> {
                // <cluster>.<key> and <source>-><target>.<key>; the names of clusters may have dots
                Optional<ConfigKey> found = ofClient(key);
                for (int dot = key.indexOf('.'); found.isEmpty() && dot >= 0; dot = key.indexOf('.', dot + 1)) {
                    String rest = key.substring(dot + 1);
                    ConfigKey own = keys(scope).get(rest);
                    found = Optional.ofNullable(
                                    own != null
                                            ? own
                                            : keys(ConfigScope.CONNECT).get(rest))
                            .or(() -> ofClient(rest));
                }
                return found;
            }
            case TOPIC, PRODUCER, CONSUMER, ADMIN -> {
                // no prefixes
            }
        }
        return Optional.empty();
    }

    private Optional<ConfigKey> ofClient(String key) {
        String rest = afterDot(key);
        if (key.startsWith("producer.")) {
            return Optional.ofNullable(keys(ConfigScope.PRODUCER).get(rest));
        } else if (key.startsWith("consumer.")) {
            return Optional.ofNullable(keys(ConfigScope.CONSUMER).get(rest));
        } else if (key.startsWith("admin.")) {
            return Optional.ofNullable(keys(ConfigScope.ADMIN).get(rest));
        }
        return Optional.empty();
    }

    private static String afterDot(String text) {
        return text.substring(text.indexOf('.') + 1);
    }

    /**
     * What is wrong with a property: a key that the release does not have, or no more, or a value that does not fit. A
     * key of a plugin is not judged, nor is, for a release that is not catalogued, one that is not known to all others.
     */
    public Optional<Violation> check(ConfigScope scope, String key, String value) {
        Optional<ConfigKey> found = find(scope, key);
        if (found.isPresent()) {
            return found.get().check(value).map(wrong -> new Violation(key, wrong.message(), wrong.remedy()));
        }
        if (!complete || isPlugins(key)) {
            return Optional.empty();
        }
        return Optional.of(missing(scope, key, value));
    }

    private Violation missing(ConfigScope scope, String key, String value) {
        List<Version> had = Everything.INSTANCE.releasesWith(scope, key);
        if (!had.isEmpty()) {
            Version first = had.get(0);
            Version last = had.get(had.size() - 1);
            Optional<Kept> kept = Everything.INSTANCE.kept(scope, key);
            return version.isBefore(first)
                    ? new Violation(
                            key,
                            "Kafka " + minor(version) + " does not have '" + key + "' yet; Kafka " + minor(first)
                                    + " has",
                            "remove it, or upgrade first")
                    : new Violation(
                            key,
                            "Kafka " + minor(version) + " has no '" + key + "' any more; the last catalogued release"
                                    + " with it is " + minor(last),
                            kept.map(one -> Everything.remedy(one)).orElse("remove it"));
        }
        Optional<String> near = Nearest.to(key, keys(scope).keySet());
        Optional<String> ofBrokers =
                scope == ConfigScope.TOPIC ? TopicWords.remedy(this, key, value) : Optional.empty();
        return new Violation(
                key,
                "Kafka " + minor(version) + " does not know '" + key + "'"
                        + (scope == ConfigScope.TOPIC ? " of topics, and makes none that has it" : ""),
                ofBrokers
                        .or(() -> near.map(other -> "did you mean '" + other + "'?"))
                        .orElse("remove it, or allow its prefix if a plugin reads it"));
    }

    private boolean isPlugins(String key) {
        return prefixes.stream().anyMatch(key::startsWith) || key.startsWith(LISTENER);
    }

    /**
     * Whether values of the key are secrets: those that Kafka says so of, and unknown ones whose name sounds like it.
     */
    public boolean isSensitive(ConfigScope scope, String key) {
        return find(scope, key)
                .map(ConfigKey::sensitive)
                .orElseGet(() -> SECRET_NAMES.matcher(key).find());
    }

    /** The least that changes the key on a running cluster; for unknown keys a restart. */
    public UpdateMode updateMode(ConfigScope scope, String key) {
        return find(scope, key).map(ConfigKey::updateMode).orElse(UpdateMode.READ_ONLY);
    }

    /** Kafka's defaults as the layer beneath all others. */
    public EffectiveConfig defaults(ConfigScope scope) {
        return Everything.DEFAULTS.computeIfAbsent(new Defaulted(version, scope), any -> {
            EffectiveConfig.Builder defaults = EffectiveConfig.builder(Layer.KAFKA);
            keys(scope)
                    .forEach((name, key) -> key.defaultValue()
                            .ifPresent(value -> defaults.set(
                                    name,
                                    value,
                                    SourceLocation.of("Kafka " + minor(version) + " default"),
                                    key.sensitive())));
            return defaults.build();
        });
    }

    static String minor(Version version) {
        return version.major() + "." + version.minor();
    }

    private static String words(List<Version> versions) {
        return versions.stream().map(ConfigCatalogue::minor).collect(Collectors.joining(", "));
    }

    private record Defaulted(Version version, ConfigScope scope) {}

    /** All releases together, read once. */
    private static final class Everything {
        static final Everything INSTANCE = new Everything();
        static final Map<Version, ConfigCatalogue> CATALOGUES = new ConcurrentHashMap<>();
        static final Map<Defaulted, EffectiveConfig> DEFAULTS = new ConcurrentHashMap<>();

        final List<Version> versions;
        private final Map<ConfigScope, Map<String, List<Span>>> spans = new EnumMap<>(ConfigScope.class);
        private final List<Kept> kept;

        /** A line and the releases that it is about, by their position. */
        private record Span(Line line, int first, int last) {}

        Everything() {
            CatalogueFile file = CatalogueFile.read();
            versions = file.releases().stream()
                    .map(Version::parse)
                    .map(full -> Version.of(full.major(), full.minor()))
                    .toList();
            for (Line line : file.keys()) {
                String[] ends = line.in().split(" ", -1);
                int first = versions.indexOf(Version.parse(ends[0]));
                int last = versions.indexOf(Version.parse(ends[ends.length - 1]));
                spans.computeIfAbsent(scope(line.scope()), scope -> new LinkedHashMap<>())
                        .computeIfAbsent(line.key(), key -> new ArrayList<>(1))
                        .add(new Span(line, first, last));
            }
            kept = CatalogueFile.kept();
        }

        private static ConfigScope scope(String written) {
            return ConfigScope.valueOf(written.toUpperCase(Locale.ROOT).replace('-', '_'));
        }

        ConfigCatalogue catalogue(Version version) {
            int position = versions.indexOf(version);
            Map<ConfigScope, SortedMap<String, ConfigKey>> keys = new EnumMap<>(ConfigScope.class);
            spans.forEach((scope, byName) -> {
                SortedMap<String, ConfigKey> known = new TreeMap<>();
                byName.forEach((name, all) -> {
                    Line line = position >= 0 ? lineOf(all, position) : lineOfAll(all);
                    if (line != null) {
                        known.put(name, key(scope, line, all, version));
                    }
                });
                keys.put(scope, Collections.unmodifiableSortedMap(known));
            });
            SortedMap<String, ConfigKey> ofControllers = new TreeMap<>();
            keys.getOrDefault(ConfigScope.BROKER, Collections.emptySortedMap()).forEach((name, key) -> {
                if (key.forControllers()) {
                    ofControllers.put(name, key);
                }
            });
            keys.put(ConfigScope.CONTROLLER, Collections.unmodifiableSortedMap(ofControllers));
            return new ConfigCatalogue(version, position >= 0, keys, PLUGINS);
        }

        private static @Nullable Line lineOf(List<Span> all, int position) {
            for (Span span : all) {
                if (span.first() <= position && position <= span.last()) {
                    return span.line();
                }
            }
            return null;
        }

        /** The line that holds for every release, if one does. */
        private @Nullable Line lineOfAll(List<Span> all) {
            return all.size() == 1 && all.get(0).first() == 0 && all.get(0).last() == versions.size() - 1
                    ? all.get(0).line()
                    : null;
        }

        private ConfigKey key(ConfigScope scope, Line line, List<Span> all, Version version) {
            int last = all.stream().mapToInt(Span::last).max().orElseThrow();
            int first = all.stream().mapToInt(Span::first).min().orElseThrow();
            return new ConfigKey(
                    scope,
                    line.key(),
                    ConfigKey.Type.valueOf(line.type().toUpperCase(Locale.ROOT)),
                    Optional.ofNullable(line.otherwise()),
                    line.is(Line.REQUIRED),
                    Optional.ofNullable(line.min()),
                    Optional.ofNullable(line.max()),
                    line.allowed() == null ? List.of() : line.allowed(),
                    line.is(Line.ANY_CASE),
                    line.is(Line.NOT_EMPTY),
                    line.mode() == null
                            ? UpdateMode.READ_ONLY
                            : UpdateMode.valueOf(
                                    line.mode().toUpperCase(Locale.ROOT).replace('-', '_')),
                    Importance.valueOf(line.importance().toUpperCase(Locale.ROOT)),
                    scope == ConfigScope.BROKER && !line.is(Line.BROKERS_ONLY),
                    line.brokerKeys() == null ? List.of() : line.brokerKeys(),
                    versions.get(first),
                    last + 1 < versions.size() ? Optional.of(versions.get(last + 1)) : Optional.empty(),
                    kept(scope, line.key()).flatMap(one -> deprecation(one, version)));
        }

        private static Optional<Deprecation> deprecation(Kept kept, Version version) {
            return Optional.ofNullable(kept.since())
                    .map(Version::parse)
                    .filter(since -> !version.isBefore(since))
                    .map(since -> new Deprecation(since, Optional.ofNullable(kept.replacement()), kept.source()));
        }

        static String remedy(Kept kept) {
            return (kept.replacement() == null ? "remove it" : "use " + kept.replacement() + " instead") + " ("
                    + kept.source() + ")";
        }

        Optional<Kept> kept(ConfigScope scope, String key) {
            ConfigScope defined = scope == ConfigScope.CONTROLLER ? ConfigScope.BROKER : scope;
            return kept.stream()
                    .filter(one -> one.scopes().stream().anyMatch(name -> scope(name) == defined))
                    .filter(one -> one.key().endsWith("*")
                            ? key.startsWith(one.key().substring(0, one.key().length() - 1))
                            : key.equals(one.key()))
                    .findFirst();
        }

        List<Version> releasesWith(ConfigScope scope, String key) {
            ConfigScope defined = scope == ConfigScope.CONTROLLER ? ConfigScope.BROKER : scope;
            return spans.getOrDefault(defined, Map.of()).getOrDefault(key, List.of()).stream()
                    .flatMap(span -> versions.subList(span.first(), span.last() + 1).stream())
                    .sorted()
                    .toList();
        }
    }
}
