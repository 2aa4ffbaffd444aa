package io.eventbroker.core.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eventbroker.core.Deadline;
import io.eventbroker.core.EventBrokerException;
import io.eventbroker.core.law.KeyEncryptionContract;
import io.eventbroker.core.secret.Secret;
import io.eventbroker.core.secret.SecretRef;
import io.eventbroker.core.secret.SecretSource;
import java.io.ByteArrayOutputStream;
import java.io.NotSerializableException;
import java.io.ObjectOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class KeyRingTest extends KeyEncryptionContract {
    private static final EncryptionContext CONTEXT = EncryptionContext.of(Map.of("segment", "orders-0"));
    private static final Deadline NOW = Deadline.after(Duration.ZERO);

    @TempDir
    Path folder;

    private Path file;
    private KeyRing before;
    private KeyRing after;
    private KeyRing withoutOldKey;

    @BeforeEach
    void rotate() throws Exception {
        file = folder.resolve("keys");
        KeyRing.create(file, KeyId.of("2026-05"));
        before = KeyRing.read(file);
        KeyRing.rotate(file, KeyId.of("2026-11"));
        after = KeyRing.read(file);
        withoutOldKey = KeyRing.from(ref -> Secret.of(firstLine()), new SecretRef("vault/keys"));
    }

    private String firstLine() {
        try {
            return Files.readAllLines(file).get(0);
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Override
    protected KeyEncryption before() {
        return before;
    }

    @Override
    protected KeyEncryption after() {
        return after;
    }

    @Override
    protected KeyEncryption withoutOldKey() {
        return withoutOldKey;
    }

    @Test
    void keepsItsFileToItsOwner() throws Exception {
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(after.keys()).containsExactly(KeyId.of("2026-11"), KeyId.of("2026-05"));
        try (var files = Files.list(folder)) {
            assertThat(files).containsExactly(file);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"rw-r-----", "rw----r--", "rw--w----", "rw-rw-rw-"})
    void refusesAFileThatOthersCanReach(String permissions) throws Exception {
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));

        assertThatThrownBy(() -> KeyRing.read(file))
                .isInstanceOf(EventBrokerException.class)
                .hasMessageContaining(file.toString())
                .hasMessageContaining(permissions)
                .hasMessageContaining("chmod 600");
    }

    @Test
    void neverReplacesARing() throws Exception {
        String content = Files.readString(file);

        assertThatThrownBy(() -> KeyRing.create(file, KeyId.of("other")))
                .isInstanceOf(EventBrokerException.class)
                .hasMessageContaining("not replaced");
        assertThatThrownBy(() -> KeyRing.rotate(file, KeyId.of("2026-05")))
                .isInstanceOf(EventBrokerException.class)
                .hasMessageContaining("2026-05");
        assertThat(Files.readString(file)).isEqualTo(content);
    }

    @Test
    void saysWhereARingIsMissing() {
        assertThatThrownBy(() -> KeyRing.read(folder.resolve("lost")))
                .isInstanceOf(EventBrokerException.class)
                .hasMessageContaining("lost")
                .hasMessageContaining("copy");
        assertThatThrownBy(() -> KeyRing.rotate(folder.resolve("lost"), KeyId.of("a")))
                .hasMessageContaining("lost");
        assertThatThrownBy(() -> KeyRing.from(SecretSource.of(Map.of()), new SecretRef("vault/keys")))
                .hasMessageContaining("vault/keys");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''|no key",
                "# only a comment|no key",
                "SECRETSECRETSECRET|line 1",
                "a SECRETSECRETSECRET==|line 1",
                "a c2hvcnQ=|found 5 bytes",
            })
    void refusesGarbageWithoutQuotingIt(String content, String expected) {
        SecretRef ref = new SecretRef("vault/keys");
        SecretSource source = SecretSource.of(Map.of(ref, Secret.of(content)));

        assertThatThrownBy(() -> KeyRing.from(source, ref))
                .isInstanceOf(EventBrokerException.class)
                .hasMessageContaining(expected)
                .hasMessageContaining("vault/keys")
                .hasNoCause()
                .message()
                .doesNotContain("SECRET", "c2hvcnQ");
    }

    @Test
    void refusesTwoKeysOfOneName() {
        SecretRef ref = new SecretRef("vault/keys");
        String two = firstLine() + "\r\n\n" + firstLine();

        assertThatThrownBy(() -> KeyRing.from(SecretSource.of(Map.of(ref, Secret.of(two))), ref))
                .hasMessageContaining("line 3")
                .hasMessageContaining("twice");
    }

    @Test
    void tellsAnotherKeyOfTheSameNameFromAnotherContext() {
        SecretRef ref = new SecretRef("other");
        String other = "2026-05 " + Base64.getEncoder().encodeToString(new byte[32]);
        KeyRing impostor = KeyRing.from(SecretSource.of(Map.of(ref, Secret.of(other))), ref);
        try (DataKey key = before.generateDataKey(CONTEXT, NOW)) {
            assertThatThrownBy(() -> impostor.unwrap(key.wrapped(), CONTEXT, NOW))
                    .isInstanceOf(TamperedKeyException.class)
                    .hasMessageContaining("another key of that id");
        }
    }

    /** Data that is kept for years: this text must unwrap for ever. */
    @Test
    void unwrapsWhatTheFirstVersionWrapped() {
        SecretRef ref = new SecretRef("fixed");
        String fixed = "fixed "
                + Base64.getEncoder()
                        .encodeToString("0123456789abcdef0123456789abcdef".getBytes(StandardCharsets.US_ASCII));
        KeyRing ring = KeyRing.from(SecretSource.of(Map.of(ref, Secret.of(fixed))), ref);
        WrappedKey wrapped = new WrappedKey(KeyId.of("fixed"), WRAPPED_BY_VERSION_1);

        try (DataKey key = ring.unwrap(wrapped, CONTEXT, NOW)) {
            assertThat(Base64.getEncoder().encodeToString(key.key().getEncoded()))
                    .isEqualTo(PLAIN);
        }
    }

    private static final String WRAPPED_BY_VERSION_1 =
            "AREFs/OQOVijhPn4bnUAkUNRDydIJW4wNRmvXK6XMSGcI8f+xJmHk+UGmhSkuQ+Q3E6nrUMYHUzA"
                    + "6J74oSDzuav2P8d3K2vDzQZKWZXhJPuw/L71usJAgpazboZgj1D1JEo8BidW8MRr7Xr0ADnTytA=";
    private static final String PLAIN = "sVF45eCoiyPdR37LEaJQqcg1XQRSPOWvARYZbaTArJ8=";

    @Test
    void cannotBeUsedOnceClosed() {
        assertThat(before.toString()).contains("2026-05").contains(file.toString());
        before.close();

        assertThat(before.isDestroyed()).isTrue();
        assertThatThrownBy(() -> before.generateDataKey(CONTEXT, NOW)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void givesKeysThatCiphersTakeAndStreamsDoNot() throws Exception {
        byte[] nonce = new byte[12];
        try (DataKey key = before.generateDataKey(CONTEXT, NOW)) {
            Cipher encrypt = Cipher.getInstance("AES/GCM/NoPadding");
            encrypt.init(Cipher.ENCRYPT_MODE, key.key(), new GCMParameterSpec(128, nonce));
            byte[] sealed = encrypt.doFinal("paid".getBytes(StandardCharsets.UTF_8));
            Cipher decrypt = Cipher.getInstance("AES/GCM/NoPadding");
            try (DataKey again = before.unwrap(key.wrapped(), CONTEXT, NOW)) {
                decrypt.init(Cipher.DECRYPT_MODE, again.key(), new GCMParameterSpec(128, nonce));
                assertThat(decrypt.doFinal(sealed)).isEqualTo("paid".getBytes(StandardCharsets.UTF_8));
            }
            ObjectOutputStream out = new ObjectOutputStream(new ByteArrayOutputStream());
            assertThatThrownBy(() -> out.writeObject(key.key())).isInstanceOf(NotSerializableException.class);
        }
    }

    @Test
    void writesContextsThatDifferDifferently() {
        assertThat(EncryptionContext.of(Map.of("ab", "c")).canonicalBytes())
                .isNotEqualTo(EncryptionContext.of(Map.of("a", "bc")).canonicalBytes());
        assertThatThrownBy(() -> EncryptionContext.of(Map.of("aws:x", "y"))).hasMessageContaining("aws:");
        assertThatThrownBy(() -> EncryptionContext.of(Map.of())).hasMessageContaining("empty");
        assertThatThrownBy(() -> EncryptionContext.of(Map.of("a", "x".repeat(8_192))))
                .hasMessageContaining("8193");
    }
}
