/**
 * Envelope encryption: data is encrypted under data keys, and a data key is kept beside its data, wrapped under a key that
 * never leaves its place. The port, and a key ring of one's own; eb-security has one for AWS KMS.
 *
 * <p>Start reading at {@link io.eventbroker.core.crypto.KeyEncryption}; {@link io.eventbroker.core.crypto.KeyRing} is the
 * key ring. Everything here is safe for use by several threads.
 */
@NullMarked
package io.eventbroker.core.crypto;

import org.jspecify.annotations.NullMarked;
