package io.eventbroker.core.problem;

/** How bad a {@link Problem} is, mildest first. */
public enum Severity {
    /** Worth knowing; nothing needs to be done. */
    INFO,
    /** Likely to hurt one day; work goes on. */
    WARNING,
    /** Must be mended before anything is planned from it. */
    ERROR
}
