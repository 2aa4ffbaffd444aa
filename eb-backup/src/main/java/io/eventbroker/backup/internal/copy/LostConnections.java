package io.eventbroker.backup.internal.copy;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Logs connections that were lost: the first of a row, then now and then how many there were. Under the lock of the tasks. */
final class LostConnections {
    private static final Logger log = LoggerFactory.getLogger(LostConnections.class);
    private static final Duration SUMMARY = Duration.ofSeconds(30);

    private static final class Row {
        int count;
        long logged;
    }

    private final Map<Integer, Row> rows = new HashMap<>();

    void add(int broker, InetSocketAddress address, IOException e) {
        Row row = rows.computeIfAbsent(broker, b -> new Row());
        row.count++;
        long now = System.nanoTime();
        if (row.count == 1) {
            row.logged = now;
            log.info(
                    "Connection to broker {} at {} is lost, asking for leaders again: {}",
                    broker,
                    address,
                    e.toString());
        } else if (now - row.logged > SUMMARY.toNanos()) {
            row.logged = now;
            log.info(
                    "Broker {} at {} was lost {} times in a row, at last: {}",
                    broker,
                    address,
                    row.count,
                    e.toString());
        }
    }

    /** The broker serves again, which ends the row. */
    void end(int broker) {
        Row row = rows.remove(broker);
        if (row != null) {
            log.info("Broker {} serves again, after {} lost connections", broker, row.count);
        }
    }
}
