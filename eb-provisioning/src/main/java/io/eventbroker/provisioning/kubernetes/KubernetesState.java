package io.eventbroker.provisioning.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import io.eventbroker.core.plan.Plan;
import io.eventbroker.provisioning.manifest.Manifests;
import io.eventbroker.provisioning.manifest.ObjectRef;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What was read of a cluster for a set of manifests: of each object what is there, and what the API server says that
 * applying the manifest would make of it; and what else belongs to the platform. Immutable.
 */
public final class KubernetesState {
    private final String clusterId;
    private final Manifests manifests;
    private final Map<ObjectRef, Observed> observed;
    private final SortedMap<ObjectRef, Surplus> surplus;

    /**
     * One wanted object.
     *
     * @param live without what changes by itself; null if it is not there
     * @param ownedBefore the fields that are ours already
     * @param foretold the object after an apply; null if it is not there or the apply would be refused
     * @param ownedAfter the fields that would be ours
     * @param takenFrom the managers who would lose fields to us, with leave
     * @param conflicts why an apply would be refused for ownership
     * @param refusal why an apply would be refused otherwise; empty if it would not
     */
    record Observed(
            @Nullable JsonNode live,
            JsonNode ownedBefore,
            @Nullable JsonNode foretold,
            JsonNode ownedAfter,
            List<String> takenFrom,
            List<FieldConflict> conflicts,
            String refusal) {}

    /** An object of the platform that no manifest wants. */
    record Surplus(String uid, JsonNode live) {}

    KubernetesState(
            String clusterId, Manifests manifests, Map<ObjectRef, Observed> observed, Map<ObjectRef, Surplus> surplus) {
        this.clusterId = clusterId;
        this.manifests = manifests;
        this.observed = Collections.unmodifiableMap(new LinkedHashMap<>(observed));
        this.surplus = Collections.unmodifiableSortedMap(new TreeMap<>(surplus));
    }

    /** The UID of the namespace {@code kube-system}. */
    public String clusterId() {
        return clusterId;
    }

    /** What is wanted. */
    public Manifests manifests() {
        return manifests;
    }

    /** A wanted object as it is, without status and versions; empty if it is not there. A copy. */
    public Optional<JsonNode> live(ObjectRef ref) {
        Observed object = observed.get(ref);
        return object == null || object.live() == null
                ? Optional.empty()
                : Optional.of(object.live().deepCopy());
    }

    /** What carries the platform's labels and no manifest wants. */
    public List<ObjectRef> surplus() {
        return List.copyOf(surplus.keySet());
    }

    Map<ObjectRef, Observed> observed() {
        return observed;
    }

    SortedMap<ObjectRef, Surplus> surplusObjects() {
        return surplus;
    }

    /** The state that carrying out the plan would lead to, without asking the cluster. */
    public KubernetesState simulate(Plan<ManifestAction> plan) {
        Map<ObjectRef, Observed> after = new LinkedHashMap<>(observed);
        Map<ObjectRef, Surplus> left = new LinkedHashMap<>(surplus);
        for (ManifestAction action : plan.actions()) {
            action.accept(new ManifestAction.Handler<Boolean>() {
                @Override
                public Boolean create(ManifestAction.CreateManifest create) {
                    return settled(create.object(), FieldDiff.stable(create.manifest()));
                }

                @Override
                public Boolean change(ManifestAction.ChangeManifest change) {
                    Observed before = after.get(change.object());
                    return before != null && before.foretold() != null && settled(change.object(), before.foretold());
                }

                @Override
                public Boolean delete(ManifestAction.DeleteManifest delete) {
                    return left.remove(delete.object()) != null;
                }

                private boolean settled(ObjectRef ref, JsonNode live) {
                    Observed before = after.get(ref);
                    JsonNode owned = before == null ? live : before.ownedAfter();
                    after.put(ref, new Observed(live, owned, live, owned, List.of(), List.of(), ""));
                    return true;
                }
            });
        }
        return new KubernetesState(clusterId, manifests, after, left);
    }
}
