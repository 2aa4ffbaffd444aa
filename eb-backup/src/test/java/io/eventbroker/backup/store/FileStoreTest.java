package io.eventbroker.backup.store;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileStoreTest extends ObjectStoreContract {
    @TempDir
    Path directory;

    @Override
    protected ObjectStore store() {
        return FileStore.at(directory.resolve("a store"));
    }

    @Test
    void refusesNamesOutsideTheDirectory() {
        assertThatThrownBy(
                        () -> store().put("../outside", ByteBuffer.allocate(1)).join())
                .hasRootCauseInstanceOf(IllegalArgumentException.class);
    }
}
