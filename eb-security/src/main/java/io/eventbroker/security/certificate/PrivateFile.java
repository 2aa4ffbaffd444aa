package io.eventbroker.security.certificate;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
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
 * Files that hold keys: readable by their owner alone from the moment they exist, and whole or absent.
 *
 * <p>They are written beside their target, never in a shared temporary directory, forced to disk and then renamed.
 */
final class PrivateFile {

    private PrivateFile() {}

    /** Puts the content in place of whatever is there. */
    static void replace(Path file, byte[] content) {
        write(file, content, temp -> {
            Files.move(temp, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        });
    }

    /** Puts the content in place unless something is there. */
    static void createNew(Path file, byte[] content) {
        write(file, content, temp -> {
            if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
                throw new FileAlreadyExistsException(file.toString());
            }
            // Unlike a rename, a link never replaces: of two writers one loses.
            Files.createLink(file, temp);
            Files.delete(temp);
        });
    }

    private interface Publication {
        void publish(Path temp) throws IOException;
    }

    private static void write(Path file, byte[] content, Publication publication) {
        Path directory = file.toAbsolutePath().normalize().getParent();
        Path name = file.getFileName();
        if (directory == null || name == null) {
            throw new CertificateFailure("cannot write a key to '" + file + "': it names no file");
        }
        Path temp = directory.resolve("." + name + "."
                + HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong()));
        try {
            if (!Files.getFileStore(directory).supportsFileAttributeView(PosixFileAttributeView.class)) {
                throw new CertificateFailure(
                        "cannot write '" + file
                                + "': this file system has no POSIX permissions, so others could read the key; write it elsewhere");
            }
            try {
                try (FileChannel channel = FileChannel.open(
                        temp,
                        Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
                    ByteBuffer bytes = ByteBuffer.wrap(content);
                    while (bytes.hasRemaining()) {
                        channel.write(bytes);
                    }
                    channel.force(true);
                }
                publication.publish(temp);
            } finally {
                Files.deleteIfExists(temp);
            }
            // The rename is durable only once the directory is.
            try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
                channel.force(true);
            }
        } catch (FileAlreadyExistsException e) {
            throw new CertificateFailure("'" + file + "' exists and is not replaced; choose another name", e);
        } catch (IOException e) {
            throw new CertificateFailure("cannot write '" + file + "': " + e, e);
        }
    }
}
