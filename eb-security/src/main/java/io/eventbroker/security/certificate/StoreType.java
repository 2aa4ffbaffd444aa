package io.eventbroker.security.certificate;

/** The forms in which Kafka reads keys and certificates ({@code ssl.keystore.type}, {@code ssl.truststore.type}). */
public enum StoreType {
    /** One binary file under a password. */
    PKCS12,
    /** Text (KIP-651): certificates in the clear, the private key as PKCS#8. */
    PEM
}
