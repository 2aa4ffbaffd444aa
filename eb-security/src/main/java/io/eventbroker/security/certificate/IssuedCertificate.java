package io.eventbroker.security.certificate;

import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;

/**
 * A certificate with its private key and the chain above it, as a broker or client presents them.
 *
 * <p>The private key is in neither {@code toString} nor any serialised form; it leaves through {@link KeyStores},
 * {@link Pem} or {@link #privateKey()} alone.
 */
public final class IssuedCertificate {

    private final List<X509Certificate> chain;
    private final PrivateKey privateKey;

    IssuedCertificate(PrivateKey privateKey, List<X509Certificate> chain) {
        this.privateKey = privateKey;
        this.chain = List.copyOf(chain);
    }

    /** The certificate itself. */
    public X509Certificate certificate() {
        return chain.get(0);
    }

    /** The certificate, then its issuer. */
    public List<X509Certificate> chain() {
        return chain;
    }

    public PrivateKey privateKey() {
        return privateKey;
    }

    /** When it ends: as the profile asked, or with its authority where that ends first. */
    public Instant notAfter() {
        return certificate().getNotAfter().toInstant();
    }

    /**
     * What Kafka's default principal builder makes of it, e.g. {@code User:CN=orders-service}: the name for ACLs and
     * {@code super.users}.
     */
    public String kafkaPrincipal() {
        return "User:" + certificate().getSubjectX500Principal().getName();
    }

    @Override
    public String toString() {
        return Certificates.describe(certificate());
    }
}
