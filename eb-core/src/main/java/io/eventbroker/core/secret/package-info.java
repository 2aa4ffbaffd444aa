/**
 * Secrets: held so that they can be destroyed and do not reach logs, and referred to so that files and plans need not
 * hold them.
 *
 * <p>Start reading at {@link io.eventbroker.core.secret.Secret} and {@link io.eventbroker.core.secret.SecretSource}.
 */
@NullMarked
package io.eventbroker.core.secret;

import org.jspecify.annotations.NullMarked;
