package io.eventbroker.core.law;

import io.eventbroker.core.json.Sha256;
import io.eventbroker.core.run.Journal;
import io.eventbroker.core.run.JournalEntry;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Kills the run at its n-th write to the journal, before or after the write reaches the file: since a run writes before
 * and after everything that it does, this covers every step.
 */
final class KillingJournal implements Journal {
    private final Journal kept;
    private final int killAt;
    private final boolean afterWriting;
    private final AtomicInteger writes = new AtomicInteger();
    private volatile boolean dead;

    KillingJournal(Journal kept, int killAt, boolean afterWriting) {
        this.kept = kept;
        this.killAt = killAt;
        this.afterWriting = afterWriting;
    }

    boolean hasKilled() {
        return dead;
    }

    @Override
    public Session open(Sha256 planHash) {
        Session session = kept.open(planHash);
        return new Session() {
            @Override
            public List<JournalEntry> entries() {
                return session.entries();
            }

            @Override
            public void append(List<JournalEntry> entries) {
                if (dead) {
                    throw new SimulatedKill();
                }
                boolean now = writes.incrementAndGet() == killAt;
                dead = now;
                if (!now || afterWriting) {
                    session.append(entries);
                }
                if (now) {
                    throw new SimulatedKill();
                }
            }

            @Override
            public void close() {
                session.close();
            }
        };
    }
}
