package io.eventbroker.core.crypto;

import io.eventbroker.core.kind.Checks;
import java.util.Base64;
import java.util.regex.Pattern;

/**
 * A data key as it is kept beside its data: of no use to whoever lacks the key that wraps it.
 *
 * @param keyId the key that wraps it
 * @param ciphertext what that key made of it, in Base64; at most 6,144 bytes, as for KMS
 */
public record WrappedKey(KeyId keyId, String ciphertext) {
    private static final Pattern BASE64 =
            Pattern.compile("(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?");

    public WrappedKey {
        Checks.begin()
                .require(
                        !ciphertext.isEmpty()
                                && ciphertext.length() <= 8_192
                                && BASE64.matcher(ciphertext).matches(),
                        "ciphertext",
                        "must be Base64 of 1 to 6144 bytes, was text of " + ciphertext.length() + " characters",
                        "")
                .end();
    }

    public static WrappedKey of(KeyId keyId, byte[] ciphertext) {
        return new WrappedKey(keyId, Base64.getEncoder().encodeToString(ciphertext));
    }

    /** The ciphertext's bytes. */
    public byte[] bytes() {
        return Base64.getDecoder().decode(ciphertext);
    }
}
