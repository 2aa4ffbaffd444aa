package io.eventbroker.core.lint;

import io.eventbroker.core.config.ConfigCatalogue;
import io.eventbroker.core.config.ConfigScope;
import io.eventbroker.core.manifest.internal.KafkaVariables;
import io.eventbroker.core.topology.Version;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Properties of brokers or controllers as a manifest gives them.
 *
 * @param scope whose they are
 * @param kafka the release that reads them; empty if nothing says which
 * @param servers how many brokers, or controllers, read them; empty if nothing says so
 * @param malformed what stands among them and is no property
 * @param whole where a property could be that is not among them; empty if others may come from elsewhere
 */
record ServerConfig(
        ConfigScope scope,
        Optional<Version> kafka,
        Optional<Long> servers,
        List<Entry> entries,
        List<Malformed> malformed,
        Optional<Whole> whole) {
    /** A property and where it stands. */
    record Entry(String key, String value, String path) {}

    /**
     * What is no property, in words, and what to do.
     */
    record Malformed(String path, String found, String remedy) {
        static final String REMEDY = "Write key=value, one in each item.";

        static Malformed of(Spot spot) {
            return new Malformed(
                    spot.path(),
                    "expected key=value, found "
                            + (spot.text().isPresent()
                                    ? "text without '='"
                                    : spot.node().found()),
                    REMEDY);
        }
    }

    /**
     * Everything that a server reads is among the properties, but for what is added when it starts.
     *
     * @param path where a property could be added
     * @param texts what may add to them, such as scripts
     */
    record Whole(String path, List<String> texts) {}

    /** Images that turn variables into properties as Confluent's do. */
    private static final Set<String> IMAGES = Set.of("cp-kafka", "cp-server", "kafka", "kafka-native");

    static List<ServerConfig> of(Manifest manifest) {
        return manifest.servers();
    }

    /** For the manifest itself, which keeps them. */
    static List<ServerConfig> read(Manifest manifest) {
        List<ServerConfig> found = new ArrayList<>();
        Confluent.of(manifest)
                .filter(resource -> resource.role().isKafka())
                .ifPresent(resource -> found.add(of(resource)));
        Strimzi.of(manifest).ifPresent(cluster -> found.add(of(cluster)));
        Pods.of(manifest)
                .flatMap(Pods::kafka)
                .filter(container -> container
                        .image()
                        .filter(image -> IMAGES.contains(image.name())
                                && !image.repository().contains("bitnami"))
                        .isPresent())
                .ifPresent(container -> found.add(of(container)));
        found.addAll(ConfigMaps.of(manifest));
        found.addAll(MskConfig.of(manifest));
        return List.copyOf(found);
    }

    private static ServerConfig of(Confluent resource) {
        List<Entry> entries = new ArrayList<>();
        List<Malformed> malformed = new ArrayList<>();
        resource.spec().at("configOverrides.server").ifPresent(server -> {
            if (server.items().isEmpty()) {
                malformed.add(Malformed.of(server));
            }
            server.items().forEach(item -> entry(item, entries, malformed));
        });
        return new ServerConfig(
                resource.role() == Role.CONTROLLER ? ConfigScope.CONTROLLER : ConfigScope.BROKER,
                resource.release().flatMap(Release::kafka),
                resource.replicas(),
                entries,
                malformed,
                Optional.empty());
    }

    private static void entry(Spot item, List<Entry> entries, List<Malformed> malformed) {
        Optional<String> text = item.text();
        int equals = text.map(line -> line.indexOf('=')).orElse(-1);
        if (equals <= 0) {
            malformed.add(Malformed.of(item));
        } else {
            String line = text.orElse("");
            entries.add(new Entry(
                    line.substring(0, equals).trim(), line.substring(equals + 1).trim(), item.path()));
        }
    }

    private static ServerConfig of(Strimzi cluster) {
        List<Entry> entries = new ArrayList<>();
        List<Malformed> malformed = new ArrayList<>();
        cluster.spec()
                .fields("kafka.config")
                .forEach((key, value) -> value.text()
                        .ifPresentOrElse(
                                text -> entries.add(new Entry(key, text, value.path())),
                                () -> malformed.add(Malformed.of(value))));
        return new ServerConfig(
                ConfigScope.BROKER,
                cluster.version(),
                cluster.brokers(),
                entries,
                malformed,
                Optional.of(new Whole(cluster.spec().path("kafka.config"), List.of())));
    }

    private static ServerConfig of(Container container) {
        List<Entry> entries = new ArrayList<>();
        container.env().forEach((name, item) -> {
            if (KafkaVariables.isProperty(name)) {
                item.text("value")
                        .ifPresent(value -> entries.add(new Entry(
                                KafkaVariables.key(name.substring(KafkaVariables.PREFIX.length())),
                                value,
                                item.path("value"))));
            }
        });
        boolean controller = container.role() == Role.CONTROLLER;
        return new ServerConfig(
                controller ? ConfigScope.CONTROLLER : ConfigScope.BROKER,
                container.release().flatMap(Release::kafka),
                Optional.of(container.pods().replicas()),
                entries,
                List.of(),
                isWhole(container, entries)
                        ? Optional.of(new Whole(
                                container.spot().path("env"), container.pods().texts()))
                        : Optional.empty());
    }

    /** The images make properties of variables, unless they are told to start otherwise or a file is given to them. */
    private static boolean isWhole(Container container, List<Entry> entries) {
        List<String> started = container.started();
        return !entries.isEmpty()
                && !ConfigMaps.hidesVariables(container)
                && (started.isEmpty() || started.stream().anyMatch(text -> text.contains("/docker/run")))
                && container.spot().items("volumeMounts").stream()
                        .noneMatch(mount -> mount.is("mountPath", "/mnt/shared/config"));
    }

    /** How many brokers read them; empty also if they are for controllers. */
    Optional<Long> brokers() {
        return scope == ConfigScope.BROKER ? servers : Optional.empty();
    }

    /** What the release knows; empty if it is not known which one reads these properties. */
    Optional<ConfigCatalogue> catalogue() {
        return kafka.map(ConfigCatalogue::of);
    }

    /** The last entry of a key, which is the one that counts. */
    Optional<Entry> find(String key) {
        return entries.stream().filter(entry -> entry.key().equals(key)).reduce((first, second) -> second);
    }

    /** Whether it is known that the server does not have the property. */
    boolean lacks(String key) {
        String variable = key.replace('.', '_').toUpperCase(Locale.ROOT);
        return find(key).isEmpty()
                && whole.filter(known ->
                                known.texts().stream().noneMatch(text -> text.contains(key) || text.contains(variable)))
                        .isPresent();
    }

    Optional<Long> number(String key) {
        return find(key).flatMap(entry -> Spot.parse(entry.value()));
    }
}
