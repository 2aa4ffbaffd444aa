package io.eventbroker.testkit.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.client.dsl.base.CustomResourceDefinitionContext;
import io.fabric8.kubernetes.client.server.mock.KubernetesCrudDispatcher;
import io.fabric8.mockwebserver.crud.AttributeSet;
import io.fabric8.mockwebserver.http.HttpUrl;
import io.fabric8.mockwebserver.http.MockResponse;
import io.fabric8.mockwebserver.http.RecordedRequest;
import io.fabric8.zjsonpatch.JsonPatch;
import io.fabric8.zjsonpatch.JsonPatchException;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Answers requests. Reads, lists, watches and deletes are those of fabric8's mock; every write is our own, because
 * ownership of fields must be tracked through all of them: an edit that takes a field away from its applier is what
 * server-side apply is about.
 */
final class ApiServer extends KubernetesCrudDispatcher {

    private static final Pattern RESOURCE = Pattern.compile("/(?:api/(?<core>v1)|apis/(?<group>[^/]+/[^/]+))"
            + "(?:/namespaces/(?<namespace>[^/]+)(?=/(?!status$|finalize$)))?"
            + "/(?<plural>[^/]+)(?:/(?<name>[^/]+)(?:/(?<subresource>[^/]+))?)?");
    private static final String APPLY = "application/apply-patch+yaml";

    private final KubernetesFaults faults;
    private final Clock clock;
    private final List<ResourceType> types = new CopyOnWriteArrayList<>();
    private final ReentrantLock lock = new ReentrantLock();

    ApiServer(KubernetesFaults faults, Clock clock) {
        this.faults = faults;
        this.clock = clock;
        for (ResourceType type : List.of(
                new ResourceType("v1", "Namespace", "namespaces", false),
                new ResourceType("v1", "ConfigMap", "configmaps", true),
                new ResourceType("v1", "Secret", "secrets", true),
                new ResourceType("v1", "Service", "services", true),
                new ResourceType("v1", "ServiceAccount", "serviceaccounts", true),
                new ResourceType("v1", "Pod", "pods", true),
                new ResourceType("v1", "PersistentVolumeClaim", "persistentvolumeclaims", true),
                new ResourceType("apps/v1", "StatefulSet", "statefulsets", true),
                new ResourceType("apps/v1", "Deployment", "deployments", true),
                new ResourceType("batch/v1", "Job", "jobs", true),
                new ResourceType("autoscaling/v2", "HorizontalPodAutoscaler", "horizontalpodautoscalers", true),
                new ResourceType("policy/v1", "PodDisruptionBudget", "poddisruptionbudgets", true),
                new ResourceType("networking.k8s.io/v1", "NetworkPolicy", "networkpolicies", true))) {
            types.add(type);
        }
    }

    void add(ResourceType type) {
        types.add(type);
        expectCustomResource(new CustomResourceDefinitionContext.Builder()
                .withGroup(type.group())
                .withVersion(type.version())
                .withKind(type.kind())
                .withPlural(type.plural())
                .withScope(type.namespaced() ? "Namespaced" : "Cluster")
                .build());
    }

    /** Where a request goes. */
    private record Target(
            String apiVersion,
            String plural,
            @Nullable String namespace,
            @Nullable String name,
            @Nullable String subresource) {

        static @Nullable Target of(String path) {
            Matcher matcher = RESOURCE.matcher(path);
            if (!matcher.matches()) {
                return null;
            }
            String core = matcher.group("core");
            return new Target(
                    core == null ? matcher.group("group") : core,
                    matcher.group("plural"),
                    matcher.group("namespace"),
                    matcher.group("name"),
                    matcher.group("subresource"));
        }

        String subresourceOrNone() {
            return subresource == null ? "" : subresource;
        }
    }

    @Override
    public MockResponse dispatch(RecordedRequest request) {
        HttpUrl url = HttpUrl.parse("http://localhost" + request.getPath());
        boolean dryRun = "All".equals(url.queryParameter("dryRun"));
        boolean write = !request.getMethod().equals("GET") && !dryRun;
        KubernetesFaults.Fate fate = faults.next(write);
        MockResponse response;
        if (fate.refused()) {
            response = answer(ApiException.of(503, "ServiceUnavailable", "refused on purpose"));
        } else {
            response = serve(request, url);
            if (fate.answerLost()) {
                response = answer(ApiException.of(504, "Timeout", "the answer was lost on purpose"));
            }
        }
        if (!fate.delay().isZero()) {
            response.setBodyDelay(fate.delay());
        }
        return response;
    }

    private MockResponse serve(RecordedRequest request, HttpUrl url) {
        lock.lock();
        try {
            if (request.getMethod().equals("GET")) {
                JsonNode discovery = discovery(url.encodedPath());
                return discovery == null ? read(request, url) : answer(200, discovery);
            }
            Target target = Target.of(url.encodedPath());
            if (target == null) {
                throw ApiException.of(404, "NotFound", "the server could not find " + url.encodedPath());
            }
            return switch (request.getMethod()) {
                case "POST" -> create(request, url, target);
                case "PUT" -> change(request, url, target, false);
                case "PATCH" -> change(request, url, target, true);
                case "DELETE" -> delete(request, target);
                default -> throw ApiException.of(405, "MethodNotAllowed", "the server does not allow this method");
            };
        } catch (ApiException e) {
            return answer(e);
        } finally {
            lock.unlock();
        }
    }

    private MockResponse read(RecordedRequest request, HttpUrl url) {
        Target target = Target.of(url.encodedPath());
        if (target != null && target.name() != null && "scale".equals(target.subresource())) {
            return answer(200, scaleOf(require(target)));
        }
        MockResponse response = handleGet(request.getPath());
        if (response.code() == 404 && target != null && target.name() != null) {
            return answer(ApiException.notFound(target.plural(), target.name()));
        }
        return response;
    }

    private MockResponse create(RecordedRequest request, HttpUrl url, Target target) {
        ObjectNode object = Json.yamlObject(request.getUtf8Body());
        ObjectNode metadata = object.withObjectProperty("metadata");
        if (metadata.path("name").asText().isEmpty()
                && !metadata.path("generateName").asText().isEmpty()) {
            metadata.put(
                    "name",
                    metadata.path("generateName").asText()
                            + UUID.randomUUID().toString().substring(0, 5));
        }
        String name = checkIdentity(object, target, null);
        if (find(target, name) != null) {
            throw ApiException.of(409, "AlreadyExists", target.plural() + " \"" + name + "\" already exists");
        }
        if (metadata.has("resourceVersion")) {
            throw ApiException.badRequest("resourceVersion should not be set on objects to be created");
        }
        ServerDefaults.fill(object);
        ManagedFields managers = new ManagedFields();
        managers.update(
                updater(request, url, target),
                object.path("apiVersion").asText(),
                now(),
                rules(object).compare(JsonNodeFactory.instance.objectNode(), object));
        return answer(201, store(null, object, managers, target, name, isDryRun(url)));
    }

    private MockResponse change(RecordedRequest request, HttpUrl url, Target target, boolean patch) {
        String name = target.name();
        if (name == null) {
            throw ApiException.of(405, "MethodNotAllowed", "the server does not allow this method on a collection");
        }
        String type = patch ? mediaType(request) : "";
        if (type.equals(APPLY)) {
            return apply(request, url, target, name);
        }
        ObjectNode live = require(target);
        boolean scale = "scale".equals(target.subresource());
        ObjectNode current = scale ? scaleOf(live) : live;
        ObjectNode wanted =
                patch ? patched(current, request.getUtf8Body(), type) : Json.yamlObject(request.getUtf8Body());
        checkIdentity(wanted, target, name);
        String expected = wanted.at("/metadata/resourceVersion").asText();
        if (!expected.isEmpty()
                && !expected.equals(live.at("/metadata/resourceVersion").asText())) {
            throw modified(target, name);
        }
        ObjectNode object;
        if (scale) {
            object = live.deepCopy();
            object.withObjectProperty("spec").set("replicas", wanted.at("/spec/replicas"));
        } else if ("status".equals(target.subresource())) {
            object = live.deepCopy();
            object.set("status", wanted.path("status"));
        } else {
            object = wanted;
            keepStatus(live, object);
        }
        ServerDefaults.fill(object);
        ManagedFields managers = ManagedFields.of(live);
        managers.update(
                updater(request, url, target),
                object.path("apiVersion").asText(),
                now(),
                rules(object).compare(live, object));
        ObjectNode stored = store(live, object, managers, target, name, isDryRun(url));
        return answer(200, scale ? scaleOf(stored) : stored);
    }

    private MockResponse apply(RecordedRequest request, HttpUrl url, Target target, String name) {
        ObjectNode applied = Json.yamlObject(request.getUtf8Body());
        String manager = url.queryParameter("fieldManager");
        if (manager == null || manager.isEmpty()) {
            throw ApiException.of(
                    422,
                    "Invalid",
                    "PatchOptions.meta.k8s.io \"\" is invalid: fieldManager: Required value: is required for apply patch");
        }
        if (!applied.at("/metadata/managedFields").isMissingNode()) {
            throw ApiException.badRequest("metadata.managedFields must be nil");
        }
        checkIdentity(applied, target, name);
        ObjectNode live = find(target, name);
        String expected = applied.at("/metadata/resourceVersion").asText();
        if (!expected.isEmpty()
                && (live == null
                        || !expected.equals(live.at("/metadata/resourceVersion").asText()))) {
            throw modified(target, name);
        }
        applied.withObjectProperty("metadata").remove("resourceVersion");
        if (target.subresource() == null) {
            applied.remove("status");
        }
        ManagedFields managers = live == null ? new ManagedFields() : ManagedFields.of(live);
        ObjectNode object = managers.apply(
                new ManagedFields.Manager(manager, "Apply", target.subresourceOrNone()),
                rules(applied),
                live == null ? JsonNodeFactory.instance.objectNode() : live,
                applied,
                now(),
                "true".equals(url.queryParameter("force")));
        ServerDefaults.fill(object);
        return answer(live == null ? 201 : 200, store(live, object, managers, target, name, isDryRun(url)));
    }

    private static ObjectNode patched(ObjectNode current, String body, String type) {
        switch (type) {
            case "application/json-patch+json" -> {
                try {
                    return (ObjectNode) JsonPatch.apply(Json.tree(body), current.deepCopy());
                } catch (JsonPatchException e) {
                    throw ApiException.of(422, "Invalid", "the server rejected our request: " + e.getMessage());
                }
            }
            case "application/merge-patch+json" -> {
                ObjectNode result = current.deepCopy();
                mergePatch(result, Json.object(body));
                return result;
            }
            default ->
                throw ApiException.of(
                        415, "UnsupportedMediaType", "the embedded API server does not know the patch type " + type);
        }
    }

    /** RFC 7386. */
    private static void mergePatch(ObjectNode target, ObjectNode patch) {
        for (Map.Entry<String, JsonNode> entry : patch.properties()) {
            if (entry.getValue().isNull()) {
                target.remove(entry.getKey());
            } else if (entry.getValue() instanceof ObjectNode below) {
                if (!(target.get(entry.getKey()) instanceof ObjectNode)) {
                    target.putObject(entry.getKey());
                }
                mergePatch((ObjectNode) target.get(entry.getKey()), below);
            } else {
                target.set(entry.getKey(), entry.getValue());
            }
        }
    }

    private MockResponse delete(RecordedRequest request, Target target) {
        String name = target.name();
        if (name != null) {
            ObjectNode live = require(target);
            String body = request.getUtf8Body();
            JsonNode preconditions =
                    body == null || body.isBlank() ? JsonNodeFactory.instance.objectNode() : Json.tree(body);
            for (String field : List.of("uid", "resourceVersion")) {
                JsonNode expected = preconditions.path("preconditions").path(field);
                if (expected.isTextual()
                        && !expected.equals(live.path("metadata").path(field))) {
                    throw ApiException.of(
                            409,
                            "Conflict",
                            "Precondition failed: " + field + " in precondition: " + expected.asText()
                                    + ", in object meta: "
                                    + live.path("metadata").path(field).asText());
                }
            }
            if (target.plural().equals("namespaces")) {
                deleteContents(name);
            }
        }
        return handleDelete(request.getPath());
    }

    private void deleteContents(String namespace) {
        for (Map.Entry<AttributeSet, String> entry : new LinkedHashMap<>(map).entrySet()) {
            if (Json.object(entry.getValue()).at("/metadata/namespace").asText().equals(namespace)) {
                processEvent("", entry.getKey(), entry.getKey(), null, null);
            }
        }
    }

    /** Stores the object with its version and managers, unless nothing changed or it is a dry run. */
    private ObjectNode store(
            @Nullable ObjectNode live,
            ObjectNode object,
            ManagedFields managers,
            Target target,
            String name,
            boolean dryRun) {
        ObjectNode metadata = object.withObjectProperty("metadata");
        metadata.put("name", name);
        if (target.namespace() != null) {
            metadata.put("namespace", target.namespace());
        }
        managers.writeTo(object);
        if (live == null) {
            metadata.put("uid", UUID.randomUUID().toString());
            metadata.put("creationTimestamp", now());
            metadata.put("generation", 1);
        } else {
            ServerDefaults.check(live, object);
            for (String field :
                    List.of("uid", "creationTimestamp", "deletionTimestamp", "generation", "resourceVersion")) {
                JsonNode value = live.path("metadata").get(field);
                if (value != null) {
                    metadata.set(field, value);
                }
            }
            if (withoutTimes(live).equals(withoutTimes(object))) {
                return live;
            }
            if (!desired(live).equals(desired(object))) {
                metadata.put("generation", live.at("/metadata/generation").asLong() + 1);
            }
        }
        if (dryRun) {
            return object;
        }
        metadata.put("resourceVersion", String.valueOf(requestResourceVersion()));
        AttributeSet key = getKey(pathOf(target, name));
        Map.Entry<AttributeSet, String> existing = findResource(key);
        boolean gone = object.at("/metadata/deletionTimestamp").isTextual()
                && object.at("/metadata/finalizers").isEmpty();
        processEvent(
                pathOf(target, name),
                key,
                existing == null ? null : existing.getKey(),
                null,
                gone ? null : object.toString());
        return object;
    }

    private static ObjectNode withoutTimes(ObjectNode object) {
        ObjectNode copy = object.deepCopy();
        copy.at("/metadata/managedFields").forEach(entry -> ((ObjectNode) entry).remove("time"));
        return copy;
    }

    private static ObjectNode desired(ObjectNode object) {
        ObjectNode copy = object.deepCopy();
        copy.remove(List.of("metadata", "status"));
        return copy;
    }

    private static void keepStatus(ObjectNode live, ObjectNode object) {
        JsonNode status = live.get("status");
        if (status == null) {
            object.remove("status");
        } else {
            object.set("status", status.deepCopy());
        }
    }

    private static ObjectNode scaleOf(ObjectNode object) {
        ObjectNode scale = JsonNodeFactory.instance.objectNode();
        scale.put("apiVersion", "autoscaling/v1").put("kind", "Scale");
        ObjectNode metadata = scale.putObject("metadata");
        for (String field : List.of("name", "namespace", "uid", "resourceVersion")) {
            metadata.set(field, object.path("metadata").path(field));
        }
        scale.putObject("spec").set("replicas", object.at("/spec/replicas"));
        scale.putObject("status").put("replicas", object.at("/spec/replicas").asInt());
        return scale;
    }

    private String checkIdentity(ObjectNode object, Target target, @Nullable String name) {
        ResourceType type = types.stream()
                .filter(known -> known.apiVersion().equals(target.apiVersion())
                        && known.plural().equals(target.plural()))
                .findFirst()
                .orElseThrow(() -> ApiException.of(
                        404,
                        "NotFound",
                        "the server could not find the requested resource " + target.plural() + " in "
                                + target.apiVersion()));
        boolean scale = "scale".equals(target.subresource());
        if (!scale
                && (!type.apiVersion().equals(object.path("apiVersion").asText())
                        || !type.kind().equals(object.path("kind").asText()))) {
            throw ApiException.badRequest("the object is of kind "
                    + object.path("apiVersion").asText() + " "
                    + object.path("kind").asText() + ", expected "
                    + type.apiVersion() + " " + type.kind());
        }
        String own = object.at("/metadata/name").asText();
        if (own.isEmpty() && name == null) {
            throw ApiException.invalid(type.kind(), "", "metadata.name", "Required value: name is required");
        }
        if (name != null && !own.isEmpty() && !own.equals(name)) {
            throw ApiException.badRequest(
                    "the name of the object (" + own + ") does not match the name on the URL (" + name + ")");
        }
        String namespace = object.at("/metadata/namespace").asText();
        if (type.namespaced()) {
            if (target.namespace() == null) {
                throw ApiException.badRequest("an empty namespace may not be set during creation");
            }
            if (!namespace.isEmpty() && !namespace.equals(target.namespace())) {
                throw ApiException.badRequest("the namespace of the object (" + namespace
                        + ") does not match the namespace on the request (" + target.namespace() + ")");
            }
            if (findResource(getKey("/api/v1/namespaces/" + target.namespace())) == null) {
                throw ApiException.notFound("namespaces", target.namespace());
            }
        }
        return own.isEmpty() && name != null ? name : own;
    }

    private static ApiException modified(Target target, String name) {
        return ApiException.of(
                409,
                "Conflict",
                "Operation cannot be fulfilled on " + target.plural() + " \"" + name
                        + "\": the object has been modified; please apply your changes to the latest version and try"
                        + " again");
    }

    private ObjectNode require(Target target) {
        String name = target.name() == null ? "" : target.name();
        ObjectNode live = find(target, name);
        if (live == null) {
            throw ApiException.notFound(target.plural(), name);
        }
        return live;
    }

    private @Nullable ObjectNode find(Target target, String name) {
        Map.Entry<AttributeSet, String> entry = findResource(getKey(pathOf(target, name)));
        return entry == null ? null : Json.object(entry.getValue());
    }

    private static String pathOf(Target target, String name) {
        return (target.apiVersion().contains("/") ? "/apis/" : "/api/") + target.apiVersion()
                + (target.namespace() == null ? "" : "/namespaces/" + target.namespace())
                + "/" + target.plural() + "/" + name;
    }

    private static FieldRules rules(ObjectNode object) {
        return FieldRules.of(
                object.path("apiVersion").asText(), object.path("kind").asText());
    }

    private static ManagedFields.Manager updater(RecordedRequest request, HttpUrl url, Target target) {
        String manager = url.queryParameter("fieldManager");
        if (manager == null || manager.isEmpty()) {
            String agent = request.getHeader("User-Agent");
            manager = agent == null ? "unknown" : agent.replaceFirst("/.*", "");
        }
        return new ManagedFields.Manager(manager, "Update", target.subresourceOrNone());
    }

    private static boolean isDryRun(HttpUrl url) {
        return "All".equals(url.queryParameter("dryRun"));
    }

    private static String mediaType(RecordedRequest request) {
        String type = request.getHeader("Content-Type");
        return type == null ? "" : type.replaceFirst(";.*", "").trim().toLowerCase(Locale.ROOT);
    }

    private String now() {
        return Instant.now(clock).truncatedTo(ChronoUnit.SECONDS).toString();
    }

    private static MockResponse answer(ApiException e) {
        return answer(e.code(), e.toStatus());
    }

    private static MockResponse answer(int code, JsonNode body) {
        return new MockResponse()
                .setResponseCode(code)
                .setHeader("Content-Type", "application/json")
                .setBody(body.toString());
    }

    private @Nullable JsonNode discovery(String path) {
        ObjectNode answer = JsonNodeFactory.instance.objectNode();
        if (path.equals("/version")) {
            return answer.put("major", "1").put("minor", "34").put("gitVersion", "v1.34.0");
        }
        if (path.equals("/") || path.isEmpty()) {
            answer.putArray("paths").add("/api").add("/api/v1").add("/apis");
            return answer;
        }
        if (path.equals("/api")) {
            answer.put("kind", "APIVersions").putArray("versions").add("v1");
            return answer;
        }
        if (path.equals("/apis")) {
            answer.put("kind", "APIGroupList").put("apiVersion", "v1");
            ArrayNode groups = answer.putArray("groups");
            Map<String, Set<String>> versions = new LinkedHashMap<>();
            types.forEach(type -> versions.computeIfAbsent(type.group(), g -> new LinkedHashSet<>())
                    .add(type.version()));
            versions.remove("");
            versions.forEach((group, all) -> {
                ArrayNode list = groups.addObject().put("name", group).putArray("versions");
                all.forEach(version -> list.addObject()
                        .put("groupVersion", group + "/" + version)
                        .put("version", version));
            });
            return answer;
        }
        String apiVersion = path.replaceFirst("^/apis?/", "");
        List<ResourceType> found = types.stream()
                .filter(type -> type.apiVersion().equals(apiVersion))
                .toList();
        if (found.isEmpty()) {
            return null;
        }
        answer.put("kind", "APIResourceList").put("apiVersion", "v1").put("groupVersion", apiVersion);
        ArrayNode resources = answer.putArray("resources");
        for (ResourceType type : found) {
            ArrayNode verbs = resources
                    .addObject()
                    .put("name", type.plural())
                    .put("singularName", type.kind().toLowerCase(Locale.ROOT))
                    .put("namespaced", type.namespaced())
                    .put("kind", type.kind())
                    .putArray("verbs");
            List.of("create", "delete", "get", "list", "patch", "update", "watch")
                    .forEach(verbs::add);
        }
        return answer;
    }
}
