package io.eventbroker.core.config;

import io.eventbroker.core.topology.Version;
import java.util.Optional;

/**
 * That a key should be used no more.
 *
 * @param since the first release that says so
 * @param replacement what to use instead, for people; empty if there is nothing
 * @param source the KIP or documentation that says so
 */
public record Deprecation(Version since, Optional<String> replacement, String source) {
    /** What to do, as an imperative. */
    public String remedy() {
        return replacement.map(other -> "use " + other + " instead").orElse("remove it") + " (" + source + ")";
    }
}
