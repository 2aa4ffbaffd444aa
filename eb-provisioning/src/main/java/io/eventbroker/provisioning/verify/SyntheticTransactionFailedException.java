package io.eventbroker.provisioning.verify;

import io.eventbroker.core.EventBrokerException;
import org.jspecify.annotations.Nullable;

/** A {@link SyntheticTransaction} whose records were refused, lost, changed, doubled or late. The message says which. */
public class SyntheticTransactionFailedException extends EventBrokerException {
    public SyntheticTransactionFailedException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
