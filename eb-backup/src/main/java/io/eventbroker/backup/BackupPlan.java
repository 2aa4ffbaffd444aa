package io.eventbroker.backup;

import io.eventbroker.core.plan.ActionPlan;
import io.eventbroker.core.plan.ForwardingPlan;
import io.eventbroker.core.plan.PlanType;

/** What a backup will copy. Run with {@link Backups#run(BackupPlan, KafkaConnection, io.eventbroker.core.run.RunOptions)}. */
public final class BackupPlan extends ForwardingPlan<BackupAction> {
    /** The kind of plan and its actions, as they are saved. */
    public static final PlanType<BackupAction> TYPE = PlanType.named("backup", BackupAction.class)
            .action("takeCut", BackupAction.TakeCut.class)
            .action("copyPartition", BackupAction.CopyPartition.class)
            .action("commit", BackupAction.Commit.class)
            .build();

    BackupPlan(ActionPlan<BackupAction> plan) {
        super(plan);
    }

    /**
     * Reads a plan that {@link #toJson} wrote.
     *
     * @throws io.eventbroker.core.EventBrokerException if it is damaged or of another kind
     */
    public static BackupPlan read(String json) {
        return new BackupPlan(TYPE.read(json));
    }

    /** The id of the recovery point that the backup makes. */
    public String point() {
        return String.valueOf(facts().get("point"));
    }
}
