/**
 * One way to write JSON, so that equal values give equal bytes and hashes.
 *
 * <p>Start reading at {@link io.eventbroker.core.json.CanonicalJson}.
 */
@NullMarked
package io.eventbroker.core.json;

import org.jspecify.annotations.NullMarked;
