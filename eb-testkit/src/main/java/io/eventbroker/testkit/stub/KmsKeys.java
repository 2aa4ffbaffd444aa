package io.eventbroker.testkit.stub;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import software.amazon.awssdk.protocols.jsoncore.JsonNode;

/**
 * The keys of an {@link EmbeddedKms} and what they do. A ciphertext holds, as those of KMS do, the id of its key: its
 * length, the ARN, a nonce, the AES-GCM output.
 */
final class KmsKeys {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int NONCE = 12;

    private final Map<String, Key> keys = new ConcurrentHashMap<>();

    enum State {
        ENABLED,
        DISABLED,
        DENIED,
        PENDING_DELETION
    }

    private record Key(SecretKey bytes, State state) {}

    /** An error of the service. */
    static final class Refusal extends Exception {
        private static final long serialVersionUID = 1L;

        private final int status;
        private final String code;

        Refusal(int status, String code, String message) {
            super(message);
            this.status = status;
            this.code = code;
        }

        int status() {
            return status;
        }

        String code() {
            return code;
        }
    }

    String create() {
        String arn = "arn:aws:kms:eu-central-1:111122223333:key/" + UUID.randomUUID();
        keys.put(arn, new Key(new SecretKeySpec(random(32), "AES"), State.ENABLED));
        return arn;
    }

    void state(String arn, State state) {
        if (keys.computeIfPresent(arn, (name, key) -> new Key(key.bytes(), state)) == null) {
            throw new IllegalArgumentException("there is no key " + arn);
        }
    }

    void delete(String arn) {
        keys.remove(arn);
    }

    String carryOut(String operation, JsonNode request) throws Refusal {
        return switch (operation) {
            case "GenerateDataKey" -> generate(request);
            case "Decrypt" -> decrypt(request);
            case "ReEncrypt" -> reEncrypt(request);
            default -> throw new Refusal(400, "UnknownOperationException", "only data keys here");
        };
    }

    private String decrypt(JsonNode request) throws Refusal {
        byte[] plain = open(text(request, "KeyId"), blob(request), context(request, "EncryptionContext"));
        return "{\"KeyId\":\"" + embedded(blob(request)) + "\",\"Plaintext\":\"" + base64(plain)
                + "\",\"EncryptionAlgorithm\":\"SYMMETRIC_DEFAULT\"}";
    }

    private String reEncrypt(JsonNode request) throws Refusal {
        byte[] plain = open(text(request, "SourceKeyId"), blob(request), context(request, "SourceEncryptionContext"));
        String to = text(request, "DestinationKeyId");
        byte[] sealed = seal(to, plain, context(request, "DestinationEncryptionContext"));
        return "{\"KeyId\":\"" + to + "\",\"SourceKeyId\":\"" + embedded(blob(request)) + "\",\"CiphertextBlob\":\""
                + base64(sealed) + "\"}";
    }

    private String generate(JsonNode request) throws Refusal {
        String arn = text(request, "KeyId");
        byte[] dataKey = random(32);
        byte[] sealed = seal(arn, dataKey, context(request, "EncryptionContext"));
        return "{\"KeyId\":\"" + arn + "\",\"Plaintext\":\"" + base64(dataKey) + "\",\"CiphertextBlob\":\""
                + base64(sealed) + "\"}";
    }

    private SecretKey key(String arn) throws Refusal {
        Key key = keys.get(arn);
        if (key == null) {
            throw new Refusal(400, "NotFoundException", "Key '" + arn + "' does not exist");
        }
        return switch (key.state()) {
            case ENABLED -> key.bytes();
            case DISABLED -> throw new Refusal(400, "DisabledException", arn + " is disabled.");
            case DENIED -> throw new Refusal(400, "AccessDeniedException", "not authorized to perform this on " + arn);
            case PENDING_DELETION -> throw new Refusal(400, "KMSInvalidStateException", arn + " is pending deletion.");
        };
    }

    private byte[] seal(String arn, byte[] plain, byte[] context) throws Refusal {
        byte[] nonce = random(NONCE);
        byte[] name = arn.getBytes(StandardCharsets.UTF_8);
        byte[] sealed = cipher(Cipher.ENCRYPT_MODE, key(arn), nonce, context, plain);
        return ByteBuffer.allocate(1 + name.length + NONCE + sealed.length)
                .put((byte) name.length)
                .put(name)
                .put(nonce)
                .put(sealed)
                .array();
    }

    private byte[] open(String wanted, byte[] blob, byte[] context) throws Refusal {
        String arn = embedded(blob);
        key(wanted.isEmpty() ? arn : wanted);
        if (!wanted.isEmpty() && !wanted.equals(arn)) {
            throw new Refusal(400, "IncorrectKeyException", "the ciphertext is of another key");
        }
        int nonce = 1 + blob[0];
        return cipher(
                Cipher.DECRYPT_MODE,
                key(arn),
                Arrays.copyOfRange(blob, nonce, nonce + NONCE),
                context,
                Arrays.copyOfRange(blob, nonce + NONCE, blob.length));
    }

    /** The key that a ciphertext says it is of. */
    private String embedded(byte[] blob) throws Refusal {
        if (blob.length > 0 && blob[0] > 0 && blob.length > 1 + blob[0] + NONCE) {
            String arn = new String(blob, 1, blob[0], StandardCharsets.UTF_8);
            if (keys.containsKey(arn)) {
                return arn;
            }
        }
        throw new Refusal(400, "InvalidCiphertextException", "not a ciphertext");
    }

    private static byte[] cipher(int mode, SecretKey key, byte[] nonce, byte[] context, byte[] input) throws Refusal {
        try {
            Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
            cipher.init(mode, key, new GCMParameterSpec(128, nonce));
            cipher.updateAAD(context);
            return cipher.doFinal(input);
        } catch (AEADBadTagException e) {
            throw new Refusal(400, "InvalidCiphertextException", "not what was encrypted");
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has AES-GCM", e);
        }
    }

    private static String text(JsonNode request, String key) {
        return request.field(key).map(JsonNode::asString).orElse("");
    }

    private static byte[] blob(JsonNode request) {
        return Base64.getDecoder().decode(text(request, "CiphertextBlob"));
    }

    private static byte[] context(JsonNode request, String key) {
        Map<String, String> entries = new TreeMap<>();
        request.field(key)
                .ifPresent(context -> context.asObject().forEach((name, value) -> entries.put(name, value.asString())));
        return entries.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }

    private static byte[] random(int length) {
        byte[] bytes = new byte[length];
        RANDOM.nextBytes(bytes);
        return bytes;
    }
}
