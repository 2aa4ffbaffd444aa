package io.eventbroker.security.certificate;

import io.eventbroker.core.secret.PrivateFile;
import io.eventbroker.core.secret.Secret;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A key or trust store, encoded and ready to be written: to a file, or as bytes to where the host keeps secrets.
 *
 * <p>What it holds is in neither {@code toString} nor an exception.
 */
public final class StoreContent {

    private final StoreType type;
    private final byte[] bytes;
    private final @Nullable Secret password;

    StoreContent(StoreType type, byte[] bytes, @Nullable Secret password) {
        this.type = type;
        this.bytes = bytes;
        this.password = password;
    }

    public StoreType type() {
        return type;
    }

    /** A copy of the encoded store. */
    public byte[] bytes() {
        return bytes.clone();
    }

    /**
     * Writes the store, in place of what is there: mode 0600 from creation, on disk before it is visible, whole or not
     * at all. Give a renewed store a new name ({@code kafka-0.v2.p12}): brokers notice a changed path, while a changed
     * content they may miss.
     *
     * @throws CertificateFailure when it cannot be written, or the file system has no POSIX permissions
     */
    public StoreFile writeTo(Path file) {
        write(file, PrivateFile::replace);
        return file(file);
    }

    /** {@link #writeTo(Path)}, unless the file exists: for what cannot be made again, such as an authority's key. */
    public StoreFile writeNewTo(Path file) {
        write(file, PrivateFile::createNew);
        return file(file);
    }

    private interface Writing {
        void write(Path file, byte[] content) throws IOException;
    }

    private void write(Path file, Writing writing) {
        try {
            writing.write(file, bytes);
        } catch (FileAlreadyExistsException e) {
            throw new CertificateFailure("'" + file + "' exists and is not replaced; choose another name", e);
        } catch (UnsupportedOperationException e) {
            throw new CertificateFailure(
                    "cannot write '" + file
                            + "': this file system has no POSIX permissions, so others could read the key; write it elsewhere",
                    e);
        } catch (IOException e) {
            throw new CertificateFailure("cannot write '" + file + "': " + e, e);
        }
    }

    private StoreFile file(Path file) {
        if (type == StoreType.PKCS12) {
            return StoreFile.pkcs12(file, Objects.requireNonNull(password));
        }
        return password == null ? StoreFile.pem(file) : StoreFile.pem(file, password);
    }

    @Override
    public String toString() {
        return type + " store of " + bytes.length + " bytes";
    }
}
