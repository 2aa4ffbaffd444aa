package io.eventbroker.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

class ForkedJvmTest {
    /** Burns CPU, fails, or stays, as it is told. */
    static final class Program {
        private Program() {}

        public static void main(String[] args) throws Exception {
            switch (args[0]) {
                case "burn" -> {
                    long end = System.nanoTime() + Duration.ofMillis(300).toNanos();
                    while (System.nanoTime() < end) {
                        Thread.onSpinWait();
                    }
                }
                case "fail" -> System.exit(3);
                default -> Thread.currentThread().join();
            }
        }
    }

    private static ForkedJvm program(String what, Duration timeout) {
        return new ForkedJvm("64m", Program.class.getName(), List.of(what), timeout);
    }

    @Test
    @EnabledOnOs(value = OS.LINUX, disabledReason = "CPU time of children is read from /proc")
    void measuresTimeAndCpuOfProgramsInTurn() throws Exception {
        Map<String, Measured> runs = ForkedJvm.inTurn(Map.of("burner", program("burn", Duration.ofMinutes(1))));
        Measured burner = runs.get("burner");
        assertThat(burner.values()).hasSize(3).allMatch(seconds -> seconds >= 0.3);
        // A starved machine gives the loop less than its 300 ms; starting a JVM alone takes more than this.
        assertThat(burner.cpuSeconds()).hasSize(3).allMatch(seconds -> seconds > 0.02);
    }

    @Test
    void reportsTheExitCodeOfAProgramThatFails() {
        assertThatThrownBy(() -> program("fail", Duration.ofMinutes(1)).run()).hasMessageContaining("exit code 3");
    }

    @Test
    void stopsAProgramThatTakesTooLong() {
        assertThatThrownBy(() -> program("stay", Duration.ofMillis(500)).run()).hasMessageContaining("did not end");
        assertThat(ProcessHandle.current().children().filter(ProcessHandle::isAlive))
                .allSatisfy(child -> assertThat(child.onExit()).succeedsWithin(Duration.ofSeconds(30)));
    }

    @Test
    void readsThePassesOfTheQuickStart() {
        Result result = new QuickStartBackupBenchmark()
                .read("{\"backupPasses\":[300.5,310,290],\"consumerPasses\":[200,155,150]}");
        assertThat(result.subject().median()).isEqualTo(300.5);
        assertThat(result.baselines().get(0).ratio()).isEqualTo(1.939);
        assertThat(result.baselines().get(0).version()).startsWith("4.");
        assertThat(result.met()).isTrue();
        assertThatThrownBy(() -> new QuickStartBackupBenchmark().read("{\"backupPasses\":[]}"))
                .hasMessageContaining("at least 3 runs");
    }
}
