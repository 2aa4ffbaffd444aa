package io.eventbroker.core.secret;

import com.fasterxml.jackson.annotation.JsonIgnoreType;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.function.Function;
import javax.security.auth.Destroyable;

/**
 * A password, a key or a token. It shows itself only to {@link #use} and {@link #useBytes}; {@code toString} and JSON
 * give nothing away. {@link #destroy} overwrites it. Safe for use by several threads.
 */
@JsonIgnoreType
public final class Secret implements Destroyable, AutoCloseable {
    private static final char[] ALPHABET =
            "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789".toCharArray();
    private static final SecureRandom RANDOM = new SecureRandom();

    private final char[] chars;
    private boolean destroyed;

    private Secret(char[] chars) {
        for (int i = 0; i < chars.length; i++) {
            boolean pair = i + 1 < chars.length && Character.isSurrogatePair(chars[i], chars[i + 1]);
            if (!pair && Character.isSurrogate(chars[i])) {
                Arrays.fill(chars, '\0');
                throw new IllegalArgumentException("a secret holds half a character (a lone surrogate), which UTF-8"
                        + " cannot write; read it as text of the right encoding");
            }
            i += pair ? 1 : 0;
        }
        this.chars = chars;
    }

    /**
     * Takes a copy; the caller may overwrite its own.
     *
     * @throws IllegalArgumentException if it is not well-formed UTF-16
     */
    public static Secret of(char[] chars) {
        return new Secret(chars.clone());
    }

    /** For secrets that reach the program as a string anyway; a string cannot be overwritten. */
    public static Secret of(String text) {
        return new Secret(text.toCharArray());
    }

    /**
     * A new random secret of letters and digits from a {@link SecureRandom}; 22 characters carry 130 bits.
     *
     * @throws IllegalArgumentException for fewer than 16 characters
     */
    public static Secret random(int length) {
        if (length < 16) {
            throw new IllegalArgumentException("a random secret needs at least 16 characters, was " + length);
        }
        char[] chars = new char[length];
        for (int i = 0; i < length; i++) {
            chars[i] = ALPHABET[RANDOM.nextInt(ALPHABET.length)];
        }
        return new Secret(chars);
    }

    /**
     * Lends the characters for the time of the call. They are a copy that is overwritten afterwards.
     *
     * @throws IllegalStateException if the secret was destroyed
     */
    public <T> T use(Function<char[], T> user) {
        char[] copy;
        synchronized (chars) {
            if (destroyed) {
                throw new IllegalStateException("this secret was destroyed");
            }
            copy = chars.clone();
        }
        try {
            return user.apply(copy);
        } finally {
            Arrays.fill(copy, '\0');
        }
    }

    /** Lends the characters as UTF-8, like {@link #use}. */
    public <T> T useBytes(Function<byte[], T> user) {
        return use(lent -> {
            byte[] room = new byte[lent.length * 4];
            ByteBuffer encoded = ByteBuffer.wrap(room);
            StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(lent), encoded, true);
            byte[] bytes = Arrays.copyOf(room, encoded.position());
            Arrays.fill(room, (byte) 0);
            try {
                return user.apply(bytes);
            } finally {
                Arrays.fill(bytes, (byte) 0);
            }
        });
    }

    /** Overwrites the characters. Using the secret afterwards fails; destroying it again does nothing. */
    @Override
    public void destroy() {
        synchronized (chars) {
            Arrays.fill(chars, '\0');
            destroyed = true;
        }
    }

    @Override
    public boolean isDestroyed() {
        synchronized (chars) {
            return destroyed;
        }
    }

    @Override
    public void close() {
        destroy();
    }

    /** Compares in constant time. A destroyed secret equals itself alone. */
    @Override
    public boolean equals(Object other) {
        if (this == other) {
            return true;
        }
        try {
            return other instanceof Secret that
                    && useBytes(mine -> that.useBytes(theirs -> MessageDigest.isEqual(mine, theirs)));
        } catch (IllegalStateException e) {
            // Destroyed, perhaps by another thread just now.
            return false;
        }
    }

    /** The same for all secrets: a hash of a short secret would tell it. */
    @Override
    public int hashCode() {
        return Secret.class.hashCode();
    }

    @Override
    public String toString() {
        return "Secret[hidden]";
    }
}
