package io.eventbroker.backup;

import io.eventbroker.core.plan.ActionPlan;
import io.eventbroker.core.plan.ForwardingPlan;
import io.eventbroker.core.plan.PlanType;
import java.time.Duration;

/**
 * What an expiry will delete, and in its notes what stays and why: printing it is the dry run. Run with {@link
 * Backups#run(ExpiryPlan, io.eventbroker.core.run.RunOptions)}.
 */
public final class ExpiryPlan extends ForwardingPlan<ExpiryAction> {
    /** The kind of plan and its actions, as they are saved. */
    public static final PlanType<ExpiryAction> TYPE = PlanType.named("expiry", ExpiryAction.class)
            .action("expirePoint", ExpiryAction.ExpirePoint.class)
            .action("clearSet", ExpiryAction.ClearSet.class)
            .build();

    static final String GRACE = "abandonUnfinishedAfter";

    ExpiryPlan(ActionPlan<ExpiryAction> plan) {
        super(plan);
    }

    /**
     * Reads a plan that {@link #toJson} wrote.
     *
     * @throws io.eventbroker.core.EventBrokerException if it is damaged or of another kind
     */
    public static ExpiryPlan read(String json) {
        return new ExpiryPlan(TYPE.read(json));
    }

    /** After which an unfinished backup counts as abandoned. */
    Duration grace() {
        return Duration.parse(String.valueOf(facts().get(GRACE)));
    }
}
