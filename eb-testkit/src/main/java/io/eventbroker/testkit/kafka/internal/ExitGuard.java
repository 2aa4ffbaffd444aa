package io.eventbroker.testkit.kafka.internal;

import java.lang.reflect.Field;
import org.apache.kafka.common.utils.Exit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a broker that gives up from ending the JVM that hosts the test. Installed while any in-JVM node exists; what
 * was there before is put back with the last.
 */
final class ExitGuard {
    private static final Logger LOG = LoggerFactory.getLogger(ExitGuard.class);
    private static int users;
    private static Exit.Procedure exitBefore = (status, message) -> System.exit(status);
    private static Exit.Procedure haltBefore =
            (status, message) -> Runtime.getRuntime().halt(status);

    private ExitGuard() {}

    /** Ends the thread that wanted to end the JVM. */
    private static final class ExitRefused extends Error {
        private static final long serialVersionUID = 1L;

        ExitRefused(String message) {
            super(message);
        }
    }

    static synchronized void install() {
        if (users++ > 0) {
            return;
        }
        exitBefore = current("exitProcedure", exitBefore);
        haltBefore = current("haltProcedure", haltBefore);
        Exit.setExitProcedure((status, message) -> refuse("exit", status, message));
        Exit.setHaltProcedure((status, message) -> refuse("halt", status, message));
    }

    static synchronized void remove() {
        if (--users == 0) {
            Exit.setExitProcedure(exitBefore);
            Exit.setHaltProcedure(haltBefore);
        }
    }

    private static void refuse(String what, int status, String message) {
        String group = Thread.currentThread().getThreadGroup() == null
                ? "a finished thread"
                : Thread.currentThread().getThreadGroup().getName();
        LOG.error("{} asked the JVM to {} with status {}: {}; its thread ends instead", group, what, status, message);
        // Callers count on never returning from here. An Error also passes their catch blocks for exceptions.
        throw new ExitRefused(group + " asked the JVM to " + what);
    }

    /** The procedure in place: Kafka has setters only, and its reset methods put something else there. */
    private static Exit.Procedure current(String field, Exit.Procedure otherwise) {
        try {
            Field declared = Exit.class.getDeclaredField(field);
            declared.setAccessible(true);
            return declared.get(null) instanceof Exit.Procedure procedure ? procedure : otherwise;
        } catch (ReflectiveOperationException | RuntimeException e) {
            return otherwise;
        }
    }
}
