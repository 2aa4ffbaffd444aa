package io.eventbroker.core.cluster;

import org.jspecify.annotations.Nullable;

/**
 * The effective value of one configuration key.
 *
 * @param value null where the broker hides it (passwords) or it has none
 * @param overridden true if it was set on this very object rather than inherited or left at the default
 */
public record ConfigValue(@Nullable String value, boolean overridden) {}
