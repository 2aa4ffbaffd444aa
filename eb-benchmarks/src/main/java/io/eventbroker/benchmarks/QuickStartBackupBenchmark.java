package io.eventbroker.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import io.eventbroker.core.EventBrokerException;
import io.eventbroker.core.json.CanonicalJson;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;

/** The quick start's backup beside a plain consumer; both take turns inside the quick start itself, after a warm-up. */
final class QuickStartBackupBenchmark implements Benchmark {
    private static final String QUICK_START = "io.eventbroker.examples.quickstart.QuickStart";

    @Override
    public String name() {
        return "quickstart-backup";
    }

    @Override
    public String description() {
        return "Payload rate of the quick start's backup of 1,000,000 records from three embedded brokers to S3, beside"
                + " kafka-consumer-perf-test, which reads the same topic in the same run and writes nothing."
                + " Brokers, object store and both clients share one JVM, so CPU cannot be told apart.";
    }

    @Override
    public Result run(Path module) throws InterruptedException {
        Path output = module.resolve("target").resolve("quickstart");
        new ForkedJvm(
                        "1200m",
                        QUICK_START,
                        List.of(
                                "--platform",
                                module.resolveSibling("examples/src/main/resources/quickstart")
                                        .toString(),
                                "--output",
                                output.toString()),
                        Duration.ofMinutes(10))
                .run();
        try {
            return read(Files.readString(output.resolve("report.json")));
        } catch (IOException e) {
            throw new EventBrokerException("the quick start left no report.json in its output folder", e);
        }
    }

    Result read(String report) {
        JsonNode json = CanonicalJson.readTree(report);
        return Comparison.ofRates(name(), "MB/s", passes(json, "backupPasses"))
                .against("kafka-consumer-perf-test", kafkaVersion(), passes(json, "consumerPasses"))
                .targeting(1);
    }

    private static Measured passes(JsonNode report, String name) {
        List<Double> passes = new ArrayList<>();
        report.path(name).forEach(pass -> passes.add(pass.asDouble()));
        return new Measured(passes, List.of(), List.of());
    }

    private static String kafkaVersion() {
        try (InputStream in = ClassLoader.getSystemResourceAsStream("kafka/kafka-version.properties")) {
            if (in == null) {
                throw new IllegalStateException("kafka-clients is not on the class path");
            }
            Properties properties = new Properties();
            properties.load(in);
            return properties.getProperty("version");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
