package io.eventbroker.core.secret;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PrivateFileTest {
    @TempDir
    Path folder;

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private void assertHoldsOnly(Path file, String content) throws Exception {
        assertThat(file).hasContent(content);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        try (Stream<Path> left = Files.list(folder)) {
            assertThat(left).containsExactly(file);
        }
    }

    @Test
    void replacesWhatOthersCouldRead() throws Exception {
        Path file = Files.writeString(folder.resolve("key"), "old");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-rw-rw-"));

        PrivateFile.replace(file, bytes("new"));

        assertHoldsOnly(file, "new");
    }

    @Test
    void createsWhereNothingIs() throws Exception {
        Path file = folder.resolve("key");

        PrivateFile.createNew(file, bytes("new"));

        assertHoldsOnly(file, "new");
        assertThatThrownBy(() -> PrivateFile.createNew(file, bytes("other")))
                .isInstanceOf(FileAlreadyExistsException.class);
        assertHoldsOnly(file, "new");
    }

    /** Also not a link to somewhere else: what it points to could be anybody's. */
    @Test
    void createsNothingInPlaceOfALinkThatLeadsNowhere() throws Exception {
        Path link = Files.createSymbolicLink(folder.resolve("key"), folder.resolve("nowhere"));

        assertThatThrownBy(() -> PrivateFile.createNew(link, bytes("new")))
                .isInstanceOf(FileAlreadyExistsException.class);

        assertThat(folder.resolve("nowhere")).doesNotExist();
    }

    @Test
    void letsOneOfManyCreate() throws Exception {
        Path file = folder.resolve("key");
        int writers = 8;
        CyclicBarrier together = new CyclicBarrier(writers);
        ExecutorService threads = Executors.newFixedThreadPool(writers);
        List<Future<String>> all = new ArrayList<>();
        for (int writer = 0; writer < writers; writer++) {
            String content = "writer " + writer;
            all.add(threads.submit(() -> {
                together.await();
                PrivateFile.createNew(file, bytes(content));
                return content;
            }));
        }

        List<String> created = new ArrayList<>();
        for (Future<String> one : all) {
            try {
                created.add(one.get());
            } catch (ExecutionException e) {
                assertThat(e.getCause()).isInstanceOf(FileAlreadyExistsException.class);
            }
        }
        threads.shutdown();

        assertThat(created).hasSize(1);
        assertHoldsOnly(file, created.get(0));
    }

    @Test
    void refusesWhatNamesNoFile() {
        assertThatThrownBy(() -> PrivateFile.replace(Path.of("/"), bytes("new")))
                .isInstanceOf(FileSystemException.class)
                .hasMessageContaining("no file");
    }

    @Test
    void saysThatItNeedsHardLinksWhereThereAreNone() throws Exception {
        Path folderThatCannotBeLinked = Files.createDirectory(folder.resolve("folder"));

        assertThatThrownBy(() -> PrivateFile.link(folder.resolve("key"), folderThatCannotBeLinked))
                .isExactlyInstanceOf(FileSystemException.class)
                .hasMessageContaining("no hard link can be made in its folder")
                .hasCauseInstanceOf(FileSystemException.class);
        assertThat(PrivateFile.withoutLinks(folder.resolve("key"), new UnsupportedOperationException("none")))
                .hasMessageContaining("UnsupportedOperationException: none");
    }
}
