package io.eventbroker.core.crypto;

import io.eventbroker.core.EventBrokerException;
import org.jspecify.annotations.Nullable;

/** A data key could not be wrapped or unwrapped. The message names the key that wraps, what is wrong, what to do. */
public class KeyEncryptionException extends EventBrokerException {
    private static final long serialVersionUID = 1;

    private final transient KeyId keyId;

    public KeyEncryptionException(KeyId keyId, String message) {
        this(keyId, message, null);
    }

    public KeyEncryptionException(KeyId keyId, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.keyId = keyId;
    }

    /** The key that it is about. */
    public KeyId keyId() {
        return keyId;
    }
}
