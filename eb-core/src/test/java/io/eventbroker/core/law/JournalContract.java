package io.eventbroker.core.law;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eventbroker.core.json.Sha256;
import io.eventbroker.core.plan.ActionId;
import io.eventbroker.core.run.Journal;
import io.eventbroker.core.run.JournalEntry;
import io.eventbroker.core.run.JournalEntry.Event;
import io.eventbroker.core.run.JournalException;
import io.eventbroker.core.run.RunId;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What every {@link Journal} must do. Extend it to check one of your own. */
public abstract class JournalContract {
    private static final Sha256 PLAN = Sha256.of("a plan");
    private static final RunId RUN = new RunId("run-1");

    /** The journal under test: the same stored content at every call within a test, nothing stored at first. */
    protected abstract Journal journal();

    @Test
    void keepsEntriesInOrderAcrossSessions() {
        List<JournalEntry> first =
                List.of(JournalEntry.of(Event.STARTED, RUN), JournalEntry.of(Event.BEGUN, RUN, ActionId.of("a")));
        List<JournalEntry> second =
                List.of(JournalEntry.of(Event.APPLIED, RUN, ActionId.of("a"), "line one\nline two, é, \"quoted\""));
        try (Journal.Session session = journal().open(PLAN)) {
            assertThat(session.entries()).isEmpty();
            session.append(first);
        }
        try (Journal.Session session = journal().open(PLAN)) {
            assertThat(session.entries()).isEqualTo(first);
            session.append(second);
        }
        try (Journal.Session session = journal().open(PLAN)) {
            assertThat(session.entries()).containsExactly(first.get(0), first.get(1), second.get(0));
        }
    }

    @Test
    void isHeldByOneRunAtATime() {
        try (Journal.Session held = journal().open(PLAN)) {
            assertThat(held.entries()).isEmpty();
            assertThatThrownBy(() -> journal().open(PLAN))
                    .isInstanceOf(JournalException.class)
                    .hasMessageContaining("held by another run");
        }
        try (Journal.Session free = journal().open(PLAN)) {
            assertThat(free.entries()).isEmpty();
        }
    }

    @Test
    void belongsToOnePlan() {
        try (Journal.Session session = journal().open(PLAN)) {
            session.append(List.of(JournalEntry.of(Event.STARTED, RUN)));
        }
        assertThatThrownBy(() -> journal().open(Sha256.of("another plan")))
                .isInstanceOf(JournalException.class)
                .hasMessageContaining(PLAN.abbreviated());
    }
}
