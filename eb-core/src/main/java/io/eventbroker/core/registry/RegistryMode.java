package io.eventbroker.core.registry;

/** What may be changed in a registry, a context or a subject. */
public enum RegistryMode {
    READWRITE,
    READONLY,
    /** Read-only whatever the subjects say. */
    READONLY_OVERRIDE,
    /** Schemas are registered under ids and versions that the client gives, and not checked for compatibility. */
    IMPORT,
    /** Read-only; requests go to another registry. */
    FORWARD
}
