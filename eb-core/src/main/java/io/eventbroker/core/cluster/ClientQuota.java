package io.eventbroker.core.cluster;

import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Quotas of one kind of client.
 *
 * @param entity the name by type ({@code user}, {@code client-id}, {@code ip}); without a name it is the default of all
 *     that have no quota of their own
 * @param limits by key, such as {@code producer_byte_rate} in bytes a second
 */
public record ClientQuota(SortedMap<String, Optional<String>> entity, SortedMap<String, Double> limits) {
    public ClientQuota {
        entity = Collections.unmodifiableSortedMap(new TreeMap<>(entity));
        limits = Collections.unmodifiableSortedMap(new TreeMap<>(limits));
        if (entity.isEmpty()) {
            throw new IllegalArgumentException(
                    "a quota belongs to a user, a client id or an IP address, but none was given");
        }
    }

    /** Whom it limits: {@code user alice, client-id reports} or {@code user (default)}. */
    public String subject() {
        return entity.entrySet().stream()
                .map(e -> e.getKey() + " " + e.getValue().orElse("(default)"))
                .collect(Collectors.joining(", "));
    }
}
