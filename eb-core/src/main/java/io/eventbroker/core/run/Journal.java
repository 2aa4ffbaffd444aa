package io.eventbroker.core.run;

import io.eventbroker.core.json.Sha256;
import java.nio.file.Path;
import java.util.List;

/**
 * Where a run keeps what it has done, so that it can be resumed after a kill. One journal belongs to one plan, and one
 * run at a time holds it. A resume believes it: actions
 * that it calls applied or skipped are neither looked at nor done again, for doing twice is worse than a change that
 * somebody undid; all others are looked at first. Hosts may implement it over a database; {@code JournalContract} in the tests of eb-core says
 * what an implementation must pass.
 */
public interface Journal {
    /**
     * Opens the journal for a run of this plan and holds it until the session is closed.
     *
     * @throws JournalException if another run holds it, or it is kept for another plan, or it is damaged
     */
    Session open(Sha256 planHash);

    /** True if what is appended can be read by a later run. Reports advise accordingly. */
    default boolean isKept() {
        return true;
    }

    /** A journal that is held. Its methods are called by one thread at a time. */
    interface Session extends AutoCloseable {
        /** What earlier runs left, in order. Empty if this is the first. */
        List<JournalEntry> entries();

        /**
         * Appends entries; when it returns they survive a kill of this process and a crash of the machine.
         *
         * @throws JournalException if they could not be written
         */
        void append(List<JournalEntry> entries);

        /** Lets the journal go. Closing twice does nothing. */
        @Override
        void close();
    }

    /**
     * A file, created if it is not there, readable by its owner alone. It is locked against other processes and other
     * runs in this one; an entry that a kill cut short is recognised and dropped.
     */
    static Journal file(Path path) {
        return new FileJournal(path);
    }

    /** Nothing is kept: a run that is killed is forgotten. */
    static Journal inMemory() {
        return new Journal() {
            @Override
            public Session open(Sha256 planHash) {
                return new ForgottenSession();
            }

            @Override
            public boolean isKept() {
                return false;
            }
        };
    }
}
