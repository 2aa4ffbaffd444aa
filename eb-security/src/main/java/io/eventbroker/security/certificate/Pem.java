package io.eventbroker.security.certificate;

import io.eventbroker.core.secret.Secret;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Cipher;
import javax.crypto.EncryptedPrivateKeyInfo;
import javax.crypto.SecretKey;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.PBEParameterSpec;
import org.bouncycastle.asn1.ASN1Primitive;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.jspecify.annotations.Nullable;

/**
 * Keys and certificates as PEM text, the form of Kubernetes secrets and of Kafka's {@code ssl.keystore.type=PEM}.
 *
 * <p>Private keys are PKCS#8, encrypted with PBES2 (PBKDF2 with HMAC-SHA256, 600,000 rounds; AES-256-CBC).
 */
public final class Pem {

    /** What OWASP asks of PBKDF2 with HMAC-SHA256: about 0.3 s of a core, once per reading. */
    private static final int ROUNDS = 600_000;

    /** A hostile file may ask for more rounds than anyone has time for. */
    private static final int MOST_ROUNDS = 10_000_000;

    private static final String ENCRYPTION = "PBEWithHmacSHA256AndAES_256";
    private static final Pattern BLOCK =
            Pattern.compile("-----BEGIN ([A-Z0-9 ]{1,40})-----([A-Za-z0-9+/=\\s]*+)-----END \\1-----");

    private Pem() {}

    /**
     * The private key, encrypted, and the chain: one file as {@code ssl.keystore.location} names it.
     *
     * <p>Kafka on Java 17 cannot read it: that JDK does not tell the encryption's name, and Kafka fails with "PBES2
     * SecretKeyFactory not available". On Java 25 it can. For 17 use {@link KeyStores#pkcs12}, or
     * {@link #unencryptedKeyStore}. An older encryption that Kafka could read everywhere is not offered: it rests on
     * triple DES.
     *
     * @param password at least 8 characters; Kafka calls it {@code ssl.key.password}
     */
    public static StoreContent keyStore(IssuedCertificate issued, Secret password) {
        KeyStores.requirePassword(password);
        String text = block("ENCRYPTED PRIVATE KEY", password.use(chars -> encrypt(issued.privateKey(), chars)))
                + certificates(issued.chain());
        return new StoreContent(StoreType.PEM, text.getBytes(StandardCharsets.US_ASCII), password);
    }

    /** The private key, encrypted, and certificate of an authority, to be read by {@link CertificateAuthority#load}. */
    public static StoreContent keyStore(CertificateAuthority authority, Secret password) {
        return keyStore(authority.asEntry(), password);
    }

    /**
     * The private key <em>in the clear</em> and the chain: for places that protect the file as a whole, such as a
     * Kubernetes secret in memory.
     */
    public static StoreContent unencryptedKeyStore(IssuedCertificate issued) {
        String text = block("PRIVATE KEY", issued.privateKey().getEncoded()) + certificates(issued.chain());
        return new StoreContent(StoreType.PEM, text.getBytes(StandardCharsets.US_ASCII), null);
    }

    /** A bundle of these authorities; while one is being replaced, of both. It needs no password. */
    public static StoreContent trustStore(CertificateAuthority... authorities) {
        List<X509Certificate> certificates = new ArrayList<>();
        for (CertificateAuthority authority : authorities) {
            certificates.add(authority.certificate());
        }
        return trustStore(certificates);
    }

    /** A bundle of these certificates. */
    public static StoreContent trustStore(List<X509Certificate> certificates) {
        KeyStores.requireSome(certificates);
        return new StoreContent(StoreType.PEM, certificates(certificates).getBytes(StandardCharsets.US_ASCII), null);
    }

    /** These certificates as text, one block after the other. */
    public static String certificates(List<X509Certificate> certificates) {
        StringBuilder text = new StringBuilder();
        for (X509Certificate certificate : certificates) {
            try {
                text.append(block("CERTIFICATE", certificate.getEncoded()));
            } catch (CertificateEncodingException e) {
                throw new CertificateFailure("cannot encode certificate", e);
            }
        }
        return text.toString();
    }

    /**
     * The certificates of a bundle, in order; other blocks are passed over.
     *
     * @throws CertificateFailure when there are none, or one is no certificate
     */
    public static List<X509Certificate> readCertificates(Path file) {
        List<X509Certificate> certificates = parseCertificates(file, blocks(file, KeyStores.readBounded(file)));
        if (certificates.isEmpty()) {
            throw new CertificateFailure(file + ": holds no certificate");
        }
        return certificates;
    }

    static boolean looksLikePem(byte[] content) {
        return new String(content, StandardCharsets.ISO_8859_1).contains("-----BEGIN ");
    }

    static IssuedCertificate parse(Path file, byte[] content, char[] password) {
        List<Block> blocks = blocks(file, content);
        @Nullable PrivateKey key = null;
        List<X509Certificate> chain = parseCertificates(file, blocks);
        if (chain.isEmpty()) {
            throw new CertificateFailure(file + ": holds no certificate");
        }
        String algorithm = chain.get(0).getPublicKey().getAlgorithm();
        for (Block block : blocks) {
            if (!block.label.endsWith("PRIVATE KEY")) {
                continue;
            }
            if (key != null) {
                throw new CertificateFailure(file + ": holds more than one private key; keep one per file");
            }
            key = switch (block.label) {
                case "ENCRYPTED PRIVATE KEY" -> decrypt(file, block.content, algorithm, password);
                case "PRIVATE KEY" -> privateKey(file, new PKCS8EncodedKeySpec(block.content), algorithm);
                default ->
                    throw new CertificateFailure(
                            file + ": holds a key as '" + block.label + "'; convert it with 'openssl pkcs8 -topk8'");
            };
        }
        if (key == null) {
            throw new CertificateFailure(file + ": holds no private key");
        }
        return new IssuedCertificate(key, chain);
    }

    private static final class Block {
        final String label;
        final byte[] content;

        Block(String label, byte[] content) {
            this.label = label;
            this.content = content;
        }
    }

    private static List<Block> blocks(Path file, byte[] content) {
        List<Block> blocks = new ArrayList<>();
        Matcher matcher = BLOCK.matcher(new String(content, StandardCharsets.ISO_8859_1));
        while (matcher.find()) {
            try {
                blocks.add(new Block(matcher.group(1), Base64.getMimeDecoder().decode(matcher.group(2))));
            } catch (IllegalArgumentException e) {
                throw new CertificateFailure(file + ": a '" + matcher.group(1) + "' block is not Base64", e);
            }
        }
        return blocks;
    }

    private static List<X509Certificate> parseCertificates(Path file, List<Block> blocks) {
        try {
            CertificateFactory factory = CertificateFactory.getInstance("X.509");
            List<X509Certificate> certificates = new ArrayList<>();
            for (Block block : blocks) {
                if (block.label.equals("CERTIFICATE")) {
                    certificates.add(
                            (X509Certificate) factory.generateCertificate(new ByteArrayInputStream(block.content)));
                }
            }
            return certificates;
        } catch (GeneralSecurityException e) {
            throw new CertificateFailure(file + ": holds a certificate that cannot be parsed", e);
        }
    }

    private static byte[] encrypt(PrivateKey key, char[] password) {
        byte[] salt = new byte[16];
        byte[] iv = new byte[16];
        SecureRandom random = new SecureRandom();
        random.nextBytes(salt);
        random.nextBytes(iv);
        byte[] clear = key.getEncoded();
        PBEKeySpec spec = new PBEKeySpec(password);
        try {
            SecretKey secret = SecretKeyFactory.getInstance(ENCRYPTION).generateSecret(spec);
            Cipher cipher = Cipher.getInstance(ENCRYPTION);
            cipher.init(Cipher.ENCRYPT_MODE, secret, new PBEParameterSpec(salt, ROUNDS, new IvParameterSpec(iv)));
            // By BouncyCastle, since the JDK's own class of Java 17 cannot encode PBES2.
            AlgorithmIdentifier scheme = new AlgorithmIdentifier(
                    PKCSObjectIdentifiers.id_PBES2,
                    ASN1Primitive.fromByteArray(cipher.getParameters().getEncoded()));
            return new org.bouncycastle.asn1.pkcs.EncryptedPrivateKeyInfo(scheme, cipher.doFinal(clear)).getEncoded();
        } catch (GeneralSecurityException | IOException e) {
            throw new CertificateFailure("cannot encrypt the private key", e);
        } finally {
            spec.clearPassword();
            Arrays.fill(clear, (byte) 0);
        }
    }

    private static PrivateKey decrypt(Path file, byte[] content, String algorithm, char[] password) {
        PBEKeySpec spec = new PBEKeySpec(password);
        try {
            EncryptedPrivateKeyInfo info = new EncryptedPrivateKeyInfo(content);
            AlgorithmParameters parameters = info.getAlgParameters();
            if (parameters == null
                    || parameters.getParameterSpec(PBEParameterSpec.class).getIterationCount() > MOST_ROUNDS) {
                throw new CertificateFailure(file + ": the private key's encryption is unknown or unreasonable");
            }
            // Asked by the parameters' own name: for PBES2 the key info knows the family alone.
            String scheme = parameters.toString();
            SecretKey secret = SecretKeyFactory.getInstance(scheme).generateSecret(spec);
            Cipher cipher = Cipher.getInstance(scheme);
            cipher.init(Cipher.DECRYPT_MODE, secret, parameters);
            return privateKey(file, info.getKeySpec(cipher), algorithm);
        } catch (GeneralSecurityException | IOException e) {
            throw new CertificateFailure(file + ": the private key cannot be decrypted; the password is wrong", e);
        } finally {
            spec.clearPassword();
        }
    }

    private static PrivateKey privateKey(Path file, PKCS8EncodedKeySpec spec, String algorithm) {
        try {
            return KeyFactory.getInstance(algorithm).generatePrivate(spec);
        } catch (GeneralSecurityException e) {
            throw new CertificateFailure(file + ": the private key is no " + algorithm + " key in PKCS#8", e);
        }
    }

    private static String block(String label, byte[] content) {
        return "-----BEGIN " + label + "-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content) + "\n-----END " + label
                + "-----\n";
    }
}
