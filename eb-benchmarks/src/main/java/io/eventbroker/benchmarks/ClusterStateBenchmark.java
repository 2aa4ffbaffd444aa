package io.eventbroker.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import io.eventbroker.benchmarks.internal.ClusterStateRuns;
import io.eventbroker.core.EventBrokerException;
import io.eventbroker.core.json.CanonicalJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** What it costs to know where everything is: time, requests, and bytes. */
final class ClusterStateBenchmark implements Benchmark {

    @Override
    public String name() {
        return "cluster-state-2000-topics";
    }

    @Override
    public String description() {
        return "ClusterState of 2,000 topics of 6 partitions, RF 1, with their properties and offsets, from three embedded"
                + " brokers; beside describeTopics and describeConfigs of one topic after the other and listOffsets of its"
                + " partitions. Requests and bytes, both ways, are those that the Admin client counts. Brokers and clients"
                + " share one JVM, so CPU cannot be told apart.";
    }

    @Override
    public Result run(Path module) throws InterruptedException {
        Path output = module.resolve("target").resolve("cluster-state.json");
        new ForkedJvm("1200m", ClusterStateRuns.class.getName(), List.of(output.toString()), Duration.ofMinutes(15))
                .run();
        try {
            return read(Files.readString(output));
        } catch (IOException e) {
            throw new EventBrokerException("the runs left no " + output.getFileName(), e);
        }
    }

    Result read(String runs) {
        JsonNode json = CanonicalJson.readTree(runs);
        JsonNode state = json.path("state");
        JsonNode single = json.path("single");
        return Comparison.ofTimes(name(), "ms", millis(state))
                .against(
                        "one topic at a time: " + figures(single) + " instead of " + figures(state),
                        "kafka-clients " + json.path("kafka").asText(),
                        millis(single))
                .targeting(1);
    }

    private static String figures(JsonNode side) {
        return side.path("requests").asLong() + " requests and "
                + side.path("bytesAPartition").asLong() + " bytes a partition";
    }

    private static Measured millis(JsonNode side) {
        List<Double> values = new ArrayList<>();
        side.path("millis").forEach(run -> values.add(run.asDouble()));
        return new Measured(values, List.of(), List.of());
    }
}
