package io.eventbroker.core.lint;

import io.eventbroker.core.config.ConfigTarget;
import io.eventbroker.core.spec.Platform;
import io.eventbroker.core.spec.Specs;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.regex.Pattern;

/** What the tests of the engine look at: a small cluster, and rules that do not change when the SDK's own do. */
final class LintSamples {
    static final Clock TODAY = Clock.fixed(Instant.parse("2026-07-01T10:00:00Z"), ZoneOffset.UTC);

    static final String CLUSTER = """
            apiVersion: eventbroker.io/v1
            kind: Topology
            metadata: {name: kafka-dev}
            spec:
              environment: development
              distribution: {type: apache, version: 4.3.1}
              zones: [az-a]
              brokers:
                replicas: 3
                image: {application: apache/kafka:4.3.1}
                resources: &resources
                  requests: {cpu: 500m, memory: 2Gi}
                  limits: {cpu: 2, memory: 4Gi}
                jvm: &jvm {heap: {min: 1Gi, max: 1Gi}}
                storage: &storage {data: {size: 20Gi, storageClass: gp3}}
                listeners:
                  - {name: internal, port: 9092, authentication: mtls}
                config:
                  num.io.threads: 1
              controllers:
                replicas: 3
                image: {application: apache/kafka:4.3.1}
                resources: *resources
                jvm: *jvm
                storage: *storage
            """;

    static final String TOPICS = """
            ---
            apiVersion: eventbroker.io/v1
            kind: TopicSet
            metadata: {name: orders}
            spec:
              cluster: kafka-dev
              topics:
                - name: Orders
                - name: orders.placed
                - name: Payments
            """;

    static final RuleSetting<Pattern> PATTERN =
            new RuleSetting<>("pattern", "[a-z.]+", "what a name must match as a whole", Pattern::compile);

    /** Finds {@code Orders} and {@code Payments}. */
    static final Rule NAMES = Rule.warning("sample/names")
            .reason("Names in one form are found.")
            .remedy("Rename it.")
            .source("https://kafka.apache.org/documentation/#multitenancy-topic-naming")
            .setting(PATTERN)
            .onTopicSets((set, report) -> set.topics().stream()
                    .filter(topic -> !report.setting(PATTERN)
                            .matcher(topic.name().toString())
                            .matches())
                    .forEach(topic -> report.finding(topic.path("name"), "'" + topic + "' is no good name")))
            .build();

    /** Finds {@code num.io.threads: 1}. */
    static final Rule THREADS = Rule.error("sample/threads")
            .reason("A broker with few threads lets requests wait.")
            .remedy("Raise num.io.threads.")
            .source("kafka.server.KafkaRequestHandlerPool")
            .onClusters((cluster, report) -> cluster.config()
                    .brokers()
                    .find("num.io.threads")
                    .filter(setting -> setting.value().equals("1"))
                    .ifPresent(setting -> report.finding(
                            ConfigTarget.BROKERS, setting, "one thread for all requests: num.io.threads=1")))
            .build();

    /** Finds any StatefulSet with an image tagged {@code latest}. */
    static final Rule LATEST = Rule.warning("sample/latest")
            .reason("What 'latest' is changes without notice.")
            .remedy("Write a version.")
            .source("https://kubernetes.io/docs/concepts/containers/images/#image-names")
            .onManifests((manifest, report) -> {
                String containers = "spec.template.spec.containers";
                for (int i = 0; i < manifest.root().items(containers).size(); i++) {
                    String path = containers + "[" + i + "].image";
                    manifest.root()
                            .text(path)
                            .filter(image -> image.endsWith(":latest"))
                            .ifPresent(image -> report.finding(path, image + " may be anything"));
                }
            })
            .build();

    static final String STATEFUL_SET = """
            apiVersion: apps/v1
            kind: StatefulSet
            metadata: {name: kafka, namespace: events}
            spec:
              template:
                spec:
                  containers:
                    - name: exporter
                      image: exporter:1.0
                    - name: kafka
                      image: kafka:latest
            """;

    private LintSamples() {}

    static Linter linter() {
        return Linter.of(NAMES, THREADS, LATEST).clock(TODAY);
    }

    static Platform platform(String... documents) {
        return Specs.standard().parse("platform.yaml", String.join("", documents));
    }

    static String text(LintReport report) {
        StringBuilder text = new StringBuilder();
        report.printTo(text);
        return text.toString();
    }
}
