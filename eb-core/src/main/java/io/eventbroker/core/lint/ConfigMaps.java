package io.eventbroker.core.lint;

import io.eventbroker.core.config.ConfigScope;
import io.eventbroker.core.manifest.internal.KafkaVariables;
import io.eventbroker.core.topology.Version;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
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
            "controller.quorum.bootstrap.servers");

    /** Which tools have too, such as Cruise Control: it tells a server's file only where a server reads it. */
    private static final String OF_TOOLS_TOO = "zookeeper.connect";

    /** What the entry points of images are called, which write a file of their own, or more into the one they are given. */
    private static final List<String> ENTRY_POINTS = List.of("/docker/run", "entrypoint", "kafka/run.sh");

    private ConfigMaps() {}

    /** A file of properties and where it stands. */
    private record File(Spot spot, PropertiesText content) {
        boolean isOfServers(List<Container> servers) {
            return OF_SERVERS.stream().anyMatch(content::has) || (content.has(OF_TOOLS_TOO) && !servers.isEmpty());
        }
    }

    /** Properties of brokers or controllers in a ConfigMap. */
    static List<ServerConfig> of(Manifest manifest) {
        if (!isConfigMap(manifest)) {
            return List.of();
        }
        List<ServerConfig.Entry> variables = new ArrayList<>();
        List<File> files = new ArrayList<>();
        Spot.of(manifest)
                .fields("data")
                .forEach((name, value) -> value.text().ifPresent(text -> {
                    if (KafkaVariables.isProperty(name)) {
                        variables.add(new ServerConfig.Entry(
                                KafkaVariables.key(name.substring(KafkaVariables.PREFIX.length())),
                                text,
                                value.path()));
                    } else if (name.endsWith(".properties")) {
                        files.add(new File(value, PropertiesText.parse(text)));
                    }
                }));
        if (variables.isEmpty() && files.isEmpty()) {
            return List.of();
        }
        List<Container> servers = manifest.all().readers(manifest).stream()
                .flatMap(pods -> pods.containers().stream())
                .filter(container -> container.role().isKafka())
                .toList();
        List<ServerConfig> found = new ArrayList<>();
        for (File file : files) {
            if (file.isOfServers(servers)) {
                found.add(config(file, servers));
            }
        }
        if (!variables.isEmpty()
                && servers.stream().anyMatch(server -> variablesOf(server).contains(manifest.name()))) {
            found.add(config(variables, List.of(), servers, Optional.empty()));
        }
        return found;
    }

    private static ServerConfig config(File file, List<Container> servers) {
        String path = file.spot().path();
        List<ServerConfig.Entry> entries = file.content().entries().stream()
                .map(entry -> new ServerConfig.Entry(entry.getKey(), entry.getValue(), path))
                .toList();
        List<ServerConfig.Malformed> malformed = file.content().malformed().stream()
                .map(line -> new ServerConfig.Malformed(
                        path,
                        "line " + line + " has an escape that is none",
                        "Write four hexadecimal digits after \\u, or \\\\ where a backslash is meant."))
                .toList();
        boolean whole = !servers.isEmpty() && servers.stream().allMatch(ConfigMaps::takesFilesAsTheyAre);
        return config(
                entries,
                malformed,
                servers,
                whole
                        ? Optional.of(new ServerConfig.Whole(
                                path,
                                servers.stream()
                                        .map(Container::pods)
                                        .distinct()
                                        .flatMap(pods -> pods.texts().stream())
                                        .toList()))
                        : Optional.empty());
    }

    private static ServerConfig config(
            List<ServerConfig.Entry> entries,
            List<ServerConfig.Malformed> malformed,
            List<Container> servers,
            Optional<ServerConfig.Whole> whole) {
        boolean controllers = entries.stream()
                        .anyMatch(entry -> entry.key().equals("process.roles") && isControllers(entry.value()))
                || (!servers.isEmpty() && servers.stream().allMatch(server -> server.role() == Role.CONTROLLER));
        Optional<Version> kafka = servers.stream()
                .flatMap(server -> server.release().flatMap(Release::kafka).stream())
                .findFirst();
        return new ServerConfig(
                controllers ? ConfigScope.CONTROLLER : ConfigScope.BROKER,
                kafka,
                servers.isEmpty()
                        ? Optional.empty()
                        : Optional.of(servers.stream()
                                .map(Container::pods)
                                .distinct()
                                .mapToLong(Pods::replicas)
                                .sum()),
                entries,
                malformed,
                whole);
    }

    /**
     * Whether it is known how the server is started, and that nothing is added to its files which is not in sight: an
     * image's own entry point may make properties of variables, or write all that is needed itself.
     */
    private static boolean takesFilesAsTheyAre(Container server) {
        List<String> started = server.started();
        return !started.isEmpty()
                && started.stream().noneMatch(text -> ENTRY_POINTS.stream().anyMatch(text::contains))
                && !hidesVariables(server);
    }

    static boolean isControllers(String roles) {
        return roles.trim().equals("controller");
    }

    /** Whether files that the pods read say that they are controllers and nothing else. */
    static boolean areControllers(Pods pods) {
        List<String> roles = new ArrayList<>();
        for (Manifest read : pods.configMaps()) {
            for (Spot value : Spot.of(read).fields("data").values()) {
                value.text()
                        .filter(text -> text.contains("process.roles"))
                        .ifPresent(text -> PropertiesText.parse(text).entries().stream()
                                .filter(entry -> entry.getKey().equals("process.roles"))
                                .forEach(entry -> roles.add(entry.getValue())));
            }
        }
        return !roles.isEmpty() && roles.stream().allMatch(ConfigMaps::isControllers);
    }

    /** Everything that the pods' template and the ConfigMaps that they read say, as far as these are there. */
    static List<String> texts(Pods pods) {
        List<String> texts = new ArrayList<>(pods.template().allTexts());
        for (Manifest read : pods.configMaps()) {
            Map<String, Spot> data = Spot.of(read).fields("data");
            texts.addAll(data.keySet());
            data.values().forEach(value -> value.text().ifPresent(texts::add));
        }
        return texts;
    }

    /**
     * Whether the container takes variables by the dozen whose names stand nowhere in these manifests: from a Secret, or
     * from a ConfigMap that is not among them.
     */
    static boolean hidesVariables(Container container) {
        Pods pods = container.pods();
        return container.spot().items("envFrom").stream()
                .anyMatch(from -> from.text("configMapRef.name")
                        .filter(name -> find(pods, name).isPresent())
                        .isEmpty());
    }

    /** The ConfigMaps that the pods mount or take variables from, and that are there. */
    static List<Manifest> readBy(Pods pods) {
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

    static boolean isConfigMap(Manifest manifest) {
        return manifest.isKind("ConfigMap") && manifest.apiGroup().isEmpty();
    }
}
