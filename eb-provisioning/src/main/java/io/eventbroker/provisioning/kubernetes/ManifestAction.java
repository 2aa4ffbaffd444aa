package io.eventbroker.provisioning.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import io.eventbroker.core.plan.Action;
import io.eventbroker.core.plan.ActionId;
import io.eventbroker.core.plan.Risk;
import io.eventbroker.provisioning.manifest.ObjectRef;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** What a plan does to Kubernetes objects. */
public sealed interface ManifestAction extends Action {
    ObjectRef object();

    <R> R accept(Handler<R> handler);

    /** One method per case. */
    interface Handler<R> {
        R create(CreateManifest action);

        R change(ChangeManifest action);

        R delete(DeleteManifest action);
    }

    /**
     * Creates an object that is not there.
     *
     * @param manifest the object as it will be applied
     */
    record CreateManifest(ObjectRef object, JsonNode manifest, Set<ActionId> dependsOn) implements ManifestAction {
        public CreateManifest {
            manifest = manifest.deepCopy();
            dependsOn = sorted(dependsOn);
        }

        @Override
        public ActionId id() {
            return idOf(object, "create");
        }

        @Override
        public String summary() {
            return "create " + object;
        }

        @Override
        public String reason() {
            return "not there";
        }

        @Override
        public Risk risk() {
            return Risk.SAFE;
        }

        @Override
        public <R> R accept(Handler<R> handler) {
            return handler.create(this);
        }
    }

    /**
     * Changes an object that is there.
     *
     * @param manifest the object as it will be applied
     * @param changes what the API server says will change; empty if only the ownership of fields does
     * @param takeOver the managers from whom fields may be taken
     */
    record ChangeManifest(
            ObjectRef object,
            JsonNode manifest,
            List<FieldChange> changes,
            List<String> takeOver,
            Risk risk,
            Set<ActionId> dependsOn)
            implements ManifestAction {
        private static final int SHOWN = 6;

        public ChangeManifest {
            manifest = manifest.deepCopy();
            changes = List.copyOf(changes);
            takeOver = takeOver.stream().sorted().toList();
            dependsOn = sorted(dependsOn);
        }

        @Override
        public ActionId id() {
            return idOf(object, "change");
        }

        @Override
        public String summary() {
            if (changes.isEmpty()) {
                return "take charge of the fields of " + object;
            }
            String shown =
                    changes.stream().limit(SHOWN).map(FieldChange::toString).collect(Collectors.joining(", "));
            int more = changes.size() - SHOWN;
            return "change " + object + ": " + shown + (more > 0 ? " and " + more + " more" : "");
        }

        @Override
        public String reason() {
            return takeOver.isEmpty() ? "" : "takes fields over from " + String.join(", ", takeOver);
        }

        @Override
        public <R> R accept(Handler<R> handler) {
            return handler.change(this);
        }
    }

    /**
     * Deletes an object that belongs to the platform and is no longer wanted. The volumes of a StatefulSet stay.
     *
     * @param uid of the object that was seen; another of the same name is left alone
     */
    record DeleteManifest(ObjectRef object, String uid, Set<ActionId> dependsOn) implements ManifestAction {
        public DeleteManifest {
            dependsOn = sorted(dependsOn);
        }

        @Override
        public ActionId id() {
            return idOf(object, "delete");
        }

        @Override
        public String summary() {
            return "delete " + object;
        }

        @Override
        public String reason() {
            return "belongs to the platform and is no longer wanted";
        }

        @Override
        public Risk risk() {
            return Risk.DESTRUCTIVE;
        }

        @Override
        public <R> R accept(Handler<R> handler) {
            return handler.delete(this);
        }
    }

    private static ActionId idOf(ObjectRef object, String verb) {
        return ActionId.of(object.path() + "/" + verb);
    }

    /** In an order, so that equal plans have equal JSON. */
    private static Set<ActionId> sorted(Set<ActionId> ids) {
        return Collections.unmodifiableSortedSet(new TreeSet<>(ids));
    }
}
