package io.eventbroker.core.crypto;

import org.jspecify.annotations.Nullable;

/**
 * A wrapped key names a key that is none of those that may be used. Add it to them if you trust where the wrapped key comes from.
 */
public final class KeyNotAllowedException extends KeyEncryptionException {
    private static final long serialVersionUID = 1;

    public KeyNotAllowedException(KeyId keyId, String message) {
        super(keyId, message);
    }

    public KeyNotAllowedException(KeyId keyId, String message, @Nullable Throwable cause) {
        super(keyId, message, cause);
    }
}
