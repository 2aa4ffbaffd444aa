/**
 * How a platform is linted, as written in files: which rules, how strictly, and which findings are accepted for a while.
 *
 * <p>Start reading at {@link io.eventbroker.core.lint.policy.LintPolicy}. Everything is immutable. It lies beside the
 * linter so that reading files needs to know this much of it and no more.
 */
@NullMarked
package io.eventbroker.core.lint.policy;

import org.jspecify.annotations.NullMarked;
