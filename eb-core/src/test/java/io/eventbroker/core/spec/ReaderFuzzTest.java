package io.eventbroker.core.spec;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Law: whatever a file holds, the reader gives a platform or an {@link InvalidSpecException}, and soon. Each input follows
 * from its number alone; one that breaks the law is kept in {@code target/fuzz}, and {@code -Dfuzz.first=NUMBER} begins
 * with it.
 */
class ReaderFuzzTest {
    private static final long FIRST = Long.getLong("fuzz.first", 0);
    /** No input takes near as long; the machine may be busy with others. */
    private static final long PATIENCE_NANOS = 60_000_000_000L;

    private static Fuzz fuzz;

    @TempDir
    static Path folder;

    /** What is being read. */
    private record Current(long number, long since) {}

    @BeforeAll
    static void samples() throws IOException {
        List<byte[]> small = new ArrayList<>();
        List<byte[]> large = new ArrayList<>();
        for (Path file : BadSamplesTest.samples()) {
            byte[] sample = Files.readAllBytes(file);
            (sample.length < 600 ? small : large).add(sample);
        }
        for (String sample : Fuzz.SMALL) {
            // often, for they are right and a change of them may reach the last check
            for (int i = 0; i < 12; i++) {
                small.add(sample.getBytes(StandardCharsets.UTF_8));
            }
        }
        large.add(Files.readAllBytes(Path.of("src/test/resources/spec/small.yaml")));
        fuzz = new Fuzz(small, large);
    }

    @Test
    void survivesTwentyThousandInputs() throws Exception {
        read(20_000);
    }

    @Test
    @Tag("slow")
    void survivesAMillionInputs() throws Exception {
        read(1_000_000);
    }

    private static void read(long many) throws Exception {
        AtomicReference<Current> current = new AtomicReference<>(new Current(FIRST, System.nanoTime()));
        AtomicReference<Optional<Throwable>> broken = new AtomicReference<>(Optional.empty());
        long[] outcomes = new long[2];
        Thread reader = new Thread(
                () -> {
                    try {
                        for (long number = FIRST; number < FIRST + many && !Thread.interrupted(); number++) {
                            byte[] input = fuzz.input(number);
                            current.set(new Current(number, System.nanoTime()));
                            outcomes[read(input, number) ? 0 : 1]++;
                        }
                    } catch (Throwable e) {
                        broken.set(Optional.of(e));
                    }
                },
                "fuzz");
        reader.setDaemon(true);
        reader.start();
        boolean hangs = false;
        while (reader.isAlive() && !hangs) {
            reader.join(1_000);
            hangs = reader.isAlive() && System.nanoTime() - current.get().since() > PATIENCE_NANOS;
        }
        if (hangs || broken.get().isPresent()) {
            Current last = current.get();
            Path kept = Files.createDirectories(Path.of("target/fuzz")).resolve(last.number() + ".txt");
            Files.write(kept, fuzz.input(last.number()));
            StackTraceElement[] where = reader.getStackTrace();
            reader.interrupt();
            AssertionError failure = new AssertionError(
                    "input " + last.number() + (hangs ? " hangs" : " breaks the reader") + "; it is in " + kept,
                    broken.get().orElse(null));
            if (hangs) {
                failure.setStackTrace(where);
            }
            throw failure;
        }
        assertThat(outcomes[0]).as("mutants that are no worse").isGreaterThan(many / 200);
        assertThat(outcomes[1]).as("mutants that are refused").isGreaterThan(many / 2);
    }

    /** Whether it is accepted. */
    private static boolean read(byte[] input, long number) {
        Specs specs = number % 3 == 0
                ? Specs.standard().resolving("env", name -> Optional.of(name).filter(n -> n.length() < 4))
                : Specs.standard();
        try {
            if (number % 50 == 0) {
                Path file = Files.write(folder.resolve(number % 2 == 0 ? "f.yaml" : "f.json"), input);
                specs.read(file);
            } else {
                boolean yaml = number % 7 != 0;
                specs.parse(yaml ? "f.yaml" : "f.json", new String(input, StandardCharsets.UTF_8));
            }
            return true;
        } catch (InvalidSpecException e) {
            assertThat(e.problems().hasErrors()).isTrue();
            assertThat(e.problems().size()).isLessThanOrEqualTo(Limits.PROBLEMS + 1);
            return false;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
