package io.eventbroker.core.registry;

import io.eventbroker.core.kind.Checks;

/**
 * A schema at its place in a subject.
 *
 * @param version from 1 on, with gaps where versions were deleted for good
 * @param id what records carry; the same schema has the same id in every subject of a context
 * @param deleted deleted softly: no longer listed, and still resolved by its id
 */
public record SchemaVersion(String subject, int version, int id, Schema schema, boolean deleted) {
    public SchemaVersion {
        Checks.begin()
                .require(!subject.isEmpty(), "subject", "must not be empty", "")
                .require(version >= 1, "version", "must be at least 1, was " + version, "")
                .require(id >= 0, "id", "must not be negative, was " + id, "")
                .end();
    }
}
