package io.eventbroker.core.crypto;

import org.jspecify.annotations.Nullable;

/**
 * A wrapped key is not what was once written: it was altered, moved to another context, or wrapped by another key than it says.
 */
public final class TamperedKeyException extends KeyEncryptionException {
    private static final long serialVersionUID = 1;

    public TamperedKeyException(KeyId keyId, String message) {
        super(keyId, message);
    }

    public TamperedKeyException(KeyId keyId, String message, @Nullable Throwable cause) {
        super(keyId, message, cause);
    }
}
