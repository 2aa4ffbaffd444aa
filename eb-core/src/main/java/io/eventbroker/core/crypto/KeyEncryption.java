package io.eventbroker.core.crypto;

import io.eventbroker.core.Deadline;
import io.eventbroker.core.DeadlineExceededException;
import io.eventbroker.core.RetryableException;

/**
 * Wraps and unwraps data keys, under a key that one cannot see. Several keys may unwrap, one of them wraps: rotation makes
 * another one current, and {@link #rewrap} moves wrapped keys to it, after which the old one can go.
 *
 * <pre>{@code
 * EncryptionContext context = EncryptionContext.of(Map.of("archive", "prod", "segment", name));
 * try (DataKey key = keys.generateDataKey(context, deadline)) {
 *     cipher.init(Cipher.ENCRYPT_MODE, key.key(), ...);   // and keep key.wrapped() beside the data
 * }
 * }</pre>
 *
 * <p>Implementations are safe for use by several threads, name the key at fault in every exception and show no key. They
 * extend {@code KeyEncryptionContract} (test-jar of eb-core).
 */
public interface KeyEncryption {
    /** The key that wraps new data keys. */
    KeyId currentKey();

    /**
     * Makes a new random data key and wraps it under the current key. The caller closes it.
     *
     * @throws KeyEncryptionException if the key cannot be used, with the reason as its type or in words
     * @throws RetryableException if the service that keeps the key refuses for a moment, or does not answer
     * @throws DeadlineExceededException if the deadline passed first
     */
    DataKey generateDataKey(EncryptionContext context, Deadline deadline);

    /**
     * Unwraps a data key. The caller closes it.
     *
     * @param context exactly what it was wrapped with
     * @throws UnknownKeyException if the key that wraps it is not there: lost, or of another place
     * @throws KeyNotAllowedException if that key is none of those that this was told to use
     * @throws TamperedKeyException if the wrapped key was altered, belongs to another context, or was wrapped by another
     *     key than it says
     * @throws KeyEncryptionException if the key cannot be used for another reason, such as being disabled
     * @throws RetryableException if the service that keeps the key refuses for a moment, or does not answer
     * @throws DeadlineExceededException if the deadline passed first
     */
    DataKey unwrap(WrappedKey wrapped, EncryptionContext context, Deadline deadline);

    /**
     * Wraps the same data key under the current key, without giving it away; data stays as it is. One that the current key
     * wraps already is returned as it is, once it is sure that it unwraps. Throws what {@link #unwrap} throws.
     */
    WrappedKey rewrap(WrappedKey wrapped, EncryptionContext context, Deadline deadline);
}
