package io.eventbroker.security.kms;

import io.eventbroker.core.Deadline;
import io.eventbroker.core.DeadlineExceededException;
import io.eventbroker.core.EventBrokerException;
import io.eventbroker.core.RetryableException;
import io.eventbroker.core.crypto.DataKey;
import io.eventbroker.core.crypto.EncryptionContext;
import io.eventbroker.core.crypto.KeyEncryption;
import io.eventbroker.core.crypto.KeyEncryptionException;
import io.eventbroker.core.crypto.KeyId;
import io.eventbroker.core.crypto.KeyNotAllowedException;
import io.eventbroker.core.crypto.TamperedKeyException;
import io.eventbroker.core.crypto.UnknownKeyException;
import io.eventbroker.core.crypto.WrappedKey;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.kms.KmsClient;
import software.amazon.awssdk.services.kms.model.DataKeySpec;
import software.amazon.awssdk.services.kms.model.DecryptResponse;
import software.amazon.awssdk.services.kms.model.DisabledException;
import software.amazon.awssdk.services.kms.model.GenerateDataKeyResponse;
import software.amazon.awssdk.services.kms.model.IncorrectKeyException;
import software.amazon.awssdk.services.kms.model.InvalidCiphertextException;
import software.amazon.awssdk.services.kms.model.KmsInvalidStateException;
import software.amazon.awssdk.services.kms.model.NotFoundException;
import software.amazon.awssdk.services.kms.model.ReEncryptResponse;

/**
 * Data keys wrapped by symmetric keys of AWS KMS, which never leave it.
 *
 * <pre>{@code
 * KeyEncryption keys = KmsKeyEncryption.on(kms, KeyId.of("arn:aws:kms:eu-central-1:111122223333:key/1234abcd-..."));
 * }</pre>
 *
 * <p>KMS is always told which key to use, and its answer must name that key. The ciphertext holds a key's id too, which
 * whoever wrote it chose, so it decides nothing. Of keys there is a list; a wrapped key that names none of them is refused
 * without asking KMS, but for the replica of a multi-region key ({@code mrk-…}) that is on the list in another region.
 *
 * <p>Needs {@code kms:GenerateDataKey} on the current key, {@code kms:Decrypt} on all of them, and to move data keys to
 * another one {@code kms:ReEncryptFrom} and {@code kms:ReEncryptTo}. The client is the host's and is not closed; it tries
 * again by itself what KMS throttles. Copies of a data key that the client's JSON reader makes are left to the garbage
 * collector.
 */
public final class KmsKeyEncryption implements KeyEncryption {
    private static final Pattern ARN = Pattern.compile("(arn:aws[a-z-]*:kms:)([a-z0-9-]+)(:\\d{12}:key/[A-Za-z0-9-]+)");

    private final KmsClient kms;
    private final KeyId current;
    private final Set<KeyId> allowed;

    private KmsKeyEncryption(KmsClient kms, KeyId current, Set<KeyId> allowed) {
        this.kms = kms;
        this.current = current;
        this.allowed = allowed;
    }

    /**
     * Wraps and unwraps with one key.
     *
     * @param key the ARN of a symmetric key, not an alias, which may point elsewhere tomorrow
     * @throws IllegalArgumentException if it is no ARN of a key
     */
    public static KmsKeyEncryption on(KmsClient kms, KeyId key) {
        return new KmsKeyEncryption(kms, requireArn(key), Set.of(key));
    }

    /**
     * Also unwraps with these keys: those that were current once.
     *
     * @throws IllegalArgumentException if one is no ARN of a key
     */
    public KmsKeyEncryption alsoUnwrapping(KeyId... older) {
        Set<KeyId> all = new LinkedHashSet<>(allowed);
        List.of(older).forEach(key -> all.add(requireArn(key)));
        return new KmsKeyEncryption(kms, current, all);
    }

    private static KeyId requireArn(KeyId key) {
        if (!ARN.matcher(key.value()).matches()) {
            throw new IllegalArgumentException(
                    "'" + key + "' is not the ARN of a KMS key, arn:aws:kms:REGION:ACCOUNT:key/ID; an alias may point"
                            + " elsewhere tomorrow");
        }
        return key;
    }

    @Override
    public KeyId currentKey() {
        return current;
    }

    @Override
    public DataKey generateDataKey(EncryptionContext context, Deadline deadline) {
        GenerateDataKeyResponse response = ask(
                "make a data key",
                current,
                deadline,
                () -> kms.generateDataKey(request -> request.keyId(current.value())
                        .keySpec(DataKeySpec.AES_256)
                        .encryptionContext(context.entries())
                        .overrideConfiguration(call -> call.apiCallTimeout(deadline.remaining()))));
        requireAnswerOf(current, response.keyId());
        return dataKey(WrappedKey.of(current, response.ciphertextBlob().asByteArray()), response.plaintext(), current);
    }

    @Override
    public DataKey unwrap(WrappedKey wrapped, EncryptionContext context, Deadline deadline) {
        KeyId key = keyFor(wrapped);
        DecryptResponse response = ask(
                "unwrap a data key",
                key,
                deadline,
                () -> kms.decrypt(request -> request.keyId(key.value())
                        .ciphertextBlob(SdkBytes.fromByteArray(wrapped.bytes()))
                        .encryptionContext(context.entries())
                        .overrideConfiguration(call -> call.apiCallTimeout(deadline.remaining()))));
        requireAnswerOf(key, response.keyId());
        return dataKey(wrapped, response.plaintext(), key);
    }

    @Override
    public WrappedKey rewrap(WrappedKey wrapped, EncryptionContext context, Deadline deadline) {
        KeyId key = keyFor(wrapped);
        if (wrapped.keyId().equals(current)) {
            unwrap(wrapped, context, deadline).close();
            return wrapped;
        }
        ReEncryptResponse response = ask(
                "move a data key to " + current,
                key,
                deadline,
                () -> kms.reEncrypt(request -> request.sourceKeyId(key.value())
                        .destinationKeyId(current.value())
                        .ciphertextBlob(SdkBytes.fromByteArray(wrapped.bytes()))
                        .sourceEncryptionContext(context.entries())
                        .destinationEncryptionContext(context.entries())
                        .overrideConfiguration(call -> call.apiCallTimeout(deadline.remaining()))));
        requireAnswerOf(key, response.sourceKeyId());
        requireAnswerOf(current, response.keyId());
        return WrappedKey.of(current, response.ciphertextBlob().asByteArray());
    }

    private static DataKey dataKey(WrappedKey wrapped, SdkBytes plaintext, KeyId key) {
        // The bytes that the response itself holds, so that they are overwritten.
        byte[] bytes = plaintext.asByteArrayUnsafe();
        try {
            if (bytes.length != DataKey.BYTES) {
                throw new TamperedKeyException(
                        key,
                        "KMS key '" + key + "' wraps something of " + bytes.length + " bytes, which is no data key");
            }
            return DataKey.of(wrapped, bytes);
        } finally {
            Arrays.fill(bytes, (byte) 0);
        }
    }

    private KeyId keyFor(WrappedKey wrapped) {
        KeyId named = wrapped.keyId();
        if (allowed.contains(named)) {
            return named;
        }
        return allowed.stream()
                .filter(key -> isReplica(key, named))
                .findFirst()
                .orElseThrow(() -> new KeyNotAllowedException(
                        named,
                        "key '" + named + "' is none of the KMS keys that may unwrap (" + allowed
                                + "); add it with alsoUnwrapping if you trust where the data comes from"));
    }

    private static boolean isReplica(KeyId one, KeyId other) {
        Matcher left = ARN.matcher(one.value());
        Matcher right = ARN.matcher(other.value());
        return left.matches()
                && right.matches()
                && left.group(1).equals(right.group(1))
                && left.group(3).equals(right.group(3))
                && left.group(3).contains(":key/mrk-");
    }

    private static void requireAnswerOf(KeyId asked, String answered) {
        if (!asked.value().equals(answered)) {
            throw new TamperedKeyException(
                    asked, "KMS was asked to use key '" + asked + "' and answers that it used '" + answered + "'");
        }
    }

    private static <T> T ask(String what, KeyId key, Deadline deadline, Supplier<T> call) {
        deadline.check("KMS to " + what);
        String cannot = "cannot " + what + " with KMS key '" + key + "': ";
        try {
            return call.get();
        } catch (ApiCallTimeoutException e) {
            throw new DeadlineExceededException(
                    "gave up waiting for KMS to " + what + " with key '" + key + "': the deadline has passed", e);
        } catch (AbortedException e) {
            throw new EventBrokerException("interrupted while waiting for KMS to " + what, e);
        } catch (NotFoundException e) {
            throw new UnknownKeyException(
                    key,
                    cannot + "there is no such key in this account and region; if it was deleted, nobody can unwrap"
                            + " what it wraps",
                    e);
        } catch (InvalidCiphertextException e) {
            throw new TamperedKeyException(
                    key, cannot + "it was altered, belongs to another context, or is not from KMS", e);
        } catch (IncorrectKeyException e) {
            throw new TamperedKeyException(key, cannot + "another key has wrapped it than it says", e);
        } catch (DisabledException e) {
            throw new KeyEncryptionException(key, cannot + "the key is disabled; enable it", e);
        } catch (KmsInvalidStateException e) {
            throw new KeyEncryptionException(
                    key, cannot + "the key's state does not allow it; cancel its deletion, if it is pending", e);
        } catch (AwsServiceException e) {
            throw refusal(key, cannot, e);
        } catch (SdkClientException e) {
            throw new RetryableException(cannot + "KMS was not reached: " + e.getMessage(), e);
        }
    }

    private static EventBrokerException refusal(KeyId key, String cannot, AwsServiceException e) {
        String code = e.awsErrorDetails() == null ? "" : e.awsErrorDetails().errorCode();
        String said = cannot + "KMS answered " + e.statusCode() + " " + code;
        List<String> passing = List.of("KeyUnavailableException", "KMSInternalException", "DependencyTimeoutException");
        if (e.isThrottlingException() || e.statusCode() >= 500 || passing.contains(code)) {
            return new RetryableException(
                    said + ", " + (e.isThrottlingException() ? "too many requests" : "for now"), e);
        }
        if ("AccessDeniedException".equals(code)) {
            return new KeyEncryptionException(
                    key, said + "; allow it in the key's policy and to the caller, with this encryption context", e);
        }
        return new KeyEncryptionException(key, said, e);
    }

    /** The current key, and all that unwrap. */
    @Override
    public String toString() {
        return "KmsKeyEncryption[" + current + " " + allowed + "]";
    }
}
