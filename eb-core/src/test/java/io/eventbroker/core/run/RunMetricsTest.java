package io.eventbroker.core.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eventbroker.core.Deadline;
import io.eventbroker.core.metrics.RunMetrics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunMetricsTest {
    @TempDir
    Path folder;

    @Test
    void countsRunsAndActions() {
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        DialWorld world = DialWorld.wanting(Map.of("a", 1, "b", 2));
        AtomicReference<Double> seen = new AtomicReference<>();
        world.batchSize = 1;
        world.after = (action, context) -> context.moved(action.id(), 10, 10);
        RunListener watch = new RunListener() {
            @Override
            public void onFinished(Report report) {
                seen.set(registry.get("eb.run.moved.bytes").gauge().value());
            }
        };

        world.run(world.plan(), RunOptions.defaults().listener(watch).listener(RunMetrics.to(registry)))
                .await(Deadline.after(Duration.ofSeconds(30)))
                .requireSuccess();

        assertThat(seen.get()).as("while the run goes on").isEqualTo(20);
        assertThat(registry.get("eb.run.moved.bytes").gauge().value())
                .as("afterwards")
                .isZero();
        assertThat(registry.get("eb.run.duration")
                        .tag("result", "success")
                        .timer()
                        .count())
                .isEqualTo(1);
        assertThat(registry.get("eb.run.actions")
                        .tag("outcome", "applied")
                        .counter()
                        .count())
                .isEqualTo(2);
    }

    @Test
    void showsTheMovedBytesOfARunThatCameWithMetricsOfItsOwn() {
        // Given a registry that has seen a run with other metrics, which nobody holds any more
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        DialWorld first = DialWorld.wanting(Map.of("a", 1));
        first.run(first.plan(), RunOptions.defaults().listener(RunMetrics.to(registry)))
                .await(Deadline.after(Duration.ofSeconds(30)))
                .requireSuccess();
        DialWorld second = DialWorld.wanting(Map.of("b", 2));
        second.after = (action, context) -> context.moved(action.id(), 10, 10);
        AtomicReference<Double> seen = new AtomicReference<>();
        RunListener watch = new RunListener() {
            @Override
            public void onFinished(Report report) {
                seen.set(registry.get("eb.run.moved.bytes").gauge().value());
            }
        };

        // When
        second.run(second.plan(), RunOptions.defaults().listener(watch).listener(RunMetrics.to(registry)))
                .await(Deadline.after(Duration.ofSeconds(30)))
                .requireSuccess();

        // Then
        assertThat(seen.get()).isEqualTo(10);
    }

    @Test
    void countsAnActionOnceThoughItsRunIsResumed() {
        // Given
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        DialWorld world = DialWorld.wanting(Map.of("a", 1));
        RunOptions options =
                RunOptions.defaults().journal(Journal.file(folder.resolve("j"))).listener(RunMetrics.to(registry));
        var plan = world.plan();

        // When
        world.run(plan, options).await(Deadline.after(Duration.ofSeconds(30)));
        world.run(plan, options).await(Deadline.after(Duration.ofSeconds(30)));

        // Then
        assertThat(registry.get("eb.run.actions")
                        .tag("outcome", "applied")
                        .counter()
                        .count())
                .isEqualTo(1);
        assertThat(registry.get("eb.run.duration").timer().count()).isEqualTo(2);
    }

    @Test
    void takesBackTheBytesOfARunThatBreaksOff() {
        // Given
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        DialWorld world = DialWorld.wanting(Map.of("a", 1));
        world.before = (action, context) -> {
            context.moved(action.id(), 10, 10);
            org.awaitility.Awaitility.await().until(() -> {
                context.moved(action.id(), 10, 10);
                return registry.get("eb.run.moved.bytes").gauge().value() == 10;
            });
            throw new JournalException("no space left");
        };

        // When
        Run<Report> run = world.run(world.plan(), RunOptions.defaults().listener(RunMetrics.to(registry)));

        // Then
        assertThatThrownBy(() -> run.await(Deadline.after(Duration.ofSeconds(30))))
                .isInstanceOf(JournalException.class);
        assertThat(registry.get("eb.run.moved.bytes").gauge().value()).isZero();
    }
}
