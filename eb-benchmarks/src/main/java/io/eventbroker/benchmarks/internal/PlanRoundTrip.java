package io.eventbroker.benchmarks.internal;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.eventbroker.core.json.Sha256;
import io.eventbroker.core.plan.Action;
import io.eventbroker.core.plan.ActionId;
import io.eventbroker.core.plan.ActionPlan;
import io.eventbroker.core.plan.PlanBasis;
import io.eventbroker.core.plan.PlanType;
import io.eventbroker.core.plan.Risk;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * A saved plan of 10,000 actions is read, written and hashed: what a host does between approval and run. The plan that
 * was read has neither text nor hash yet, so each operation does all three.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 5, time = 2)
@Measurement(iterations = 5, time = 2)
public class PlanRoundTrip {
    private static final int ACTIONS = 10_000;
    private static final PlanType<CreateTopic> TYPE = PlanType.named("benchmark", CreateTopic.class)
            .action("create", CreateTopic.class)
            .build();

    /** An action of the size that real ones have. */
    public record CreateTopic(
            String topic, int partitions, int replicas, SortedMap<String, String> configs, Set<ActionId> dependsOn)
            implements Action {
        @Override
        public ActionId id() {
            return ActionId.of("topic/" + topic + "/create");
        }

        @Override
        public String summary() {
            return "create topic " + topic;
        }

        @Override
        public Risk risk() {
            return Risk.SAFE;
        }
    }

    /** The same data as records and nothing else, for plain Jackson. */
    public record PlainPlan(
            int version,
            String kind,
            String environment,
            PlainBasis basis,
            Map<String, String> facts,
            List<String> notes,
            List<PlainAction> actions) {}

    public record PlainBasis(String clusterId, String fingerprint) {}

    public record PlainAction(String action, PlainTopic with) {}

    public record PlainTopic(
            String topic, int partitions, int replicas, Map<String, String> configs, List<String> dependsOn) {}

    private final JsonMapper plain = JsonMapper.builder().build();
    private final String saved = plan().toJson();
    private final byte[] savedPlain = savedPlain();

    @Benchmark
    public Sha256 subject() {
        return TYPE.read(saved).hash();
    }

    @Benchmark
    public Sha256 jackson() throws IOException {
        return Sha256.of(plain.writeValueAsBytes(plain.readValue(savedPlain, PlainPlan.class)));
    }

    private static ActionPlan<CreateTopic> plan() {
        List<CreateTopic> actions = new ArrayList<>(ACTIONS);
        for (int i = 0; i < ACTIONS; i++) {
            SortedMap<String, String> configs = new TreeMap<>(Map.of(
                    "cleanup.policy", "delete",
                    "min.insync.replicas", "2",
                    "retention.ms", Integer.toString(86_400_000 + i)));
            Set<ActionId> after =
                    i % 10 == 0 ? Set.of() : Set.of(actions.get(i - i % 10).id());
            actions.add(new CreateTopic(String.format("team-%03d.events-%05d", i / 100, i), 12, 3, configs, after));
        }
        return ActionPlan.of(TYPE, PlanBasis.of("benchmark-cluster", List.of()))
                .environment("production")
                .actions(actions)
                .fact("topics", ACTIONS)
                .build();
    }

    /** Both sides read the same data, which this checks before anything is measured. */
    private byte[] savedPlain() {
        try {
            PlainPlan read = plain.readValue(saved, PlainPlan.class);
            if (read.actions().size() != ACTIONS || !plain.readTree(saved).equals(plain.valueToTree(read))) {
                throw new IllegalStateException("the baseline does not hold the same data");
            }
            if (!TYPE.read(saved).hash().equals(Sha256.of(saved))) {
                throw new IllegalStateException("a plan that was read and written has another hash");
            }
            return plain.writeValueAsBytes(read);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("plain Jackson cannot read a plan", e);
        }
    }
}
