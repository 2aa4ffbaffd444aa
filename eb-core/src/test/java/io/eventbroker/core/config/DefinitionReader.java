package io.eventbroker.core.config;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.AccessibleObject;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.math.BigDecimal;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Reads what one release of Kafka says about its own configuration, from the {@code ConfigDef}s of its classes. Works by
 * reflection alone, so that the release may be another than the one that this code is compiled against.
 */
final class DefinitionReader {
    /** Definitions that only brokers read; every other one of the server's is shared with the controllers. */
    private static final List<String> OF_BROKERS = List.of(
            "org.apache.kafka.coordinator.group.GroupCoordinatorConfig",
            "org.apache.kafka.coordinator.group.modern.share.ShareGroupConfig",
            "org.apache.kafka.coordinator.share.ShareCoordinatorConfig",
            "org.apache.kafka.coordinator.transaction.TransactionLogConfig",
            "org.apache.kafka.coordinator.transaction.TransactionLogConfigs",
            "org.apache.kafka.coordinator.transaction.TransactionStateManagerConfig",
            "org.apache.kafka.coordinator.transaction.TransactionStateManagerConfigs",
            "org.apache.kafka.server.log.remote.storage.RemoteLogManagerConfig",
            "org.apache.kafka.storage.internals.log.CleanerConfig");

    private static final List<String> OF_MIRROR_MAKER = List.of(
            "org.apache.kafka.connect.mirror.MirrorMakerConfig",
            "org.apache.kafka.connect.mirror.MirrorConnectorConfig",
            "org.apache.kafka.connect.mirror.MirrorSourceConfig",
            "org.apache.kafka.connect.mirror.MirrorCheckpointConfig",
            "org.apache.kafka.connect.mirror.MirrorHeartbeatConfig");

    private final ClassLoader classes;

    DefinitionReader(ClassLoader classes) {
        this.classes = classes;
    }

    /** Reads the release whose jars are in the folder, on a class path that sees nothing else. */
    static List<Definition> ofJars(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            List<URL> jars = new ArrayList<>();
            for (Path jar : files.sorted().toList()) {
                if (jar.toString().endsWith(".jar")) {
                    jars.add(jar.toUri().toURL());
                }
            }
            try (URLClassLoader isolated =
                    new URLClassLoader(jars.toArray(URL[]::new), ClassLoader.getPlatformClassLoader())) {
                return new DefinitionReader(isolated).all();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Everything that can be found on the class path, sorted. */
    List<Definition> all() {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(classes); // Kafka looks for its default classes there
        try {
            List<Definition> all = new ArrayList<>(servers());
            all.addAll(topics());
            all.addAll(clients(ConfigScope.PRODUCER, "org.apache.kafka.clients.producer.ProducerConfig"));
            all.addAll(clients(ConfigScope.CONSUMER, "org.apache.kafka.clients.consumer.ConsumerConfig"));
            all.addAll(clients(ConfigScope.ADMIN, "org.apache.kafka.clients.admin.AdminClientConfig"));
            String connect = "org.apache.kafka.connect.runtime.distributed.DistributedConfig";
            if (find(connect) != null) {
                all.addAll(clients(ConfigScope.CONNECT, connect));
                Map<String, Definition> mirror = new TreeMap<>();
                for (String owner : OF_MIRROR_MAKER) {
                    Class<?> type = find(owner);
                    if (type != null && hasDefinition(type)) {
                        clients(ConfigScope.MIRROR_MAKER, owner).forEach(one -> mirror.putIfAbsent(one.key(), one));
                    }
                }
                all.addAll(mirror.values());
            }
            all.sort(Definition.ORDER);
            return List.copyOf(all);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("this release of Kafka is not laid out as expected", e);
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    private List<Definition> servers() throws ReflectiveOperationException {
        Class<?> owner = find("org.apache.kafka.server.config.AbstractKafkaConfig");
        Map<String, ?> keys = keys(
                owner == null ? call(module("kafka.server.KafkaConfig$"), "configDef") : field(owner, "CONFIG_DEF"));
        Class<?> moved = find("org.apache.kafka.server.config.DynamicBrokerConfig");
        Object modes = moved == null
                ? call(module("kafka.server.DynamicBrokerConfig$"), "dynamicConfigUpdateModes")
                : call(moved, "dynamicConfigUpdateModes");
        Set<String> ofBrokers = new HashSet<>();
        for (String name : OF_BROKERS) {
            Class<?> part = find(name);
            if (part != null) {
                ofBrokers.addAll(keys(definitionOf(part)).keySet());
            }
        }
        List<Definition> definitions = new ArrayList<>();
        for (Object key : keys.values()) {
            Object mode = ((Map<?, ?>) modes).get(text(key, "name"));
            definition(
                            ConfigScope.BROKER,
                            key,
                            mode == null ? "read-only" : mode.toString(),
                            ofBrokers.contains(text(key, "name")),
                            null)
                    .ifPresent(definitions::add);
        }
        // limits of replication traffic exist only as dynamic configuration
        for (Object key : dynamicOnly().values()) {
            if (!keys.containsKey(text(key, "name"))) {
                definition(ConfigScope.BROKER, key, "per-broker", true, null).ifPresent(definitions::add);
            }
        }
        return definitions;
    }

    private Map<String, ?> dynamicOnly() throws ReflectiveOperationException {
        Class<?> moved = find("org.apache.kafka.server.config.DynamicConfig$Broker");
        return moved == null
                ? keys(call(module("kafka.server.DynamicConfig$Broker$"), "brokerConfigDef", "brokerConfigs"))
                : keys(moved);
    }

    private List<Definition> topics() throws ReflectiveOperationException {
        Class<?> moved = find("org.apache.kafka.storage.internals.log.LogConfig");
        Object owner = moved == null ? module("kafka.log.LogConfig$") : moved;
        Class<?> ofServer = find("org.apache.kafka.server.config.ServerTopicConfigSynonyms");
        Map<?, ?> synonyms = ofServer == null ? Map.of() : (Map<?, ?>) field(ofServer, "ALL_TOPIC_CONFIG_SYNONYMS");
        if (ofServer == null) {
            synonyms = (Map<?, ?>) call(owner, "AllTopicConfigSynonyms");
        }
        List<Definition> definitions = new ArrayList<>();
        for (Object key : keys(call(owner, "configDefCopy")).values()) {
            List<String> broker = new ArrayList<>();
            if (synonyms.get(text(key, "name")) instanceof List<?> named) {
                for (Object synonym : named) {
                    broker.add((String) call(synonym, "name"));
                }
            }
            definition(ConfigScope.TOPIC, key, "per-topic", false, broker).ifPresent(definitions::add);
        }
        return definitions;
    }

    private List<Definition> clients(ConfigScope scope, String owner) throws ReflectiveOperationException {
        List<Definition> definitions = new ArrayList<>();
        for (Object key : keys(definitionOf(classes.loadClass(owner))).values()) {
            definition(scope, key, "read-only", false, null).ifPresent(definitions::add);
        }
        return definitions;
    }

    private static boolean hasDefinition(Class<?> type) {
        return has(type, "CONFIG_DEF")
                || has(type, "CONNECTOR_CONFIG_DEF")
                || Arrays.stream(type.getDeclaredMethods())
                        .anyMatch(method ->
                                method.getName().equals("config") && Modifier.isStatic(method.getModifiers()));
    }

    private Object definitionOf(Class<?> owner) throws ReflectiveOperationException {
        for (String name : List.of("CONFIG_DEF", "GROUP_COORDINATOR_CONFIG_DEF", "CONNECTOR_CONFIG_DEF", "CONFIG")) {
            if (has(owner, name)) {
                return field(owner, name);
            }
        }
        for (Method method : owner.getDeclaredMethods()) {
            if (Modifier.isStatic(method.getModifiers())
                    && (method.getName().equals("config") || method.getName().equals("configDef"))) {
                method.setAccessible(true);
                return method.getParameterCount() == 0
                        ? method.invoke(null)
                        : method.invoke(
                                null,
                                method.getParameterTypes()[0].getField("SYSTEM").get(null));
            }
        }
        throw new NoSuchFieldException(owner.getName() + " has no ConfigDef");
    }

    private Optional<Definition> definition(
            ConfigScope scope, Object key, String mode, boolean brokersOnly, List<String> synonyms)
            throws ReflectiveOperationException {
        if ((Boolean) field(key, "internalConfig")) {
            return Optional.empty();
        }
        Class<?> definitions = classes.loadClass("org.apache.kafka.common.config.ConfigDef");
        Class<?> types = classes.loadClass("org.apache.kafka.common.config.ConfigDef$Type");
        Object type = field(key, "type");
        Object value = field(key, "defaultValue");
        boolean required = value == field(definitions, "NO_DEFAULT_VALUE");
        Object written = required || value == null
                ? null
                : definitions.getMethod("convertToString", Object.class, types).invoke(null, value, type);
        Limits limits = new Limits();
        limits.read(field(key, "validator"));
        return Optional.of(new Definition(
                scope,
                text(key, "name"),
                type.toString().toLowerCase(Locale.ROOT),
                (String) written,
                required,
                limits.min,
                limits.max,
                limits.allowed,
                limits.anyCase,
                limits.notEmpty,
                mode,
                field(key, "importance").toString().toLowerCase(Locale.ROOT),
                brokersOnly,
                synonyms == null ? List.of() : synonyms));
    }

    /** What a validator demands, as far as it can be told from outside. */
    private static final class Limits {
        BigDecimal min;
        BigDecimal max;
        List<String> allowed = List.of();
        boolean anyCase;
        boolean notEmpty;

        void read(Object validator) throws ReflectiveOperationException {
            if (validator == null) {
                return;
            }
            switch (validator.getClass().getSimpleName()) {
                case "Range" -> {
                    min = number(field(validator, "min"));
                    max = number(field(validator, "max"));
                }
                case "ValidString" -> allowed = words(field(validator, "validStrings"));
                case "CaseInsensitiveValidString" -> {
                    allowed = words(field(validator, "validStrings"));
                    anyCase = true;
                }
                case "ValidList" -> {
                    Object inner = field(validator, "validString");
                    allowed = words(field(inner, "validStrings"));
                }
                case "NonEmptyString", "NonEmptyStringWithoutControlChars" -> notEmpty = true;
                case "CompositeValidator" -> {
                    for (Object part : (List<?>) field(validator, "validators")) {
                        read(part);
                    }
                }
                default -> {
                    // demands something that cannot be read off
                }
            }
        }

        private static List<String> words(Object found) {
            return ((Collection<?>) found)
                    .stream()
                            .filter(word -> word != null)
                            .map(Object::toString)
                            .sorted()
                            .toList();
        }

        private static BigDecimal number(Object found) {
            return found == null ? null : new BigDecimal(found.toString());
        }
    }

    private static Map<String, ?> keys(Object definition) throws ReflectiveOperationException {
        Map<String, Object> keys = new TreeMap<>();
        ((Map<?, ?>) call(definition, "configKeys")).forEach((name, key) -> keys.put((String) name, key));
        return keys;
    }

    private Class<?> find(String name) {
        try {
            return Class.forName(name, false, classes);
        } catch (ClassNotFoundException e) {
            return null;
        }
    }

    private Object module(String name) throws ReflectiveOperationException {
        return field(classes.loadClass(name), "MODULE$");
    }

    private static boolean has(Class<?> type, String name) {
        return Arrays.stream(type.getDeclaredFields())
                .anyMatch(field -> field.getName().equals(name) && Modifier.isStatic(field.getModifiers()));
    }

    private static String text(Object owner, String name) throws ReflectiveOperationException {
        return (String) field(owner, name);
    }

    /** A field of an object, or a static one of a class. */
    private static Object field(Object owner, String name) throws ReflectiveOperationException {
        Class<?> type = owner instanceof Class<?> given ? given : owner.getClass();
        for (Class<?> at = type; at != null; at = at.getSuperclass()) {
            for (Field field : at.getDeclaredFields()) {
                if (field.getName().equals(name)) {
                    return open(field).get(owner instanceof Class<?> ? null : owner);
                }
            }
        }
        throw new NoSuchFieldException(type.getName() + "." + name);
    }

    /** Calls the first of the methods that there is, without arguments. */
    private static Object call(Object owner, String... names) throws ReflectiveOperationException {
        Class<?> type = owner instanceof Class<?> given ? given : owner.getClass();
        for (String name : names) {
            for (Class<?> at = type; at != null; at = at.getSuperclass()) {
                for (Method method : at.getDeclaredMethods()) {
                    if (method.getName().equals(name) && method.getParameterCount() == 0) {
                        return open(method).invoke(owner instanceof Class<?> ? null : owner);
                    }
                }
            }
        }
        throw new NoSuchMethodException(type.getName() + "." + String.join(" or ", names));
    }

    private static <T extends AccessibleObject> T open(T member) {
        member.setAccessible(true);
        return member;
    }
}
