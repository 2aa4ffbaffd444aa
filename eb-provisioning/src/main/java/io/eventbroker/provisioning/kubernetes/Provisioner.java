package io.eventbroker.provisioning.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.eventbroker.core.Deadline;
import io.eventbroker.core.plan.ActionId;
import io.eventbroker.core.plan.ActionPlan;
import io.eventbroker.core.plan.Plan;
import io.eventbroker.core.plan.PlanBasis;
import io.eventbroker.core.plan.PlanType;
import io.eventbroker.core.plan.Risk;
import io.eventbroker.core.problem.Problem;
import io.eventbroker.core.problem.Problems;
import io.eventbroker.core.problem.SourceLocation;
import io.eventbroker.core.run.PlanRunner;
import io.eventbroker.core.run.Report;
import io.eventbroker.core.run.Run;
import io.eventbroker.core.run.RunOptions;
import io.eventbroker.provisioning.kubernetes.KubernetesState.Observed;
import io.eventbroker.provisioning.kubernetes.KubernetesState.Surplus;
import io.eventbroker.provisioning.manifest.Manifests;
import io.eventbroker.provisioning.manifest.ObjectRef;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Brings Kubernetes objects to where manifests want them: reads, plans, and runs the plan with server-side apply as the
 * field manager {@code eventbroker}, never by force unless a manager was named to take fields from.
 *
 * <pre>{@code
 * Provisioner provisioner = Provisioner.on(kubernetes);
 * KubernetesState live = provisioner.read(manifests, soon);
 * Plan<ManifestAction> plan = provisioner.plan(live);
 * plan.printTo(System.out);
 * provisioner.run(plan, RunOptions.defaults()).await(soon).requireSuccess();
 * }</pre>
 *
 * <p>The client is the host's: it is not closed here. Safe for use by several threads. A run applies one object after
 * another on a thread of its own.
 */
public final class Provisioner {
    /** The registry of the actions, to read saved plans with. */
    public static final PlanType<ManifestAction> PLANS = PlanType.named("kubernetes", ManifestAction.class)
            .action("create", ManifestAction.CreateManifest.class)
            .action("change", ManifestAction.ChangeManifest.class)
            .action("delete", ManifestAction.DeleteManifest.class)
            .build();

    /** What {@link #planPruning} looks for beside the kinds of the manifests; not namespaces, with all that is in them. */
    private static final List<String> PRUNED_KINDS = List.of(
            "v1/ServiceAccount",
            "v1/ConfigMap",
            "v1/Service",
            "apps/v1/StatefulSet",
            "policy/v1/PodDisruptionBudget",
            "networking.k8s.io/v1/NetworkPolicy",
            "platform.confluent.io/v1beta1/Kafka",
            "platform.confluent.io/v1beta1/KRaftController");

    private static final List<String> IMMUTABLE_IN_STATEFUL_SET =
            List.of("serviceName", "selector", "podManagementPolicy", "volumeClaimTemplates");

    private final KubernetesClient client;
    private final Set<String> takeOver;

    private Provisioner(KubernetesClient client, Set<String> takeOver) {
        this.client = client;
        this.takeOver = takeOver;
    }

    public static Provisioner on(KubernetesClient client) {
        return new Provisioner(client, Set.of());
    }

    /**
     * May take fields over from these field managers, which a conflict names: {@code kubectl-edit} for instance, to
     * undo what was edited by hand. The plan says from whom it takes.
     */
    public Provisioner takingOver(String... managers) {
        Set<String> all = new TreeSet<>(takeOver);
        all.addAll(List.of(managers));
        return new Provisioner(client, all);
    }

    /**
     * Reads what is there of the manifests, and asks the API server what applying them would change (a dry run).
     *
     * @throws io.eventbroker.core.DeadlineExceededException if the API server did not answer in time
     * @throws io.eventbroker.core.EventBrokerException if the client may not read, or the cluster does not know a kind
     */
    public KubernetesState read(Manifests manifests, Deadline deadline) {
        KubernetesApi api = KubernetesApi.within(client, deadline);
        Map<ObjectRef, Observed> observed = new LinkedHashMap<>();
        String clusterId = KubernetesApi.patiently(deadline, api::clusterId);
        for (ObjectRef ref : manifests.refs()) {
            deadline.check("the state of " + ref);
            observed.put(ref, KubernetesApi.patiently(deadline, () -> observe(api, ref, manifests.get(ref), takeOver)));
        }
        return new KubernetesState(
                clusterId, manifests, observed, surplus(api, manifests.platform(), manifests.refs(), deadline));
    }

    static Observed observe(KubernetesApi api, ObjectRef ref, JsonNode manifest, Collection<String> takeOver) {
        JsonNode none = JsonNodeFactory.instance.objectNode();
        JsonNode live = api.get(ref);
        if (live == null) {
            return new Observed(null, none, null, none, List.of(), List.of(), "");
        }
        JsonNode stable = FieldDiff.stable(live);
        JsonNode owned = KubernetesApi.ownedFields(live);
        List<String> takenFrom = List.of();
        try {
            JsonNode foretold;
            try {
                foretold = api.foretell(ref, manifest, false);
            } catch (FieldConflictException e) {
                if (!takeOver.containsAll(
                        e.conflicts().stream().map(FieldConflict::manager).toList())) {
                    return new Observed(stable, owned, null, owned, List.of(), e.conflicts(), "");
                }
                takenFrom = e.conflicts().stream()
                        .map(FieldConflict::manager)
                        .distinct()
                        .toList();
                foretold = api.foretell(ref, manifest, true);
            }
            return new Observed(
                    stable,
                    owned,
                    FieldDiff.stable(foretold),
                    KubernetesApi.ownedFields(foretold),
                    takenFrom,
                    List.of(),
                    "");
        } catch (KubernetesApi.RefusedException e) {
            return new Observed(
                    stable,
                    owned,
                    null,
                    owned,
                    List.of(),
                    List.of(),
                    e.getMessage() == null ? "refused" : e.getMessage());
        }
    }

    private static Map<ObjectRef, Surplus> surplus(
            KubernetesApi api, String platform, Set<ObjectRef> wanted, Deadline deadline) {
        Set<String> wantedKinds = new TreeSet<>();
        Set<String> namespaces = new TreeSet<>();
        for (ObjectRef ref : wanted) {
            if (!ref.namespace().isEmpty()) {
                wantedKinds.add(ref.apiVersion() + "/" + ref.kind());
                namespaces.add(ref.namespace());
            }
        }
        Set<String> kinds = new TreeSet<>(PRUNED_KINDS);
        kinds.addAll(wantedKinds);
        Map<ObjectRef, Surplus> found = new TreeMap<>();
        for (String kind : kinds) {
            int slash = kind.lastIndexOf('/');
            String apiVersion = kind.substring(0, slash);
            String name = kind.substring(slash + 1);
            if (!KubernetesApi.patiently(deadline, () -> api.knows(apiVersion, name))) {
                continue;
            }
            for (String namespace : namespaces) {
                deadline.check("the " + name + " objects in " + namespace);
                List<JsonNode> owned;
                try {
                    owned = KubernetesApi.patiently(deadline, () -> api.owned(apiVersion, name, namespace, platform));
                } catch (KubernetesApi.NotPermittedException e) {
                    if (wantedKinds.contains(kind)) {
                        throw e;
                    }
                    // Who may not even list a kind has applied none of it.
                    continue;
                }
                for (JsonNode object : owned) {
                    ObjectRef ref = new ObjectRef(
                            apiVersion,
                            name,
                            namespace,
                            object.at("/metadata/name").asText());
                    // A copied label does not make an object ours: we must have applied it.
                    boolean ours = !KubernetesApi.ownedFields(object).isEmpty();
                    if (ours
                            && !wanted.contains(ref)
                            && object.at("/metadata/deletionTimestamp").isMissingNode()) {
                        found.put(ref, new Surplus(object.at("/metadata/uid").asText(), FieldDiff.stable(object)));
                    }
                }
            }
        }
        return found;
    }

    /**
     * Plans to create what is not there and to change what differs. What the manifests no longer want stays, and the
     * plan notes it.
     *
     * @throws PlanRefusedException with every reason, if fields have other owners or cannot change
     */
    public Plan<ManifestAction> plan(KubernetesState state) {
        return plan(state, false);
    }

    /**
     * Plans as {@link #plan} does, and to delete what the platform has and the manifests no longer want. Running it
     * needs an allowance in {@link RunOptions#allow}. Namespaces and volumes are never deleted.
     */
    public Plan<ManifestAction> planPruning(KubernetesState state) {
        return plan(state, true);
    }

    private Plan<ManifestAction> plan(KubernetesState state, boolean prune) {
        List<Problem> problems = new ArrayList<>();
        List<ManifestAction> actions = new ArrayList<>();
        Map<String, List<ActionId>> planned = new LinkedHashMap<>();
        state.observed().forEach((ref, object) -> {
            problems.addAll(problems(state, ref, object));
            ManifestAction action = actionFor(state, ref, object, planned);
            if (action != null) {
                actions.add(action);
                planned.computeIfAbsent(ref.kind(), kind -> new ArrayList<>()).add(action.id());
            }
        });
        if (!problems.isEmpty()) {
            throw new PlanRefusedException(Problems.of(problems));
        }
        Map<ObjectRef, JsonNode> surplus = new TreeMap<>();
        if (prune) {
            // What replaces an object comes before the object goes.
            Set<ActionId> first = actions.stream().map(ManifestAction::id).collect(Collectors.toSet());
            state.surplusObjects().forEach((ref, object) -> {
                surplus.put(ref, object.live());
                actions.add(new ManifestAction.DeleteManifest(ref, object.uid(), first));
            });
        }
        Map<ObjectRef, @Nullable JsonNode> read = new LinkedHashMap<>();
        state.observed().forEach((ref, object) -> read.put(ref, object.live()));
        ActionPlan.Builder<ManifestAction> plan = ActionPlan.of(PLANS, Basis.of(state.clusterId(), read, surplus))
                .environment(state.manifests().environment())
                .actions(actions)
                .facts(prune ? Map.of(Basis.PRUNES, state.manifests().platform()) : Map.of())
                .notes(state.manifests().notes());
        if (!prune && !state.surplus().isEmpty()) {
            plan.note("no longer wanted, and left alone: "
                    + state.surplus().stream().map(ObjectRef::toString).collect(Collectors.joining(", "))
                    + "; planPruning would delete");
        }
        return plan.build();
    }

    private static @Nullable ManifestAction actionFor(
            KubernetesState state, ObjectRef ref, Observed object, Map<String, List<ActionId>> planned) {
        JsonNode manifest = state.manifests().get(ref);
        JsonNode live = object.live();
        JsonNode foretold = object.foretold();
        if (live == null) {
            return new ManifestAction.CreateManifest(ref, manifest, needed(ref, planned));
        }
        if (foretold == null) {
            return null;
        }
        List<FieldChange> changes = FieldDiff.between(live, foretold);
        if (changes.isEmpty() && object.ownedBefore().equals(object.ownedAfter())) {
            return null;
        }
        return new ManifestAction.ChangeManifest(
                ref, manifest, changes, object.takenFrom(), risk(ref, live, foretold, changes), needed(ref, planned));
    }

    /** Whatever was planned before and the object may need; what runs pods needs all. */
    private static Set<ActionId> needed(ObjectRef ref, Map<String, List<ActionId>> planned) {
        Set<ActionId> needed = new TreeSet<>();
        boolean runsPods = ref.kind().equals("StatefulSet") || ref.kind().equals("Kafka");
        planned.forEach((kind, ids) -> {
            if (kind.equals("Namespace") || (runsPods && !kind.equals(ref.kind()))) {
                needed.addAll(ids);
            }
        });
        return needed;
    }

    private static Risk risk(ObjectRef ref, JsonNode live, JsonNode foretold, List<FieldChange> changes) {
        boolean platform = ref.apiVersion().startsWith("platform.confluent.io/");
        if (!platform && !ref.kind().equals("StatefulSet")) {
            return Risk.SAFE;
        }
        if (foretold.at("/spec/replicas").asInt(1) < live.at("/spec/replicas").asInt(1)) {
            // The replicas on the brokers that go are gone with them.
            return Risk.DESTRUCTIVE;
        }
        boolean restarts = changes.stream()
                .map(FieldChange::path)
                .anyMatch(path ->
                        path.startsWith(platform ? ".spec" : ".spec.template") && !path.equals(".spec.replicas"));
        return restarts ? Risk.DISRUPTIVE : Risk.SAFE;
    }

    private static List<Problem> problems(KubernetesState state, ObjectRef ref, Observed object) {
        List<Problem> problems = new ArrayList<>();
        SourceLocation place = SourceLocation.of(ref.toString());
        for (FieldConflict conflict : object.conflicts()) {
            problems.add(Problem.error(
                    place,
                    conflict.field(),
                    "is owned by '" + conflict.manager() + "' and has another value than is wanted",
                    "leave the field out of the manifest, have '" + conflict.manager()
                            + "' give it up, or take it over with Provisioner.takingOver(\"" + conflict.manager()
                            + "\")"));
        }
        if (!object.refusal().isEmpty()) {
            List<String> immutable = ref.kind().equals("StatefulSet") && object.live() != null
                    ? immutableChanges(object.live(), state.manifests().get(ref))
                    : List.of();
            for (String field : immutable) {
                problems.add(Problem.error(
                        place,
                        ".spec." + field,
                        "cannot change in place",
                        field.equals("volumeClaimTemplates")
                                ? "enlarge the PersistentVolumeClaims themselves (their storage class must allow it),"
                                        + " delete the StatefulSet with --cascade=orphan, which leaves its pods and"
                                        + " volumes running, and plan again"
                                : "delete the StatefulSet with --cascade=orphan, which leaves its pods and volumes"
                                        + " running, and plan again"));
            }
            if (immutable.isEmpty()) {
                problems.add(Problem.error(place, "", object.refusal(), ""));
            }
        }
        return problems;
    }

    private static List<String> immutableChanges(JsonNode live, JsonNode manifest) {
        return IMMUTABLE_IN_STATEFUL_SET.stream()
                .filter(field -> {
                    JsonNode wanted = manifest.path("spec").path(field);
                    return !wanted.isMissingNode() && !covers(live.path("spec").path(field), wanted);
                })
                .toList();
    }

    /** True if every wanted value is there; the API server adds defaults to what it is given. */
    private static boolean covers(JsonNode live, JsonNode wanted) {
        if (wanted.isObject()) {
            return wanted.properties().stream().allMatch(field -> covers(live.path(field.getKey()), field.getValue()));
        }
        if (wanted.isArray()) {
            if (live.size() != wanted.size()) {
                return false;
            }
            for (int i = 0; i < wanted.size(); i++) {
                if (!covers(live.path(i), wanted.path(i))) {
                    return false;
                }
            }
            return true;
        }
        return live.equals(wanted);
    }

    /**
     * Carries out a plan. Returns at once.
     *
     * @throws io.eventbroker.core.run.DeletesNotAllowedException if it deletes or scales down more than is allowed
     */
    public Run<Report> run(Plan<ManifestAction> plan, RunOptions options) {
        return PlanRunner.start(plan, new ManifestDriver(client, plan), options);
    }

    /** What a plan is bound to, and how to read it again from the plan alone. */
    static final class Basis {
        private static final String PRUNES = "prunes";

        private Basis() {}

        static PlanBasis of(
                String clusterId, Map<ObjectRef, @Nullable JsonNode> objects, Map<ObjectRef, JsonNode> surplus) {
            TreeMap<String, Object> state = new TreeMap<>();
            TreeMap<String, Boolean> there = new TreeMap<>();
            objects.forEach((ref, live) -> {
                state.put(ref.path(), live == null ? "absent" : live);
                there.put(ref.path(), live != null);
            });
            surplus.forEach((ref, live) -> state.put(ref.path(), live));
            return PlanBasis.of(clusterId, state).about(there);
        }

        static PlanBasis read(KubernetesApi api, Plan<ManifestAction> plan, Deadline deadline) {
            String clusterId = KubernetesApi.patiently(deadline, api::clusterId);
            Map<ObjectRef, @Nullable JsonNode> objects = new LinkedHashMap<>();
            for (String path : plan.basis().objects().keySet()) {
                ObjectRef ref = ObjectRef.parse(path);
                deadline.check("the state of " + ref);
                JsonNode live = KubernetesApi.patiently(deadline, () -> api.get(ref));
                objects.put(ref, live == null ? null : FieldDiff.stable(live));
            }
            Map<ObjectRef, JsonNode> surplus = new TreeMap<>();
            String platform = plan.facts().get(PRUNES);
            if (platform != null) {
                surplus(api, platform, objects.keySet(), deadline)
                        .forEach((ref, object) -> surplus.put(ref, object.live()));
            }
            return of(clusterId, objects, surplus);
        }
    }
}
