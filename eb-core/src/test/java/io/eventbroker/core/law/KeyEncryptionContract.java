package io.eventbroker.core.law;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eventbroker.core.Deadline;
import io.eventbroker.core.crypto.DataKey;
import io.eventbroker.core.crypto.EncryptionContext;
import io.eventbroker.core.crypto.KeyEncryption;
import io.eventbroker.core.crypto.KeyEncryptionException;
import io.eventbroker.core.crypto.KeyNotAllowedException;
import io.eventbroker.core.crypto.TamperedKeyException;
import io.eventbroker.core.crypto.UnknownKeyException;
import io.eventbroker.core.crypto.WrappedKey;
import io.eventbroker.core.json.CanonicalJson;
import java.time.Duration;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/**
 * What every {@link KeyEncryption} must do. Extend it, and hand out three of them that share their keys: one before a
 * rotation, one after it, which still knows the old key, and one from which the old key was taken away.
 */
public abstract class KeyEncryptionContract {
    private static final EncryptionContext CONTEXT =
            EncryptionContext.of(Map.of("archive", "prod", "segment", "orders-0"));
    private static final EncryptionContext OTHER =
            EncryptionContext.of(Map.of("archive", "prod", "segment", "orders-1"));

    /** Has one key. */
    protected abstract KeyEncryption before();

    /** Has another key as the current one, and still that of {@link #before}. */
    protected abstract KeyEncryption after();

    /** Has the current key of {@link #after} alone. */
    protected abstract KeyEncryption withoutOldKey();

    private static Deadline soon() {
        return Deadline.after(Duration.ofSeconds(60));
    }

    private static String plain(DataKey key) {
        return Base64.getEncoder().encodeToString(key.key().getEncoded());
    }

    private static String unwrapped(KeyEncryption keys, WrappedKey wrapped) {
        try (DataKey key = keys.unwrap(wrapped, CONTEXT, soon())) {
            return plain(key);
        }
    }

    @Test
    void unwrapsWhatItWrapped() {
        try (DataKey key = before().generateDataKey(CONTEXT, soon())) {
            assertThat(key.key().getEncoded()).hasSize(32);
            assertThat(key.wrapped().keyId()).isEqualTo(before().currentKey());
            assertThat(unwrapped(before(), key.wrapped())).isEqualTo(plain(key));

            WrappedKey read = CanonicalJson.read(CanonicalJson.write(key.wrapped()), WrappedKey.class);
            assertThat(unwrapped(before(), read)).isEqualTo(plain(key));
        }
    }

    @Test
    void makesAnotherKeyEachTime() {
        Set<String> plain = new HashSet<>();
        Set<String> wrapped = new HashSet<>();
        for (int i = 0; i < 20; i++) {
            try (DataKey key = before().generateDataKey(CONTEXT, soon())) {
                plain.add(plain(key));
                wrapped.add(key.wrapped().ciphertext());
            }
        }
        assertThat(plain).hasSize(20);
        assertThat(wrapped).hasSize(20);
    }

    @Test
    void refusesAnotherContext() {
        try (DataKey key = before().generateDataKey(CONTEXT, soon())) {
            assertThatThrownBy(() -> before().unwrap(key.wrapped(), OTHER, soon()))
                    .isInstanceOf(TamperedKeyException.class)
                    .hasMessageContaining(before().currentKey().value())
                    .hasMessageContaining("context");
            assertThatThrownBy(() -> after().rewrap(key.wrapped(), OTHER, soon()))
                    .isInstanceOf(TamperedKeyException.class);
        }
    }

    @Test
    void refusesWhatWasAltered() {
        WrappedKey wrapped;
        try (DataKey key = before().generateDataKey(CONTEXT, soon())) {
            wrapped = key.wrapped();
        }
        byte[] bytes = wrapped.bytes();
        IntStream.iterate(0, at -> at < bytes.length, at -> at + 7)
                .mapToObj(at -> {
                    byte[] altered = bytes.clone();
                    altered[at] ^= 1;
                    return WrappedKey.of(wrapped.keyId(), altered);
                })
                .forEach(altered -> assertThatThrownBy(() -> before().unwrap(altered, CONTEXT, soon()))
                        .isInstanceOf(TamperedKeyException.class));
        assertThatThrownBy(() -> before().unwrap(WrappedKey.of(wrapped.keyId(), new byte[] {1}), CONTEXT, soon()))
                .isInstanceOf(TamperedKeyException.class);
    }

    @Test
    void refusesTheNameOfAnotherKey() {
        try (DataKey old = before().generateDataKey(CONTEXT, soon())) {
            WrappedKey relabelled =
                    WrappedKey.of(after().currentKey(), old.wrapped().bytes());

            assertThatThrownBy(() -> after().unwrap(relabelled, CONTEXT, soon()))
                    .isInstanceOf(TamperedKeyException.class)
                    .hasMessageContaining(after().currentKey().value());
        }
    }

    @Test
    void unwrapsAfterARotationAndMovesToTheNewKey() {
        try (DataKey old = before().generateDataKey(CONTEXT, soon())) {
            assertThat(unwrapped(after(), old.wrapped())).isEqualTo(plain(old));

            WrappedKey moved = after().rewrap(old.wrapped(), CONTEXT, soon());

            assertThat(moved.keyId()).isEqualTo(after().currentKey()).isNotEqualTo(before().currentKey());
            assertThat(unwrapped(withoutOldKey(), moved)).isEqualTo(plain(old));
            assertThat(after().rewrap(moved, CONTEXT, soon())).isEqualTo(moved);
        }
    }

    @Test
    void namesTheKeyThatIsLost() {
        try (DataKey old = before().generateDataKey(CONTEXT, soon())) {
            for (ThrowingCallable use : List.<ThrowingCallable>of(
                    () -> withoutOldKey().unwrap(old.wrapped(), CONTEXT, soon()),
                    () -> withoutOldKey().rewrap(old.wrapped(), CONTEXT, soon()))) {
                assertThatThrownBy(use)
                        .isInstanceOfAny(UnknownKeyException.class, KeyNotAllowedException.class)
                        .hasMessageContaining(before().currentKey().value())
                        .extracting(e -> ((KeyEncryptionException) e).keyId())
                        .isEqualTo(before().currentKey());
            }
        }
    }

    @Test
    void destroysTheKeyWithItsDataKey() {
        DataKey key = before().generateDataKey(CONTEXT, soon());
        assertThat(key.toString())
                .doesNotContain(plain(key))
                .contains(before().currentKey().value());

        key.close();

        assertThat(key.isDestroyed()).isTrue();
        assertThatThrownBy(() -> key.key().getEncoded()).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void worksForSeveralThreads() {
        try (DataKey key = before().generateDataKey(CONTEXT, soon())) {
            List<String> all = IntStream.range(0, 40)
                    .parallel()
                    .mapToObj(i -> unwrapped(before(), key.wrapped()))
                    .toList();
            assertThat(all).hasSize(40).containsOnly(plain(key));
        }
    }
}
