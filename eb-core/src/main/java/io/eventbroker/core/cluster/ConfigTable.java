package io.eventbroker.core.cluster;

import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Properties in two arrays, keys sorted. Most topics have the same properties as many others: an {@link Interner} keeps
 * each key, each value and each whole table once. Immutable.
 */
final class ConfigTable {
    private final String[] keys;
    private final ConfigValue[] values;

    private ConfigTable(String[] keys, ConfigValue[] values) {
        this.keys = keys;
        this.values = values;
    }

    static ConfigTable of(SortedMap<String, ConfigValue> configs) {
        return new ConfigTable(
                configs.keySet().toArray(String[]::new), configs.values().toArray(ConfigValue[]::new));
    }

    SortedMap<String, ConfigValue> toMap() {
        SortedMap<String, ConfigValue> map = new TreeMap<>();
        for (int i = 0; i < keys.length; i++) {
            map.put(keys[i], values[i]);
        }
        return Collections.unmodifiableSortedMap(map);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return this == other
                || (other instanceof ConfigTable that
                        && Arrays.equals(keys, that.keys)
                        && Arrays.equals(values, that.values));
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(keys) + Arrays.hashCode(values);
    }

    /** Keeps equal things once, while a state is put together. Not safe for use by several threads. */
    static final class Interner {
        private final Map<List<String>, String[]> keys = new HashMap<>();
        private final Map<ConfigValue, ConfigValue> values = new HashMap<>();
        private final Map<ConfigTable, ConfigTable> tables = new HashMap<>();

        ConfigTable table(SortedMap<String, ConfigValue> configs) {
            String[] names =
                    keys.computeIfAbsent(List.copyOf(configs.keySet()), missing -> missing.toArray(String[]::new));
            ConfigValue[] shared = configs.values().stream()
                    .map(value -> values.computeIfAbsent(value, missing -> missing))
                    .toArray(ConfigValue[]::new);
            ConfigTable table = new ConfigTable(names, shared);
            return tables.computeIfAbsent(table, missing -> missing);
        }
    }
}
