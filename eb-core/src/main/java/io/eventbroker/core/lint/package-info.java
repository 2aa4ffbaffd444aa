/**
 * What is likely to hurt although it can be read: rules over a platform, its topics, and the manifests that others wrote.
 *
 * <p>Start reading at {@link io.eventbroker.core.lint.Linter}; to write a rule, at {@link io.eventbroker.core.lint.Rule}.
 * Everything is immutable and may be used by several threads, except {@link io.eventbroker.core.lint.Reporter}, which
 * belongs to one call of one rule.
 */
@NullMarked
package io.eventbroker.core.lint;

import org.jspecify.annotations.NullMarked;
