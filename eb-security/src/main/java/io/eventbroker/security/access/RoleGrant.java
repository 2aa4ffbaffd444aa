package io.eventbroker.security.access;

import static org.apache.kafka.common.acl.AclOperation.ALL;
import static org.apache.kafka.common.acl.AclOperation.ALTER;
import static org.apache.kafka.common.acl.AclOperation.ALTER_CONFIGS;
import static org.apache.kafka.common.acl.AclOperation.CREATE;
import static org.apache.kafka.common.acl.AclOperation.DELETE;
import static org.apache.kafka.common.acl.AclOperation.DESCRIBE;
import static org.apache.kafka.common.acl.AclOperation.DESCRIBE_CONFIGS;
import static org.apache.kafka.common.acl.AclOperation.IDEMPOTENT_WRITE;
import static org.apache.kafka.common.acl.AclOperation.READ;
import static org.apache.kafka.common.acl.AclOperation.WRITE;

import io.eventbroker.core.kind.Checks;
import io.eventbroker.core.kind.Default;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.resource.ResourceType;

/**
 * A role on resources.
 *
 * @param role what may be done
 * @param resources on what; empty for the roles that are bound to the cluster as a whole
 * @param overGrants whether it is accepted that ACLs give more than the role does
 */
public record RoleGrant(
        Role role,
        List<AccessResource> resources,
        @Default("refused") OverGrants overGrants) {

    /** What to do with roles that ACLs can only grant together with far more. */
    public enum OverGrants {
        /** {@link Role#USER_ADMIN} cannot be granted. */
        REFUSED,
        /** It can, and the plan says what comes with it. */
        ACCEPTED
    }

    public RoleGrant {
        resources = List.copyOf(resources);
        Checks checks = Checks.begin();
        if (isClusterWide(role)) {
            checks.require(
                    resources.isEmpty() || resources.equals(List.of(AccessResource.cluster())),
                    "resources",
                    role + " is bound to the cluster as a whole, was bound to " + resources,
                    "name no resources");
        } else {
            checks.require(
                    !resources.isEmpty(),
                    "resources",
                    role + " needs resources",
                    "name some, e.g. topic:orders.placed");
            for (int i = 0; i < resources.size(); i++) {
                AccessResource resource = resources.get(i);
                checks.require(
                        !operations(role, resource.type()).isEmpty(),
                        "resources[" + i + "]",
                        role + " has no rights on " + resource.inWords(),
                        "bind it to what it is for, or use another role");
            }
        }
        checks.require(
                role != Role.USER_ADMIN || overGrants == OverGrants.ACCEPTED,
                "overGrants",
                "UserAdmin as ACLs is ALTER on the cluster, which also changes features, quotas and replica placement and"
                        + " can grant itself anything",
                "use a super user for that, or accept it with overGrants: accepted");
        checks.end();
    }

    /** A role on these resources. */
    public static RoleGrant of(Role role, AccessResource... resources) {
        return new RoleGrant(role, List.of(resources), OverGrants.REFUSED);
    }

    /** A role with more than it says, which ACLs cannot avoid. */
    public static RoleGrant acceptingOverGrants(Role role) {
        return new RoleGrant(role, List.of(), OverGrants.ACCEPTED);
    }

    /** The ACLs that come nearest to this role for a principal, and how near that is. */
    public CompiledGrant compile(String principal) {
        List<AclRule> rules = new ArrayList<>();
        for (AccessResource resource : isClusterWide(role) ? clusterWide(role) : resources) {
            for (AclOperation operation : operations(role, resource.type())) {
                rules.add(AclRule.allow(principal, operation, resource));
            }
        }
        return new CompiledGrant(principal, role, rules, more(role), less(role));
    }

    private static boolean isClusterWide(Role role) {
        return switch (role) {
            case DEVELOPER_READ, DEVELOPER_WRITE, DEVELOPER_MANAGE, RESOURCE_OWNER -> false;
            case CLUSTER_ADMIN, OPERATOR, SYSTEM_ADMIN, SECURITY_ADMIN, USER_ADMIN -> true;
        };
    }

    private static List<AccessResource> clusterWide(Role role) {
        return switch (role) {
            case SYSTEM_ADMIN ->
                List.of(
                        AccessResource.all(ResourceType.TOPIC),
                        AccessResource.all(ResourceType.GROUP),
                        AccessResource.all(ResourceType.TRANSACTIONAL_ID),
                        AccessResource.all(ResourceType.DELEGATION_TOKEN),
                        AccessResource.cluster());
            case OPERATOR ->
                List.of(
                        AccessResource.all(ResourceType.TOPIC),
                        AccessResource.all(ResourceType.GROUP),
                        AccessResource.cluster());
            default -> List.of(AccessResource.cluster());
        };
    }

    /** The fewest operations: what another one implies is left out. */
    private static Set<AclOperation> operations(Role role, ResourceType type) {
        return switch (role) {
            case DEVELOPER_READ ->
                switch (type) {
                    case TOPIC, GROUP -> Set.of(READ);
                    case TRANSACTIONAL_ID -> Set.of(DESCRIBE);
                    default -> Set.of();
                };
            case DEVELOPER_WRITE ->
                switch (type) {
                    case TOPIC, TRANSACTIONAL_ID -> Set.of(WRITE);
                    // Leave to write any topic suffices since Kafka 2.8 (KIP-679): only where it is bound.
                    case CLUSTER -> Set.of(IDEMPOTENT_WRITE);
                    default -> Set.of();
                };
            case DEVELOPER_MANAGE ->
                switch (type) {
                    case TOPIC -> Set.of(CREATE, DELETE, DESCRIBE_CONFIGS);
                    case GROUP -> Set.of(DELETE);
                    case TRANSACTIONAL_ID -> Set.of(DESCRIBE);
                    case CLUSTER -> Set.of(CREATE, DESCRIBE_CONFIGS);
                    default -> Set.of();
                };
            case RESOURCE_OWNER ->
                switch (type) {
                    // Not ALL: that would take in whatever operation a later Kafka adds.
                    case TOPIC -> Set.of(READ, WRITE, CREATE, DELETE, ALTER, ALTER_CONFIGS);
                    case GROUP -> Set.of(READ, DELETE);
                    default -> Set.of();
                };
            // Never ALTER on the cluster: it is leave to grant oneself the rest.
            case CLUSTER_ADMIN -> Set.of(CREATE, DESCRIBE, DESCRIBE_CONFIGS, ALTER_CONFIGS);
            case OPERATOR -> type == ResourceType.GROUP ? Set.of(DESCRIBE) : Set.of(DESCRIBE, DESCRIBE_CONFIGS);
            case SYSTEM_ADMIN -> Set.of(ALL);
            case SECURITY_ADMIN -> Set.of(DESCRIBE);
            case USER_ADMIN -> Set.of(ALTER, DESCRIBE);
        };
    }

    private static List<String> more(Role role) {
        return switch (role) {
            case SECURITY_ADMIN -> List.of("DESCRIBE on the cluster also lists all groups, log directories and quotas");
            case USER_ADMIN ->
                List.of(
                        "ALTER on the cluster also changes features, quotas and replica placement, and by ACLs of its own"
                                + " anything else");
            default -> List.of();
        };
    }

    private static List<String> less(Role role) {
        return switch (role) {
            case RESOURCE_OWNER ->
                List.of(
                        "no DescribeAccess and AlterAccess: ACLs have no right to see or hand on rights of one resource");
            case CLUSTER_ADMIN ->
                List.of(
                        "no ALTER on the cluster (placement, elections, features, quotas): it is leave to change ACLs too");
            case OPERATOR -> List.of("no pausing and scaling of connectors: Connect knows no ACLs");
            default -> List.of();
        };
    }
}
