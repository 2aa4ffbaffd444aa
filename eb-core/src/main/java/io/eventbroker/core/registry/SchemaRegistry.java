package io.eventbroker.core.registry;

import com.fasterxml.jackson.databind.JsonNode;
import io.eventbroker.core.Deadline;
import io.eventbroker.core.DeadlineExceededException;
import io.eventbroker.core.EventBrokerException;
import io.eventbroker.core.OutcomeUnknownException;
import io.eventbroker.core.RetryableException;
import io.eventbroker.core.http.RestAnswer;
import io.eventbroker.core.http.RestCall;
import io.eventbroker.core.http.RestEndpoint;
import io.eventbroker.core.json.CanonicalJson;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * A Schema Registry. Subjects are named as the registry names them, with their context where that is not the default one
 * ({@code :.staging:orders-value}); a context alone ({@code :.staging:}) has a compatibility and a mode too.
 *
 * <pre>{@code
 * SchemaRegistry registry = SchemaRegistry.on(RestEndpoint.at(http, URI.create("https://registry:8081")));
 * RegistryContents contents = registry.read(subject -> subject.startsWith("orders."), deadline);
 * }</pre>
 *
 * <p>Every method throws {@link SchemaRegistryException} if the registry refuses, with its error code in words; {@link
 * RetryableException} and {@link DeadlineExceededException} if nothing was done; {@link OutcomeUnknownException} if a
 * change went without an answer; and {@link EventBrokerException} if the answer is not JSON. What fails for a moment is
 * sent again first, see {@link RestEndpoint}. Safe for use by several threads.
 */
public final class SchemaRegistry {
    private static final int PAGE = 10_000;
    private static final int THREADS = 16;

    private final RestEndpoint endpoint;
    private final RegistryAnswers answers;

    private SchemaRegistry(RestEndpoint endpoint) {
        this.endpoint = endpoint;
        this.answers = new RegistryAnswers(endpoint.base());
    }

    /** The registry whose API begins at that address: {@code https://host:8081}, or {@code …/apis/ccompat/v7}. */
    public static SchemaRegistry on(RestEndpoint endpoint) {
        return new SchemaRegistry(endpoint);
    }

    private JsonNode send(RestCall call, Deadline deadline) {
        return answers.success(call, endpoint.send(call, deadline));
    }

    /** The contexts as the registry writes them; the default one is {@code .}, or {@code :.:}. */
    public List<String> contexts(Deadline deadline) {
        RestCall call = RestCall.get("list contexts", "contexts");
        return answers.names(call, send(call, deadline));
    }

    /** The names of all subjects of all contexts that have a version which is not deleted. */
    public SortedSet<String> subjects(Deadline deadline) {
        return pages(RestCall.get("list subjects", "subjects"), deadline);
    }

    /** The names of all subjects of all contexts, softly deleted ones among them. */
    public SortedSet<String> subjectsWithDeleted(Deadline deadline) {
        return pages(RestCall.get("list subjects, deleted ones too", "subjects").query("deleted", "true"), deadline);
    }

    private SortedSet<String> pages(RestCall list, Deadline deadline) {
        SortedSet<String> found = new TreeSet<>();
        int offset = 0;
        while (true) {
            RestCall call = list.query("offset", Integer.toString(offset)).query("limit", Integer.toString(PAGE));
            List<String> page = answers.names(call, send(call, deadline));
            offset += page.size();
            // The end of the list; or the same list again, from a registry that knows no pages.
            if (!found.addAll(page)) {
                return Collections.unmodifiableSortedSet(found);
            }
        }
    }

    /**
     * Everything that the registry holds of the chosen subjects, deleted ones among them. They are read side by side and
     * one after another, so that what changes meanwhile is there or not; what vanishes is left out. A subject of one
     * version takes five requests.
     */
    public RegistryContents read(Predicate<String> selection, Deadline deadline) {
        List<String> names =
                subjectsWithDeleted(deadline).stream().filter(selection).toList();
        List<Optional<Subject>> read =
                Concurrently.map(names, THREADS, "registry-read", name -> findSubject(name, deadline));
        return new RegistryContents(
                compatibility(deadline),
                mode(deadline),
                read.stream().flatMap(Optional::stream).toList());
    }

    /** A subject with its versions, deleted ones among them; empty if there is none of that name. */
    public Optional<Subject> findSubject(String subject, Deadline deadline) {
        List<Integer> all = numbers(versionsOf(subject).query("deleted", "true"), deadline);
        if (all.isEmpty()) {
            return Optional.empty();
        }
        List<Integer> live = numbers(versionsOf(subject), deadline);
        List<SchemaVersion> versions = new ArrayList<>();
        SortedSet<Integer> withheld = new TreeSet<>();
        for (int number : new TreeSet<>(all)) {
            boolean deleted = !live.contains(number);
            Optional<SchemaVersion> version =
                    deleted ? readVersion(subject, number, true, deadline) : findVersion(subject, number, deadline);
            version.ifPresentOrElse(versions::add, () -> withheld.add(number));
        }
        return Optional.of(
                new Subject(subject, versions, withheld, compatibility(subject, deadline), mode(subject, deadline)));
    }

    private static RestCall versionsOf(String subject) {
        return RestCall.get("list versions of subject " + subject, "subjects", subject, "versions");
    }

    private List<Integer> numbers(RestCall call, Deadline deadline) {
        RestAnswer answer = endpoint.send(call, deadline);
        return RegistryAnswers.isAbsent(answer) ? List.of() : answers.numbers(call, answers.success(call, answer));
    }

    /** A version that is not deleted; empty if there is none of that number. */
    public Optional<SchemaVersion> findVersion(String subject, int version, Deadline deadline) {
        return readVersion(subject, version, false, deadline);
    }

    private Optional<SchemaVersion> readVersion(String subject, int version, boolean deleted, Deadline deadline) {
        String number = Integer.toString(version);
        RestCall call =
                RestCall.get("read version " + number + " of " + subject, "subjects", subject, "versions", number);
        return find(deleted ? call.query("deleted", "true") : call, deadline)
                .map(body -> answers.version(call, body, deleted));
    }

    /** The schema that records carry the id of, also where every version of it was softly deleted. */
    public Optional<Schema> findSchema(int id, Deadline deadline) {
        RestCall call = RestCall.get("read schema " + id, "schemas", "ids", Integer.toString(id));
        return find(call, deadline).map(body -> answers.schema(call, body));
    }

    private Optional<JsonNode> find(RestCall call, Deadline deadline) {
        RestAnswer answer = endpoint.send(call, deadline);
        return RegistryAnswers.isAbsent(answer) ? Optional.empty() : Optional.of(answers.success(call, answer));
    }

    /**
     * Registers a schema as the next version, and returns its id. A schema that the subject has already keeps its version
     * and id.
     */
    public int register(String subject, Schema schema, Deadline deadline) {
        RestCall call = RestCall.post("register a schema as " + subject, "subjects", subject, "versions")
                .body(json(schema));
        return answers.number(call, send(call, deadline), "id");
    }

    /**
     * Registers a schema under the id and version that it had elsewhere, for which its subject must be in mode {@link
     * RegistryMode#IMPORT}. What it refers to is registered before it; a version that is to be deleted is deleted
     * afterwards, by {@link #deleteVersion}. The same version again changes nothing.
     *
     * @throws SchemaRegistryException with nothing changed, if the mode is another, or another schema has the id or the
     *     version
     */
    public void importVersion(SchemaVersion version, Deadline deadline) {
        String subject = version.subject();
        String what = "import version " + version.version() + " of " + subject + " with id " + version.id();
        RestCall effective = RestCall.get(what, "mode", subject).query("defaultToGlobal", "true");
        RestAnswer mode = endpoint.send(effective, deadline);
        if (RegistryAnswers.isNotOffered(mode)) {
            throw new SchemaRegistryException(
                    "cannot " + what + ": " + endpoint.base()
                            + " has no modes, so it would give an id of its own; register it without an id",
                    mode.status());
        }
        RegistryMode found = answers.word(effective, answers.success(effective, mode), RegistryMode.class, "mode");
        if (found != RegistryMode.IMPORT) {
            throw new SchemaRegistryException(
                    "cannot " + what + ": the mode of the subject at " + endpoint.base() + " is " + found
                            + ", which gives ids of its own; set the mode to IMPORT first",
                    42205);
        }
        Map<String, Object> body = json(version.schema());
        body.put("id", version.id());
        body.put("version", version.version());
        RestCall call = RestCall.post(what, "subjects", subject, "versions").body(body);
        int id = answers.number(call, send(call, deadline), "id");
        if (id != version.id()) {
            throw new SchemaRegistryException(
                    endpoint.base() + " registered version " + version.version() + " of " + subject + " with id " + id
                            + " and not with the id " + version.id()
                            + " that it was given; delete that version, for records would not find it",
                    200);
        }
    }

    private static Map<String, Object> json(Schema schema) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("schemaType", schema.type());
        json.put("schema", schema.text());
        json.put("references", schema.references());
        schema.metadata().ifPresent(metadata -> json.put("metadata", CanonicalJson.readTree(metadata)));
        schema.ruleSet().ifPresent(rules -> json.put("ruleSet", CanonicalJson.readTree(rules)));
        return json;
    }

    /** Deletes a version softly: its id still resolves. Does nothing if it is deleted, or was never there. */
    public void deleteVersion(String subject, int version, Deadline deadline) {
        String number = Integer.toString(version);
        delete(
                RestCall.delete("delete version " + number + " of " + subject, "subjects", subject, "versions", number),
                deadline);
    }

    /** Deletes all versions of a subject softly: their ids still resolve. Does nothing if there are none. */
    public void deleteSubject(String subject, Deadline deadline) {
        delete(RestCall.delete("delete subject " + subject, "subjects", subject), deadline);
    }

    /**
     * Deletes a softly deleted subject for good: records that carry its ids can no longer be read. Does nothing if there is
     * none.
     *
     * @throws SchemaRegistryException if it was not deleted softly before
     */
    public void purgeSubject(String subject, Deadline deadline) {
        delete(
                RestCall.delete("delete subject " + subject + " for good", "subjects", subject)
                        .query("permanent", "true"),
                deadline);
    }

    private void delete(RestCall call, Deadline deadline) {
        RestAnswer answer = endpoint.send(call, deadline);
        if (!RegistryAnswers.isAbsent(answer)) {
            answers.success(call, answer);
        }
    }

    /** What holds for subjects without a compatibility of their own. */
    public Compatibility compatibility(Deadline deadline) {
        RestCall call = RestCall.get("read the compatibility", "config");
        return compatibility(call, send(call, deadline));
    }

    /** A subject's or a context's own compatibility; empty if it has none. */
    public Optional<Compatibility> compatibility(String subject, Deadline deadline) {
        RestCall call = RestCall.get("read the compatibility of " + subject, "config", subject);
        return find(call, deadline).map(body -> compatibility(call, body));
    }

    private Compatibility compatibility(RestCall call, JsonNode body) {
        return answers.word(call, body, Compatibility.class, "compatibilityLevel", "compatibility");
    }

    /** Sets what holds for subjects without a compatibility of their own. */
    public void setCompatibility(Compatibility compatibility, Deadline deadline) {
        send(
                RestCall.put("set the compatibility to " + compatibility, "config")
                        .body(Map.of("compatibility", compatibility.name())),
                deadline);
    }

    /** Sets the compatibility of a subject or a context. */
    public void setCompatibility(String subject, Compatibility compatibility, Deadline deadline) {
        send(
                RestCall.put("set the compatibility of " + subject + " to " + compatibility, "config", subject)
                        .body(Map.of("compatibility", compatibility.name())),
                deadline);
    }

    /** Takes a subject's or a context's own compatibility away. Does nothing if it has none. */
    public void clearCompatibility(String subject, Deadline deadline) {
        delete(RestCall.delete("clear the compatibility of " + subject, "config", subject), deadline);
    }

    /** What holds for subjects without a mode of their own; empty if this registry has no modes. */
    public Optional<RegistryMode> mode(Deadline deadline) {
        return mode(RestCall.get("read the mode", "mode"), deadline);
    }

    /** A subject's or a context's own mode; empty if it has none. */
    public Optional<RegistryMode> mode(String subject, Deadline deadline) {
        return mode(RestCall.get("read the mode of " + subject, "mode", subject), deadline);
    }

    private Optional<RegistryMode> mode(RestCall call, Deadline deadline) {
        RestAnswer answer = endpoint.send(call, deadline);
        return RegistryAnswers.isAbsent(answer) || RegistryAnswers.isNotOffered(answer)
                ? Optional.empty()
                : Optional.of(answers.word(call, answers.success(call, answer), RegistryMode.class, "mode"));
    }

    /** Sets what holds for subjects without a mode of their own. IMPORT is refused unless the registry is empty. */
    public void setMode(RegistryMode mode, Deadline deadline) {
        changeMode(RestCall.put("set the mode to " + mode, "mode"), mode, deadline);
    }

    /** Sets the mode of a subject or a context. IMPORT is refused unless it is empty; see {@link #forceMode}. */
    public void setMode(String subject, RegistryMode mode, Deadline deadline) {
        changeMode(RestCall.put("set the mode of " + subject + " to " + mode, "mode", subject), mode, deadline);
    }

    /** Sets the mode of a subject or a context, IMPORT also where schemas are: ids that are given may then collide. */
    public void forceMode(String subject, RegistryMode mode, Deadline deadline) {
        changeMode(
                RestCall.put("force the mode of " + subject + " to " + mode, "mode", subject)
                        .query("force", "true"),
                mode,
                deadline);
    }

    /** Takes a subject's or a context's own mode away. Does nothing if it has none. */
    public void clearMode(String subject, Deadline deadline) {
        delete(RestCall.delete("clear the mode of " + subject, "mode", subject), deadline);
    }

    private void changeMode(RestCall put, RegistryMode mode, Deadline deadline) {
        RestCall call = put.body(Map.of("mode", mode.name()));
        RestAnswer answer = endpoint.send(call, deadline);
        if (RegistryAnswers.isNotOffered(answer)) {
            // Apicurio takes it for a subject, without a word, and forgets it.
            throw new SchemaRegistryException(
                    "cannot " + call.what() + ": " + endpoint.base() + " has no modes", answer.status());
        }
        answers.success(call, answer);
    }

    /** The address alone. */
    @Override
    public String toString() {
        return "SchemaRegistry[" + endpoint.base() + "]";
    }
}
