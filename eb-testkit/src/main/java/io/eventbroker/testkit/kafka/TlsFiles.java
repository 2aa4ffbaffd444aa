package io.eventbroker.testkit.kafka;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * The PKCS12 or JKS files of one node or client on a TLS listener.
 *
 * @param keyStore holds the private key with its certificate chain
 * @param keyStorePassword opens the key store and the key in it
 * @param trustStore holds the certificates that peers are checked against
 * @param trustStorePassword opens the trust store
 */
public record TlsFiles(Path keyStore, String keyStorePassword, Path trustStore, String trustStorePassword) {
    /**
     * Checks that the files exist.
     *
     * @throws IllegalArgumentException naming the file that does not
     */
    public TlsFiles {
        for (Path file : new Path[] {keyStore, trustStore}) {
            if (!Files.isRegularFile(file)) {
                throw new IllegalArgumentException("TLS file " + file + " does not exist");
            }
        }
    }

    /** The client or broker configuration that uses these files; contains the passwords. */
    public Map<String, String> properties() {
        return Map.of(
                "ssl.keystore.location", keyStore.toString(),
                "ssl.keystore.type", type(keyStore),
                "ssl.keystore.password", keyStorePassword,
                "ssl.key.password", keyStorePassword,
                "ssl.truststore.location", trustStore.toString(),
                "ssl.truststore.type", type(trustStore),
                "ssl.truststore.password", trustStorePassword);
    }

    static String type(Path store) {
        return store.toString().endsWith(".jks") ? "JKS" : "PKCS12";
    }

    /** Names the files, never the passwords. */
    @Override
    public String toString() {
        return "TlsFiles[keyStore=" + keyStore + ", trustStore=" + trustStore + "]";
    }
}
