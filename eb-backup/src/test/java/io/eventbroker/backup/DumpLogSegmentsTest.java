package io.eventbroker.backup;

import static io.eventbroker.backup.TestTopics.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import io.eventbroker.backup.internal.archive.Manifest;
import io.eventbroker.backup.store.FileStore;
import io.eventbroker.core.DataSize;
import io.eventbroker.core.Deadline;
import io.eventbroker.core.cluster.ClusterState;
import io.eventbroker.core.run.RunOptions;
import io.eventbroker.testkit.kafka.EmbeddedKafka;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.tools.DumpLogSegments;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Segments in a file store are Kafka's own log segments: its tool prints what we read. */
class DumpLogSegmentsTest {
    private static final Pattern FILE = Pattern.compile("Dumping (\\S+\\.log)");
    private static final Pattern BATCH =
            Pattern.compile("baseOffset: (\\d+) lastOffset: (\\d+) count: (\\d+) .* isvalid: true");
    private static final Pattern RECORD =
            Pattern.compile("\\| offset: (\\d+) .* keySize: (-?\\d+) valueSize: (-?\\d+)");

    @TempDir
    Path directory;

    /** What the tool says of one file. */
    private static final class Dumped {
        int batches;
        long records;
        final List<String> each = new ArrayList<>();
    }

    @Test
    void kafkasToolPrintsWhatIsInTheSegments() throws Exception {
        Deadline deadline = Deadline.after(Duration.ofMinutes(2));
        Backups backups = Backups.in(FileStore.at(directory.resolve("store"))).segmentSize(DataSize.ofBytes(6_000));
        RecoveryPoint point;
        try (EmbeddedKafka kafka = EmbeddedKafka.builder().start();
                Admin admin = kafka.admin()) {
            admin.createTopics(List.of(new NewTopic("dumped", 2, (short) 1)))
                    .all()
                    .get();
            for (String codec : List.of("none", "gzip", "snappy", "lz4", "zstd")) {
                write(kafka, codec);
            }
            BackupPlan plan =
                    backups.plan(ClusterState.read(admin, deadline), Selection.topics(TopicPattern.glob("dumped")));
            point = backups.run(plan, KafkaConnection.of(kafka.clientProperties()), RunOptions.defaults())
                    .await(deadline)
                    .recoveryPoint();
        }

        Map<Path, Dumped> dumped = dump();

        ArchiveReader reader = backups.open(point);
        int segments = 0;
        for (Manifest.Partition partition : point.manifest().partitions()) {
            List<String> printed = new ArrayList<>();
            for (Manifest.Segment segment : partition.segments()) {
                Dumped file = dumped.get(directory.resolve("store").resolve(partition.name(segment)));
                assertThat(file).as(partition.name(segment)).isNotNull();
                assertThat(file.records).isEqualTo(segment.records());
                assertThat(file.batches).isEqualTo((int) segment.batches());
                printed.addAll(file.each);
                segments++;
            }
            try (Stream<ConsumerRecord<byte[], byte[]>> records = reader.records(partition.topicPartition())) {
                assertThat(records.map(r -> r.offset() + " " + r.serializedKeySize() + " " + r.serializedValueSize()))
                        .hasSizeGreaterThan(500)
                        .containsExactlyElementsOf(printed);
            }
        }
        assertThat(segments).isEqualTo(dumped.size()).isGreaterThan(4);
    }

    private static void write(EmbeddedKafka kafka, String codec) {
        try (KafkaProducer<byte[], byte[]> producer = TestTopics.producer(
                kafka.clientProperties(), "compression.type", codec, "transactional.id", "dumped")) {
            producer.initTransactions();
            for (int i = 0; i < 400; i++) {
                if (i % 40 == 0) {
                    producer.beginTransaction();
                }
                TestTopics.send(
                        producer,
                        new ProducerRecord<>(
                                "dumped",
                                i % 2,
                                i % 3 == 0 ? null : bytes("k" + i),
                                i % 7 == 0 ? null : bytes(codec + " value " + i)));
                if (i % 40 == 39) {
                    producer.flush();
                    if (i % 80 == 79 && i > 300) {
                        producer.abortTransaction();
                    } else {
                        producer.commitTransaction();
                    }
                }
            }
        }
    }

    private Map<Path, Dumped> dump() throws Exception {
        List<Path> files;
        try (Stream<Path> all = Files.walk(directory.resolve("store"))) {
            files = all.filter(f -> f.toString().endsWith(".log")).sorted().toList();
        }
        Path output = directory.resolve("dumped.txt");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        DumpLogSegments.class.getName(),
                        "--print-data-log",
                        "--files",
                        files.stream().map(Path::toString).collect(Collectors.joining(",")))
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();
        } finally {
            process.destroyForcibly();
        }
        List<String> lines = Files.readAllLines(output);
        assertThat(process.exitValue()).as(String.join("\n", lines)).isZero();
        return parse(lines);
    }

    private static Map<Path, Dumped> parse(List<String> lines) {
        Map<Path, Dumped> files = new TreeMap<>();
        Dumped current = new Dumped();
        for (String line : lines) {
            assertThat(line).doesNotContain("isvalid: false").doesNotContain("Mismatch");
            Matcher file = FILE.matcher(line);
            if (file.find()) {
                current = new Dumped();
                files.put(Path.of(file.group(1)), current);
                continue;
            }
            Matcher record = RECORD.matcher(line);
            if (record.find()) {
                current.each.add(record.group(1) + " " + record.group(2) + " " + record.group(3));
                continue;
            }
            Matcher batch = BATCH.matcher(line);
            if (batch.find()) {
                current.batches++;
                current.records += Long.parseLong(batch.group(3));
            }
        }
        return files;
    }
}
