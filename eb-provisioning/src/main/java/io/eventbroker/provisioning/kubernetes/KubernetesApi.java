package io.eventbroker.provisioning.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.eventbroker.core.Deadline;
import io.eventbroker.core.DeadlineExceededException;
import io.eventbroker.core.EventBrokerException;
import io.eventbroker.core.OutcomeUnknownException;
import io.eventbroker.core.RetryableException;
import io.eventbroker.core.json.CanonicalJson;
import io.eventbroker.provisioning.manifest.Manifests;
import io.eventbroker.provisioning.manifest.ObjectRef;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.GenericKubernetesResourceList;
import io.fabric8.kubernetes.api.model.Status;
import io.fabric8.kubernetes.api.model.StatusCause;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.RequestConfigBuilder;
import io.fabric8.kubernetes.client.dsl.MixedOperation;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The requests that provisioning makes, with a limit of time each and errors in our own terms. Requests are not
 * repeated here: the runner decides on that, and looks first. For one thread at a time.
 */
final class KubernetesApi {
    private static final Duration REQUEST = Duration.ofSeconds(15);
    private static final Pattern OWNER = Pattern.compile("conflict with \"((?:[^\"\\\\]|\\\\.)*)\".*", Pattern.DOTALL);

    private final KubernetesClient client;
    private final Map<
                    String,
                    MixedOperation<
                            GenericKubernetesResource,
                            GenericKubernetesResourceList,
                            Resource<GenericKubernetesResource>>>
            kinds = new HashMap<>();

    private KubernetesApi(KubernetesClient client) {
        this.client = client;
    }

    /** Requests that each take no longer than what is left. */
    static KubernetesApi within(KubernetesClient hosts, Deadline deadline) {
        deadline.check("the Kubernetes API");
        int millis = (int) Math.min(REQUEST.toMillis(), Math.max(1, deadline.remainingMillis()));
        return new KubernetesApi(hosts.newClient(new RequestConfigBuilder()
                        .withRequestTimeout(millis)
                        .withRequestRetryBackoffLimit(0)
                        .build())
                .adapt(KubernetesClient.class));
    }

    String clusterId() {
        return ask("namespace kube-system", false, () -> {
            var system = client.namespaces().withName("kube-system").get();
            if (system == null || system.getMetadata().getUid() == null) {
                throw new EventBrokerException("there is no namespace kube-system, whose UID tells clusters apart;"
                        + " is this a Kubernetes cluster, and may the client get this namespace?");
            }
            return system.getMetadata().getUid();
        });
    }

    /** Null if it is not there. */
    @Nullable
    JsonNode get(ObjectRef ref) {
        return ask(ref.toString(), false, () -> {
            GenericKubernetesResource live = resource(ref).get();
            return live == null ? null : tree(live);
        });
    }

    /** What belongs to a platform in a namespace. */
    List<JsonNode> owned(String apiVersion, String kind, String namespace, String platform) {
        return ask(kind + "s in " + namespace, false, () -> {
            List<JsonNode> found = new ArrayList<>();
            kind(apiVersion, kind)
                    .inNamespace(namespace)
                    .withLabel(Manifests.PLATFORM, platform)
                    .withLabel(Manifests.MANAGED_BY, Manifests.MANAGER)
                    .list()
                    .getItems()
                    .forEach(item -> found.add(tree(item)));
            return found;
        });
    }

    /** What an apply would make of the object, without doing it. */
    JsonNode foretell(ObjectRef ref, JsonNode manifest, boolean force) {
        return ask(ref.toString(), false, () -> patch(ref, manifest, force, true));
    }

    void apply(ObjectRef ref, JsonNode manifest, boolean force) {
        ask(ref.toString(), true, () -> patch(ref, manifest, force, false));
    }

    private JsonNode patch(ObjectRef ref, JsonNode manifest, boolean force, boolean dryRun) {
        PatchContext.Builder context = new PatchContext.Builder()
                .withPatchType(PatchType.SERVER_SIDE_APPLY)
                .withFieldManager(Manifests.MANAGER)
                // A field that the schema does not know would be dropped without a word.
                .withFieldValidation("Strict")
                .withForce(force);
        if (dryRun) {
            context.withDryRun(List.of("All"));
        }
        GenericKubernetesResource object =
                Serialization.unmarshal(manifest.toString(), GenericKubernetesResource.class);
        try {
            return tree(resource(ref).patch(context.build(), object));
        } catch (KubernetesClientException e) {
            List<FieldConflict> conflicts = conflicts(e);
            if (!conflicts.isEmpty()) {
                throw new FieldConflictException(ref, conflicts, e);
            }
            throw e;
        }
    }

    /** Deletes the object if it is still the one with this version. */
    void delete(ObjectRef ref, String resourceVersion) {
        ask(
                ref.toString(),
                true,
                () -> resource(ref).lockResourceVersion(resourceVersion).delete());
    }

    private Resource<GenericKubernetesResource> resource(ObjectRef ref) {
        var operation = kind(ref.apiVersion(), ref.kind());
        return ref.namespace().isEmpty()
                ? operation.withName(ref.name())
                : operation.inNamespace(ref.namespace()).withName(ref.name());
    }

    boolean knows(String apiVersion, String kind) {
        try {
            ask(kind, false, () -> kind(apiVersion, kind));
            return true;
        } catch (UnknownKindException e) {
            return false;
        }
    }

    private MixedOperation<
                    GenericKubernetesResource, GenericKubernetesResourceList, Resource<GenericKubernetesResource>>
            kind(String apiVersion, String kind) {
        return kinds.computeIfAbsent(apiVersion + " " + kind, any -> {
            var resources = client.getApiResources(apiVersion);
            boolean known = resources != null
                    && resources.getResources().stream()
                            .anyMatch(resource -> kind.equals(resource.getKind())
                                    && !resource.getName().contains("/"));
            if (!known) {
                throw new UnknownKindException("the cluster does not know the kind " + kind + " of " + apiVersion
                        + "; install its operator's custom resource definitions first");
            }
            return client.genericKubernetesResources(apiVersion, kind);
        });
    }

    /** The cluster lacks a custom resource definition. */
    static final class UnknownKindException extends EventBrokerException {
        private static final long serialVersionUID = 1L;

        UnknownKindException(String message) {
            super(message);
        }
    }

    private static JsonNode tree(GenericKubernetesResource resource) {
        return CanonicalJson.readTree(Serialization.asJson(resource));
    }

    /** The fields that the last apply of this SDK made its own. */
    static JsonNode ownedFields(JsonNode object) {
        ObjectNode none = JsonNodeFactory.instance.objectNode();
        for (JsonNode entry : object.at("/metadata/managedFields")) {
            if (entry.path("manager").asText().equals(Manifests.MANAGER)
                    && entry.path("operation").asText().equals("Apply")
                    && entry.path("subresource").asText().isEmpty()) {
                return entry.path("fieldsV1");
            }
        }
        return none;
    }

    private static List<FieldConflict> conflicts(KubernetesClientException e) {
        List<FieldConflict> conflicts = new ArrayList<>();
        Status status = e.getStatus();
        if (e.getCode() == 409 && status != null && status.getDetails() != null) {
            for (StatusCause cause : status.getDetails().getCauses()) {
                if ("FieldManagerConflict".equals(cause.getReason())) {
                    Matcher owner = OWNER.matcher(
                            Optional.ofNullable(cause.getMessage()).orElse(""));
                    conflicts.add(new FieldConflict(
                            Optional.ofNullable(cause.getField()).orElse(""),
                            owner.matches() ? owner.group(1) : "unknown"));
                }
            }
        }
        return conflicts;
    }

    private static <T extends @Nullable Object> T ask(String what, boolean write, Supplier<T> request) {
        try {
            return request.get();
        } catch (KubernetesClientException e) {
            throw translated(what, write, e);
        }
    }

    private static EventBrokerException translated(String what, boolean write, KubernetesClientException e) {
        String message = what + ": "
                + (e.getStatus() != null && e.getStatus().getMessage() != null
                        ? e.getStatus().getMessage()
                        : e.getMessage());
        int code = e.getCode();
        if (code == 429 || code == 503) {
            return new RetryableException(message, e);
        }
        if (code >= 500 || isUnanswered(e)) {
            return write ? new OutcomeUnknownException(message, e) : new RetryableException(message, e);
        }
        if (code == 401 || code == 403) {
            return new NotPermittedException(
                    message + "; the permissions that are needed are listed in the module's README", e);
        }
        return code == 400 || code == 422 ? new RefusedException(message, e) : new EventBrokerException(message, e);
    }

    /** Lost on the way there or back; fabric8 gives time-outs codes of its own. */
    private static boolean isUnanswered(KubernetesClientException e) {
        if (e.getCode() == 0 || e.getCode() == 408) {
            return true;
        }
        for (Throwable cause = e.getCause(); cause != null; cause = cause.getCause()) {
            if (cause instanceof IOException || cause instanceof TimeoutException) {
                return true;
            }
        }
        return false;
    }

    /** The API server would not have the object. */
    static final class RefusedException extends EventBrokerException {
        private static final long serialVersionUID = 1L;

        RefusedException(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /** The client's user may not do this. */
    static final class NotPermittedException extends EventBrokerException {
        private static final long serialVersionUID = 1L;

        NotPermittedException(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /** Tries reads again for as long as there is time. */
    static <T extends @Nullable Object> T patiently(Deadline deadline, Supplier<T> read) {
        Duration pause = Duration.ofMillis(100);
        while (true) {
            try {
                return read.get();
            } catch (RetryableException e) {
                if (deadline.remaining().compareTo(pause) <= 0) {
                    throw new DeadlineExceededException(
                            "the Kubernetes API did not answer in time: " + e.getMessage(), e);
                }
                try {
                    Thread.sleep(pause.toMillis());
                } catch (InterruptedException interrupted) {
                    Thread.currentThread().interrupt();
                    throw new EventBrokerException("interrupted while reading from the Kubernetes API", interrupted);
                }
                pause = pause.multipliedBy(2).compareTo(Duration.ofSeconds(2)) < 0
                        ? pause.multipliedBy(2)
                        : Duration.ofSeconds(2);
            }
        }
    }
}
