package io.eventbroker.core.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eventbroker.core.EventBrokerException;
import io.eventbroker.core.json.Sha256;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PlanTest {
    private static final PlanType<Step> TYPE =
            PlanType.named("steps", Step.class).action("step", Step.class).build();
    private static final PlanBasis BASIS = PlanBasis.of("cluster-1", "state");

    record Step(String name, Risk risk, Set<ActionId> dependsOn) implements Action {
        static Step named(String name) {
            return new Step(name, Risk.SAFE, Set.of());
        }

        @Override
        public ActionId id() {
            return ActionId.of("step/" + name);
        }

        @Override
        public String summary() {
            return "step " + name;
        }
    }

    private static ActionPlan.Builder<Step> plan() {
        return ActionPlan.of(TYPE, BASIS);
    }

    @Test
    void hasOneTextWhateverTheOrderOfItsMaking() {
        String one =
                plan().fact("b", 1).fact("a", 2).action(Step.named("x")).build().toJson();
        String other =
                plan().action(Step.named("x")).fact("a", 2).fact("b", 1).build().toJson();
        assertThat(one)
                .isEqualTo(other)
                .isEqualTo(
                        "{\"actions\":[{\"action\":\"step\",\"with\":{\"dependsOn\":[],\"name\":\"x\",\"risk\":\"SAFE\"}}],"
                                + "\"basis\":{\"clusterId\":\"cluster-1\",\"fingerprint\":\"" + Sha256.of("\"state\"")
                                + "\",\"objects\":{}},\"environment\":\"\",\"facts\":{\"a\":\"2\",\"b\":\"1\"},\"kind\":\"steps\",\"notes\":[],"
                                + "\"version\":1}");
    }

    @Test
    void refusesAnOrderThatCannotRun() {
        Step late = new Step("late", Risk.SAFE, Set.of(ActionId.of("step/early")));
        assertThatThrownBy(() -> plan().action(late).action(Step.named("early")).build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("step/late depends on step/early");
        assertThatThrownBy(() ->
                        plan().action(Step.named("x")).action(Step.named("x")).build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("step/x");
    }

    @Test
    void refusesWhatAnotherVersionOrKindWrote() {
        String json = plan().action(Step.named("x")).build().toJson();
        assertThatThrownBy(() -> TYPE.read(json.replace("\"version\":1", "\"version\":9")))
                .isInstanceOf(EventBrokerException.class)
                .hasMessageContaining("'9'");
        assertThatThrownBy(() -> TYPE.read(json.replace("\"steps\"", "\"topics\"")))
                .isInstanceOf(EventBrokerException.class)
                .hasMessageContaining("'topics'");
        assertThatThrownBy(() -> TYPE.read(json.replace("\"action\":\"step\"", "\"action\":\"leap\"")))
                .isInstanceOf(EventBrokerException.class)
                .hasMessageContaining("'leap'");
        assertThatThrownBy(() -> TYPE.read(json.replace("\"name\":", "\"nom\":")))
                .isInstanceOf(EventBrokerException.class);
        for (String damaged : List.of(
                json.replace("\"facts\":{}", "\"facts\":{\"a\":1}"),
                json.replace("\"facts\":{}", "\"facts\":{\"a\":null}"),
                json.replace("\"facts\":{}", "\"facts\":\"none\""),
                json.replace("\"notes\":[]", "\"notes\":[1]"),
                json.replace("\"environment\":\"\"", "\"environment\":null"))) {
            assertThatThrownBy(() -> TYPE.read(damaged))
                    .as(damaged)
                    .isInstanceOf(EventBrokerException.class)
                    .hasMessageContaining("damaged");
        }
        assertThat(TYPE.read(json + " ").toJson()).isEqualTo(json);
        assertThatThrownBy(() -> TYPE.read(json + "{}"))
                .isInstanceOf(EventBrokerException.class)
                .hasMessageContaining("goes on after its end");
        for (int length = 0; length < json.length(); length++) {
            String cut = json.substring(0, length);
            assertThatThrownBy(() -> TYPE.read(cut)).as(cut).isInstanceOf(EventBrokerException.class);
        }
    }

    @Test
    void tellsWhatChangedSinceApproval() {
        Plan<Step> approved = plan().action(Step.named("kept"))
                .action(Step.named("gone"))
                .action(Step.named("other"))
                .build();
        Plan<Step> now = plan().action(Step.named("kept"))
                .action(new Step("other", Risk.DISRUPTIVE, Set.of()))
                .action(Step.named("new"))
                .build();

        PlanDiff diff = now.changesSince(approved);

        assertThat(diff.added()).containsExactly("step new");
        assertThat(diff.removed()).containsExactly("step gone");
        assertThat(diff.changed()).containsExactly("step other (risk: SAFE → DISRUPTIVE)");
        assertThat(diff.sameActions()).isFalse();
        assertThat(approved.changesSince(approved).sameActions()).isTrue();
        assertThat(diff)
                .hasToString(
                        "  added: step new\n  changed: step other (risk: SAFE → DISRUPTIVE)\n  removed: step gone\n");
        assertThat(plan().action(new Step("bold", Risk.DESTRUCTIVE, Set.of()))
                        .build()
                        .changesSince(plan().build()))
                .hasToString("  added: step bold (destructive)\n");
    }

    @Test
    void printsRiskAndReasons() {
        StringBuilder text = new StringBuilder();
        Plan<Step> plan = plan().environment("production")
                .note("mind the gap")
                .fact("bytes", 7)
                .fact("loads", "[{\"broker\":1}]")
                .action(Step.named("x"))
                .action(new Step("y", Risk.DESTRUCTIVE, Set.of()))
                .build();

        plan.printTo(text);

        assertThat(text)
                .hasToString(
                        "Plan steps for cluster-1 (production): 2 actions (1 safe, 1 destructive)\n  ! mind the gap\n"
                                + "  + step x\n  - step y\n  bytes: 7\n  hash "
                                + plan.hash().abbreviated() + "\n");
    }

    @Test
    void demandsANameForEveryCase() {
        assertThatThrownBy(() -> PlanType.named("broken", Shape.class)
                        .action("circle", Circle.class)
                        .build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("Square");
    }

    sealed interface Shape extends Action permits Circle, Square {
        @Override
        default ActionId id() {
            return ActionId.of("shape");
        }

        @Override
        default String summary() {
            return "shape";
        }

        @Override
        default Risk risk() {
            return Risk.SAFE;
        }
    }

    record Circle() implements Shape {}

    record Square() implements Shape {}
}
