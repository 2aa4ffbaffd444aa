package io.eventbroker.backup.internal.wire;

import static io.eventbroker.backup.internal.wire.ClientSettings.text;
import static io.eventbroker.backup.internal.wire.ClientSettings.textOrNull;

import io.eventbroker.core.EventBrokerException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Cipher;
import javax.crypto.EncryptedPrivateKeyInfo;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.apache.kafka.common.config.SslConfigs;
import org.jspecify.annotations.Nullable;

/** Builds the TLS context from Kafka's {@code ssl.*} properties: JKS, PKCS12 and PEM, in files or inline (KIP-651). */
final class KeyMaterial {
    private static final Pattern PEM_BLOCK =
            Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----([^-]*)-----END \\1-----", Pattern.DOTALL);

    private KeyMaterial() {}

    static SSLContext context(Map<String, ?> properties) {
        try {
            KeyManager[] keys = null;
            KeyStore identity = identity(properties);
            if (identity != null) {
                KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
                factory.init(identity, keyPassword(properties));
                keys = factory.getKeyManagers();
            }
            TrustManager[] trusted = null;
            KeyStore trust = trust(properties);
            if (trust != null) {
                TrustManagerFactory factory =
                        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
                factory.init(trust);
                trusted = factory.getTrustManagers();
            }
            SSLContext context = SSLContext.getInstance(
                    text(properties, SslConfigs.SSL_PROTOCOL_CONFIG, SslConfigs.DEFAULT_SSL_PROTOCOL));
            context.init(keys, trusted, null);
            return context;
        } catch (IOException | GeneralSecurityException e) {
            // The cause may name the file and what is wrong with it, never the password.
            throw new EventBrokerException("cannot use the TLS key or trust store of the Kafka properties: " + e, e);
        }
    }

    private static char @Nullable [] keyPassword(Map<String, ?> properties) {
        String own = textOrNull(properties, SslConfigs.SSL_KEY_PASSWORD_CONFIG);
        String password = own != null ? own : textOrNull(properties, SslConfigs.SSL_KEYSTORE_PASSWORD_CONFIG);
        return password == null ? null : password.toCharArray();
    }

    private static @Nullable KeyStore identity(Map<String, ?> properties) throws IOException, GeneralSecurityException {
        String type = text(properties, SslConfigs.SSL_KEYSTORE_TYPE_CONFIG, SslConfigs.DEFAULT_SSL_KEYSTORE_TYPE);
        String location = textOrNull(properties, SslConfigs.SSL_KEYSTORE_LOCATION_CONFIG);
        if (!type.toUpperCase(Locale.ROOT).equals("PEM")) {
            return location == null
                    ? null
                    : load(type, location, textOrNull(properties, SslConfigs.SSL_KEYSTORE_PASSWORD_CONFIG));
        }
        String key = textOrNull(properties, SslConfigs.SSL_KEYSTORE_KEY_CONFIG);
        String chain = textOrNull(properties, SslConfigs.SSL_KEYSTORE_CERTIFICATE_CHAIN_CONFIG);
        if (location != null) {
            key = Files.readString(Path.of(location));
            chain = key;
        }
        if (key == null || chain == null) {
            return null;
        }
        char[] password = keyPassword(properties);
        KeyStore store = empty();
        store.setKeyEntry(
                "kafka",
                privateKey(key, textOrNull(properties, SslConfigs.SSL_KEY_PASSWORD_CONFIG)),
                password == null ? new char[0] : password,
                certificates(chain).toArray(new Certificate[0]));
        return store;
    }

    private static @Nullable KeyStore trust(Map<String, ?> properties) throws IOException, GeneralSecurityException {
        String type = text(properties, SslConfigs.SSL_TRUSTSTORE_TYPE_CONFIG, SslConfigs.DEFAULT_SSL_TRUSTSTORE_TYPE);
        String location = textOrNull(properties, SslConfigs.SSL_TRUSTSTORE_LOCATION_CONFIG);
        if (!type.toUpperCase(Locale.ROOT).equals("PEM")) {
            return location == null
                    ? null
                    : load(type, location, textOrNull(properties, SslConfigs.SSL_TRUSTSTORE_PASSWORD_CONFIG));
        }
        String pem = location != null
                ? Files.readString(Path.of(location))
                : textOrNull(properties, SslConfigs.SSL_TRUSTSTORE_CERTIFICATES_CONFIG);
        if (pem == null) {
            return null;
        }
        KeyStore store = empty();
        int number = 0;
        for (Certificate certificate : certificates(pem)) {
            store.setCertificateEntry("kafka" + number++, certificate);
        }
        return store;
    }

    private static KeyStore load(String type, String location, @Nullable String password)
            throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance(type);
        try (InputStream in = Files.newInputStream(Path.of(location))) {
            store.load(in, password == null ? null : password.toCharArray());
        }
        return store;
    }

    private static KeyStore empty() throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        return store;
    }

    private static List<Certificate> certificates(String pem) throws GeneralSecurityException {
        CertificateFactory factory = CertificateFactory.getInstance("X.509");
        List<Certificate> found = new ArrayList<>();
        Matcher blocks = PEM_BLOCK.matcher(pem);
        while (blocks.find()) {
            if (blocks.group(1).equals("CERTIFICATE")) {
                found.add(factory.generateCertificate(new ByteArrayInputStream(decode(blocks.group(2)))));
            }
        }
        if (found.isEmpty()) {
            throw new GeneralSecurityException("the PEM text holds no certificate");
        }
        return found;
    }

    private static PrivateKey privateKey(String pem, @Nullable String password)
            throws IOException, GeneralSecurityException {
        Matcher blocks = PEM_BLOCK.matcher(pem);
        while (blocks.find()) {
            byte[] bytes = decode(blocks.group(2));
            if (blocks.group(1).equals("PRIVATE KEY")) {
                return key(new PKCS8EncodedKeySpec(bytes));
            }
            if (blocks.group(1).equals("ENCRYPTED PRIVATE KEY")) {
                if (password == null) {
                    throw new GeneralSecurityException("the PEM key is encrypted and ssl.key.password is not set");
                }
                EncryptedPrivateKeyInfo info = new EncryptedPrivateKeyInfo(bytes);
                Cipher cipher = Cipher.getInstance(info.getAlgName());
                cipher.init(
                        Cipher.DECRYPT_MODE,
                        SecretKeyFactory.getInstance(info.getAlgName())
                                .generateSecret(new PBEKeySpec(password.toCharArray())),
                        info.getAlgParameters());
                return key(info.getKeySpec(cipher));
            }
        }
        throw new GeneralSecurityException("the PEM text holds no PKCS #8 private key");
    }

    private static PrivateKey key(PKCS8EncodedKeySpec spec) throws GeneralSecurityException {
        java.security.spec.InvalidKeySpecException last = null;
        for (String algorithm : List.of("EC", "RSA", "Ed25519")) {
            try {
                return KeyFactory.getInstance(algorithm).generatePrivate(spec);
            } catch (java.security.spec.InvalidKeySpecException e) {
                last = e; // Another algorithm's key: the encoding names it, the next factory knows it.
            }
        }
        throw new GeneralSecurityException("the private key is neither EC nor RSA nor Ed25519", last);
    }

    private static byte[] decode(String base64) {
        return Base64.getMimeDecoder().decode(base64.getBytes(StandardCharsets.US_ASCII));
    }
}
