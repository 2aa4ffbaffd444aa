package io.eventbroker.security.certificate;

import io.eventbroker.core.secret.Secret;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Key and trust stores as PKCS#12, the binary form that Kafka, the JDK and openssl read.
 *
 * <p>Encryption is the JDK's default for PKCS#12 (PBES2 with AES-256 and HMAC-SHA256); it is as strong as the password.
 */
public final class KeyStores {

    private static final int SHORTEST_PASSWORD = 8;

    /** Far above any real store: reading a wrong file must not exhaust the heap. */
    private static final int LARGEST_FILE = 1 << 20;

    private KeyStores() {}

    /**
     * The private key and chain of a broker or client.
     *
     * @param password at least 8 characters; opens both the store and the key
     */
    public static StoreContent pkcs12(IssuedCertificate issued, Secret password) {
        Certificate[] chain = issued.chain().toArray(Certificate[]::new);
        return encode(password, (store, chars) -> store.setKeyEntry("key", issued.privateKey(), chars, chain));
    }

    /** The private key and certificate of an authority, to be read by {@link CertificateAuthority#load}. */
    public static StoreContent pkcs12(CertificateAuthority authority, Secret password) {
        return pkcs12(authority.asEntry(), password);
    }

    /** A trust store of these authorities; while one is being replaced, of both. */
    public static StoreContent trustStore(Secret password, CertificateAuthority... authorities) {
        List<X509Certificate> certificates = new ArrayList<>();
        for (CertificateAuthority authority : authorities) {
            certificates.add(authority.certificate());
        }
        return trustStore(password, certificates);
    }

    /**
     * A trust store of these certificates.
     *
     * @throws IllegalArgumentException when there are none: such a store trusts nobody, and the JDK refuses it late
     */
    public static StoreContent trustStore(Secret password, List<X509Certificate> certificates) {
        requireSome(certificates);
        return encode(password, (store, chars) -> {
            for (int i = 0; i < certificates.size(); i++) {
                store.setCertificateEntry("ca-" + i, certificates.get(i));
            }
        });
    }

    /**
     * Reads the one private key of a PKCS#12 or PEM file (which of the two, its content tells), with its chain.
     *
     * @throws CertificateFailure when the file cannot be read, the password is wrong, there is not exactly one key, or
     *     certificate and key do not belong together
     */
    public static IssuedCertificate read(Path file, Secret password) {
        byte[] content = readBounded(file);
        IssuedCertificate entry = password.use(
                chars -> Pem.looksLikePem(content) ? Pem.parse(file, content, chars) : parse(file, content, chars));
        if (!Certificates.belongTogether(entry.privateKey(), entry.certificate().getPublicKey())) {
            throw new CertificateFailure(
                    file + ": the private key does not belong to " + Certificates.describe(entry.certificate()));
        }
        return entry;
    }

    private static IssuedCertificate parse(Path file, byte[] content, char[] password) {
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(new ByteArrayInputStream(content), password);
            @Nullable IssuedCertificate found = null;
            for (String alias : Collections.list(store.aliases())) {
                Key key = store.isKeyEntry(alias) ? store.getKey(alias, password) : null;
                if (key instanceof PrivateKey privateKey) {
                    if (found != null) {
                        throw new CertificateFailure(file + ": holds more than one private key; keep one per file");
                    }
                    List<X509Certificate> chain = new ArrayList<>();
                    for (Certificate certificate : store.getCertificateChain(alias)) {
                        chain.add((X509Certificate) certificate);
                    }
                    found = new IssuedCertificate(privateKey, chain);
                }
            }
            if (found == null) {
                throw new CertificateFailure(file + ": holds no private key");
            }
            return found;
        } catch (GeneralSecurityException | IOException e) {
            throw new CertificateFailure(
                    file + ": cannot be opened; the password is wrong, or it is no PKCS#12 or PEM file", e);
        }
    }

    static void requirePassword(Secret password) {
        if (password.use(chars -> chars.length) < SHORTEST_PASSWORD) {
            throw new IllegalArgumentException("a key store's password needs at least " + SHORTEST_PASSWORD
                    + " characters; it is all that protects the key in a copied file");
        }
    }

    static void requireSome(List<X509Certificate> certificates) {
        if (certificates.isEmpty()) {
            throw new IllegalArgumentException("a trust store needs at least one certificate");
        }
    }

    static byte[] readBounded(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] content = in.readNBytes(LARGEST_FILE + 1);
            if (content.length > LARGEST_FILE) {
                throw new CertificateFailure(file + ": larger than 1 MiB; this is no key store");
            }
            return content;
        } catch (IOException e) {
            throw new CertificateFailure("cannot read '" + file + "': " + e, e);
        }
    }

    private interface Entries {
        void addTo(KeyStore store, char[] password) throws GeneralSecurityException;
    }

    private static StoreContent encode(Secret password, Entries entries) {
        requirePassword(password);
        byte[] encoded = password.use(chars -> {
            try {
                KeyStore store = KeyStore.getInstance("PKCS12");
                store.load(null, null);
                entries.addTo(store, chars);
                ByteArrayOutputStream out = new ByteArrayOutputStream();
                store.store(out, chars);
                return out.toByteArray();
            } catch (GeneralSecurityException | IOException e) {
                throw new CertificateFailure("cannot encode a PKCS#12 store", e);
            }
        });
        return new StoreContent(StoreType.PKCS12, encoded, password);
    }
}
