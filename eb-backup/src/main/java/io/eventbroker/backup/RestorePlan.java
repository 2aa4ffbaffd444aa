package io.eventbroker.backup;

import io.eventbroker.core.plan.ActionPlan;
import io.eventbroker.core.plan.ForwardingPlan;
import io.eventbroker.core.plan.PlanType;

/** What a restore will write. Run with {@link Backups#run(RestorePlan, KafkaConnection, io.eventbroker.core.run.RunOptions)}. */
public final class RestorePlan extends ForwardingPlan<RestoreAction> {
    /** The kind of plan and its actions, as they are saved. */
    public static final PlanType<RestoreAction> TYPE = PlanType.named("restore", RestoreAction.class)
            .action("createTopic", RestoreAction.CreateTopic.class)
            .action("holdTopic", RestoreAction.HoldTopic.class)
            .action("restorePartition", RestoreAction.RestorePartition.class)
            .action("restoreGroup", RestoreAction.RestoreGroup.class)
            .action("releaseTopic", RestoreAction.ReleaseTopic.class)
            .build();

    RestorePlan(ActionPlan<RestoreAction> plan) {
        super(plan);
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
        return String.valueOf(facts().get("point"));
    }
}
