package io.eventbroker.core.crypto;

import io.eventbroker.core.EventBrokerException;
import io.eventbroker.core.secret.PrivateFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Base64;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

/** The text of a key ring, which is never made a string, and the file that holds it. */
final class KeyRingFile {
    private static final Set<PosixFilePermission> OWNER = EnumSet.of(
            PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE, PosixFilePermission.OWNER_EXECUTE);
    private static final int LARGEST = 1 << 20;

    private KeyRingFile() {}

    static void parse(String origin, byte[] content, Map<KeyId, byte[]> keys) {
        int line = 0;
        int start = 0;
        while (start < content.length) {
            int end = start;
            while (end < content.length && content[end] != '\n') {
                end++;
            }
            line++;
            int last = end > start && content[end - 1] == '\r' ? end - 1 : end;
            if (last > start && content[start] != '#') {
                parseLine(origin + " line " + line, content, start, last, keys);
            }
            start = end + 1;
        }
        if (keys.isEmpty()) {
            throw new EventBrokerException(
                    "key ring " + origin + " holds no key; a line is an id, a space, and 32 bytes in Base64");
        }
    }

    private static void parseLine(String place, byte[] content, int start, int end, Map<KeyId, byte[]> keys) {
        int space = start;
        while (space < end && content[space] != ' ') {
            space++;
        }
        byte[] text = space == end ? new byte[0] : Arrays.copyOfRange(content, space + 1, end);
        byte[] key = new byte[0];
        try {
            // Only what stands before a space: a line without one may be a key, and is not quoted.
            KeyId id =
                    KeyId.of(space == end ? "?" : new String(content, start, space - start, StandardCharsets.US_ASCII));
            key = Base64.getDecoder().decode(text);
            if (key.length != DataKey.BYTES) {
                throw new EventBrokerException("key ring " + place + ": a line is an id, a space, and 32 bytes in"
                        + " Base64; found " + key.length + " bytes");
            }
            if (keys.putIfAbsent(id, key.clone()) != null) {
                throw new EventBrokerException("key ring " + place + ": key '" + id + "' is there twice; remove one");
            }
        } catch (IllegalArgumentException e) {
            // Without the cause, which quotes what may be a part of a key.
            throw new EventBrokerException(
                    "key ring " + place + ": a line is an id, a space, and 32 bytes in Base64; this is not");
        } finally {
            Arrays.fill(text, (byte) 0);
            Arrays.fill(key, (byte) 0);
        }
    }

    static byte[] read(Path file) {
        try {
            requirePrivate(file);
            long size = Files.size(file);
            if (size > LARGEST) {
                throw new EventBrokerException("key ring " + file + " has " + size + " bytes; that is no key ring");
            }
            return Files.readAllBytes(file);
        } catch (NoSuchFileException e) {
            throw new EventBrokerException(
                    "there is no key ring " + file + "; put it back from a copy, or make one with KeyRing.create", e);
        } catch (UnsupportedOperationException e) {
            throw withoutPermissions(file, e);
        } catch (IOException e) {
            throw new EventBrokerException("cannot read the key ring " + file + ": " + e, e);
        }
    }

    private static void requirePrivate(Path file) throws IOException {
        Set<PosixFilePermission> others = EnumSet.noneOf(PosixFilePermission.class);
        others.addAll(Files.getPosixFilePermissions(file));
        others.removeAll(OWNER);
        if (!others.isEmpty()) {
            throw new EventBrokerException("others than its owner have access to the key ring " + file + " ("
                    + PosixFilePermissions.toString(Files.getPosixFilePermissions(file))
                    + "); run chmod 600 (in Kubernetes defaultMode: 0400), and rotate if they may have read it");
        }
    }

    static void create(Path file, KeyId id) {
        byte[] line = line(id);
        try {
            write(file, line, PrivateFile::createNew);
        } finally {
            Arrays.fill(line, (byte) 0);
        }
    }

    static void addKey(Path file, KeyId id) {
        byte[] line = line(id);
        byte[] old = read(file);
        ByteBuffer both =
                ByteBuffer.allocate(line.length + old.length).put(line).put(old);
        try {
            write(file, both.array(), PrivateFile::replace);
        } finally {
            Arrays.fill(line, (byte) 0);
            Arrays.fill(old, (byte) 0);
            Arrays.fill(both.array(), (byte) 0);
        }
    }

    private static byte[] line(KeyId id) {
        if (id.value().startsWith("#")) {
            throw new IllegalArgumentException("the id of a key ring's key must not begin with '#', was '" + id + "'");
        }
        byte[] key = KeyWrap.randomKey();
        byte[] text = Base64.getEncoder().encode(key);
        byte[] name = (id + " ").getBytes(StandardCharsets.US_ASCII);
        try {
            return ByteBuffer.allocate(name.length + text.length + 1)
                    .put(name)
                    .put(text)
                    .put((byte) '\n')
                    .array();
        } finally {
            Arrays.fill(key, (byte) 0);
            Arrays.fill(text, (byte) 0);
        }
    }

    private interface Writing {
        void write(Path file, byte[] content) throws IOException;
    }

    private static void write(Path file, byte[] content, Writing writing) {
        try {
            writing.write(file, content);
        } catch (FileAlreadyExistsException e) {
            throw new EventBrokerException("'" + file + "' exists and is not replaced; use KeyRing.rotate", e);
        } catch (UnsupportedOperationException e) {
            throw withoutPermissions(file, e);
        } catch (IOException e) {
            throw new EventBrokerException("cannot write the key ring " + file + ": " + e, e);
        }
    }

    private static EventBrokerException withoutPermissions(Path file, UnsupportedOperationException cause) {
        return new EventBrokerException(
                "the file system of the key ring " + file
                        + " has no POSIX permissions, so nobody can tell who reads it; keep it elsewhere, or as a secret",
                cause);
    }
}
