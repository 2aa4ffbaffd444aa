package io.eventbroker.core.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.eventbroker.core.Deadline;
import io.eventbroker.core.DeadlineExceededException;
import io.eventbroker.core.EventBrokerException;
import io.eventbroker.core.OutcomeUnknownException;
import io.eventbroker.core.RetryableException;
import io.eventbroker.core.cluster.ClusterState;
import io.eventbroker.core.json.CanonicalJson;
import io.eventbroker.core.plan.ActionId;
import io.eventbroker.core.plan.Plan;
import io.eventbroker.core.run.DialWorld.DialAction;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.MDC;

class PlanRunnerTest {
    private static final Map<String, Integer> THREE = Map.of("a", 1, "b", 2, "c", 3);

    @TempDir
    Path folder;

    private static Deadline soon() {
        return Deadline.after(Duration.ofSeconds(30));
    }

    @Test
    void reportsEveryActionInThePlansOrder() {
        DialWorld world = DialWorld.wanting(THREE);
        Clock clock = Clock.fixed(Instant.parse("2026-01-01T00:00:00Z"), ZoneOffset.UTC);

        Report report =
                world.run(world.plan(), RunOptions.defaults().clock(clock)).await(soon());

        report.requireSuccess();
        assertThat(report.results())
                .extracting(r -> r.action().value())
                .containsExactly("dial/a/set", "dial/b/set", "dial/c/set");
        assertThat(report.results()).extracting(ActionResult::outcome).containsOnly(Outcome.APPLIED);
        assertThat(report.startedAt()).isEqualTo(clock.instant());
        assertThat(world.closed).isTrue();
        assertThat(CanonicalJson.readTree(report.toJson()).path("results").size())
                .isEqualTo(3);
    }

    @Test
    void batchesWhatDoesNotDependOnOneAnother() {
        DialWorld world = DialWorld.wanting(Map.of("a", 1, "b", 1, "c", 1, "d", 1, "e", 1, "f", 1));
        world.batchSize = 100;

        world.run(world.plan(), RunOptions.defaults()).await(soon()).requireSuccess();

        assertThat(world.batches).containsExactly(3, 3);
    }

    @Test
    void leavesWhatDependsOnAFailureAloneAndGoesOnWithTheRest() {
        DialWorld world = DialWorld.wanting(THREE);
        world.before = (action, context) -> {
            if (action.dial().equals("a")) {
                context.failed(action.id(), new EventBrokerException("the dial is stuck"));
            }
        };

        Report report = world.run(world.plan(), RunOptions.defaults()).await(soon());

        assertThat(report.results())
                .extracting(ActionResult::outcome)
                .containsExactly(Outcome.FAILED, Outcome.NOT_REACHED, Outcome.APPLIED);
        assertThatThrownBy(report::requireSuccess)
                .isInstanceOf(RunFailedException.class)
                .hasMessageContaining("FAILED: set dial a from -1 to 1: the dial is stuck")
                .hasMessageContaining("needs dial/a/set")
                .hasSuppressedException(new EventBrokerException("the dial is stuck"));
    }

    @Test
    void triesAgainWhatIsRetryableAndLooksFirst() {
        DialWorld world = DialWorld.wanting(Map.of("a", 1));
        AtomicInteger tries = new AtomicInteger();
        world.before = (action, context) -> {
            if (tries.incrementAndGet() < 3) {
                throw new RetryableException("busy");
            }
        };

        world.run(world.plan(), RunOptions.defaults()).await(soon()).requireSuccess();

        assertThat(tries).hasValue(3);
        assertThat(world.changes).containsEntry("a", 1);
    }

    @Test
    void settlesALostAnswerByLooking() {
        DialWorld world = DialWorld.wanting(Map.of("a", 1));
        world.after = (action, context) -> {
            throw new OutcomeUnknownException("the answer was lost");
        };

        Report report = world.run(world.plan(), RunOptions.defaults()).await(soon());

        assertThat(report.results()).extracting(ActionResult::outcome).containsExactly(Outcome.APPLIED);
        assertThat(world.changes).as("not done a second time").containsEntry("a", 1);
    }

    @Test
    void saysUnknownWhenLookingDoesNotSettleIt() {
        DialWorld world = DialWorld.wanting(Map.of("a", 1));
        world.before = (action, context) -> {
            throw new OutcomeUnknownException("no answer");
        };

        Report report = world.run(world.plan(), RunOptions.defaults()).await(soon());

        assertThat(report.results()).extracting(ActionResult::outcome).containsExactly(Outcome.UNKNOWN);
    }

    @Test
    void stopsBetweenActionsWhenCancelledAndResumes() throws InterruptedException {
        DialWorld world = DialWorld.wanting(THREE);
        world.batchSize = 1;
        Journal journal = Journal.file(folder.resolve("j"));
        CountDownLatch inFirst = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        world.before = (action, context) -> {
            inFirst.countDown();
            await(go);
        };
        Plan<DialAction> plan = world.plan();
        Run<Report> run = world.run(plan, RunOptions.defaults().journal(journal));
        assertThat(inFirst.await(30, TimeUnit.SECONDS)).isTrue();

        run.cancel();
        go.countDown();

        Report cut = run.await(soon());
        assertThat(cut.results())
                .extracting(ActionResult::outcome)
                .containsExactly(Outcome.APPLIED, Outcome.NOT_REACHED, Outcome.NOT_REACHED);
        world.run(plan, RunOptions.defaults().journal(journal)).await(soon()).requireSuccess();
        assertThat(world.changes.values()).containsOnly(1);
    }

    @Test
    void givesACancelledActionsCheckpointToTheResume() {
        DialWorld world = DialWorld.wanting(Map.of("a", 1));
        Journal journal = Journal.file(folder.resolve("j"));
        world.before = (action, context) -> {
            context.checkpoint(action.id(), "half");
            throw new RunCancelledException();
        };
        Plan<DialAction> plan = world.plan();
        Report first = world.run(plan, RunOptions.defaults().journal(journal)).await(soon());
        assertThat(first.results()).extracting(ActionResult::outcome).containsExactly(Outcome.NOT_REACHED);
        List<String> seen = new ArrayList<>();
        world.before = (action, context) ->
                seen.add(context.lastCheckpoint(action.id()).orElse(""));

        world.run(plan, RunOptions.defaults().journal(journal)).await(soon()).requireSuccess();

        assertThat(seen).containsExactly("half");
    }

    @Test
    void refusesDeletesThatAreNotAllowedBeforeAnythingHappens() {
        DialWorld world = DialWorld.wanting(THREE);
        world.dials.put("x", 1);
        world.dials.put("y", 1);

        assertThatThrownBy(() -> world.run(world.plan(), RunOptions.defaults().allow(Deletes.atMost(1))))
                .isInstanceOf(DeletesNotAllowedException.class)
                .hasMessageContaining("remove dial x")
                .hasMessageContaining("Deletes.atMost(2)");
        assertThat(world.changes).isEmpty();
        assertThat(world.closed).isTrue();

        world.run(world.plan(), RunOptions.defaults().allow(Deletes.atMost(2)))
                .await(soon())
                .requireSuccess();
        assertThat(world.dials).containsOnlyKeys("a", "b", "c");
    }

    @Test
    void refusesAnotherClusterAndAnotherEnvironment() {
        DialWorld world = DialWorld.wanting(THREE);
        Plan<DialAction> plan = world.plan();
        world.id = "another-world";

        assertThatThrownBy(() -> world.run(plan, RunOptions.defaults()).await(soon()))
                .isInstanceOf(PlanStaleException.class)
                .hasMessageContaining("dial-world")
                .hasMessageContaining("another-world");
        assertThatThrownBy(() -> world.run(plan, RunOptions.defaults().environment("production")))
                .isInstanceOf(PlanStaleException.class)
                .hasMessageContaining("production");
    }

    @Test
    void namesWhatIsNotVisibleAnyMore() {
        // Given
        DialWorld world = DialWorld.wanting(THREE);
        world.dials.put("a", 7);
        world.dials.put("b", 7);
        Plan<DialAction> plan = DialWorld.PLAN.read(world.plan().toJson());

        // When
        world.dials.remove("a");
        world.dials.put("x", 7);

        // Then
        assertThatThrownBy(() -> world.run(plan, RunOptions.defaults()).await(soon()))
                .isInstanceOf(PlanStaleException.class)
                .hasMessageContaining("not visible any more: a (deleted, or this run's client lacks the right")
                .hasMessageContaining("not visible before: x")
                .hasMessageContaining("plan again");

        // When
        world.dials.put("a", 8);
        world.dials.remove("x");

        // Then
        assertThatThrownBy(() -> world.run(plan, RunOptions.defaults()).await(soon()))
                .hasMessageContaining("all there, but not as it was");
    }

    @Test
    void reportsWhenCancelledWhileTheClusterDoesNotAnswer() throws InterruptedException {
        // Given
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", "127.0.0.1:1"))) {
            DialWorld world = DialWorld.wanting(THREE);
            CountDownLatch reading = new CountDownLatch(1);
            world.onRead = deadline -> {
                reading.countDown();
                ClusterState.read(admin, deadline);
            };
            Journal journal = Journal.file(folder.resolve("j"));
            Run<Report> run = world.run(world.plan(), RunOptions.defaults().journal(journal));
            assertThat(reading.await(30, TimeUnit.SECONDS)).isTrue();

            // When
            run.cancel();

            // Then
            Report report = run.await(Deadline.after(Duration.ofSeconds(10)));
            assertThat(report.results()).extracting(ActionResult::outcome).containsOnly(Outcome.NOT_REACHED);
            assertThat(world.changes).isEmpty();
            assertThat(world.closed).isTrue();

            // When
            world.onRead = deadline ->
                    assertThat(Thread.currentThread().isInterrupted()).isFalse();

            // Then
            world.run(world.plan(), RunOptions.defaults().journal(journal))
                    .await(soon())
                    .requireSuccess();
            admin.close(Duration.ZERO); // An ordinary close waits for the requests that nobody answers.
        }
    }

    @Test
    void saysWhoseLimitItWasWhenTheClusterDoesNotAnswer() {
        // Given
        DialWorld world = DialWorld.wanting(THREE);
        world.onRead = deadline -> {
            throw new DeadlineExceededException("gave up waiting to describe the cluster: the deadline has passed");
        };

        // When, Then
        assertThatThrownBy(() -> world.run(world.plan(), RunOptions.defaults()).await(soon()))
                .isInstanceOf(RetryableException.class)
                .hasMessageContaining("cluster dial-world could not be read within the 2 minutes that a run takes")
                .hasMessageContaining("nothing was done")
                .hasMessageContaining("describe the cluster");
    }

    @Test
    void advisesWhatFitsTheRun() {
        // Given
        DialWorld failing = DialWorld.wanting(Map.of("a", 1));
        failing.before = (action, context) -> {
            throw new EventBrokerException("cannot " + action.summary() + ": stuck");
        };
        DialWorld cancelled = DialWorld.wanting(Map.of("a", 1));
        cancelled.before = (action, context) -> {
            throw new RunCancelledException();
        };
        RunOptions none = RunOptions.defaults();

        // When, Then
        assertThat(message(failing, none))
                .contains("FAILED: cannot set dial a from -1 to 1: stuck\n")
                .endsWith("Mend the cause and start over; the run kept no journal to go on from.");
        assertThat(message(failing, none.journal(Journal.file(folder.resolve("f")))))
                .endsWith("Mend the cause and run the same plan with the same journal: what is done stays done.");
        assertThat(message(cancelled, none))
                .endsWith("It was cancelled and kept no journal to go on from; start over.");
        assertThat(message(cancelled, none.journal(Journal.file(folder.resolve("c")))))
                .endsWith(
                        "It was cancelled; to go on, run the same plan with the same journal: what is done stays done.");
    }

    private static String message(DialWorld world, RunOptions options) {
        Report report = world.run(world.plan(), options).await(soon());
        return catchThrowableOfType(RunFailedException.class, report::requireSuccess)
                .getMessage();
    }

    @Test
    void acceptsAPlanWithoutEnvironmentOnlyForAClusterThatBelongsToIt() {
        DialWorld world = DialWorld.wanting(THREE);

        assertThatThrownBy(
                        () -> world.run(world.plan(), RunOptions.defaults().environment("production", "another-world")))
                .isInstanceOf(PlanStaleException.class)
                .hasMessageContaining("names no environment")
                .hasMessageContaining("environment(\"production\", \"dial-world\")");
        assertThat(world.changes).isEmpty();

        world.run(world.plan(), RunOptions.defaults().environment("production", "another-world", "dial-world"))
                .await(soon())
                .requireSuccess();
    }

    @Test
    void letsOneRunAtATimeHaveAJournal() throws InterruptedException {
        DialWorld world = DialWorld.wanting(THREE);
        CountDownLatch inFirst = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        world.before = (action, context) -> {
            inFirst.countDown();
            await(go);
        };
        RunOptions options = RunOptions.defaults().journal(Journal.file(folder.resolve("j")));
        Run<Report> first = world.run(world.plan(), options);
        assertThat(inFirst.await(30, TimeUnit.SECONDS)).isTrue();

        assertThatThrownBy(() -> world.run(world.plan(), options).await(soon()))
                .isInstanceOf(JournalException.class)
                .hasMessageContaining("held by another run");

        go.countDown();
        first.await(soon()).requireSuccess();
    }

    @Test
    void breaksOffWhenTheJournalCannotBeWritten() {
        DialWorld world = DialWorld.wanting(THREE);
        AtomicInteger writes = new AtomicInteger();
        Journal full = plan -> new Journal.Session() {
            @Override
            public List<JournalEntry> entries() {
                return List.of();
            }

            @Override
            public void append(List<JournalEntry> entries) {
                if (writes.incrementAndGet() == 2) {
                    throw new JournalException("no space left");
                }
            }

            @Override
            public void close() {}
        };

        assertThatThrownBy(() -> world.run(world.plan(), RunOptions.defaults().journal(full))
                        .await(soon()))
                .isInstanceOf(JournalException.class);
        assertThat(world.changes).as("nothing is done that cannot be recorded").isEmpty();
        assertThat(world.closed).isTrue();
    }

    @Test
    void breaksOffAlsoWhenADriverHidesThatTheJournalFailed() {
        DialWorld world = DialWorld.wanting(THREE);
        AtomicInteger writes = new AtomicInteger();
        Journal full = plan -> new Journal.Session() {
            @Override
            public List<JournalEntry> entries() {
                return List.of();
            }

            @Override
            public void append(List<JournalEntry> entries) {
                if (writes.incrementAndGet() == 3) {
                    throw new JournalException("no space left");
                }
            }

            @Override
            public void close() {}
        };
        world.after = (action, context) -> {
            try {
                context.applied(action.id(), "");
            } catch (JournalException e) {
                throw new EventBrokerException("wrapped", e);
            }
        };

        assertThatThrownBy(() -> world.run(world.plan(), RunOptions.defaults().journal(full))
                        .await(soon()))
                .isInstanceOf(JournalException.class);
        assertThat(writes).as("nothing is written after what was lost").hasValue(3);
    }

    @Test
    void holdsTheJournalUntilTheDriverHasCleanedUp() {
        DialWorld world = DialWorld.wanting(THREE);
        Journal journal = Journal.file(folder.resolve("j"));
        Plan<DialAction> plan = world.plan();
        List<String> whileCleaning = new ArrayList<>();
        world.onClose = () -> {
            try {
                journal.open(plan.hash()).close();
                whileCleaning.add("free");
            } catch (JournalException e) {
                whileCleaning.add("held");
            }
        };

        world.run(plan, RunOptions.defaults().journal(journal)).await(soon()).requireSuccess();

        assertThat(whileCleaning).containsExactly("held");
        journal.open(plan.hash()).close();
    }

    @Test
    void refusesToResumeOnAnotherCluster() {
        DialWorld world = DialWorld.wanting(Map.of("a", 1));
        Journal journal = Journal.file(folder.resolve("j"));
        world.before = (action, context) -> {
            throw new RunCancelledException();
        };
        Plan<DialAction> plan = world.plan();
        world.run(plan, RunOptions.defaults().journal(journal)).await(soon());
        world.id = "another-world";

        assertThatThrownBy(() ->
                        world.run(plan, RunOptions.defaults().journal(journal)).await(soon()))
                .isInstanceOf(PlanStaleException.class)
                .hasMessageContaining("another-world");
    }

    @Test
    void marksItsThreadsAndEndsThem() {
        DialWorld world = DialWorld.wanting(Map.of("a", 1));
        ConcurrentLinkedQueue<String> marks = new ConcurrentLinkedQueue<>();
        ConcurrentLinkedQueue<Thread> threads = new ConcurrentLinkedQueue<>();
        world.before = (action, context) -> {
            CountDownLatch done = new CountDownLatch(1);
            marks.add(String.valueOf(MDC.get(RunId.MDC_KEY)));
            threads.add(Thread.currentThread());
            context.executor().execute(() -> {
                marks.add(String.valueOf(MDC.get(RunId.MDC_KEY)));
                threads.add(Thread.currentThread());
                done.countDown();
            });
            await(done);
        };

        Run<Report> run = world.run(world.plan(), RunOptions.defaults());
        run.await(soon()).requireSuccess();

        assertThat(marks).hasSize(2).containsOnly(run.id().value());
        assertThat(threads).allMatch(thread -> thread.getName().startsWith("eb-run-" + run.id()));
        org.awaitility.Awaitility.await().until(() -> threads.stream().noneMatch(Thread::isAlive));
    }

    @Test
    void leavesNothingRunningOnTheHostsExecutor() throws InterruptedException {
        // Given
        DialWorld world = DialWorld.wanting(Map.of("a", 1));
        ExecutorService hosts = Executors.newFixedThreadPool(2);
        CountDownLatch working = new CountDownLatch(2);
        AtomicInteger returned = new AtomicInteger();
        AtomicInteger begunLate = new AtomicInteger();
        world.after = (action, context) -> {
            for (int i = 0; i < 2; i++) {
                context.executor().execute(() -> {
                    working.countDown();
                    await(new CountDownLatch(1));
                    returned.incrementAndGet();
                });
            }
            context.executor().execute(begunLate::incrementAndGet);
            await(working);
            throw new EventBrokerException("gave up");
        };

        // When
        world.run(world.plan(), RunOptions.defaults().executor(hosts)).await(soon());

        // Then
        assertThat(returned).hasValue(2);
        hosts.shutdown();
        assertThat(hosts.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
        assertThat(begunLate).as("was waiting for a thread").hasValue(0);
    }

    @Test
    void saysOfWhatAnEarlierRunSettledThatItStandsOnTheJournal() {
        // Given
        DialWorld world = DialWorld.wanting(Map.of("a", 1));
        RunOptions options = RunOptions.defaults().journal(Journal.file(folder.resolve("j")));
        Plan<DialAction> plan = world.plan();
        Report first = world.run(plan, options).await(soon());
        world.dials.clear();

        // When
        Report again = world.run(plan, options).await(soon());

        // Then
        assertThat(again.results()).singleElement().satisfies(result -> {
            assertThat(result.outcome()).isEqualTo(Outcome.APPLIED);
            assertThat(result.detail())
                    .isEqualTo("by run " + first.run() + ", as the journal says; not looked at again");
        });
        assertThat(world.changes).containsEntry("a", 1);
    }

    @Test
    void tellsListenersAndSurvivesWhatTheyThrow() {
        DialWorld world = DialWorld.wanting(THREE);
        List<String> heard = Collections.synchronizedList(new ArrayList<>());
        List<Progress> progress = Collections.synchronizedList(new ArrayList<>());
        world.after = (action, context) -> context.moved(action.id(), 10, 10);
        RunListener rude = new RunListener() {
            @Override
            public void onActionEnded(RunId run, ActionResult result) {
                throw new IllegalStateException("rude");
            }
        };
        RunListener polite = new RunListener() {
            @Override
            public void onProgress(Progress now) {
                progress.add(now);
            }

            @Override
            public void onActionEnded(RunId run, ActionResult result) {
                heard.add(result.action().value());
            }

            @Override
            public void onFinished(Report report) {
                heard.add("finished");
            }
        };

        world.run(world.plan(), RunOptions.defaults().listener(rude).listener(polite))
                .await(soon())
                .requireSuccess();

        assertThat(heard).contains("dial/a/set", "dial/b/set", "dial/c/set").endsWith("finished");
        Progress last = progress.get(progress.size() - 1);
        assertThat(last.fraction()).isEqualTo(1);
        assertThat(last.bytesDone()).isEqualTo(30);
        assertThat(last.toString()).contains("dials 100 %, 3 of 3 actions, 30 B of 30 B");
    }

    @Test
    void awaitGivesUpAtTheDeadlineAndLeavesTheRunAlone() {
        DialWorld world = DialWorld.wanting(Map.of("a", 1));
        CountDownLatch go = new CountDownLatch(1);
        world.before = (action, context) -> await(go);
        Run<Report> run = world.run(world.plan(), RunOptions.defaults());

        assertThatThrownBy(() -> run.await(Deadline.after(Duration.ofMillis(20))))
                .isInstanceOf(DeadlineExceededException.class)
                .hasMessageContaining("still goes on");

        go.countDown();
        run.await(soon()).requireSuccess();
    }

    @Test
    void acceptsAnEmptyPlan() {
        DialWorld world = new DialWorld();
        Report report = world.run(world.plan(), RunOptions.defaults()).await(soon());
        assertThat(report.succeeded()).isTrue();
        StringBuilder text = new StringBuilder();
        report.printTo(text);
        assertThat(text).contains("nothing to do");
    }

    @Test
    void refusesAnIdThatIsNotInThePlan() {
        DialWorld world = DialWorld.wanting(Map.of("a", 1));
        world.before = (action, context) -> context.applied(ActionId.of("another"), "");

        Report report = world.run(world.plan(), RunOptions.defaults()).await(soon());

        assertThat(report.results()).extracting(ActionResult::outcome).containsExactly(Outcome.FAILED);
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
