package io.eventbroker.core.registry;

/** What a new version of a schema must be able to do with the versions before it. */
public enum Compatibility {
    NONE,
    /** New readers read what the last version wrote. */
    BACKWARD,
    /** New readers read what any version wrote. */
    BACKWARD_TRANSITIVE,
    /** Readers of the last version read what is written anew. */
    FORWARD,
    /** Readers of any version read what is written anew. */
    FORWARD_TRANSITIVE,
    /** {@link #BACKWARD} and {@link #FORWARD}. */
    FULL,
    /** {@link #BACKWARD_TRANSITIVE} and {@link #FORWARD_TRANSITIVE}. */
    FULL_TRANSITIVE
}
