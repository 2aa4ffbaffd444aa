package io.eventbroker.security.certificate;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECKey;
import java.util.HexFormat;

/** What is asked of a certificate or key in several places. */
final class Certificates {

    private Certificates() {}

    /** Enough to recognise a certificate by, in logs and in errors. */
    static String describe(X509Certificate certificate) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded());
            return certificate.getSubjectX500Principal().getName() + " (serial "
                    + certificate.getSerialNumber().toString(16) + ", until "
                    + certificate.getNotAfter().toInstant() + ", SHA-256 "
                    + HexFormat.of().formatHex(digest, 0, 8) + ")";
        } catch (GeneralSecurityException e) {
            throw new CertificateFailure("cannot encode certificate", e);
        }
    }

    /** The signature algorithm for a key: SHA-256, or what a larger curve needs to keep its strength. */
    static String signatureAlgorithm(PrivateKey key) {
        return switch (key.getAlgorithm()) {
            case "EC" -> {
                int bits = ((ECKey) key).getParams().getOrder().bitLength();
                yield bits <= 256 ? "SHA256withECDSA" : bits <= 384 ? "SHA384withECDSA" : "SHA512withECDSA";
            }
            case "RSA" -> "SHA256withRSA";
            default ->
                throw new CertificateFailure("cannot sign with a key of algorithm " + key.getAlgorithm()
                        + "; use an authority with an EC or RSA key");
        };
    }

    /** Whether the two are halves of one pair, found out by use. */
    static boolean belongTogether(PrivateKey privateKey, PublicKey publicKey) {
        try {
            byte[] probe = {1, 2, 3};
            Signature signature = Signature.getInstance(signatureAlgorithm(privateKey));
            signature.initSign(privateKey);
            signature.update(probe);
            byte[] signed = signature.sign();
            signature.initVerify(publicKey);
            signature.update(probe);
            return signature.verify(signed);
        } catch (GeneralSecurityException e) {
            return false;
        }
    }
}
