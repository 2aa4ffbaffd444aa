package io.eventbroker.backup.store;

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
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/** The data keys of objects: each is bound to the name of its object, and what goes wrong with one names the object. */
final class DataKeys {
    private static final Duration WAIT = Duration.ofSeconds(30);

    private final KeyEncryption keys;
    /** Empty: whatever the key encryption itself has. */
    private final Set<KeyId> allowed;

    DataKeys(KeyEncryption keys, Set<KeyId> allowed) {
        if (!allowed.isEmpty() && !allowed.contains(keys.currentKey())) {
            throw new IllegalArgumentException("the current key '" + keys.currentKey() + "' is none of those that are"
                    + " allowed, " + allowed + "; what it wraps could not be read back");
        }
        this.keys = keys;
        this.allowed = Set.copyOf(allowed);
    }

    DataKeys allowing(Set<KeyId> only) {
        return new DataKeys(keys, only);
    }

    KeyId currentKey() {
        return keys.currentKey();
    }

    private static EncryptionContext context(String name) {
        return EncryptionContext.of(Map.of("purpose", "eventbroker backup", "object", name));
    }

    DataKey generate(String name) {
        return named(name + " cannot be written", () -> keys.generateDataKey(context(name), Deadline.after(WAIT)));
    }

    DataKey unwrap(String name, WrappedKey wrapped) {
        KeyId id = wrapped.keyId();
        if (!allowed.isEmpty() && !allowed.contains(id)) {
            throw new KeyNotAllowedException(
                    id,
                    name + " is not read: its data key is wrapped by key '" + id + "', which is none of those allowed, "
                            + allowed + "; allow it if you trust where the object comes from");
        }
        return named(name + " cannot be read", () -> keys.unwrap(wrapped, context(name), Deadline.after(WAIT)));
    }

    private static DataKey named(String what, Supplier<DataKey> call) {
        try {
            return call.get();
        } catch (UnknownKeyException e) {
            throw new UnknownKeyException(e.keyId(), what + ": " + e.getMessage(), e);
        } catch (KeyNotAllowedException e) {
            throw new KeyNotAllowedException(e.keyId(), what + ": " + e.getMessage(), e);
        } catch (TamperedKeyException e) {
            throw new DamagedObjectException(
                    what
                            + ": it is damaged, another object was put in its place, or the key of that id is another one: "
                            + e.getMessage(),
                    e);
        } catch (KeyEncryptionException e) {
            throw new KeyEncryptionException(e.keyId(), what + ": " + e.getMessage(), e);
        } catch (RetryableException | DeadlineExceededException e) {
            throw new RetryableException(what + " for now: " + e.getMessage(), e);
        }
    }
}
