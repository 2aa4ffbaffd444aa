package io.eventbroker.core.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eventbroker.core.json.Sha256;
import io.eventbroker.core.law.JournalContract;
import io.eventbroker.core.plan.ActionId;
import io.eventbroker.core.run.JournalEntry.Event;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileJournalTest extends JournalContract {
    private static final Sha256 PLAN = Sha256.of("plan");
    private static final RunId RUN = new RunId("run-1");

    @TempDir
    Path folder;

    private Path file() {
        return folder.resolve("with space").resolve("run.journal");
    }

    @Override
    protected Journal journal() {
        return Journal.file(file());
    }

    @Test
    void dropsATailThatWasCutAtAnyByte() throws IOException {
        // Given
        List<JournalEntry> entries = List.of(
                JournalEntry.of(Event.STARTED, RUN),
                JournalEntry.of(Event.BEGUN, RUN, ActionId.of("a")),
                JournalEntry.of(Event.APPLIED, RUN, ActionId.of("a"), "ünïcode"));
        try (Journal.Session session = journal().open(PLAN)) {
            session.append(entries);
        }
        byte[] whole = Files.readAllBytes(file());
        for (int length = 0; length < whole.length; length++) {
            Files.write(file(), Arrays.copyOf(whole, length));
            // When
            try (Journal.Session session = journal().open(PLAN)) {
                // Then
                int kept = session.entries().size();
                assertThat(session.entries()).isEqualTo(entries.subList(0, kept));
                session.append(entries.subList(kept, entries.size()));
            }
            assertThat(Files.readAllBytes(file()))
                    .as("cut at %d and continued", length)
                    .isEqualTo(whole);
        }
    }

    @Test
    void refusesDamageBeforeTheEnd() throws IOException {
        try (Journal.Session session = journal().open(PLAN)) {
            session.append(List.of(JournalEntry.of(Event.STARTED, RUN), JournalEntry.of(Event.ENDED, RUN)));
        }
        byte[] bytes = Files.readAllBytes(file());
        bytes[12] ^= 1;
        Files.write(file(), bytes);

        assertThatThrownBy(() -> journal().open(PLAN))
                .isInstanceOf(JournalException.class)
                .hasMessageContaining("damaged at byte 0");
    }

    @Test
    void leavesAFileThatIsNoJournalAlone() throws IOException {
        Files.createDirectories(file().getParent());
        Files.writeString(file(), "my only copy");

        assertThatThrownBy(() -> journal().open(PLAN))
                .isInstanceOf(JournalException.class)
                .hasMessageContaining("is not a journal");
        assertThat(Files.readString(file())).isEqualTo("my only copy");
    }

    @Test
    void isReadableByItsOwnerAlone() throws IOException {
        journal().open(PLAN).close();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file())))
                .isEqualTo("rw-------");
    }

    @Test
    void narrowsAFileThatIsOpenToOthers() throws IOException {
        // Given
        journal().open(PLAN).close();
        Files.setPosixFilePermissions(file(), PosixFilePermissions.fromString("rw-r--r--"));

        // When
        journal().open(PLAN).close();

        // Then
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file())))
                .isEqualTo("rw-------");
    }

    @Test
    void isHeldAgainstOtherProcesses() throws Exception {
        try (Journal.Session held = journal().open(PLAN)) {
            assertThat(held.entries()).isEmpty();
            Process other = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-cp",
                            System.getProperty("java.class.path"),
                            Opener.class.getName(),
                            file().toString())
                    .redirectErrorStream(true)
                    .start();
            String output = new String(other.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
            assertThat(other.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(output).contains("held by another run");
        }
    }

    /** Opens a journal in a process of its own. */
    static final class Opener {
        private Opener() {}

        public static void main(String[] args) {
            Journal.file(Path.of(args[0])).open(PLAN).close();
        }
    }
}
