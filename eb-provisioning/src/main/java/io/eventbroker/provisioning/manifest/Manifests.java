package io.eventbroker.provisioning.manifest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.eventbroker.core.EventBrokerException;
import io.eventbroker.core.json.CanonicalJson;
import io.eventbroker.core.topology.Topology;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The Kubernetes objects of one platform, as they are wanted. Each carries the labels {@link #MANAGED_BY} and {@link
 * #PLATFORM}, by which what belongs to the platform is found again.
 *
 * <p>Objects are kept in the order in which they can be created. They hold no secrets: what looks like one is refused,
 * so that plans may be printed, stored and mailed. Rendering the same twice gives equal manifests. Immutable.
 */
public final class Manifests {
    /** The label that says who manages an object; its value is {@link #MANAGER}. */
    public static final String MANAGED_BY = "app.kubernetes.io/managed-by";

    /** The value of {@link #MANAGED_BY}. */
    public static final String MANAGER = "eventbroker";

    /** The label that names the platform which an object belongs to. */
    public static final String PLATFORM = "eventbroker.io/platform";

    private static final Pattern LABEL_VALUE = Pattern.compile("[A-Za-z0-9]([A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?");
    private static final Pattern SECRET_NAME =
            Pattern.compile(".*(password|passwd|secret[_.-]?key|jaas[_.-]config|credential|api[_.-]?key|token)");
    private static final Pattern PROPERTY = Pattern.compile("(?m)^\\s*([A-Za-z0-9_.-]+)\\s*[=:]\\s*(\\S.*)$");

    private static final Pattern SYSTEM_PROPERTY = Pattern.compile("(?:^|\\s)-D([A-Za-z0-9_.-]+)=(\\S+)");

    /** Each kind after those that it needs. */
    private static final List<String> ORDER = List.of(
            "Namespace",
            "ServiceAccount",
            "ConfigMap",
            "Secret",
            "Service",
            "NetworkPolicy",
            "PodDisruptionBudget",
            "KRaftController",
            "Kafka",
            "StatefulSet");

    private final String platform;
    private final String environment;
    private final Map<ObjectRef, JsonNode> objects;
    private final List<String> notes;

    private Manifests(String platform, String environment, Map<ObjectRef, JsonNode> objects, Collection<String> notes) {
        this.platform = platform;
        this.environment = environment;
        this.objects = objects;
        this.notes = List.copyOf(notes);
    }

    /**
     * The brokers and controllers of a topology as resources of Confluent for Kubernetes 3.x ({@code
     * platform.confluent.io/v1beta1}): {@code KRaftController} and {@code Kafka}, in their namespace. The operator turns
     * them into pods.
     *
     * @throws CannotRenderException with every reason, if the operator cannot do what the topology asks for
     */
    public static Manifests confluent(Topology topology) {
        return new ConfluentRenderer(topology).render();
    }

    /**
     * The brokers and controllers of a topology as plain Kubernetes resources: for each a StatefulSet with its
     * ConfigMap, headless Service, ServiceAccount, PodDisruptionBudget and NetworkPolicy, in their namespace.
     *
     * <p>Pods run without root, on a read-only root file system, under the {@code restricted} pod security standard.
     * Their probes open a TCP connection. StatefulSets have the update strategy {@code OnDelete}: Kubernetes knows
     * nothing of in-sync replicas, so a changed template takes effect as pods are deleted, one at a time and when the
     * partitions allow it.
     *
     * @throws CannotRenderException with every reason, if the topology asks for what these resources cannot do
     */
    public static Manifests statefulSet(Topology topology) {
        return new StatefulSetRenderer(topology).render();
    }

    /**
     * Takes objects from wherever the host has them.
     *
     * @param platform to whom the objects belong, a valid label value
     * @throws IllegalArgumentException if the platform is no label value, or an object has no name
     * @throws EventBrokerException if an object occurs twice, or holds what looks like a secret
     */
    public static Manifests of(String platform, Collection<? extends HasMetadata> objects) {
        return of(platform, "", objects, List.of());
    }

    /**
     * Takes objects that are meant for one environment.
     *
     * @param environment that plans made from these manifests are for; empty for none
     */
    public static Manifests of(String platform, String environment, Collection<? extends HasMetadata> objects) {
        return of(platform, environment, objects, List.of());
    }

    static Manifests of(
            String platform, String environment, Collection<? extends HasMetadata> objects, Collection<String> notes) {
        if (!LABEL_VALUE.matcher(platform).matches()) {
            throw new IllegalArgumentException(
                    "the platform's name becomes a label, so it must be 1 to 63 letters, digits, '-', '_' or '.',"
                            + " was '" + platform + "'");
        }
        List<JsonNode> trees = new ArrayList<>();
        for (HasMetadata object : objects) {
            ObjectNode tree = (ObjectNode) CanonicalJson.readTree(Serialization.asJson(object));
            tree.remove("status");
            ObjectNode metadata = tree.withObjectProperty("metadata");
            metadata.remove(List.of("managedFields", "resourceVersion", "uid", "creationTimestamp", "generation"));
            metadata.withObjectProperty("labels").put(MANAGED_BY, MANAGER).put(PLATFORM, platform);
            refuseSecrets(tree);
            trees.add(tree);
        }
        trees.sort(Comparator.comparingInt(Manifests::rank)
                .thenComparing(tree -> refOf(tree).path()));
        Map<ObjectRef, JsonNode> byRef = new LinkedHashMap<>();
        for (JsonNode tree : trees) {
            if (byRef.put(refOf(tree), tree) != null) {
                throw new EventBrokerException(refOf(tree) + " occurs twice in the manifests of " + platform);
            }
        }
        return new Manifests(platform, environment, Collections.unmodifiableMap(byRef), notes);
    }

    private static int rank(JsonNode tree) {
        int rank = ORDER.indexOf(tree.path("kind").asText());
        return rank < 0 ? ORDER.size() : rank;
    }

    private static ObjectRef refOf(JsonNode tree) {
        return new ObjectRef(
                tree.path("apiVersion").asText(),
                tree.path("kind").asText(),
                tree.at("/metadata/namespace").asText(),
                tree.at("/metadata/name").asText());
    }

    public String platform() {
        return platform;
    }

    /** The environment that the objects are for; empty if none was named. */
    public String environment() {
        return environment;
    }

    /** What a reader must know: what these resources leave out of the topology, or do otherwise. One sentence each. */
    public List<String> notes() {
        return notes;
    }

    /**
     * The Secrets that the objects refer to, as {@code namespace/name}. They are not part of the manifests and must be
     * there before pods start.
     */
    public SortedSet<String> requiredSecrets() {
        SortedSet<String> names = new TreeSet<>();
        objects.forEach((ref, object) -> {
            for (String field : List.of("secretRef", "secretName")) {
                object.findValues(field).stream()
                        .filter(JsonNode::isTextual)
                        .forEach(name -> names.add(ref.namespace() + "/" + name.asText()));
            }
            object.findValues("secretKeyRef")
                    .forEach(key ->
                            names.add(ref.namespace() + "/" + key.path("name").asText()));
        });
        return names;
    }

    /** The objects in the order in which they can be created. */
    public Set<ObjectRef> refs() {
        return objects.keySet();
    }

    /**
     * One object as JSON; a copy.
     *
     * @throws IllegalArgumentException if there is no such object
     */
    public JsonNode get(ObjectRef ref) {
        JsonNode object = objects.get(ref);
        if (object == null) {
            throw new IllegalArgumentException("there is no " + ref + " in the manifests of " + platform);
        }
        return object.deepCopy();
    }

    /** All objects as YAML documents, for a file that {@code kubectl apply --server-side} or a Git repository takes. */
    public String toYaml() {
        StringBuilder yaml = new StringBuilder();
        objects.values().forEach(object -> {
            String document = Serialization.asYaml(CanonicalJson.fromTree(object, TreeMap.class));
            yaml.append(document.startsWith("---") ? "" : "---\n").append(document);
        });
        return yaml.toString();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Manifests that
                && platform.equals(that.platform)
                && environment.equals(that.environment)
                && notes.equals(that.notes)
                && objects.equals(that.objects);
    }

    @Override
    public int hashCode() {
        return objects.hashCode();
    }

    @Override
    public String toString() {
        return "manifests of " + platform + ": " + objects.keySet();
    }

    private static void refuseSecrets(JsonNode tree) {
        ObjectRef ref = refOf(tree);
        if (ref.kind().equals("Secret")) {
            throw new EventBrokerException(ref
                    + ": the content of a Secret would be readable in every plan; create it beside the plan and refer"
                    + " to it by name");
        }
        Set<String> found = new HashSet<>();
        collectSecrets(tree, "", found);
        if (!found.isEmpty()) {
            throw new EventBrokerException(ref + ": " + found.stream().sorted().toList()
                    + " would put a secret into plans; refer to a Secret instead: valueFrom.secretKeyRef, a mounted"
                    + " file, or a config provider such as ${file:…}");
        }
    }

    private static void collectSecrets(JsonNode node, String name, Set<String> found) {
        if (node.isTextual()) {
            String text = node.asText();
            checkProperty(name, text, found);
            for (Pattern pattern : List.of(PROPERTY, SYSTEM_PROPERTY)) {
                pattern.matcher(text).results().forEach(set -> checkProperty(set.group(1), set.group(2), found));
            }
        } else if (node.isObject()) {
            JsonNode value = node.get("value");
            if (value != null && value.isTextual() && node.path("name").isTextual()) {
                checkProperty(node.path("name").asText(), value.asText(), found);
            }
            node.properties().forEach(entry -> collectSecrets(entry.getValue(), entry.getKey(), found));
        } else {
            node.forEach(item -> collectSecrets(item, "", found));
        }
    }

    private static void checkProperty(String name, String value, Set<String> found) {
        // A login module without options holds nothing; with a user or a key it does.
        boolean harmless = value.isBlank()
                || value.startsWith("${")
                || (value.endsWith("LoginModule required;") && !value.contains("="));
        if (!harmless && SECRET_NAME.matcher(name.toLowerCase(Locale.ROOT)).matches()) {
            found.add(name);
        }
    }
}
