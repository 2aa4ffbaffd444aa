package io.eventbroker.core.spec;

/** How far the reader goes on after mistakes, and with references. */
final class Limits {
    /** Beyond this the reader stops looking for more mistakes in one read. */
    static final int PROBLEMS = 1_000;
    /** Different references in one read. */
    static final int REFERENCES = 10_000;
    /** All that references in one read stand for. */
    static final long RESOLVED_CHARACTERS = 16L << 20;

    private Limits() {}
}
