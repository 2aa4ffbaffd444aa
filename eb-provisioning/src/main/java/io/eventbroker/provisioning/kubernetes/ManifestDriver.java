package io.eventbroker.provisioning.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import io.eventbroker.core.Deadline;
import io.eventbroker.core.EventBrokerException;
import io.eventbroker.core.plan.ActionId;
import io.eventbroker.core.plan.Plan;
import io.eventbroker.core.plan.PlanBasis;
import io.eventbroker.core.run.ActionDriver;
import io.eventbroker.core.run.RunContext;
import io.eventbroker.provisioning.kubernetes.KubernetesState.Observed;
import io.eventbroker.provisioning.manifest.ObjectRef;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Applies manifests, one after another: API servers take them in milliseconds, and order matters to people. */
final class ManifestDriver implements ActionDriver<ManifestAction> {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final KubernetesClient client;
    private final Plan<ManifestAction> plan;

    ManifestDriver(KubernetesClient client, Plan<ManifestAction> plan) {
        this.client = client;
        this.plan = plan;
    }

    @Override
    public PlanBasis readBasis(Deadline deadline) {
        return Provisioner.Basis.read(KubernetesApi.within(client, deadline), plan, deadline);
    }

    @Override
    public Set<ActionId> inPlace(List<ManifestAction> actions, RunContext context) {
        Deadline deadline = Deadline.after(PATIENCE);
        KubernetesApi api = KubernetesApi.within(client, deadline);
        Set<ActionId> there = new HashSet<>();
        for (ManifestAction action : actions) {
            context.checkCancelled();
            if (KubernetesApi.patiently(deadline, () -> action.accept(new Look(api)))) {
                there.add(action.id());
            }
        }
        return there;
    }

    @Override
    public void apply(List<ManifestAction> actions, RunContext context) {
        for (ManifestAction action : actions) {
            context.checkCancelled();
            String detail;
            try {
                detail = action.accept(new Act(KubernetesApi.within(client, Deadline.after(PATIENCE))));
            } catch (EventBrokerException e) {
                context.failed(action.id(), e);
                continue;
            }
            // Not within the try: that the journal cannot be written is no failure of the action.
            context.applied(action.id(), detail);
        }
    }

    private record Look(KubernetesApi api) implements ManifestAction.Handler<Boolean> {
        @Override
        public Boolean create(ManifestAction.CreateManifest action) {
            return isApplied(action.object(), action.manifest(), List.of());
        }

        @Override
        public Boolean change(ManifestAction.ChangeManifest action) {
            return isApplied(action.object(), action.manifest(), action.takeOver());
        }

        private boolean isApplied(ObjectRef ref, JsonNode manifest, List<String> takeOver) {
            Observed now = Provisioner.observe(api, ref, manifest, takeOver);
            return now.live() != null
                    && now.live().equals(now.foretold())
                    && now.ownedBefore().equals(now.ownedAfter());
        }

        @Override
        public Boolean delete(ManifestAction.DeleteManifest action) {
            JsonNode live = api.get(action.object());
            return live == null
                    || !live.at("/metadata/uid").asText().equals(action.uid())
                    || live.at("/metadata/deletionTimestamp").isTextual();
        }
    }

    private record Act(KubernetesApi api) implements ManifestAction.Handler<String> {
        @Override
        public String create(ManifestAction.CreateManifest action) {
            api.apply(action.object(), action.manifest(), false);
            return "";
        }

        @Override
        public String change(ManifestAction.ChangeManifest action) {
            try {
                api.apply(action.object(), action.manifest(), false);
                return "";
            } catch (FieldConflictException e) {
                List<String> owners = e.conflicts().stream()
                        .map(FieldConflict::manager)
                        .distinct()
                        .toList();
                if (!action.takeOver().containsAll(owners)) {
                    throw e;
                }
                api.apply(action.object(), action.manifest(), true);
                return "took fields over from " + String.join(", ", owners);
            }
        }

        @Override
        public String delete(ManifestAction.DeleteManifest action) {
            JsonNode live = api.get(action.object());
            if (live == null || !live.at("/metadata/uid").asText().equals(action.uid())) {
                return "already gone";
            }
            api.delete(action.object(), live.at("/metadata/resourceVersion").asText());
            return "";
        }
    }
}
