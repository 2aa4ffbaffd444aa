package io.eventbroker.examples.quickstart;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.tools.ConsumerPerformance;

/**
 * {@code kafka-consumer-perf-test} in this JVM, so that it is as warm as what it is compared with. It prints to standard
 * output; the figure is taken from there.
 */
final class ConsumerBaseline {
    private static final int FETCH_MB_PER_SECOND = 8;

    private ConsumerBaseline() {}

    /** Reads that many records of a topic once and gives its {@code fetch.MB.sec}. */
    static double fetchMegabytesPerSecond(
            String topic, long records, Map<String, Object> clientProperties, Path workFolder) throws IOException {
        Path config = Files.createTempFile(workFolder, "consumer-perf", ".properties");
        Properties properties = new Properties();
        clientProperties.forEach((key, value) -> properties.setProperty(key, String.valueOf(value)));
        PrintStream before = System.out;
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        try {
            try (var writer = Files.newBufferedWriter(config)) {
                properties.store(writer, null);
            }
            System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
            ConsumerPerformance.main(new String[] {
                "--bootstrap-server",
                properties.getProperty("bootstrap.servers"),
                "--topic",
                topic,
                "--num-records",
                Long.toString(records),
                "--command-config",
                config.toString(),
                "--hide-header",
                "--timeout",
                "60000"
            });
        } finally {
            System.setOut(before);
            Files.deleteIfExists(config);
        }
        String line = printed.toString(StandardCharsets.UTF_8)
                .lines()
                .filter(l -> l.chars().filter(c -> c == ',').count() == 9)
                .reduce((first, last) -> last)
                .orElseThrow(() -> new IOException("kafka-consumer-perf-test gave no figures: " + printed));
        return Double.parseDouble(
                List.of(line.split(",", -1)).get(FETCH_MB_PER_SECOND).trim());
    }
}
