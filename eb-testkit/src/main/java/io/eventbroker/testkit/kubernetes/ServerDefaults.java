package io.eventbroker.testkit.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * What the API server fills in and refuses for the kinds that a Kafka platform is made of. Tests that pass against an
 * object exactly as it was sent would fail against a real server.
 */
final class ServerDefaults {

    private static final Set<String> MUTABLE_IN_STATEFUL_SET = Set.of(
            "replicas",
            "ordinals",
            "template",
            "updateStrategy",
            "revisionHistoryLimit",
            "persistentVolumeClaimRetentionPolicy",
            "minReadySeconds");

    private ServerDefaults() {}

    static void fill(ObjectNode object) {
        switch (kind(object)) {
            case "v1 Namespace" -> {
                object.withObjectProperty("metadata")
                        .withObjectProperty("labels")
                        .put(
                                "kubernetes.io/metadata.name",
                                object.at("/metadata/name").asText());
                object.withObjectProperty("spec").withArrayProperty("finalizers");
                if (object.at("/spec/finalizers").isEmpty()) {
                    object.withObjectProperty("spec")
                            .withArrayProperty("finalizers")
                            .add("kubernetes");
                }
                object.withObjectProperty("status").put("phase", "Active");
            }
            case "v1 Secret" -> secret(object);
            case "v1 Service" -> service(object);
            case "apps/v1 StatefulSet" -> statefulSet(object);
            case "networking.k8s.io/v1 NetworkPolicy" -> {
                for (String direction : List.of("ingress", "egress")) {
                    object.at("/spec/" + direction)
                            .forEach(rule -> rule.path("ports").forEach(port -> put(port, "protocol", "TCP")));
                }
            }
            default -> {}
        }
    }

    private static String kind(JsonNode object) {
        return object.path("apiVersion").asText() + " " + object.path("kind").asText();
    }

    private static void secret(ObjectNode object) {
        put(object, "type", "Opaque");
        JsonNode plain = object.remove("stringData");
        if (plain != null) {
            for (Map.Entry<String, JsonNode> entry : plain.properties()) {
                object.withObjectProperty("data")
                        .put(
                                entry.getKey(),
                                Base64.getEncoder()
                                        .encodeToString(
                                                entry.getValue().asText().getBytes(StandardCharsets.UTF_8)));
            }
        }
    }

    private static void service(ObjectNode object) {
        ObjectNode spec = object.withObjectProperty("spec");
        put(spec, "type", "ClusterIP");
        put(spec, "sessionAffinity", "None");
        put(spec, "internalTrafficPolicy", "Cluster");
        put(spec, "clusterIP", "10.96.0.17");
        spec.path("ports").forEach(port -> {
            put(port, "protocol", "TCP");
            if (port.get("targetPort") == null) {
                ((ObjectNode) port).set("targetPort", port.get("port"));
            }
        });
    }

    private static void statefulSet(ObjectNode object) {
        ObjectNode spec = object.withObjectProperty("spec");
        put(spec, "podManagementPolicy", "OrderedReady");
        putNumber(spec, "replicas", 1);
        putNumber(spec, "revisionHistoryLimit", 10);
        if (spec.get("updateStrategy") == null) {
            spec.putObject("updateStrategy")
                    .put("type", "RollingUpdate")
                    .putObject("rollingUpdate")
                    .put("partition", 0);
        }
        if (spec.get("persistentVolumeClaimRetentionPolicy") == null) {
            spec.putObject("persistentVolumeClaimRetentionPolicy")
                    .put("whenDeleted", "Retain")
                    .put("whenScaled", "Retain");
        }
        spec.path("volumeClaimTemplates").forEach(claim -> {
            put(claim, "apiVersion", "v1");
            put(claim, "kind", "PersistentVolumeClaim");
            put(((ObjectNode) claim).withObjectProperty("spec"), "volumeMode", "Filesystem");
            ((ObjectNode) claim).withObjectProperty("status").put("phase", "Pending");
        });
        ObjectNode pod = spec.withObjectProperty("template").withObjectProperty("spec");
        put(pod, "restartPolicy", "Always");
        put(pod, "dnsPolicy", "ClusterFirst");
        put(pod, "schedulerName", "default-scheduler");
        putNumber(pod, "terminationGracePeriodSeconds", 30);
        pod.withObjectProperty("securityContext");
        if (pod.has("serviceAccountName")) {
            pod.set("serviceAccount", pod.get("serviceAccountName"));
        }
        pod.path("volumes").forEach(volume -> {
            if (volume.get("configMap") instanceof ObjectNode source) {
                putNumber(source, "defaultMode", 420);
            }
            if (volume.get("secret") instanceof ObjectNode source) {
                putNumber(source, "defaultMode", 420);
            }
        });
        for (String containers : List.of("containers", "initContainers")) {
            pod.path(containers).forEach(ServerDefaults::container);
        }
    }

    private static void container(JsonNode container) {
        put(container, "imagePullPolicy", "IfNotPresent");
        put(container, "terminationMessagePath", "/dev/termination-log");
        put(container, "terminationMessagePolicy", "File");
        ((ObjectNode) container).withObjectProperty("resources");
        container.path("ports").forEach(port -> put(port, "protocol", "TCP"));
        for (String name : List.of("livenessProbe", "readinessProbe", "startupProbe")) {
            if (container.get(name) instanceof ObjectNode probe) {
                putNumber(probe, "timeoutSeconds", 1);
                putNumber(probe, "periodSeconds", 10);
                putNumber(probe, "successThreshold", 1);
                putNumber(probe, "failureThreshold", 3);
            }
        }
        container.path("env").forEach(variable -> {
            if (variable.at("/valueFrom/fieldRef") instanceof ObjectNode reference) {
                put(reference, "apiVersion", "v1");
            }
        });
    }

    private static void put(JsonNode node, String field, String value) {
        if (node instanceof ObjectNode object && !object.has(field)) {
            object.put(field, value);
        }
    }

    private static void putNumber(JsonNode node, String field, int value) {
        if (node instanceof ObjectNode object && !object.has(field)) {
            object.put(field, value);
        }
    }

    /** Refuses what a real server refuses about a change. */
    static void check(ObjectNode before, ObjectNode after) {
        String name = after.at("/metadata/name").asText();
        if (kind(after).equals("apps/v1 StatefulSet")) {
            TreeSet<String> fields = new TreeSet<>();
            before.path("spec").fieldNames().forEachRemaining(fields::add);
            after.path("spec").fieldNames().forEachRemaining(fields::add);
            fields.removeAll(MUTABLE_IN_STATEFUL_SET);
            for (String field : fields) {
                if (!before.path("spec").path(field).equals(after.path("spec").path(field))) {
                    throw ApiException.invalid(
                            "StatefulSet.apps",
                            name,
                            "spec",
                            "Forbidden: updates to statefulset spec for fields other than 'replicas', 'ordinals',"
                                    + " 'template', 'updateStrategy', 'revisionHistoryLimit',"
                                    + " 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden");
                }
            }
        }
    }
}
