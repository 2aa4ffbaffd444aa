package io.eventbroker.security.kms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eventbroker.core.Deadline;
import io.eventbroker.core.DeadlineExceededException;
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
import io.eventbroker.core.law.KeyEncryptionContract;
import io.eventbroker.testkit.stub.EmbeddedKms;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.kms.KmsClient;

class KmsKeyEncryptionTest extends KeyEncryptionContract {
    private static final EncryptionContext CONTEXT = EncryptionContext.of(Map.of("segment", "orders-0"));

    private static EmbeddedKms embedded;
    private static KmsClient kms;

    private KeyId oldKey;
    private KeyId newKey;

    @BeforeAll
    static void start() {
        embedded = EmbeddedKms.start();
        kms = embedded.client();
    }

    @AfterAll
    static void stop() {
        kms.close();
        embedded.close();
    }

    @BeforeEach
    void makeKeys() {
        oldKey = KeyId.of(embedded.createKey());
        newKey = KeyId.of(embedded.createKey());
    }

    @Override
    protected KeyEncryption before() {
        return KmsKeyEncryption.on(kms, oldKey);
    }

    @Override
    protected KeyEncryption after() {
        return KmsKeyEncryption.on(kms, newKey).alsoUnwrapping(oldKey);
    }

    @Override
    protected KeyEncryption withoutOldKey() {
        return KmsKeyEncryption.on(kms, newKey);
    }

    private static Deadline soon() {
        return Deadline.after(Duration.ofSeconds(60));
    }

    private WrappedKey wrapped() {
        try (DataKey key = before().generateDataKey(CONTEXT, soon())) {
            return key.wrapped();
        }
    }

    @Test
    void asksNobodyForAKeyThatIsNotOnTheList() {
        WrappedKey wrapped = wrapped();
        int asked = embedded.requests().size();

        assertThatThrownBy(() -> withoutOldKey().unwrap(wrapped, CONTEXT, soon()))
                .isInstanceOf(KeyNotAllowedException.class)
                .hasMessageContaining(oldKey.value())
                .hasMessageContaining("alsoUnwrapping");
        assertThat(embedded.requests()).hasSize(asked);
    }

    @Test
    void alwaysNamesTheKeyToUse() {
        WrappedKey wrapped = wrapped();
        before().unwrap(wrapped, CONTEXT, soon()).close();
        after().rewrap(wrapped, CONTEXT, soon());

        assertThat(embedded.requests())
                .endsWith("GenerateDataKey " + oldKey, "Decrypt " + oldKey, "ReEncrypt " + oldKey + " " + newKey);
    }

    @Test
    void doesNotTrustTheKeyInsideTheCiphertext() {
        WrappedKey foreign;
        try (DataKey key = KmsKeyEncryption.on(kms, newKey).generateDataKey(CONTEXT, soon())) {
            foreign = key.wrapped();
        }
        WrappedKey relabelled = new WrappedKey(oldKey, foreign.ciphertext());

        assertThatThrownBy(() -> after().unwrap(relabelled, CONTEXT, soon()))
                .isInstanceOf(TamperedKeyException.class)
                .hasMessageContaining("another key has wrapped it");
    }

    @Test
    void triesThrottlingAgainAndThenSaysSo() {
        embedded.throttleNext(1);
        wrapped();

        embedded.throttleNext(50);
        try {
            assertThatThrownBy(() -> before().generateDataKey(CONTEXT, soon()))
                    .isInstanceOf(RetryableException.class)
                    .hasMessageContaining(oldKey.value())
                    .hasMessageContaining("too many requests");
        } finally {
            embedded.throttleNext(0);
        }
    }

    @Test
    void callsAnInternalErrorOfKmsRetryable() {
        embedded.failNext(50);
        try {
            assertThatThrownBy(() -> before().generateDataKey(CONTEXT, soon()))
                    .isInstanceOf(RetryableException.class)
                    .hasMessageContaining("500");
        } finally {
            embedded.failNext(0);
        }
    }

    @Test
    void keepsTheDeadlineOfItsCaller() {
        embedded.delayNext(1, Duration.ofSeconds(2));

        assertThatThrownBy(() -> before().generateDataKey(CONTEXT, Deadline.after(Duration.ofMillis(300))))
                .isInstanceOf(DeadlineExceededException.class)
                .hasMessageContaining(oldKey.value());
        assertThatThrownBy(() -> before().generateDataKey(CONTEXT, Deadline.after(Duration.ZERO)))
                .isInstanceOf(DeadlineExceededException.class);
    }

    @Test
    void saysWhyAKeyCannotBeUsed() {
        WrappedKey wrapped = wrapped();

        embedded.disable(oldKey.value());
        assertRefused(wrapped, "disabled; enable it");
        embedded.deny(oldKey.value());
        assertRefused(wrapped, "AccessDeniedException; allow it in the key's policy");
        embedded.scheduleDeletion(oldKey.value());
        assertRefused(wrapped, "cancel its deletion");

        embedded.enable(oldKey.value());
        before().unwrap(wrapped, CONTEXT, soon()).close();

        embedded.delete(oldKey.value());
        assertThatThrownBy(() -> before().generateDataKey(CONTEXT, soon())).isInstanceOf(UnknownKeyException.class);
    }

    private void assertRefused(WrappedKey wrapped, String words) {
        assertThatThrownBy(() -> before().unwrap(wrapped, CONTEXT, soon()))
                .isExactlyInstanceOf(KeyEncryptionException.class)
                .hasMessageContaining(oldKey.value())
                .hasMessageContaining(words);
        assertThatThrownBy(() -> before().generateDataKey(CONTEXT, soon()))
                .isExactlyInstanceOf(KeyEncryptionException.class)
                .hasMessageContaining(words);
    }

    @Test
    void callsAnUnreachableKmsRetryable() {
        EmbeddedKms gone = EmbeddedKms.start();
        KeyId key = KeyId.of(gone.createKey());
        try (KmsClient client = gone.client()) {
            gone.close();

            assertThatThrownBy(() -> KmsKeyEncryption.on(client, key).generateDataKey(CONTEXT, soon()))
                    .isInstanceOf(RetryableException.class)
                    .hasMessageContaining("not reached");
        }
    }

    @Test
    void takesTheReplicaOfAMultiRegionKeyForTheKey() {
        String here = "arn:aws:kms:eu-west-1:111122223333:key/mrk-1234";
        WrappedKey there =
                WrappedKey.of(KeyId.of("arn:aws:kms:eu-central-1:111122223333:key/mrk-1234"), new byte[] {1});
        KeyEncryption keys = KmsKeyEncryption.on(kms, KeyId.of(here));

        // Allowed, so KMS is asked for the replica, which this one does not have.
        assertThatThrownBy(() -> keys.unwrap(there, CONTEXT, soon())).isInstanceOf(TamperedKeyException.class);
        assertThat(embedded.requests()).endsWith("Decrypt " + here);

        WrappedKey stranger =
                WrappedKey.of(KeyId.of("arn:aws:kms:eu-central-1:999988887777:key/mrk-1234"), new byte[] {1});
        assertThatThrownBy(() -> keys.unwrap(stranger, CONTEXT, soon())).isInstanceOf(KeyNotAllowedException.class);
    }

    @Test
    void wantsArnsAndShowsNoKey() {
        assertThatThrownBy(() -> KmsKeyEncryption.on(kms, KeyId.of("alias/archive")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("alias/archive");
        assertThat(before().toString()).contains(oldKey.value());
    }
}
