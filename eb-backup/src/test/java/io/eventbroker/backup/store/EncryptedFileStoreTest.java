package io.eventbroker.backup.store;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** One encrypted store for the whole test, so that what it remembers of objects is in play. */
class EncryptedFileStoreTest extends ObjectStoreContract {
    @TempDir
    Path directory;

    private EncryptedStore encrypted;

    @BeforeEach
    void open() {
        encrypted = EncryptedStore.over(FileStore.at(directory), TestKeys.ring("2026-11"));
    }

    @AfterEach
    void close() {
        encrypted.close();
    }

    @Override
    protected ObjectStore store() {
        return new Below(encrypted, "sets/");
    }
}
