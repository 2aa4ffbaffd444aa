package io.eventbroker.core.run;

import io.eventbroker.core.EventBrokerException;
import io.eventbroker.core.json.CanonicalJson;
import io.eventbroker.core.json.Sha256;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A journal in a file: a line for everything that was appended at once, each the CRC-32C of its JSON in eight hexadecimal
 * digits, a space, the JSON. The first line names the plan. A last line that is cut short or does not match its checksum is what a kill leaves, and is
 * dropped; the same anywhere else is damage.
 */
final class FileJournal implements Journal {
    private static final Logger LOG = LoggerFactory.getLogger(FileJournal.class);
    private static final int CHECKSUM_LENGTH = 8;
    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rw-------");

    private final Path path;

    FileJournal(Path path) {
        this.path = path.toAbsolutePath();
    }

    /** The first line. */
    private record Header(int journal, Sha256 plan) {}

    @Override
    public Session open(Sha256 planHash) {
        FileChannel channel = null;
        try {
            Files.createDirectories(path.getParent());
            channel = FileChannel.open(
                    path,
                    Set.<OpenOption>of(StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE),
                    ownerOnly());
            lock(channel);
            narrow();
            Session session = new FileSession(channel, read(channel, planHash));
            channel = null;
            return session;
        } catch (IOException e) {
            throw new JournalException("cannot open the journal " + path + ": " + e.getMessage(), e);
        } finally {
            closeQuietly(channel);
        }
    }

    private static FileAttribute<?>[] ownerOnly() {
        return isPosix()
                ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(OWNER_ONLY)}
                : new FileAttribute<?>[0];
    }

    private static boolean isPosix() {
        return FileSystems.getDefault().supportedFileAttributeViews().contains("posix");
    }

    /** A file that was there before may be open to others. */
    private void narrow() throws IOException {
        if (isPosix() && !OWNER_ONLY.containsAll(Files.getPosixFilePermissions(path))) {
            LOG.warn("Journal {} was open to others than its owner and is no more", path);
            Files.setPosixFilePermissions(path, OWNER_ONLY);
        }
    }

    /** A file's bytes survive a crash of the machine only together with its entry in the folder. */
    private void keepEntry() throws IOException {
        if (isPosix()) {
            try (FileChannel folder = FileChannel.open(path.getParent(), StandardOpenOption.READ)) {
                folder.force(true);
            }
        }
    }

    private void lock(FileChannel channel) throws IOException {
        FileLock lock;
        try {
            lock = channel.tryLock();
        } catch (OverlappingFileLockException e) {
            lock = null;
        }
        if (lock == null) {
            throw new JournalException("the journal " + path
                    + " is held by another run; wait for it to end, or give this run a journal of its own");
        }
    }

    private List<JournalEntry> read(FileChannel channel, Sha256 planHash) throws IOException {
        byte[] bytes = new byte[Math.toIntExact(channel.size())];
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        while (buffer.hasRemaining() && channel.read(buffer, buffer.position()) >= 0) {
            // Until the whole file is there.
        }
        List<String> lines = new ArrayList<>();
        int intact = 0;
        int from = 0;
        for (int end = nextLine(bytes, from); end >= 0; end = nextLine(bytes, from)) {
            String json = checked(bytes, from, end);
            boolean last = end == bytes.length - 1;
            if (json == null && !last) {
                throw new JournalException("the journal " + path + " is damaged at byte " + from
                        + "; restore it, or plan again and start with a new journal");
            }
            from = end + 1;
            if (json != null) {
                lines.add(json);
                intact = from;
            }
        }
        if (lines.isEmpty()) {
            String header = line(CanonicalJson.write(new Header(1, planHash)));
            if (!header.startsWith(new String(bytes, StandardCharsets.UTF_8))) {
                throw new JournalException(path + " is not a journal; give this run a file of its own");
            }
            channel.truncate(0);
            channel.position(0);
            write(channel, header);
            keepEntry();
            return List.of();
        }
        if (intact < bytes.length) {
            LOG.info("Dropping {} bytes at the end of journal {} that a kill cut short", bytes.length - intact, path);
            channel.truncate(intact);
        }
        channel.position(intact);
        Header header = parse(lines.get(0), Header.class);
        if (!header.plan().equals(planHash)) {
            throw new JournalException("the journal " + path + " is kept for plan "
                    + header.plan().abbreviated() + ", not for " + planHash.abbreviated()
                    + "; run that plan to its end first, or give this one a journal of its own");
        }
        List<JournalEntry> entries = new ArrayList<>();
        for (String line : lines.subList(1, lines.size())) {
            entries.addAll(List.of(parse(line, JournalEntry[].class)));
        }
        return Collections.unmodifiableList(entries);
    }

    private <T> T parse(String json, Class<T> type) {
        try {
            return CanonicalJson.read(json, type);
        } catch (EventBrokerException e) {
            throw new JournalException(
                    "the journal " + path + " was not written by this version of the SDK: " + e.getMessage()
                            + "; finish the run with the version that wrote it, or plan again",
                    e);
        }
    }

    private static int nextLine(byte[] bytes, int from) {
        for (int i = from; i < bytes.length; i++) {
            if (bytes[i] == '\n') {
                return i;
            }
        }
        return -1;
    }

    private static @Nullable String checked(byte[] bytes, int from, int end) {
        int start = from + CHECKSUM_LENGTH + 1;
        if (end < start) {
            return null;
        }
        String stated = new String(bytes, from, CHECKSUM_LENGTH, StandardCharsets.US_ASCII);
        return stated.equals(checksum(bytes, start, end - start))
                ? new String(bytes, start, end - start, StandardCharsets.UTF_8)
                : null;
    }

    private static String checksum(byte[] bytes, int from, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, from, length);
        return HexFormat.of().toHexDigits((int) crc.getValue());
    }

    private static String line(String json) {
        byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
        return checksum(bytes, 0, bytes.length) + ' ' + json + '\n';
    }

    /** Writes a line whole or, as far as the disk lets us, not at all. */
    private static void write(FileChannel channel, String line) throws IOException {
        long start = channel.position();
        try {
            ByteBuffer buffer = ByteBuffer.wrap(line.getBytes(StandardCharsets.UTF_8));
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
            channel.force(false);
        } catch (IOException e) {
            try {
                channel.truncate(start);
            } catch (IOException again) {
                e.addSuppressed(again);
            }
            throw e;
        }
    }

    private static void closeQuietly(@Nullable FileChannel channel) {
        if (channel != null) {
            try {
                channel.close();
            } catch (IOException e) {
                LOG.debug("Closing a journal that could not be opened", e);
            }
        }
    }

    private final class FileSession implements Session {
        private final FileChannel channel;
        private final List<JournalEntry> entries;

        FileSession(FileChannel channel, List<JournalEntry> entries) {
            this.channel = channel;
            this.entries = entries;
        }

        @Override
        public List<JournalEntry> entries() {
            return entries;
        }

        @Override
        public void append(List<JournalEntry> added) {
            try {
                write(channel, line(CanonicalJson.write(added)));
            } catch (IOException e) {
                throw new JournalException(
                        "cannot write the journal " + path + ": " + e.getMessage()
                                + "; make room or mend the disk, then run the same plan with it again",
                        e);
            }
        }

        @Override
        public void close() {
            try {
                channel.close();
            } catch (IOException e) {
                throw new JournalException("cannot close the journal " + path + ": " + e.getMessage(), e);
            }
        }
    }
}
