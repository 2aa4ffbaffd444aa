package io.eventbroker.security.certificate;

import io.eventbroker.core.secret.Secret;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.X509CertSelector;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Date;
import java.util.HexFormat;
import java.util.List;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.GeneralSubtree;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.NameConstraints;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * A certificate authority of one's own: issues the certificates of a cluster's brokers and clients.
 *
 * <pre>{@code
 * CertificateAuthority ca = CertificateAuthority.create(CaProfile.clusterCa("kafka-prod"));
 * IssuedCertificate broker = ca.issue(CertificateProfile.broker("kafka-0.kafka.svc", "10.0.0.7"));
 * KeyStores.pkcs12(broker, password).writeTo(dir.resolve("kafka-0.v1.p12"));
 * }</pre>
 *
 * <p>Keys are EC P-256 and signatures ECDSA with SHA-256; serials have 127 random bits; every certificate carries key
 * identifiers, critical basic constraints and key usage, and the extended key usage of its role (RFC 5280; accepted by
 * {@code openssl verify -x509_strict}). Immutable; any number of threads may issue at once.
 */
public final class CertificateAuthority {

    /** Clocks of peers may lag: certificates are valid from a little before now. */
    private static final Duration BACKDATED = Duration.ofMinutes(5);

    /**
     * The host name of clients under a constrained authority: one that can never resolve (RFC 2606). Without any, the
     * JDK and openssl hold the common name, a mere user name, against the constraints on host names.
     */
    private static final String NO_HOST = "client.invalid";

    private static final SecureRandom RANDOM = new SecureRandom();

    private final PrivateKey privateKey;
    private final List<X509Certificate> chain;
    private final Clock clock;

    private CertificateAuthority(PrivateKey privateKey, List<X509Certificate> chain, Clock clock) {
        this.privateKey = privateKey;
        this.chain = List.copyOf(chain);
        this.clock = clock;
    }

    /** A new self-signed authority with a new key, which exists in memory only until it is written somewhere. */
    public static CertificateAuthority create(CaProfile profile) {
        return create(profile, Clock.systemUTC());
    }

    /** {@link #create(CaProfile)} by this clock, which decides what is "now" for every certificate issued. */
    public static CertificateAuthority create(CaProfile profile, Clock clock) {
        byte[] generation = new byte[4];
        RANDOM.nextBytes(generation);
        X500Name name = commonName(profile.name() + " " + HexFormat.of().formatHex(generation));
        KeyPair keys = newKeyPair();
        Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
        try {
            X509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                    name,
                    newSerial(),
                    Date.from(now.minus(BACKDATED)),
                    Date.from(now.plus(profile.validFor())),
                    name,
                    keys.getPublic());
            // Path length 0: whoever steals a leaf key, or is handed one by mistake, cannot found authorities below.
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(0));
            builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
            addKeyIdentifiers(builder, keys.getPublic(), keys.getPublic());
            if (!profile.permittedDomains().isEmpty()
                    || !profile.permittedNetworks().isEmpty()) {
                builder.addExtension(Extension.nameConstraints, true, constraints(profile));
            }
            X509Certificate certificate = sign(builder, keys.getPrivate());
            return new CertificateAuthority(keys.getPrivate(), List.of(certificate), clock);
        } catch (GeneralSecurityException | IOException | OperatorCreationException e) {
            throw new CertificateFailure("certificate authority '" + profile.name() + "' could not be made", e);
        }
    }

    /**
     * Reads an authority back from the PKCS#12 or PEM file that {@link KeyStores#pkcs12(CertificateAuthority, Secret)}
     * or {@link Pem#keyStore(CertificateAuthority, Secret)} wrote, or from anyone else's with one key in it.
     *
     * @throws CertificateFailure when the file cannot be read, the password is wrong, the certificate may not sign
     *     certificates, or certificate and key do not belong together
     */
    public static CertificateAuthority load(Path file, Secret password) {
        return load(file, password, Clock.systemUTC());
    }

    /** {@link #load(Path, Secret)} by this clock. */
    public static CertificateAuthority load(Path file, Secret password, Clock clock) {
        IssuedCertificate entry = KeyStores.read(file, password);
        X509Certificate certificate = entry.certificate();
        boolean[] usage = certificate.getKeyUsage();
        if (certificate.getBasicConstraints() < 0 || (usage != null && !usage[5])) {
            throw new CertificateFailure(file + ": " + Certificates.describe(certificate)
                    + " is not an authority (basicConstraints CA and keyUsage keyCertSign)");
        }
        return new CertificateAuthority(entry.privateKey(), entry.chain(), clock);
    }

    /**
     * Issues a certificate with a new key.
     *
     * @return valid from five minutes ago, and no longer than this authority
     * @throws CertificateFailure when this authority is no longer (or not yet) valid
     * @throws IllegalArgumentException when a host name is outside of what this authority is constrained to
     */
    public IssuedCertificate issue(CertificateProfile profile) {
        Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
        Instant caFrom = certificate().getNotBefore().toInstant();
        Instant caUntil = certificate().getNotAfter().toInstant();
        if (now.isBefore(caFrom) || !now.isBefore(caUntil)) {
            throw new CertificateFailure(Certificates.describe(certificate()) + " is valid from " + caFrom + " to "
                    + caUntil + ", it is " + now + "; issue from its successor");
        }
        Instant from = latest(now.minus(BACKDATED), caFrom);
        Instant until = earliest(now.plus(profile.validFor()), caUntil);
        KeyPair keys = newKeyPair();
        try {
            X509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                    certificate().getSubjectX500Principal(),
                    newSerial(),
                    Date.from(from),
                    Date.from(until),
                    new X500Principal(commonName(profile.commonName()).getEncoded()),
                    keys.getPublic());
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
            // ECDSA keys only sign; key agreement in TLS 1.3 is ephemeral.
            builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
            builder.addExtension(Extension.extendedKeyUsage, false, purposes(profile.role()));
            addKeyIdentifiers(builder, keys.getPublic(), certificate().getPublicKey());
            List<String> hosts =
                    profile.hostNames().isEmpty() && isConstrained() ? List.of(NO_HOST) : profile.hostNames();
            if (!hosts.isEmpty()) {
                builder.addExtension(Extension.subjectAlternativeName, false, alternativeNames(hosts));
            }
            List<X509Certificate> issued = new ArrayList<>();
            issued.add(sign(builder, privateKey));
            issued.addAll(chain);
            requirePermitted(profile, issued.get(0));
            return new IssuedCertificate(keys.getPrivate(), issued);
        } catch (GeneralSecurityException | IOException | OperatorCreationException e) {
            throw new CertificateFailure("certificate '" + profile.commonName() + "' could not be issued", e);
        }
    }

    /** This authority's own certificate: what peers trust. */
    public X509Certificate certificate() {
        return chain.get(0);
    }

    /** The authority's certificate and key as one, for the writers in this package. */
    IssuedCertificate asEntry() {
        return new IssuedCertificate(privateKey, chain);
    }

    @Override
    public String toString() {
        return Certificates.describe(certificate());
    }

    private boolean isConstrained() {
        return certificate().getExtensionValue(Extension.nameConstraints.getId()) != null;
    }

    /** Asks the JDK's own implementation of name constraints, which is the one that Kafka's peers will ask. */
    private void requirePermitted(CertificateProfile profile, X509Certificate leaf)
            throws IOException, GeneralSecurityException {
        byte[] constraints = certificate().getExtensionValue(Extension.nameConstraints.getId());
        if (constraints == null) {
            return;
        }
        X509CertSelector selector = new X509CertSelector();
        selector.setNameConstraints(DEROctetString.getInstance(constraints).getOctets());
        if (!selector.match(leaf)) {
            throw new IllegalArgumentException("certificate '" + profile.commonName() + "': not all of "
                    + profile.hostNames() + " (or, without host names, not the common name) are within what "
                    + Certificates.describe(certificate())
                    + " may certify; see its name constraints");
        }
    }

    private static X509Certificate sign(X509v3CertificateBuilder builder, PrivateKey key)
            throws OperatorCreationException, GeneralSecurityException {
        return new JcaX509CertificateConverter()
                .getCertificate(
                        builder.build(new JcaContentSignerBuilder(Certificates.signatureAlgorithm(key)).build(key)));
    }

    private static void addKeyIdentifiers(X509v3CertificateBuilder builder, PublicKey subject, PublicKey issuer)
            throws GeneralSecurityException, IOException {
        JcaX509ExtensionUtils identifiers = new JcaX509ExtensionUtils();
        builder.addExtension(Extension.subjectKeyIdentifier, false, identifiers.createSubjectKeyIdentifier(subject));
        builder.addExtension(Extension.authorityKeyIdentifier, false, identifiers.createAuthorityKeyIdentifier(issuer));
    }

    private static ExtendedKeyUsage purposes(CertificateProfile.Role role) {
        return switch (role) {
            case BROKER ->
                new ExtendedKeyUsage(new KeyPurposeId[] {KeyPurposeId.id_kp_serverAuth, KeyPurposeId.id_kp_clientAuth});
            case CLIENT -> new ExtendedKeyUsage(KeyPurposeId.id_kp_clientAuth);
        };
    }

    private static GeneralNames alternativeNames(List<String> hosts) {
        return new GeneralNames(hosts.stream()
                .map(host -> Names.isAddress(host)
                        ? new GeneralName(GeneralName.iPAddress, new DEROctetString(Networks.address(host)))
                        : new GeneralName(GeneralName.dNSName, host))
                .toArray(GeneralName[]::new));
    }

    private static NameConstraints constraints(CaProfile profile) {
        List<GeneralSubtree> permitted = new ArrayList<>();
        for (String domain : profile.permittedDomains()) {
            permitted.add(new GeneralSubtree(new GeneralName(GeneralName.dNSName, domain)));
        }
        for (String network : profile.permittedNetworks()) {
            permitted.add(new GeneralSubtree(
                    new GeneralName(GeneralName.iPAddress, new DEROctetString(Networks.parse(network)))));
        }
        // Clients need no host; and without any permitted domain, all hosts would be.
        permitted.add(new GeneralSubtree(new GeneralName(GeneralName.dNSName, NO_HOST)));
        // A form of name without a permitted subtree is unconstrained: forbid it wholly.
        List<GeneralSubtree> excluded = new ArrayList<>();
        if (profile.permittedNetworks().isEmpty()) {
            excluded.add(new GeneralSubtree(new GeneralName(GeneralName.iPAddress, new DEROctetString(new byte[8]))));
            excluded.add(new GeneralSubtree(new GeneralName(GeneralName.iPAddress, new DEROctetString(new byte[32]))));
        }
        return new NameConstraints(
                permitted.toArray(GeneralSubtree[]::new),
                // An empty sequence is no valid encoding.
                excluded.isEmpty() ? null : excluded.toArray(GeneralSubtree[]::new));
    }

    private static X500Name commonName(String name) {
        return new X500NameBuilder(BCStyle.INSTANCE).addRDN(BCStyle.CN, name).build();
    }

    private static KeyPair newKeyPair() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"), RANDOM);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new CertificateFailure("this JVM cannot make EC P-256 keys", e);
        }
    }

    /** 127 random bits: positive, 16 octets, never zero in practice (and then not either). */
    private static BigInteger newSerial() {
        return new BigInteger(127, RANDOM).max(BigInteger.ONE);
    }

    private static Instant earliest(Instant a, Instant b) {
        return a.isBefore(b) ? a : b;
    }

    private static Instant latest(Instant a, Instant b) {
        return a.isAfter(b) ? a : b;
    }
}
