package io.eventbroker.core.run;

import java.util.List;

/** Keeps nothing. */
final class ForgottenSession implements Journal.Session {
    @Override
    public List<JournalEntry> entries() {
        return List.of();
    }

    @Override
    public void append(List<JournalEntry> entries) {
        // Nobody will read them.
    }

    @Override
    public void close() {}
}
