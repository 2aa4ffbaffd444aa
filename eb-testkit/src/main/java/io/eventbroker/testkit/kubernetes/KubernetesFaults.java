package io.eventbroker.testkit.kubernetes;

import java.time.Duration;

/**
 * Makes an {@link EmbeddedKubernetes} answer as a real API server does on a bad day. Counted are requests as the server
 * sees them: fabric8's client repeats a refused request by itself unless it is built with {@code
 * requestRetryBackoffLimit} 0. Safe for use by several threads.
 */
public final class KubernetesFaults {

    private int refuse;
    private int refuseWrites;
    private int loseAnswers;
    private int delay;
    private Duration delayFor = Duration.ZERO;

    KubernetesFaults() {}

    /** What happens to one request. */
    record Fate(boolean refused, boolean answerLost, Duration delay) {}

    /** The next requests are answered {@code 503} and do nothing; 0 ends the fault. */
    public synchronized void refuseNext(int requests) {
        refuse = notNegative(requests);
    }

    /** The next requests that would change something, dry runs not among them, are answered {@code 503}. */
    public synchronized void refuseNextWrites(int writes) {
        refuseWrites = notNegative(writes);
    }

    /**
     * The next requests that change something <em>take effect</em> and are then answered {@code 504}: to the client
     * their outcome is unknown.
     */
    public synchronized void loseNextAnswers(int writes) {
        loseAnswers = notNegative(writes);
    }

    /** The next requests are answered late. */
    public synchronized void delayNext(int requests, Duration by) {
        delay = notNegative(requests);
        delayFor = by;
    }

    /** Ends all faults. */
    public synchronized void clear() {
        refuse = 0;
        refuseWrites = 0;
        loseAnswers = 0;
        delay = 0;
    }

    synchronized Fate next(boolean write) {
        Duration late = Duration.ZERO;
        if (delay > 0) {
            delay--;
            late = delayFor;
        }
        if (refuse > 0) {
            refuse--;
            return new Fate(true, false, late);
        }
        if (write && refuseWrites > 0) {
            refuseWrites--;
            return new Fate(true, false, late);
        }
        if (write && loseAnswers > 0) {
            loseAnswers--;
            return new Fate(false, true, late);
        }
        return new Fate(false, false, late);
    }

    private static int notNegative(int requests) {
        if (requests < 0) {
            throw new IllegalArgumentException("the number of requests must not be negative, was " + requests);
        }
        return requests;
    }
}
