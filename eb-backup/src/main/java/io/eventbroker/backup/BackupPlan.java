package io.eventbroker.backup;

import io.eventbroker.core.json.Sha256;
import io.eventbroker.core.plan.ActionPlan;
import io.eventbroker.core.plan.Plan;
import io.eventbroker.core.plan.PlanBasis;
import io.eventbroker.core.plan.PlanType;
import java.util.List;
import java.util.SortedMap;

/** What a backup will copy. Run with {@link Backups#run(BackupPlan, KafkaConnection, io.eventbroker.core.run.RunOptions)}. */
public final class BackupPlan implements Plan<BackupAction> {
    /** The kind of plan and its actions, as they are saved. */
    public static final PlanType<BackupAction> TYPE = PlanType.named("backup", BackupAction.class)
            .action("takeCut", BackupAction.TakeCut.class)
            .action("copyPartition", BackupAction.CopyPartition.class)
            .action("commit", BackupAction.Commit.class)
            .build();

    private final ActionPlan<BackupAction> plan;

    BackupPlan(ActionPlan<BackupAction> plan) {
        this.plan = plan;
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
        return String.valueOf(plan.facts().get("point"));
    }

    @Override
    public PlanType<BackupAction> type() {
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
    public List<BackupAction> actions() {
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
