package io.eventbroker.core.lint;

import java.util.List;
import java.util.Map;

/** Resources that Kubernetes does not know any more. */
final class ApiVersionRules {
    private static final String GUIDE = "https://kubernetes.io/docs/reference/using-api/deprecation-guide/";

    /** When it went, and what to write instead. */
    private record Gone(String in, String instead) {}

    /** By apiVersion and kind. */
    private static final Map<String, Gone> GONE = Map.ofEntries(
            Map.entry("policy/v1beta1 PodDisruptionBudget", new Gone("1.25", "policy/v1")),
            Map.entry("autoscaling/v2beta1 HorizontalPodAutoscaler", new Gone("1.25", "autoscaling/v2")),
            Map.entry("autoscaling/v2beta2 HorizontalPodAutoscaler", new Gone("1.26", "autoscaling/v2")),
            Map.entry("batch/v1beta1 CronJob", new Gone("1.25", "batch/v1")),
            Map.entry("extensions/v1beta1 Ingress", new Gone("1.22", "networking.k8s.io/v1")),
            Map.entry("networking.k8s.io/v1beta1 Ingress", new Gone("1.22", "networking.k8s.io/v1")),
            Map.entry("networking.k8s.io/v1beta1 IngressClass", new Gone("1.22", "networking.k8s.io/v1")),
            Map.entry("extensions/v1beta1 NetworkPolicy", new Gone("1.16", "networking.k8s.io/v1")),
            Map.entry("extensions/v1beta1 Deployment", new Gone("1.16", "apps/v1")),
            Map.entry("extensions/v1beta1 DaemonSet", new Gone("1.16", "apps/v1")),
            Map.entry("extensions/v1beta1 ReplicaSet", new Gone("1.16", "apps/v1")),
            Map.entry("apps/v1beta1 Deployment", new Gone("1.16", "apps/v1")),
            Map.entry("apps/v1beta1 StatefulSet", new Gone("1.16", "apps/v1")),
            Map.entry("apps/v1beta2 Deployment", new Gone("1.16", "apps/v1")),
            Map.entry("apps/v1beta2 StatefulSet", new Gone("1.16", "apps/v1")),
            Map.entry("apps/v1beta2 DaemonSet", new Gone("1.16", "apps/v1")),
            Map.entry("apps/v1beta2 ReplicaSet", new Gone("1.16", "apps/v1")),
            Map.entry("storage.k8s.io/v1beta1 StorageClass", new Gone("1.22", "storage.k8s.io/v1")),
            Map.entry("storage.k8s.io/v1beta1 CSIDriver", new Gone("1.22", "storage.k8s.io/v1")),
            Map.entry("rbac.authorization.k8s.io/v1beta1 Role", new Gone("1.22", "rbac.authorization.k8s.io/v1")),
            Map.entry(
                    "rbac.authorization.k8s.io/v1beta1 RoleBinding", new Gone("1.22", "rbac.authorization.k8s.io/v1")),
            Map.entry(
                    "rbac.authorization.k8s.io/v1beta1 ClusterRole", new Gone("1.22", "rbac.authorization.k8s.io/v1")),
            Map.entry(
                    "rbac.authorization.k8s.io/v1beta1 ClusterRoleBinding",
                    new Gone("1.22", "rbac.authorization.k8s.io/v1")),
            Map.entry("scheduling.k8s.io/v1beta1 PriorityClass", new Gone("1.22", "scheduling.k8s.io/v1")),
            Map.entry(
                    "apiextensions.k8s.io/v1beta1 CustomResourceDefinition",
                    new Gone("1.22", "apiextensions.k8s.io/v1")));

    static final Rule REMOVED = Rule.error("kubernetes/removed-api")
            .reason(
                    "A cluster of that release or later refuses the resource, and what was created before is kept under the"
                            + " new version only.")
            .remedy("Write it for the version that replaces it.")
            .source(GUIDE)
            .onManifests((manifest, report) -> {
                Gone gone = GONE.get(manifest.apiVersion() + " " + manifest.kind());
                if (gone != null) {
                    report.finding(
                            "apiVersion",
                            "Kubernetes has no " + manifest.kind() + " of " + manifest.apiVersion() + " since "
                                    + gone.in(),
                            "Write it for " + gone.instead() + ".");
                }
            })
            .build();

    static final Rule PSP = Rule.error("kubernetes/pod-security-policy")
            .reason(
                    "Kubernetes 1.25 removed PodSecurityPolicy; what it was to prevent is allowed now, unless something else"
                            + " prevents it.")
            .remedy("Label the namespace with pod-security.kubernetes.io/enforce: restricted (Pod Security Admission).")
            .source("https://kubernetes.io/docs/concepts/security/pod-security-policy/")
            .onManifests((manifest, report) -> {
                if (manifest.isKind("PodSecurityPolicy")) {
                    report.finding(
                            "kind", "PodSecurityPolicy " + manifest.name() + " has no effect since Kubernetes 1.25");
                }
            })
            .build();

    static final List<Rule> ALL = List.of(REMOVED, PSP);

    private ApiVersionRules() {}
}
