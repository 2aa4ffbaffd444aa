package io.eventbroker.core.spec;

/** How far the reader goes on after mistakes. */
final class Limits {
    /** Beyond this the reader stops looking for more mistakes in one read. */
    static final int PROBLEMS = 1_000;

    private Limits() {}
}
