package io.eventbroker.core.plan;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.eventbroker.core.EventBrokerException;
import io.eventbroker.core.json.CanonicalJson;

/** The saved form of a plan. */
final class PlanJson {
    private static final int VERSION = 1;

    private PlanJson() {}

    static String write(Plan<?> plan) {
        ObjectNode root = JsonNodeFactory.instance.objectNode();
        root.put("version", VERSION);
        root.put("kind", plan.type().name());
        root.put("environment", plan.environment());
        root.set("basis", CanonicalJson.toTree(plan.basis()));
        root.set("facts", CanonicalJson.toTree(plan.facts()));
        root.set("notes", CanonicalJson.toTree(plan.notes()));
        ArrayNode actions = root.putArray("actions");
        for (Action action : plan.actions()) {
            actions.add(write(plan.type(), action));
        }
        return CanonicalJson.write(root);
    }

    static ObjectNode write(PlanType<?> type, Action action) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.put("action", type.nameOf(action));
        node.set("with", CanonicalJson.toTree(action));
        return node;
    }

    static <A extends Action> ActionPlan<A> read(String json, PlanType<A> type) {
        JsonNode root = CanonicalJson.readTree(json);
        if (root.path("version").asInt() != VERSION) {
            throw new EventBrokerException("this is not a plan of version " + VERSION + ", but of version '"
                    + root.path("version").asText() + "'; run it with the SDK version that made it, or plan again");
        }
        if (!root.path("kind").asText().equals(type.name())) {
            throw new EventBrokerException("a plan of kind '" + type.name() + "' was expected, this one is of kind '"
                    + root.path("kind").asText() + "'");
        }
        try {
            ActionPlan.Builder<A> plan = ActionPlan.of(
                            type, CanonicalJson.fromTree(root.path("basis"), PlanBasis.class))
                    .environment(root.path("environment").asText());
            root.path("facts")
                    .properties()
                    .forEach(fact -> plan.fact(fact.getKey(), fact.getValue().asText()));
            root.path("notes").forEach(note -> plan.note(note.asText()));
            for (JsonNode action : root.path("actions")) {
                plan.action(CanonicalJson.fromTree(
                        action.path("with"), type.classOf(action.path("action").asText())));
            }
            return plan.build();
        } catch (IllegalArgumentException e) {
            throw new EventBrokerException("the saved plan is damaged: " + e.getMessage(), e);
        }
    }
}
