package io.eventbroker.examples.quickstart.report;

import io.eventbroker.examples.quickstart.report.QuickStartReport.BrokerLoad;
import io.eventbroker.examples.quickstart.report.QuickStartReport.Checks;
import io.eventbroker.examples.quickstart.report.QuickStartReport.Component;
import io.eventbroker.examples.quickstart.report.QuickStartReport.Cost;
import io.eventbroker.examples.quickstart.report.QuickStartReport.Data;
import io.eventbroker.examples.quickstart.report.QuickStartReport.Moves;
import io.eventbroker.examples.quickstart.report.QuickStartReport.Sample;
import io.eventbroker.examples.quickstart.report.QuickStartReport.Step;
import io.eventbroker.examples.quickstart.report.QuickStartReport.Throughput;
import io.eventbroker.examples.quickstart.report.QuickStartReport.Topic;
import io.eventbroker.examples.quickstart.report.QuickStartReport.Topology;
import io.eventbroker.examples.quickstart.report.QuickStartReport.Zone;
import java.util.ArrayList;
import java.util.List;

/** Reports to draw: one as a run leaves it, one with nothing in it, one full of hostile names. */
final class SampleReports {
    private static final String HASH = "4f0c7a1be2d98356".repeat(4);

    private SampleReports() {}

    static QuickStartReport full() {
        List<Sample> samples = new ArrayList<>();
        series(samples, "produce", 22, 12, 96);
        series(samples, "backup", 38, 4, 310);
        series(samples, "backup", 47, 4, 335);
        series(samples, "consumer", 43, 3.5, 240);
        series(samples, "consumer", 51.5, 3.5, 232);
        series(samples, "restore", 62, 9, 150);
        series(samples, "move", 82, 9, 61);
        return new QuickStartReport(
                new Data(1_000_000, 1_000_000, 1_000_000, HASH, HASH, true),
                new Checks(true, 0),
                new Throughput(
                        71.25,
                        322.5,
                        148.75,
                        236.125,
                        List.of(301.5, 322.5, 339.25),
                        List.of(229.5, 236.125, 244.0),
                        samples),
                new Moves(
                        118_234_112L,
                        114_900_993L,
                        List.of(
                                new BrokerLoad("kafka-0", "az-a", 156_234_000),
                                new BrokerLoad("kafka-1", "az-b", 154_912_000),
                                new BrokerLoad("kafka-2", "az-c", 158_003_000),
                                new BrokerLoad("kafka-3", "az-a", 0)),
                        List.of(
                                new BrokerLoad("kafka-0", "az-a", 79_117_000),
                                new BrokerLoad("kafka-1", "az-b", 154_912_000),
                                new BrokerLoad("kafka-2", "az-c", 158_003_000),
                                new BrokerLoad("kafka-3", "az-a", 77_117_000))),
                new Cost(94.7, 1412.5),
                List.of(
                        new Step("Read and check event-broker.yaml", 0.42, List.of("read event-broker.yaml", "ok")),
                        new Step(
                                "Plan and apply the Kubernetes resources",
                                3.1,
                                List.of("12 actions: 12 create", "applied 12", "plan again: nothing to do")),
                        new Step("Start three brokers on mutual TLS 1.3", 8.9, List.of("a stranger was refused")),
                        new Step("Onboard the topics", 6.2, List.of("3 topics created", "synthetic transaction 14 ms")),
                        new Step("Produce 1,000,000 events", 17.4, List.of("zstd", "a group reads half")),
                        new Step("Back up to S3 and verify", 22.0, List.of("pass 1: 301.5 MB/s", "pass 2: 322.5 MB/s")),
                        new Step("Destroy, restore, compare", 21.5, List.of("hash " + HASH)),
                        new Step("Add a fourth broker", 14.2, List.of("118 MB to move (bound 115 MB)")),
                        new Step("Write the report", 0.08, List.of())),
                new Topology(
                        "kafka-prod",
                        "production",
                        List.of(
                                new Zone("az-a", List.of("kafka-0", "kafka-3")),
                                new Zone("az-b", List.of("kafka-1")),
                                new Zone("az-c", List.of("kafka-2"))),
                        List.of(
                                new Component("KRaft controllers", "controller", 3),
                                new Component("Schema Registry", "schema-registry", 2),
                                new Component("Connect", "connect-workers", 3),
                                new Component("ksqlDB", "ksqldb", 2),
                                new Component("REST Proxy", "rest-proxy", 2),
                                new Component("Control Center", "control-center", 1)),
                        List.of(
                                new Topic("orders.placed", 12, 3),
                                new Topic("payments.settled", 6, 3),
                                new Topic("audit", 3, 3))));
    }

    static QuickStartReport empty() {
        return new QuickStartReport(
                new Data(0, 0, 0, "", "", false),
                new Checks(false, 3),
                new Throughput(0, 0, 0, 0, List.of(), List.of(), List.of()),
                new Moves(0, 0, List.of(), List.of()),
                new Cost(0, 0),
                List.of(),
                new Topology("", "", List.of(), List.of(), List.of()));
    }

    static QuickStartReport named(String name) {
        return new QuickStartReport(
                new Data(1, 1, 1, name, name, true),
                new Checks(true, 0),
                new Throughput(1, 1, 1, 1, List.of(1.0), List.of(1.0), List.of(new Sample(name, 1, 1))),
                new Moves(1, 1, List.of(new BrokerLoad(name, name, 1)), List.of(new BrokerLoad(name, name, 1))),
                new Cost(1, 1),
                List.of(new Step(name, 1, List.of(name))),
                new Topology(
                        name,
                        name,
                        List.of(new Zone(name, List.of(name)), new Zone(name, List.of())),
                        List.of(new Component(name, name, 1)),
                        List.of(new Topic(name, 1, 1))));
    }

    private static void series(List<Sample> samples, String name, double from, double seconds, double rate) {
        for (int i = 0; i * 0.5 <= seconds; i++) {
            double ramp = Math.min(1, (i + 1) / 4.0);
            samples.add(new Sample(name, from + i * 0.5, rate * ramp * (1 + 0.12 * Math.sin(i * 1.7))));
        }
    }
}
