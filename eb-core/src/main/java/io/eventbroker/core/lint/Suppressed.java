package io.eventbroker.core.lint;

import io.eventbroker.core.lint.policy.Suppression;

/**
 * A finding that is accepted for a while.
 *
 * @param finding what was found
 * @param by why, and until when
 */
public record Suppressed(Finding finding, Suppression by) {}
