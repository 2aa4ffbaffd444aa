package io.eventbroker.core.crypto;

import org.jspecify.annotations.Nullable;

/**
 * The key that wraps a data key is not there. Without it the data is lost, so look for it before giving up: in an older key ring, in another account or region.
 */
public final class UnknownKeyException extends KeyEncryptionException {
    private static final long serialVersionUID = 1;

    public UnknownKeyException(KeyId keyId, String message) {
        super(keyId, message);
    }

    public UnknownKeyException(KeyId keyId, String message, @Nullable Throwable cause) {
        super(keyId, message, cause);
    }
}
