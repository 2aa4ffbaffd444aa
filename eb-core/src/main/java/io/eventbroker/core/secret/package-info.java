/**
 * Secrets: held so that they can be destroyed and do not reach logs, referred to so that files and plans need not hold
 * them, and written to files that their owner alone can read.
 *
 * <p>Start reading at {@link io.eventbroker.core.secret.Secret} and {@link io.eventbroker.core.secret.SecretSource}.
 */
@NullMarked
package io.eventbroker.core.secret;

import org.jspecify.annotations.NullMarked;
