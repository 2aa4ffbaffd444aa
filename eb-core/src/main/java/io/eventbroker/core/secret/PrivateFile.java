package io.eventbroker.core.secret;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HexFormat;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Writes files that hold secrets: readable by their owner alone from the moment they exist (mode 0600), and whole or absent.
 * They are written beside their target, never in a shared temporary directory, forced to disk and then renamed. A process
 * that is killed meanwhile may leave such a file beside the target, with what it had written of the content: {@code .NAME.}
 * and sixteen hexadecimal digits. Nobody removes it, for it cannot be told from one that another process is writing; delete
 * it when none is.
 *
 * <p>Of several writers of one file at once, the last replaces, and the first creates. The content stays the caller's, who
 * overwrites it.
 */
public final class PrivateFile {
    private PrivateFile() {}

    /**
     * Puts the content in place of whatever is there.
     *
     * @throws UnsupportedOperationException if the file system has no POSIX permissions, so that others could read the file
     */
    public static void replace(Path file, byte[] content) throws IOException {
        write(
                file,
                content,
                temporary -> Files.move(
                        temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING));
    }

    /**
     * Puts the content in place unless something is there.
     *
     * @throws FileAlreadyExistsException if something is
     * @throws FileSystemException if the file system makes no hard links, such as exFAT and some shares
     * @throws UnsupportedOperationException if the file system has no POSIX permissions, so that others could read the file
     */
    public static void createNew(Path file, byte[] content) throws IOException {
        write(file, content, temporary -> {
            if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
                throw new FileAlreadyExistsException(file.toString());
            }
            link(file, temporary);
            Files.delete(temporary);
        });
    }

    /** Unlike a rename, a link never replaces: of two writers one loses. */
    static void link(Path file, Path temporary) throws IOException {
        try {
            Files.createLink(file, temporary);
        } catch (FileAlreadyExistsException e) {
            throw e;
        } catch (UnsupportedOperationException | FileSystemException e) {
            throw withoutLinks(file, e);
        }
    }

    /** Not an {@link UnsupportedOperationException}, which is for a file system without permissions. */
    static FileSystemException withoutLinks(Path file, Exception cause) {
        FileSystemException failed = new FileSystemException(
                file.toString(),
                null,
                "no hard link can be made in its folder, without which two writers could replace each other's file ("
                        + cause + "); make it elsewhere and move it here");
        failed.initCause(cause);
        return failed;
    }

    private interface Publication {
        void publish(Path temporary) throws IOException;
    }

    private static void write(Path file, byte[] content, Publication publication) throws IOException {
        Path folder = file.toAbsolutePath().normalize().getParent();
        Path name = file.getFileName();
        if (folder == null || name == null) {
            throw new FileSystemException(file.toString(), null, "it names no file");
        }
        if (!Files.getFileStore(folder).supportsFileAttributeView(PosixFileAttributeView.class)) {
            throw new UnsupportedOperationException("no POSIX permissions in " + folder);
        }
        Path temporary = folder.resolve("." + name + "."
                + HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong()));
        try {
            try (FileChannel channel = FileChannel.open(
                    temporary,
                    Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
                ByteBuffer bytes = ByteBuffer.wrap(content);
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
                channel.force(true);
            }
            publication.publish(temporary);
        } finally {
            Files.deleteIfExists(temporary);
        }
        // The name is durable only once the folder is.
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}
