package io.eventbroker.core.plan;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import io.eventbroker.core.EventBrokerException;
import io.eventbroker.core.json.CanonicalJson;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The saved form of a plan, written and read action by action: plans of large clusters have a hundred thousand. Keys are
 * written in the order of the alphabet, which is what makes it canonical.
 */
final class PlanJson {
    private static final int VERSION = 1;
    private static final Set<String> KEYS =
            Set.of("actions", "basis", "environment", "facts", "kind", "notes", "version");

    private PlanJson() {}

    static String write(Plan<?> plan) {
        StringWriter out = new StringWriter(256 * (plan.actions().size() + 1));
        try (JsonGenerator json = CanonicalJson.generator(out)) {
            json.writeStartObject();
            json.writeArrayFieldStart("actions");
            for (Action action : plan.actions()) {
                json.writeStartObject();
                json.writeStringField("action", plan.type().nameOf(action));
                json.writePOJOField("with", action);
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writePOJOField("basis", plan.basis());
            json.writeStringField("environment", plan.environment());
            json.writePOJOField("facts", plan.facts());
            json.writeStringField("kind", plan.type().name());
            json.writePOJOField("notes", plan.notes());
            json.writeNumberField("version", VERSION);
            json.writeEndObject();
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("plan '" + plan.type().name() + "' has what JSON cannot hold", e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toString();
    }

    static <A extends Action> ActionPlan<A> read(String text, PlanType<A> type) {
        try (JsonParser json = CanonicalJson.parser(text)) {
            return new Reading<>(type).read(json);
        } catch (JsonProcessingException e) {
            throw CanonicalJson.unreadable("the saved plan", e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (IllegalArgumentException e) {
            throw new EventBrokerException("the saved plan is damaged: " + e.getMessage(), e);
        }
    }

    /**
     * Collects the parts of a plan. Version and kind stand last, so what is wrong with an action is kept until they have
     * been read: of another version or kind, nothing else is worth saying.
     */
    private static final class Reading<A extends Action> {
        private final PlanType<A> type;
        private final List<A> actions = new ArrayList<>();
        private final Map<String, String> facts = new TreeMap<>();
        private final List<String> notes = new ArrayList<>();
        private String environment = "";
        private String kind = "";
        private int version;
        private @Nullable PlanBasis basis;
        private @Nullable RuntimeException wrongAction;

        Reading(PlanType<A> type) {
            this.type = type;
        }

        ActionPlan<A> read(JsonParser json) throws IOException {
            expect(json.nextToken() == JsonToken.START_OBJECT, "is not an object");
            Set<String> missing = new HashSet<>(KEYS);
            for (String key = json.nextFieldName(); key != null; key = json.nextFieldName()) {
                json.nextToken();
                missing.remove(key);
                switch (key) {
                    case "actions" -> readActions(json);
                    case "basis" -> basis = CanonicalJson.next(json, PlanBasis.class);
                    case "environment" -> environment = text(json, json.currentToken(), "an environment");
                    case "facts" -> readFacts(json);
                    case "kind" -> kind = text(json, json.currentToken(), "a kind");
                    case "notes" -> readNotes(json);
                    case "version" -> version = json.getIntValue();
                    default -> throw new IllegalArgumentException("unknown key '" + key + "'");
                }
            }
            expect(json.nextToken() == null, "goes on after its end");
            requireOurs(missing);
            PlanBasis read = basis;
            if (read == null || !missing.isEmpty()) {
                throw new IllegalArgumentException("it lacks " + missing);
            }
            return ActionPlan.of(type, read)
                    .environment(environment)
                    .actions(actions)
                    .facts(facts)
                    .notes(notes)
                    .build();
        }

        private void requireOurs(Set<String> missing) {
            if (version != VERSION && !missing.contains("version")) {
                throw new EventBrokerException("this is not a plan of version " + VERSION + ", but of version '"
                        + version + "'; run it with the SDK version that made it, or plan again");
            }
            if (!kind.equals(type.name()) && !missing.contains("kind")) {
                throw new EventBrokerException(
                        "a plan of kind '" + type.name() + "' was expected, this one is of kind '" + kind + "'");
            }
            if (wrongAction != null) {
                throw wrongAction;
            }
        }

        private void readActions(JsonParser json) throws IOException {
            expect(json.currentToken() == JsonToken.START_ARRAY, "has no list of actions");
            while (json.nextToken() == JsonToken.START_OBJECT) {
                expect("action".equals(json.nextFieldName()), "has an action without a name");
                json.nextToken();
                String name = json.getText();
                expect("with".equals(json.nextFieldName()), "has an action without its content");
                json.nextToken();
                try {
                    actions.add(CanonicalJson.next(json, type.classOf(name)));
                } catch (EventBrokerException e) {
                    wrongAction = wrongAction == null ? e : wrongAction;
                    json.skipChildren();
                }
                expect(json.nextToken() == JsonToken.END_OBJECT, "has an action with more than a name and content");
            }
        }

        private void readFacts(JsonParser json) throws IOException {
            expect(json.currentToken() == JsonToken.START_OBJECT, "has no facts");
            for (String key = json.nextFieldName(); key != null; key = json.nextFieldName()) {
                facts.put(key, text(json, json.nextToken(), "a fact"));
            }
        }

        private void readNotes(JsonParser json) throws IOException {
            expect(json.currentToken() == JsonToken.START_ARRAY, "has no list of notes");
            for (JsonToken token = json.nextToken(); token != JsonToken.END_ARRAY; token = json.nextToken()) {
                notes.add(text(json, token, "a note"));
            }
        }

        private static String text(JsonParser json, @Nullable JsonToken token, String what) throws IOException {
            expect(token == JsonToken.VALUE_STRING, "has " + what + " that is not a text");
            return json.getText();
        }

        private static void expect(boolean condition, String otherwise) {
            if (!condition) {
                throw new IllegalArgumentException("it " + otherwise);
            }
        }
    }
}
