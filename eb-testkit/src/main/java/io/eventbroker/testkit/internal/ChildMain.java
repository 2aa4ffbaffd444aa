package io.eventbroker.testkit.internal;

import java.io.IOException;
import java.io.OutputStream;
import java.lang.reflect.InvocationTargetException;
import java.util.Arrays;

/**
 * The main class of a server's process: the server's own, with a watcher that ends the process when standard input ends,
 * which the kernel sees to when the parent is gone for whatever reason. Uses the JDK only.
 */
final class ChildMain {
    private ChildMain() {}

    /**
     * Runs a server.
     *
     * @param args the server's main class, and its arguments
     */
    public static void main(String[] args) throws Throwable {
        Thread watcher = new Thread(ChildMain::endWithParent, "end-with-parent");
        watcher.setDaemon(true);
        watcher.start();
        try {
            Class.forName(args[0]).getMethod("main", String[].class).invoke(null, (Object)
                    Arrays.copyOfRange(args, 1, args.length));
        } catch (InvocationTargetException e) {
            throw e.getCause() == null ? e : e.getCause();
        }
    }

    private static void endWithParent() {
        try {
            // Nobody writes; only the end matters.
            System.in.transferTo(OutputStream.nullOutputStream());
        } catch (IOException e) {
            // As good as the end.
            Runtime.getRuntime().halt(1);
        }
        Runtime.getRuntime().halt(1);
    }
}
