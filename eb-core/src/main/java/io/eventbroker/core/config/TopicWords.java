package io.eventbroker.core.config;

import java.util.Optional;
import java.util.stream.Stream;

/** Topics' keys for what brokers' keys say of all topics. */
final class TopicWords {
    private TopicWords() {}

    /** What a broker's value is in the unit of the topic's key: brokers may count hours where topics count milliseconds. */
    static String value(String brokerKey, String value, ConfigKey topicKey) {
        long factor = brokerKey.endsWith(".hours") ? 3_600_000 : brokerKey.endsWith(".minutes") ? 60_000 : 1;
        if (factor == 1 || !topicKey.name().endsWith(".ms") || !value.matches("\\s*[0-9]{1,10}\\s*")) {
            return value;
        }
        return Long.toString(Long.parseLong(value.trim()) * factor);
    }

    /** What to write for a topic in place of a broker's key, also of one without its {@code log.}, if that is one. */
    static Optional<String> remedy(ConfigCatalogue catalogue, String key, String value) {
        return Stream.of(key, "log." + key)
                .flatMap(brokerKey -> catalogue.keys(ConfigScope.TOPIC).values().stream()
                        .filter(topicKey -> topicKey.brokerKeys().contains(brokerKey))
                        .map(topicKey -> "write '" + topicKey.name()
                                + (value.isBlank() ? "" : ": " + value(brokerKey, value, topicKey))
                                + "', as topics call it"))
                .findFirst();
    }
}
