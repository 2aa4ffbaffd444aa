package io.eventbroker.backup;

import io.eventbroker.core.EventBrokerException;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What {@link Backups#recoveryPoints} has found.
 *
 * @param readable oldest first
 * @param unreadable why the others cannot be read, by their ids: damaged, made by a newer version, not allowed
 */
public record RecoveryPoints(List<RecoveryPoint> readable, SortedMap<String, EventBrokerException> unreadable) {
    public RecoveryPoints {
        readable = List.copyOf(readable);
        unreadable = Collections.unmodifiableSortedMap(new TreeMap<>(unreadable));
    }

    /** The newest that can be read. */
    public Optional<RecoveryPoint> newest() {
        return readable.isEmpty() ? Optional.empty() : Optional.of(readable.get(readable.size() - 1));
    }
}
