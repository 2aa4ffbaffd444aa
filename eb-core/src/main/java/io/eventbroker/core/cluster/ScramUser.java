package io.eventbroker.core.cluster;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A user of SASL/SCRAM: all that a broker tells of one, which is no secret.
 *
 * @param iterations by mechanism, such as {@code SCRAM-SHA-512}
 */
public record ScramUser(String name, SortedMap<String, Integer> iterations) {
    public ScramUser {
        iterations = Collections.unmodifiableSortedMap(new TreeMap<>(iterations));
    }
}
