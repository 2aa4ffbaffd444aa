package io.eventbroker.core.source;

/** What a file may cost. Far above what people write, far below what would hurt. */
final class Limits {
    static final int FILE_BYTES = 16 << 20;
    static final int FILES = 10_000;
    static final int FOLDER_DEPTH = 32;
    static final int DEPTH = 64;
    /** Uses of anchors ({@code *name}) in one file. */
    static final int ALIASES = 1_000;
    /** Values in one file after all aliases are followed. */
    static final long NODES = 2_000_000;

    private Limits() {}
}
