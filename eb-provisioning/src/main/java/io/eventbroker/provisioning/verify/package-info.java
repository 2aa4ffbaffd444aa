/**
 * Checks that a platform works after it was changed.
 *
 * <p>Start reading at {@link io.eventbroker.provisioning.verify.SyntheticTransaction}.
 */
@NullMarked
package io.eventbroker.provisioning.verify;

import org.jspecify.annotations.NullMarked;
