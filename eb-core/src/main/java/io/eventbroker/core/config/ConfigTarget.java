package io.eventbroker.core.config;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Whose properties a layer sets. */
public enum ConfigTarget {
    BROKERS("brokers", ConfigScope.BROKER),
    CONTROLLERS("controllers", ConfigScope.CONTROLLER),
    /** Every topic that does not say otherwise. */
    TOPICS("topics", ConfigScope.TOPIC),
    ZOO_KEEPER("zooKeeper", null),
    SCHEMA_REGISTRY("schemaRegistry", null),
    REST_PROXY("restProxy", null),
    CONNECT("connect", ConfigScope.CONNECT),
    KSQL_DB("ksqlDb", null),
    CONTROL_CENTER("controlCenter", null),
    MIRROR_MAKER("mirrorMaker", ConfigScope.MIRROR_MAKER);

    private final String key;
    private final @Nullable ConfigScope scope;

    ConfigTarget(String key, @Nullable ConfigScope scope) {
        this.key = key;
        this.scope = scope;
    }

    /** The key that it stands under in files: {@code schemaRegistry}. */
    public String key() {
        return key;
    }

    /** Whose definitions hold; empty where Apache Kafka has none. */
    public Optional<ConfigScope> scope() {
        return Optional.ofNullable(scope);
    }
}
