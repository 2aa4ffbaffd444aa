package io.eventbroker.testkit.kafka.internal;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;

/**
 * What a broker process runs: Kafka's own main class, with a watcher that makes a file when the node is up: Kafka registers
 * its {@code app-info} bean as the last step of starting.
 *
 * <p>Uses the JDK only and finds Kafka by name, so that it works beside any version on the given class path.
 */
public final class BrokerMain {
    private BrokerMain() {}

    /**
     * Runs a broker.
     *
     * @param args the properties file, the node id, and the file to make when the node is up
     */
    public static void main(String[] args) throws Throwable {
        Thread watcher = new Thread(() -> announceReady(args[1], Path.of(args[2])), "announce-ready");
        watcher.setDaemon(true);
        watcher.start();
        Class.forName("kafka.Kafka").getMethod("main", String[].class).invoke(null, (Object) new String[] {args[0]});
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
