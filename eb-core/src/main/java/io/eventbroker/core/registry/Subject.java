package io.eventbroker.core.registry;

import io.eventbroker.core.kind.Checks;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * A subject with all that a registry tells of it.
 *
 * @param name with its context where that is not the default one: {@code :.staging:orders-value}
 * @param versions ascending, softly deleted ones among them
 * @param withheld numbers of deleted versions that the registry lists but does not give (Apicurio does so): they cannot
 *     be brought back from here
 * @param compatibility its own; empty where that of the context or the registry holds
 * @param mode its own; empty where that of the context or the registry holds
 */
public record Subject(
        String name,
        List<SchemaVersion> versions,
        SortedSet<Integer> withheld,
        Optional<Compatibility> compatibility,
        Optional<RegistryMode> mode) {
    public Subject {
        versions = List.copyOf(versions);
        withheld = Collections.unmodifiableSortedSet(new TreeSet<>(withheld));
        Checks.begin()
                .require(!name.isEmpty(), "name", "must not be empty", "")
                .require(ascending(name, versions), "versions", "must be of this subject, and ascend", "")
                .end();
    }

    private static boolean ascending(String name, List<SchemaVersion> versions) {
        int last = 0;
        for (SchemaVersion version : versions) {
            if (version.version() <= last || !version.subject().equals(name)) {
                return false;
            }
            last = version.version();
        }
        return true;
    }

    /** Whether no version is left that is not deleted. */
    public boolean deleted() {
        return versions.stream().allMatch(SchemaVersion::deleted);
    }
}
