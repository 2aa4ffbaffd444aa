package io.eventbroker.core.lint;

import io.eventbroker.core.config.ConfigScope;
import io.eventbroker.core.manifest.internal.KafkaVariables;
import io.eventbroker.core.topology.Version;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** ConfigMaps that pods read: files with the properties of servers, and variables that containers take as a whole. */
final class ConfigMaps {
    /** Keys that only brokers and controllers have, and one of which each of them has. */
    private static final Set<String> OF_SERVERS = Set.of(
            "process.roles",
            "node.id",
            "broker.id",
            "log.dirs",
            "log.dir",
            "controller.quorum.voters",
            "controller.quorum.bootstrap.servers",
            "zookeeper.connect");

    private static final Pattern LINE = Pattern.compile("(?<!\\\\)(?:\\\\\\\\)*\\R");

    private ConfigMaps() {}

    /** Properties of brokers or controllers in a ConfigMap. */
    static List<ServerConfig> of(Manifest manifest) {
        if (!isConfigMap(manifest)) {
            return List.of();
        }
        List<Pods> readers = readers(manifest);
        List<ServerConfig> found = new ArrayList<>();
        List<ServerConfig.Entry> variables = new ArrayList<>();
        boolean asVariables = readers.stream()
                .flatMap(pods -> pods.kafka().stream())
                .anyMatch(container -> variablesOf(container).contains(manifest.name()));
        Spot.of(manifest)
                .fields("data")
                .forEach((name, value) -> value.text().ifPresent(text -> {
                    if (asVariables && KafkaVariables.isProperty(name)) {
                        variables.add(new ServerConfig.Entry(
                                KafkaVariables.key(name.substring(KafkaVariables.PREFIX.length())),
                                text,
                                value.path()));
                    } else if (name.endsWith(".properties")) {
                        file(value, text, readers).ifPresent(found::add);
                    }
                }));
        if (!variables.isEmpty()) {
            found.add(config(variables, List.of(), readers, Optional.empty()));
        }
        return found;
    }

    private static Optional<ServerConfig> file(Spot value, String text, List<Pods> readers) {
        List<ServerConfig.Entry> entries = new ArrayList<>();
        List<Spot> malformed = new ArrayList<>();
        for (String line : LINE.split(text, -1)) {
            Properties one = new Properties();
            try {
                one.load(new StringReader(line));
            } catch (IllegalArgumentException e) { // an escape that is none
                malformed.add(value);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            one.stringPropertyNames()
                    .forEach(key -> entries.add(new ServerConfig.Entry(key, one.getProperty(key), value.path())));
        }
        if (entries.stream().noneMatch(entry -> OF_SERVERS.contains(entry.key()))) {
            return Optional.empty();
        }
        // who starts the server may add to the file; without the pods nobody knows
        Optional<ServerConfig.Whole> whole = readers.isEmpty()
                ? Optional.empty()
                : Optional.of(new ServerConfig.Whole(
                        value.path(),
                        readers.stream().flatMap(pods -> texts(pods).stream()).toList()));
        return Optional.of(config(entries, malformed, readers, whole));
    }

    private static ServerConfig config(
            List<ServerConfig.Entry> entries,
            List<Spot> malformed,
            List<Pods> readers,
            Optional<ServerConfig.Whole> whole) {
        List<Container> servers =
                readers.stream().flatMap(pods -> pods.kafka().stream()).toList();
        boolean controllers = entries.stream()
                        .anyMatch(entry -> entry.key().equals("process.roles") && isControllers(entry.value()))
                || (!servers.isEmpty() && servers.stream().allMatch(server -> server.role() == Role.CONTROLLER));
        Optional<Version> kafka = servers.stream()
                .flatMap(server -> server.release().flatMap(Release::kafka).stream())
                .findFirst();
        return new ServerConfig(
                controllers ? ConfigScope.CONTROLLER : ConfigScope.BROKER,
                kafka,
                controllers || servers.isEmpty()
                        ? Optional.empty()
                        : Optional.of(servers.stream()
                                .mapToLong(server -> server.pods().replicas())
                                .sum()),
                entries,
                malformed,
                whole);
    }

    static boolean isControllers(String roles) {
        return roles.trim().equals("controller");
    }

    /** Whether files that the pods read say that they are controllers and nothing else. */
    static boolean areControllers(Pods pods) {
        List<String> roles = new ArrayList<>();
        for (Manifest read : read(pods)) {
            for (Spot value : Spot.of(read).fields("data").values()) {
                value.text()
                        .filter(text -> text.contains("process.roles"))
                        .ifPresent(text -> text.lines()
                                .map(line -> line.split("=", 2))
                                .filter(parts ->
                                        parts.length == 2 && parts[0].trim().equals("process.roles"))
                                .forEach(parts -> roles.add(parts[1])));
            }
        }
        return !roles.isEmpty() && roles.stream().allMatch(ConfigMaps::isControllers);
    }

    /** Everything that the pods' template and the ConfigMaps that they read say, as far as these are there. */
    static List<String> texts(Pods pods) {
        List<String> texts = new ArrayList<>(pods.template().allTexts());
        for (Manifest read : read(pods)) {
            Map<String, Spot> data = Spot.of(read).fields("data");
            texts.addAll(data.keySet());
            data.values().forEach(value -> value.text().ifPresent(texts::add));
        }
        return texts;
    }

    /** Whether variables, or files that could be properties, come from where these manifests do not show. */
    static boolean hideSomething(Container container) {
        Pods pods = container.pods();
        return container.spot().items("envFrom").stream()
                .anyMatch(from -> from.text("configMapRef.name")
                        .filter(name -> find(pods, name).isPresent())
                        .isEmpty());
    }

    /** The ConfigMaps that the pods mount or take variables from, and that are there. */
    private static List<Manifest> read(Pods pods) {
        Stream<String> mounted = pods.template().items("spec.volumes").stream()
                .flatMap(volume -> Stream.concat(
                        volume.text("configMap.name").stream(),
                        volume.items("projected.sources").stream()
                                .flatMap(source -> source.text("configMap.name").stream())));
        Stream<String> variables = pods.containers().stream().flatMap(container -> variablesOf(container).stream());
        return Stream.concat(mounted, variables)
                .distinct()
                .flatMap(name -> find(pods, name).stream())
                .toList();
    }

    private static List<String> variablesOf(Container container) {
        return container.spot().items("envFrom").stream()
                .flatMap(from -> from.text("configMapRef.name").stream())
                .toList();
    }

    private static Optional<Manifest> find(Pods pods, String name) {
        return pods.manifest().all().find(pods.manifest(), "ConfigMap", name).filter(ConfigMaps::isConfigMap);
    }

    private static List<Pods> readers(Manifest configMap) {
        return configMap.all().asList().stream()
                .flatMap(manifest -> Pods.of(manifest).stream())
                .filter(pods -> read(pods).contains(configMap))
                .toList();
    }

    private static boolean isConfigMap(Manifest manifest) {
        return manifest.isKind("ConfigMap") && manifest.apiGroup().isEmpty();
    }
}
