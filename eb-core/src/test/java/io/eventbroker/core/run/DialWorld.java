package io.eventbroker.core.run;

import io.eventbroker.core.Deadline;
import io.eventbroker.core.plan.Action;
import io.eventbroker.core.plan.ActionId;
import io.eventbroker.core.plan.ActionPlan;
import io.eventbroker.core.plan.Plan;
import io.eventbroker.core.plan.PlanBasis;
import io.eventbroker.core.plan.PlanType;
import io.eventbroker.core.plan.Risk;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * The smallest world with something to plan: dials that stand at numbers. Every change of a dial is counted, so that a
 * test sees what was done twice.
 */
final class DialWorld {
    static final PlanType<DialAction> PLAN = PlanType.named("dials", DialAction.class)
            .action("set", SetDial.class)
            .action("remove", RemoveDial.class)
            .build();

    final SortedMap<String, Integer> dials = new TreeMap<>();
    final SortedMap<String, Integer> wanted = new TreeMap<>();
    final Map<String, Integer> changes = new HashMap<>();
    final List<Integer> batches = new ArrayList<>();
    String id = "dial-world";
    int batchSize = 3;
    boolean closed;
    /** Called before the driver reads what a plan was made from. */
    Consumer<Deadline> onRead = deadline -> {};
    /** Called when the driver cleans up. */
    Runnable onClose = () -> {};
    /** Called in the driver before each action has its effect. */
    BiConsumer<DialAction, RunContext> before = (action, context) -> {};
    /** Called after it. */
    BiConsumer<DialAction, RunContext> after = (action, context) -> {};

    sealed interface DialAction extends Action permits SetDial, RemoveDial {
        String dial();
    }

    record SetDial(String dial, int from, int to, Set<ActionId> dependsOn) implements DialAction {
        @Override
        public ActionId id() {
            return ActionId.of("dial/" + dial + "/set");
        }

        @Override
        public String summary() {
            return "set dial " + dial + " from " + from + " to " + to;
        }

        @Override
        public Risk risk() {
            return Risk.SAFE;
        }
    }

    record RemoveDial(String dial) implements DialAction {
        @Override
        public ActionId id() {
            return ActionId.of("dial/" + dial + "/remove");
        }

        @Override
        public String summary() {
            return "remove dial " + dial;
        }

        @Override
        public Risk risk() {
            return Risk.DESTRUCTIVE;
        }
    }

    static DialWorld random(int seed) {
        Random random = new Random(seed);
        DialWorld world = new DialWorld();
        for (int i = 0; i < 12; i++) {
            String dial = "dial-" + (char) ('a' + i);
            if (random.nextInt(3) > 0) {
                world.dials.put(dial, random.nextInt(3));
            }
            if (random.nextInt(4) > 0) {
                world.wanted.put(dial, random.nextInt(3));
            }
        }
        return world;
    }

    static DialWorld wanting(Map<String, Integer> wanted) {
        DialWorld world = new DialWorld();
        world.wanted.putAll(wanted);
        return world;
    }

    Plan<DialAction> plan() {
        return plan(dials);
    }

    Plan<DialAction> planAfterSimulating(Plan<DialAction> plan) {
        SortedMap<String, Integer> simulated = new TreeMap<>(dials);
        plan.actions().forEach(action -> effect(action, simulated));
        return plan(simulated);
    }

    private Plan<DialAction> plan(SortedMap<String, Integer> state) {
        ActionPlan.Builder<DialAction> plan = ActionPlan.of(PLAN, basis(state));
        ActionId previous = null;
        for (Map.Entry<String, Integer> want : wanted.entrySet()) {
            int now = state.getOrDefault(want.getKey(), -1);
            if (now != want.getValue()) {
                SetDial set = new SetDial(
                        want.getKey(), now, want.getValue(), previous == null ? Set.of() : Set.of(previous));
                plan.action(set);
                // Pairs: every second one waits for the one before.
                previous = previous == null ? set.id() : null;
            }
        }
        state.keySet().stream()
                .filter(dial -> !wanted.containsKey(dial))
                .forEach(dial -> plan.action(new RemoveDial(dial)));
        return plan.build();
    }

    private PlanBasis basis(SortedMap<String, Integer> state) {
        SortedMap<String, Boolean> there = new TreeMap<>();
        state.keySet().forEach(dial -> there.put(dial, true));
        return PlanBasis.of(id, state).about(there);
    }

    Run<Report> run(Plan<DialAction> plan, RunOptions options) {
        return PlanRunner.start(plan, new Driver(), options);
    }

    private static void effect(DialAction action, Map<String, Integer> state) {
        if (action instanceof SetDial set) {
            state.put(set.dial(), set.to());
        } else {
            state.remove(action.dial());
        }
    }

    private final class Driver implements ActionDriver<DialAction> {
        @Override
        public PlanBasis readBasis(Deadline deadline) {
            onRead.accept(deadline);
            return basis(dials);
        }

        @Override
        public Set<ActionId> inPlace(List<DialAction> actions, RunContext context) {
            Set<ActionId> there = new HashSet<>();
            for (DialAction action : actions) {
                Integer now = dials.get(action.dial());
                if (action instanceof SetDial set ? now != null && now == set.to() : now == null) {
                    there.add(action.id());
                }
            }
            return there;
        }

        @Override
        public void apply(List<DialAction> actions, RunContext context) {
            batches.add(actions.size());
            for (DialAction action : actions) {
                before.accept(action, context);
                effect(action, dials);
                changes.merge(action.dial(), 1, Integer::sum);
                after.accept(action, context);
            }
        }

        @Override
        public int batchSize() {
            return batchSize;
        }

        @Override
        public void close() {
            closed = true;
            onClose.run();
        }
    }
}
