package io.eventbroker.examples.quickstart;

import io.eventbroker.core.BrokerId;
import io.eventbroker.core.Rate;
import io.eventbroker.core.cluster.Broker;
import io.eventbroker.core.cluster.ClusterState;
import io.eventbroker.core.cluster.PartitionState;
import io.eventbroker.core.cluster.TopicState;
import io.eventbroker.core.run.Report;
import io.eventbroker.examples.quickstart.report.QuickStartReport;
import io.eventbroker.scaling.Band;
import io.eventbroker.scaling.Placement;
import io.eventbroker.scaling.PlacementPlan;
import io.eventbroker.scaling.Reassignment;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.Admin;

/** Adds a broker and moves to it what makes all as full as each other. */
final class Scaling {
    private static final String NEW_ZONE = "az-d";

    private final Stage stage;
    private final Narration narration;
    private final Throughput throughput;

    Scaling(Stage stage, Throughput throughput) {
        this.stage = stage;
        this.narration = stage.narration();
        this.throughput = throughput;
    }

    /** What has moved, and what the brokers held before and after. */
    record Scaled(
            PlacementPlan plan, List<QuickStartReport.BrokerLoad> before, List<QuickStartReport.BrokerLoad> after) {
        QuickStartReport.Moves moves() {
            return new QuickStartReport.Moves(
                    plan.bytesToCopy().bytes(), plan.bytesLowerBound().bytes(), before, after);
        }
    }

    Scaled run(Certificates certificates) {
        int added = stage.cluster().addBroker(NEW_ZONE);
        narration.say("broker %d joined in a zone of its own, %s", added, NEW_ZONE);
        try (Admin admin = stage.operator(certificates)) {
            ClusterState before = ClusterState.read(admin, Stage.soon());
            PlacementPlan plan = Placement.of(before)
                    .withBrokers(BrokerId.of(added))
                    .within(Band.percent(9))
                    .plan();
            narration.sayFirst(24, Stage.printed(plan));
            Report report = Reassignment.on(admin)
                    .throttledAt(Rate.mebibytesPerSecond(80))
                    .run(plan, stage.options("placement").listener(throughput.of("moves")))
                    .await(Stage.later());
            report.requireSuccess();
            ClusterState after = ClusterState.read(admin, Stage.soon());
            List<QuickStartReport.BrokerLoad> loads = loads(after);
            for (QuickStartReport.BrokerLoad load : loads) {
                narration.say("%s (%s): %s", load.broker(), load.rack(), Stage.size(load.bytes()));
            }
            return new Scaled(plan, loads(before), loads);
        }
    }

    private static List<QuickStartReport.BrokerLoad> loads(ClusterState state) {
        Map<BrokerId, Long> bytes = new TreeMap<>();
        state.brokers().keySet().forEach(id -> bytes.put(id, 0L));
        for (TopicState topic : state.topics().values()) {
            for (PartitionState partition : topic.partitions()) {
                partition.replicas().forEach(id -> bytes.merge(id, partition.size(), Long::sum));
            }
        }
        return state.brokers().values().stream()
                .map((Broker broker) -> new QuickStartReport.BrokerLoad(
                        "broker " + broker.id(), broker.rack().orElse(""), bytes.getOrDefault(broker.id(), 0L)))
                .toList();
    }
}
