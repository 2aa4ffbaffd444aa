package io.eventbroker.benchmarks;

import io.eventbroker.benchmarks.internal.ReadingRuns;
import io.eventbroker.benchmarks.internal.RecordTopic;
import io.eventbroker.core.EventBrokerException;
import io.eventbroker.core.json.CanonicalJson;
import io.eventbroker.testkit.kafka.EmbeddedKafka;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.utils.AppInfoParser;

/** How fast records leave brokers as raw batches, beside a consumer that decodes them. */
final class WireBackupBenchmark implements Benchmark {
    private static final int RECORDS = 3_000_000;
    private static final String TOPIC = "orders.order.placed";

    private final String codec;
    private final double target;

    WireBackupBenchmark(String codec, double target) {
        this.codec = codec;
        this.target = target;
    }

    @Override
    public String name() {
        return "backup-" + codec;
    }

    @Override
    public String description() {
        return String.format(
                "Backup of 3,000,000 JSON records of about 500 B (compression %s, 12 partitions, RF 1, three brokers in"
                        + " processes of their own) to a store that forgets it, cut, checksums and manifest included; beside"
                        + " kafka-consumer-perf-test's fetch rate of the same topic. Each run is a new JVM, whose start is"
                        + " not counted.",
                codec);
    }

    @Override
    public Result run(Path module) throws InterruptedException {
        Path output = module.resolve("target").resolve(name() + ".json");
        List<ReadingRuns.Cost> backup = new ArrayList<>();
        List<ReadingRuns.Cost> consumer = new ArrayList<>();
        try (EmbeddedKafka kafka =
                EmbeddedKafka.builder().brokers(3).jvmOptions("-Xmx512m").start()) {
            RecordTopic.create(kafka.bootstrapServers(), TOPIC, codec, RECORDS);
            read(
                    kafka,
                    ReadingRuns.CONSUMER,
                    output); // so that the page cache is as warm for the first as for the last
            for (int run = 0; run < RUNS; run++) {
                backup.add(read(kafka, ReadingRuns.BACKUP, output));
                consumer.add(read(kafka, ReadingRuns.CONSUMER, output));
            }
        }
        return Comparison.ofRates(name(), "records/s", measured(backup))
                .against("kafka-consumer-perf-test", AppInfoParser.getVersion(), measured(consumer))
                .targeting(target);
    }

    private static ReadingRuns.Cost read(EmbeddedKafka kafka, String way, Path output) throws InterruptedException {
        new ForkedJvm(
                        "512m",
                        ReadingRuns.class.getName(),
                        List.of(way, kafka.bootstrapServers(), TOPIC, Integer.toString(RECORDS), output.toString()),
                        Duration.ofMinutes(10))
                .run();
        try {
            ReadingRuns.Cost cost = CanonicalJson.read(Files.readString(output), ReadingRuns.Cost.class);
            System.out.printf("%s: %.0f records/s, %.2f s of CPU%n", way, cost.recordsPerSecond(), cost.cpuSeconds());
            return cost;
        } catch (IOException e) {
            throw new EventBrokerException("the run left no " + output.getFileName(), e);
        }
    }

    private static Measured measured(List<ReadingRuns.Cost> runs) {
        return new Measured(
                runs.stream().map(ReadingRuns.Cost::recordsPerSecond).toList(),
                runs.stream().map(ReadingRuns.Cost::cpuSeconds).toList(),
                List.of());
    }
}
