package io.eventbroker.core.connect;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Function;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.ConfigDef;

/**
 * Finds the secret ones among the properties of a connector: those that the connector, and the converters, transformations
 * and predicates that it uses, declare as passwords, and those of the clients that it overrides (KIP-458).
 */
final class SecretKeys {
    private static final List<String> CONVERTERS = List.of("key.converter", "value.converter", "header.converter");
    private static final Map<String, ConfigDef> CLIENTS = Map.of(
            "producer.override.", ProducerConfig.configDef(),
            "consumer.override.", ConsumerConfig.configDef(),
            "admin.override.", AdminClientConfig.configDef());

    private final Map<String, String> config;
    private final Function<String, Set<String>> passwordsOf;
    private final SortedSet<String> found = new TreeSet<>();

    private SecretKeys(Map<String, String> config, Function<String, Set<String>> passwordsOf) {
        this.config = config;
        this.passwordsOf = passwordsOf;
    }

    /**
     * The keys of a configuration that hold secrets.
     *
     * @param passwordsOf the keys that a plug-in of that class declares as passwords
     */
    static SortedSet<String> of(Map<String, String> config, Function<String, Set<String>> passwordsOf) {
        SecretKeys keys = new SecretKeys(config, passwordsOf);
        keys.addPlugin("connector.class", "");
        CONVERTERS.forEach(converter -> keys.addPlugin(converter, converter + "."));
        keys.addNamed("transforms");
        keys.addNamed("predicates");
        CLIENTS.forEach(keys::addClient);
        return keys.found;
    }

    private void addPlugin(String classKey, String prefix) {
        Optional.ofNullable(config.get(classKey))
                .ifPresent(plugin -> passwordsOf.apply(plugin).forEach(key -> addIfSet(prefix + key)));
    }

    /** {@code transforms=a,b} names what {@code transforms.a.type} and {@code transforms.a.…} configure. */
    private void addNamed(String list) {
        Arrays.stream(config.getOrDefault(list, "").split(","))
                .map(String::strip)
                .filter(alias -> !alias.isEmpty())
                .forEach(alias -> addPlugin(list + "." + alias + ".type", list + "." + alias + "."));
    }

    private void addClient(String prefix, ConfigDef definition) {
        definition.configKeys().values().stream()
                .filter(key -> key.type == ConfigDef.Type.PASSWORD)
                .forEach(key -> addIfSet(prefix + key.name));
    }

    private void addIfSet(String key) {
        if (config.containsKey(key)) {
            found.add(key);
        }
    }
}
