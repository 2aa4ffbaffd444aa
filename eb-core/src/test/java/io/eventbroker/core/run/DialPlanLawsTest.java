package io.eventbroker.core.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.eventbroker.core.law.PlanLaws;
import io.eventbroker.core.plan.Plan;
import io.eventbroker.core.run.DialWorld.DialAction;

/** The laws on the smallest world; they then hold of the runner itself. */
class DialPlanLawsTest extends PlanLaws<DialWorld, DialAction> {
    @Override
    protected DialWorld world(int seed) {
        return DialWorld.random(seed);
    }

    @Override
    protected Plan<DialAction> plan(DialWorld world) {
        return world.plan();
    }

    @Override
    protected Plan<DialAction> planAfterSimulating(DialWorld world, Plan<DialAction> plan) {
        return world.planAfterSimulating(plan);
    }

    @Override
    protected Run<Report> run(DialWorld world, Plan<DialAction> plan, RunOptions options) {
        return world.run(plan, options);
    }

    @Override
    protected Object state(DialWorld world) {
        assertThat(world.changes.values()).as("no dial is turned twice").allMatch(times -> times == 1);
        return world.dials.toString();
    }

    @Override
    protected void disturb(DialWorld world) {
        world.dials.put("dial-zz", 7);
    }
}
