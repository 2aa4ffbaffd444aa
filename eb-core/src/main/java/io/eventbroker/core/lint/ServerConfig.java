package io.eventbroker.core.lint;

import io.eventbroker.core.config.ConfigCatalogue;
import io.eventbroker.core.config.ConfigScope;
import io.eventbroker.core.manifest.internal.KafkaVariables;
import io.eventbroker.core.topology.Version;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Properties of brokers or controllers as a manifest gives them.
 *
 * @param scope whose they are
 * @param kafka the release that reads them; empty if nothing says which
 * @param brokers how many read them; empty if nothing says so
 * @param malformed what stands among them and is no property
 */
record ServerConfig(
        ConfigScope scope, Optional<Version> kafka, Optional<Long> brokers, List<Entry> entries, List<Spot> malformed) {
    /** A property and where it stands. */
    record Entry(String key, String value, String path) {}

    /** Images that turn variables into properties as Confluent's do. */
    private static final Set<String> IMAGES = Set.of("cp-kafka", "cp-server", "kafka", "kafka-native");

    static List<ServerConfig> of(Manifest manifest) {
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
        found.addAll(MskConfig.of(manifest));
        return found;
    }

    private static ServerConfig of(Confluent resource) {
        List<Entry> entries = new ArrayList<>();
        List<Spot> malformed = new ArrayList<>();
        resource.spec().at("configOverrides.server").ifPresent(server -> {
            if (server.items().isEmpty()) {
                malformed.add(server);
            }
            server.items().forEach(item -> entry(item, entries, malformed));
        });
        return new ServerConfig(
                resource.role() == Role.CONTROLLER ? ConfigScope.CONTROLLER : ConfigScope.BROKER,
                resource.release().flatMap(Release::kafka),
                resource.role() == Role.CONTROLLER ? Optional.empty() : resource.replicas(),
                entries,
                malformed);
    }

    private static void entry(Spot item, List<Entry> entries, List<Spot> malformed) {
        Optional<String> text = item.text();
        int equals = text.map(line -> line.indexOf('=')).orElse(-1);
        if (equals <= 0) {
            malformed.add(item);
        } else {
            String line = text.orElse("");
            entries.add(new Entry(
                    line.substring(0, equals).trim(), line.substring(equals + 1).trim(), item.path()));
        }
    }

    private static ServerConfig of(Strimzi cluster) {
        List<Entry> entries = new ArrayList<>();
        List<Spot> malformed = new ArrayList<>();
        cluster.spec()
                .fields("kafka.config")
                .forEach((key, value) -> value.text()
                        .ifPresentOrElse(
                                text -> entries.add(new Entry(key, text, value.path())), () -> malformed.add(value)));
        return new ServerConfig(ConfigScope.BROKER, cluster.version(), cluster.brokers(), entries, malformed);
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
                controller ? Optional.empty() : Optional.of(container.pods().replicas()),
                entries,
                List.of());
    }

    /** What the release knows; empty if it is not known which one reads these properties. */
    Optional<ConfigCatalogue> catalogue() {
        return kafka.map(ConfigCatalogue::of);
    }

    /** The last entry of a key, which is the one that counts. */
    Optional<Entry> find(String key) {
        return entries.stream().filter(entry -> entry.key().equals(key)).reduce((first, second) -> second);
    }

    Optional<Long> number(String key) {
        return find(key).flatMap(entry -> Spot.parse(entry.value()));
    }
}
