package io.eventbroker.backup;

import io.eventbroker.core.json.Sha256;
import io.eventbroker.core.plan.ActionPlan;
import io.eventbroker.core.plan.Plan;
import io.eventbroker.core.plan.PlanBasis;
import io.eventbroker.core.plan.PlanType;
import java.util.List;
import java.util.SortedMap;

/** What a restore will write. Run with {@link Backups#run(RestorePlan, KafkaConnection, io.eventbroker.core.run.RunOptions)}. */
public final class RestorePlan implements Plan<RestoreAction> {
    /** The kind of plan and its actions, as they are saved. */
    public static final PlanType<RestoreAction> TYPE = PlanType.named("restore", RestoreAction.class)
            .action("createTopic", RestoreAction.CreateTopic.class)
            .action("restorePartition", RestoreAction.RestorePartition.class)
            .action("restoreGroup", RestoreAction.RestoreGroup.class)
            .action("releaseTopic", RestoreAction.ReleaseTopic.class)
            .build();

    private final ActionPlan<RestoreAction> plan;

    RestorePlan(ActionPlan<RestoreAction> plan) {
        this.plan = plan;
    }

    /**
     * Reads a plan that {@link #toJson} wrote.
     *
     * @throws io.eventbroker.core.EventBrokerException if it is damaged or of another kind
     */
    public static RestorePlan read(String json) {
        return new RestorePlan(TYPE.read(json));
    }

    /** The id of the recovery point that is restored. */
    public String point() {
        return String.valueOf(plan.facts().get("point"));
    }

    @Override
    public PlanType<RestoreAction> type() {
        return plan.type();
    }

    @Override
    public String environment() {
        return plan.environment();
    }

    @Override
    public PlanBasis basis() {
        return plan.basis();
    }

    @Override
    public List<RestoreAction> actions() {
        return plan.actions();
    }

    @Override
    public SortedMap<String, String> facts() {
        return plan.facts();
    }

    @Override
    public List<String> notes() {
        return plan.notes();
    }

    @Override
    public String toJson() {
        return plan.toJson();
    }

    @Override
    public Sha256 hash() {
        return plan.hash();
    }

    @Override
    public String toString() {
        return plan.toString();
    }
}
