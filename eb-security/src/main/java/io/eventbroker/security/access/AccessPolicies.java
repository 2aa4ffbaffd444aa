package io.eventbroker.security.access;

import io.eventbroker.core.kind.Document;
import io.eventbroker.core.kind.Documents;
import io.eventbroker.core.kind.Findings;
import io.eventbroker.core.kind.Kind;
import io.eventbroker.core.topology.Topologies;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The kind that describes access rights:
 *
 * <pre>{@code
 * apiVersion: eventbroker.io/v1
 * kind: AccessPolicy
 * metadata: {name: orders}
 * spec:
 *   cluster: kafka-prod
 *   principals:
 *     - principal: User:CN=orders-service
 *       roles:
 *         - {role: developer-write, resources: ["topic:orders.*"]}
 *         - {role: developer-read, resources: ["group:orders-reader"]}
 *     - principal: User:CN=retired-service   # no roles: loses everything
 * }</pre>
 */
public final class AccessPolicies {

    /** {@code kind: AccessPolicy}. */
    public static final Kind<AccessPolicy> KIND = Kind.of("AccessPolicy", AccessPolicy.class)
            .withCheckAcross(AccessPolicies::checkOwners)
            .withCheckAcross(AccessPolicies::checkClusters);

    private AccessPolicies() {}

    /** The policies that hold for a cluster: those that name it, and those that name none. */
    static List<AccessPolicy> forCluster(Collection<AccessPolicy> policies, String cluster) {
        return policies.stream()
                .filter(policy -> policy.cluster().map(cluster::equals).orElse(true))
                .toList();
    }

    /** Two owners take away in turn what the other gives, unless they are always planned together. */
    private static void checkOwners(List<Document<AccessPolicy>> policies, Documents all, Findings findings) {
        Map<String, Document<AccessPolicy>> owners = new HashMap<>();
        for (Document<AccessPolicy> policy : policies) {
            List<PrincipalAccess> principals = policy.value().principals();
            for (int i = 0; i < principals.size(); i++) {
                String principal = principals.get(i).principal();
                Document<AccessPolicy> other =
                        owners.putIfAbsent(policy.value().cluster().orElse("") + " " + principal, policy);
                if (other != null) {
                    findings.warning(
                            policy,
                            "spec.principals[" + i + "].principal",
                            "'" + principal + "' is also owned by the AccessPolicy '" + other.name()
                                    + "'; planned one by one, each revokes what the other grants",
                            "keep it in one of the two, or always plan both together");
                }
            }
        }
    }

    private static void checkClusters(List<Document<AccessPolicy>> policies, Documents all, Findings findings) {
        for (Document<AccessPolicy> policy : policies) {
            policy.value()
                    .cluster()
                    .filter(cluster ->
                            all.find(Topologies.KIND, cluster).isEmpty() && !all.mayExist(Topologies.KIND, cluster))
                    .ifPresent(cluster -> findings.error(
                            policy,
                            "spec.cluster",
                            "there is no Topology '" + cluster + "'",
                            "correct the name, or read the file that describes it too"));
        }
    }
}
