package io.eventbroker.core.lint;

import static org.assertj.core.api.Assertions.assertThat;

import io.eventbroker.core.source.Sources;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The manifests of two published guides to running Kafka, as they stand there, with faults that people really make; what is
 * found is kept in {@code report.txt}. And manifests with which nothing is wrong.
 */
class SeedManifestsTest {
    private static final Path FOLDER = Path.of("src/test/resources/lint");

    private static LintReport lint(String folder) {
        return Linter.standard().lint(sources(FOLDER.resolve(folder)));
    }

    /** Named by file alone, so that reports read the same everywhere. */
    private static Sources sources(Path folder) {
        Sources all = Sources.none();
        try (Stream<Path> files = Files.list(folder)) {
            List<Path> sorted = files.filter(file -> !file.toString().endsWith(".txt"))
                    .sorted()
                    .toList();
            for (Path file : sorted) {
                all = all.and(Sources.parse(file.getFileName().toString(), Files.readString(file)));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return all;
    }

    @Test
    void reportsTheSeedsFaults() {
        LintReport report = lint("seeds");

        StringBuilder text = new StringBuilder();
        report.printTo(text);
        Golden.check(FOLDER.resolve("seeds/report.txt"), text.toString());
    }

    @ParameterizedTest
    @CsvSource({
        // the heap that does not match, the rack block that no schema knows, and what else the operator does not take
        "jvm/heap-grows, Kafka/event-broker/kafka-prod, kafka-prod.yml:34",
        "cfk/rack-block, Kafka/event-broker/kafka-prod, kafka-prod.yml:38",
        "cfk/listener-port, Kafka/event-broker/kafka-prod, kafka-prod.yml:17",
        "cfk/listener-port, Kafka/event-broker/kafka-prod, kafka-prod.yml:21",
        "cfk/rbac-without-mds, Kafka/event-broker/kafka-prod, kafka-prod.yml:27",
        "cfk/tls-without-certificate, Kafka/event-broker/kafka-prod, kafka-prod.yml:19",
        "cfk/plain-without-users, Kafka/event-broker/kafka-prod, kafka-prod.yml:25",
        "cfk/external-without-access, Kafka/event-broker/kafka-prod, kafka-prod.yml:20",
        "cfk/no-metadata-store, Kafka/event-broker/kafka-prod, kafka-prod.yml:7",
        "cfk/metric-reporter, Kafka/event-broker/kafka-prod, kafka-prod.yml:14",
        "images/ended-release, Kafka/event-broker/kafka-prod, kafka-prod.yml:10",
        // autoscaling of brokers, and on errors
        "autoscaling/brokers, HorizontalPodAutoscaler/kafka-broker-hpa, broker-autoscaler.yml:7",
        "autoscaling/scales-on-errors, HorizontalPodAutoscaler/order-service-hpa, metrics-autoscaler.yml:27",
        // the StatefulSet
        "env/field-nobody-sets, StatefulSet/kafka-broker, kafka-broker.yml:25",
        "env/single-zookeeper, StatefulSet/kafka-broker, kafka-broker.yml:27",
        "env/plaintext-listener, StatefulSet/kafka-broker, kafka-broker.yml:29",
        "env/no-advertised-listeners, StatefulSet/kafka-broker, kafka-broker.yml:29",
        "env/no-rack, StatefulSet/kafka-broker, kafka-broker.yml:22",
        "pods/no-selector, StatefulSet/kafka-broker, kafka-broker.yml:7",
        "resources/memory-not-guaranteed, StatefulSet/kafka-broker, kafka-broker.yml:16",
        "pods/short-grace-period, StatefulSet/kafka-broker, kafka-broker.yml:10",
        "jvm/heap-not-set, StatefulSet/kafka-broker, kafka-broker.yml:22",
        "placement/no-disruption-budget, StatefulSet/kafka-broker, kafka-broker.yml:9",
        "placement/pods-not-spread, StatefulSet/kafka-broker, kafka-broker.yml:10",
        "storage/one-claim-for-all, StatefulSet/kafka-broker, kafka-broker.yml:34",
        "probes/no-readiness, StatefulSet/kafka-broker, kafka-broker.yml:12",
        "pods/runs-as-root, StatefulSet/kafka-broker, kafka-broker.yml:12",
        // tuning
        "jvm/explicit-gc-disabled, StatefulSet/kafka-tuned, kafka-tuned.yml:34",
        "jvm/page-cache, StatefulSet/kafka-tuned, kafka-tuned.yml:32",
        "resources/memory-not-guaranteed, StatefulSet/kafka-tuned, kafka-tuned.yml:23",
        // probes
        "probes/starts-jvm, StatefulSet/kafka-probed, kafka-probed.yml:24",
        "probes/liveness-asks-the-cluster, StatefulSet/kafka-probed, kafka-probed.yml:24",
        "probes/startup-budget, StatefulSet/kafka-probed, kafka-probed.yml:51",
        "probes/file-nobody-writes, StatefulSet/kafka-probed, kafka-probed.yml:46",
        "probes/delay-beside-startup, StatefulSet/kafka-probed, kafka-probed.yml:27",
        // what Kubernetes, MSK and Terraform removed
        "kubernetes/pod-security-policy, PodSecurityPolicy/event-broker-restricted, pod-security.yml:3",
        "msk/ended-version, Terraform/kafka-cluster.tf.json, kafka-cluster.tf.json:6",
        "msk/volume-size-moved, Terraform/kafka-cluster.tf.json, kafka-cluster.tf.json:10",
        "msk/no-authentication, Terraform/kafka-cluster.tf.json, kafka-cluster.tf.json:4",
        "msk/no-storage-autoscaling, Terraform/kafka-cluster.tf.json, kafka-cluster.tf.json:8",
    })
    void findsEachFaultAtItsPlace(String rule, String document, String place) {
        assertThat(lint("seeds").findings())
                .as("%s of %s at %s", rule, document, place)
                .anySatisfy(finding -> {
                    assertThat(finding.rule()).isEqualTo(rule);
                    assertThat(finding.document()).hasToString(document);
                    assertThat(finding.location() + ":").startsWith(place + ":");
                });
    }

    /** The consumers of the seeds are scaled on their lag, as they should be. */
    @Test
    void leavesTheConsumersAutoscalerAlone() {
        assertThat(lint("seeds").findings())
                .noneMatch(finding -> finding.location().source().equals("consumer-autoscaler.yml"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"confluent.yml", "consumer.yml", "msk.tf.json", "statefulset.yml", "strimzi.yml"})
    void findsNothingWrongWithWhatIsRight(String file) throws IOException {
        Sources sources = Sources.parse(file, Files.readString(FOLDER.resolve("clean/" + file)));

        assertThat(sources.problems().asList()).isEmpty();
        assertThat(Linter.standard().lint(sources).findings()).isEmpty();
    }
}
