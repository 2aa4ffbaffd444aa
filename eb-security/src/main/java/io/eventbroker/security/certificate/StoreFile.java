package io.eventbroker.security.certificate;

import io.eventbroker.core.secret.Secret;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A key or trust store on disk, with the password that opens it: what {@link MutualTls} is made of.
 *
 * <p>The password is not in {@code toString}, and is not copied: destroying it closes this file to later use.
 */
public final class StoreFile {

    private final Path path;
    private final StoreType type;
    private final @Nullable Secret password;

    private StoreFile(Path path, StoreType type, @Nullable Secret password) {
        this.path = path.toAbsolutePath();
        this.type = type;
        this.password = password;
    }

    /** A PKCS#12 store that something else wrote. */
    public static StoreFile pkcs12(Path path, Secret password) {
        return new StoreFile(path, StoreType.PKCS12, password);
    }

    /** A PEM file with certificates, or a key in the clear. */
    public static StoreFile pem(Path path) {
        return new StoreFile(path, StoreType.PEM, null);
    }

    /** A PEM file whose private key is encrypted. */
    public static StoreFile pem(Path path, Secret password) {
        return new StoreFile(path, StoreType.PEM, password);
    }

    /** Absolute. */
    public Path path() {
        return path;
    }

    public StoreType type() {
        return type;
    }

    /** Empty for what is not encrypted. */
    public Optional<Secret> password() {
        return Optional.ofNullable(password);
    }

    @Override
    public String toString() {
        return type + " " + path;
    }
}
