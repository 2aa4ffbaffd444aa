package io.eventbroker.testkit.junit;

import io.eventbroker.testkit.TestKitException;
import java.util.List;

/** Fails a test class whose parts were closed and yet left threads, processes or directories behind. */
public final class LeftBehindException extends TestKitException {
    private static final long serialVersionUID = 1L;

    LeftBehindException(String part, List<String> leftBehind) {
        super(part + " was closed and left behind: " + String.join("; ", leftBehind)
                + ". Close clients that the test opened; if it is the kit's own, report it");
    }
}
