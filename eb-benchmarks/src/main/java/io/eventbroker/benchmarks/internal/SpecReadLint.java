package io.eventbroker.benchmarks.internal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.eventbroker.core.lint.LintReport;
import io.eventbroker.core.lint.Linter;
import io.eventbroker.core.spec.Specs;
import io.eventbroker.core.topic.TopicSets;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * A file of 10,000 topics and the cluster that they live in becomes a checked platform, which the linter
 * looks at with all of its rules; the baseline is Jackson's tree of
 * the same file, which knows no places and checks nothing.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 5, time = 2)
@Measurement(iterations = 5, time = 2)
public class SpecReadLint {
    private static final int TOPICS = 10_000;
    private static final Specs SPECS = Specs.standard();
    private static final Linter LINTER = Linter.standard();
    private static final YAMLMapper YAML = new YAMLMapper();

    private final Path file;

    public SpecReadLint() {
        try {
            file = Files.createTempFile("topics", ".yaml");
            Files.writeString(file, text());
            check();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Benchmark
    public LintReport subject() {
        return LINTER.lint(SPECS.read(file));
    }

    @Benchmark
    public List<JsonNode> jackson() throws IOException {
        try (MappingIterator<JsonNode> documents =
                YAML.readerFor(JsonNode.class).readValues(file.toFile())) {
            return documents.readAll();
        }
    }

    @TearDown
    public void remove() throws IOException {
        Files.delete(file);
    }

    /** As teams write them: each with its owner, some with their own partitions and a few properties, nearly all clean. */
    private static String text() {
        StringBuilder text = new StringBuilder("""
                apiVersion: eventbroker.io/v1
                kind: Topology
                metadata: {name: kafka-dev}
                spec:
                  environment: development
                  distribution: {type: apache, version: 4.3.1}
                  zones: [az-a]
                  brokers:
                    replicas: 3
                    image: &image {application: 'apache/kafka:4.3.1'}
                    resources: &resources
                      requests: {cpu: 1, memory: 2Gi}
                      limits: {cpu: 2, memory: 4Gi}
                    jvm: &jvm
                      heap: {min: 1Gi, max: 1Gi}
                    storage: &storage
                      data: {size: 10Gi}
                    listeners:
                      - {name: internal, port: 9092, authentication: mtls}
                    config: {default.replication.factor: 3, min.insync.replicas: 2}
                  controllers:
                    replicas: 3
                    image: *image
                    resources: *resources
                    jvm: *jvm
                    storage: *storage
                ---
                apiVersion: eventbroker.io/v1
                kind: TopicSet
                metadata: {name: everything}
                spec:
                  cluster: kafka-dev
                  defaults: {partitions: 12, replicationFactor: 3}
                  topics:
                """);
        for (int i = 0; i < TOPICS; i++) {
            text.append(
                    String.format(Locale.ROOT, "    - name: domain%02d.entity%03d.event%05d%n", i % 40, i % 500, i));
            if (i % 1000 != 999) { // somebody forgot ten
                text.append("      owner: team-").append(i % 60).append('\n');
            }
            if (i % 3 == 0) {
                text.append("      partitions: ").append(3 << i % 5).append('\n');
            }
            if (i % 4 != 0) {
                text.append("      configs:\n        retention.ms: 604800000\n        cleanup.policy: delete\n");
            }
            if (i % 4 == 2) {
                text.append("        min.insync.replicas: 2\n        compression.type: producer\n");
            }
        }
        return text.toString();
    }

    /** Both sides read the same topics, which this makes sure of before anything is measured. */
    private void check() throws IOException {
        int ours = SPECS.read(file).one(TopicSets.KIND, "everything").topics().size();
        int theirs = jackson().get(1).at("/spec/topics").size();
        int findings = subject().findings().size();
        if (ours != TOPICS || theirs != TOPICS || findings < 10 || findings > 50) {
            throw new IllegalStateException(
                    "read " + ours + " topics with " + findings + " findings, Jackson " + theirs + " topics");
        }
    }
}
