package io.eventbroker.security.access;

import io.eventbroker.core.Deadline;
import io.eventbroker.core.plan.Plan;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.TreeSet;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.ResourceType;

/** ACLs, and policies for some of their principals; both drawn from a seed. */
final class AccessWorld {

    private static final List<AccessResource> RESOURCES = List.of(
            AccessResource.topic("orders.placed"),
            AccessResource.topicsStartingWith("orders."),
            AccessResource.topic("billing"),
            AccessResource.parse("topic:*"),
            AccessResource.group("orders-reader"),
            AccessResource.groupsStartingWith("orders-"),
            AccessResource.transactionalId("tx-1"));

    private static final List<AclOperation> OPERATIONS =
            List.of(AclOperation.READ, AclOperation.WRITE, AclOperation.DESCRIBE, AclOperation.ALL);

    private static final List<Role> ROLES = List.of(
            Role.DEVELOPER_READ, Role.DEVELOPER_WRITE, Role.DEVELOPER_MANAGE, Role.RESOURCE_OWNER, Role.OPERATOR);

    final Acls acls;
    final AccessControl access;
    final List<AccessPolicy> policies;

    AccessWorld(Acls acls, List<AccessPolicy> policies) {
        this.acls = acls;
        this.access = new AccessControl(acls, new TreeSet<>());
        this.policies = policies;
    }

    static List<AclRule> randomRules(int seed) {
        Random random = new Random(seed);
        TreeSet<AclRule> rules = new TreeSet<>();
        int count = random.nextInt(25);
        for (int i = 0; i < count; i++) {
            AclRule rule =
                    AclRule.allow("User:CN=p" + random.nextInt(4), pick(OPERATIONS, random), pick(RESOURCES, random));
            if (rule.resource().type() == ResourceType.GROUP && rule.operation() == AclOperation.WRITE) {
                continue; // Kafka has no such right.
            }
            rules.add(
                    random.nextInt(5) > 0
                            ? rule
                            : new AclRule(
                                    rule.principal(),
                                    "10.0.0." + random.nextInt(3),
                                    rule.resource(),
                                    rule.operation(),
                                    random.nextBoolean() ? AclPermissionType.DENY : AclPermissionType.ALLOW));
        }
        return List.copyOf(rules);
    }

    /** For principals 1 to 3; number 0 belongs to somebody else. */
    static List<AccessPolicy> randomPolicies(int seed) {
        Random random = new Random(~seed);
        List<PrincipalAccess> principals = new ArrayList<>();
        for (int p = 1; p < 4; p++) {
            List<RoleGrant> roles = new ArrayList<>();
            for (int r = random.nextInt(4); r > 0; r--) {
                Role role = pick(ROLES, random);
                try {
                    roles.add(
                            role == Role.OPERATOR
                                    ? RoleGrant.of(role)
                                    : RoleGrant.of(role, pick(RESOURCES, random), pick(RESOURCES, random)));
                } catch (IllegalArgumentException e) {
                    // This role has nothing on that resource; draw fewer.
                }
            }
            principals.add(new PrincipalAccess("User:CN=p" + p, roles));
        }
        return List.of(new AccessPolicy("random", Optional.empty(), principals));
    }

    AccessState read() {
        return access.read(Deadline.after(Duration.ofSeconds(30)));
    }

    Plan<AccessAction> plan() {
        return access.plan(read(), policies);
    }

    private static <T> T pick(List<T> list, Random random) {
        return list.get(random.nextInt(list.size()));
    }
}
