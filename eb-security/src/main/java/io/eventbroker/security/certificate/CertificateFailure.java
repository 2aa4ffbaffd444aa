package io.eventbroker.security.certificate;

import io.eventbroker.core.EventBrokerException;

/** A certificate or key store that could not be made, read or written. Trying again without a change fails again. */
public class CertificateFailure extends EventBrokerException {

    public CertificateFailure(String message) {
        super(message);
    }

    public CertificateFailure(String message, Throwable cause) {
        super(message, cause);
    }
}
