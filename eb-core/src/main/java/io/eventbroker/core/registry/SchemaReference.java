package io.eventbroker.core.registry;

import io.eventbroker.core.kind.Checks;

/**
 * Another schema that a schema is built on.
 *
 * @param name as the schema's text calls it: an Avro name, a Protobuf import, a {@code $ref} of JSON Schema
 * @param subject where it is registered
 * @param version at least 1; −1 is the latest one
 */
public record SchemaReference(String name, String subject, int version) {
    public SchemaReference {
        Checks.begin()
                .require(!name.isEmpty(), "name", "must not be empty", "")
                .require(!subject.isEmpty(), "subject", "must not be empty", "")
                .require(version >= 1 || version == -1, "version", "must be at least 1, was " + version, "")
                .end();
    }
}
