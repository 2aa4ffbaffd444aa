package io.eventbroker.testkit.kafka.internal;

import java.io.IOException;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;

/**
 * The main class of a broker process: Kafka's own, with two watchers. One ends the process when standard input ends,
 * which the kernel sees to when the parent is gone for whatever reason. The other makes a file when the node is up:
 * Kafka registers its {@code app-info} bean as the last step of starting.
 *
 * <p>Uses the JDK only and finds Kafka by name, so that it works beside any version on the given class path.
 */
final class BrokerMain {
    private BrokerMain() {}

    /**
     * Runs a broker.
     *
     * @param args the properties file, the node id, and the file to make when the node is up
     */
    public static void main(String[] args) throws Throwable {
        daemon("end-with-parent", BrokerMain::endWithParent);
        daemon("announce-ready", () -> announceReady(args[1], Path.of(args[2])));
        Class.forName("kafka.Kafka").getMethod("main", String[].class).invoke(null, (Object) new String[] {args[0]});
    }

    private static void daemon(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
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

    private static void announceReady(String nodeId, Path ready) {
        MBeanServer beans = ManagementFactory.getPlatformMBeanServer();
        try {
            ObjectName info = new ObjectName("kafka.server:type=app-info,id=" + nodeId);
            while (!beans.isRegistered(info)) {
                Thread.sleep(20);
            }
            Files.createFile(ready);
        } catch (JMException | IOException e) {
            throw new IllegalStateException("cannot announce that node " + nodeId + " is up", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
