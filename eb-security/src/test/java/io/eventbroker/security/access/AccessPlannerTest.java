package io.eventbroker.security.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eventbroker.core.Deadline;
import io.eventbroker.core.EventBrokerException;
import io.eventbroker.core.plan.Plan;
import io.eventbroker.core.run.DeletesNotAllowedException;
import io.eventbroker.core.run.RunOptions;
import io.eventbroker.core.spec.Specs;
import io.eventbroker.core.topology.Topology;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourceType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AccessPlannerTest {

    private static final String ORDERS = "User:CN=orders-service";

    private static final AccessPolicy POLICY = AccessPolicy.of(
            "orders",
            PrincipalAccess.of(
                    ORDERS,
                    RoleGrant.of(Role.DEVELOPER_WRITE, AccessResource.topicsStartingWith("orders.")),
                    RoleGrant.of(Role.DEVELOPER_READ, AccessResource.group("orders-reader"))));

    @Test
    void printsWhoGainsAndLosesWhat() {
        // Given
        AccessState state = new AccessState(
                "cluster-1",
                List.of(
                        AclRule.allow(ORDERS, AclOperation.WRITE, AccessResource.topic("orders.placed")),
                        AclRule.allow(ORDERS, AclOperation.READ, AccessResource.topic("billing")),
                        AclRule.allow("User:CN=other", AclOperation.ALL, AccessResource.topic("billing"))));

        // When
        Plan<AccessAction> plan = plan(state, POLICY);

        // Then
        StringBuilder printed = new StringBuilder();
        plan.printTo(printed);
        assertThat(printed.toString().lines().toList())
                .contains(
                        "Plan access for cluster-1: 4 actions (2 safe, 2 destructive)",
                        "  + User:CN=orders-service gains WRITE on topics orders.*  (DeveloperWrite in policy orders)",
                        "  + User:CN=orders-service gains READ on group orders-reader  (DeveloperRead in policy orders)",
                        "  - User:CN=orders-service loses READ on topic billing  (no policy asks for it; clients that use"
                                + " it are cut off)",
                        "  - User:CN=orders-service loses WRITE on topic orders.placed  (no policy asks for it; still"
                                + " allowed by WRITE on topics orders.*)")
                .noneMatch(line -> line.contains("gains") && line.contains("other"));
    }

    @Test
    void revokesAfterTheGrantThatReplacesIt() {
        AclRule old = AclRule.allow(ORDERS, AclOperation.WRITE, AccessResource.topic("orders.placed"));

        Plan<AccessAction> plan = plan(new AccessState("c", List.of(old)), POLICY);

        AccessAction revoke = plan.actions().get(plan.actions().size() - 1);
        assertThat(revoke.rule()).isEqualTo(old);
        assertThat(revoke.dependsOn())
                .containsExactly(new AccessAction.GrantAcl(
                                AclRule.allow(ORDERS, AclOperation.WRITE, AccessResource.topicsStartingWith("orders.")),
                                "")
                        .id());
    }

    @Test
    void takesEverythingFromAPrincipalWithoutRoles() {
        AclRule old = AclRule.allow(ORDERS, AclOperation.READ, AccessResource.topic("orders.placed"));
        AccessState state = new AccessState("c", List.of(old));

        assertThat(plan(state, AccessPolicy.of("gone", PrincipalAccess.of(ORDERS)))
                        .actions())
                .singleElement()
                .isInstanceOf(AccessAction.RevokeAcl.class);
        assertThat(plan(state).actions()).isEmpty();
    }

    @Test
    void keepsWhatNoPolicyAsksForWhenOnlyGrantsArePlanned() {
        AclRule old = AclRule.allow(ORDERS, AclOperation.READ, AccessResource.topic("billing"));

        Plan<AccessAction> plan = control().planGrants(new AccessState("c", List.of(old)), List.of(POLICY));

        assertThat(plan.actions()).hasSize(2).allMatch(AccessAction.GrantAcl.class::isInstance);
        assertThat(plan.notes()).containsExactly(ORDERS + " keeps READ on topic billing, which no policy asks for");
    }

    @Test
    void neverLiftsADenialButNamesIt() {
        AclRule denied = new AclRule(
                ORDERS, "*", AccessResource.topic("orders.secret"), AclOperation.ALL, AclPermissionType.DENY);
        AclRule everyone = new AclRule(
                "User:*", "*", AccessResource.topic("orders.old"), AclOperation.WRITE, AclPermissionType.DENY);
        AclRule elsewhere =
                new AclRule("User:*", "*", AccessResource.topic("billing"), AclOperation.WRITE, AclPermissionType.DENY);

        Plan<AccessAction> plan = plan(new AccessState("c", List.of(denied, everyone, elsewhere)), POLICY);

        assertThat(plan.actions()).hasSize(2).allMatch(AccessAction.GrantAcl.class::isInstance);
        assertThat(plan.notes())
                .containsExactlyInAnyOrder(
                        ORDERS + " has DENY ALL on topic orders.secret, which wins over what the policies allow and"
                                + " stays",
                        "User:* has DENY WRITE on topic orders.old, which wins over what the policies allow and stays");
    }

    @Test
    void leavesAloneWhatItHasNoWordFor() {
        AclRule strange =
                new AclRule(ORDERS, "*", AccessResource.topic("t"), AclOperation.UNKNOWN, AclPermissionType.ALLOW);

        Plan<AccessAction> plan = plan(new AccessState("c", List.of(strange)), POLICY);

        assertThat(plan.actions()).allMatch(AccessAction.GrantAcl.class::isInstance);
        assertThat(plan.notes()).singleElement().asString().contains("does not know");
    }

    @Test
    void plansOnlyThePoliciesOfTheClusterThatItKnows() {
        // Given
        AccessState nothing = new AccessState("c", List.of());
        List<AccessPolicy> policies = List.of(of("kafka-dev", "User:CN=here"), of("kafka-dr", "User:CN=there"), POLICY);
        Topology dev = Specs.standard().parse("dev.yaml", DEV).topology("kafka-dev");

        // When
        Plan<AccessAction> plan = control().of(dev).plan(nothing, policies);

        // Then
        assertThat(plan.actions())
                .extracting(action -> action.rule().principal())
                .contains("User:CN=here", ORDERS)
                .doesNotContain("User:CN=there");
        assertThat(plan.environment()).isEqualTo("development");
        assertThat(control().of(dev).protecting("User:CN=admin").plan(nothing, policies))
                .isEqualTo(plan);
        assertThatThrownBy(() -> control().plan(nothing, policies))
                .isInstanceOf(EventBrokerException.class)
                .hasMessageContaining("kafka-dev, kafka-dr");
    }

    private static AccessPolicy of(String cluster, String principal) {
        return new AccessPolicy(
                cluster,
                Optional.of(cluster),
                List.of(PrincipalAccess.of(
                        principal, POLICY.principals().get(0).roles().get(0))));
    }

    private static final String DEV = """
            apiVersion: eventbroker.io/v1
            kind: Topology
            metadata: {name: kafka-dev}
            spec:
              environment: development
              distribution: {type: apache, version: 4.3.1}
              zones: [az-a]
              brokers:
                replicas: 3
                image: {application: apache/kafka:4.3.1}
                resources: &resources {requests: {cpu: 1, memory: 2Gi}, limits: {cpu: 2, memory: 4Gi}}
                jvm: &jvm {heap: {min: 1Gi, max: 1Gi}}
                storage: &storage {data: {size: 10Gi}}
                listeners: [{name: internal, port: 9092, authentication: mtls}]
              controllers:
                replicas: 3
                image: {application: apache/kafka:4.3.1}
                resources: *resources
                jvm: *jvm
                storage: *storage
            """;

    @Test
    void refusesPoliciesForProtectedPrincipals() {
        AccessControl access = control().protecting("User:CN=admin").protecting(ORDERS);

        assertThatThrownBy(() -> access.plan(new AccessState("c", List.of()), List.of(POLICY)))
                .isInstanceOf(EventBrokerException.class)
                .hasMessageContaining("protected")
                .hasMessageContaining("orders");
    }

    @Test
    void refusesToRevokeWithoutAllowance() {
        AclRule old = AclRule.allow(ORDERS, AclOperation.READ, AccessResource.topic("billing"));
        Plan<AccessAction> plan = plan(new AccessState("c", List.of(old)), POLICY);

        assertThatThrownBy(() -> control().run(plan, RunOptions.defaults()))
                .isInstanceOf(DeletesNotAllowedException.class)
                .hasMessageContaining("loses READ on topic billing");
    }

    @Test
    void isStaleOnlyWhenWhatItReadHasChanged() {
        AccessState state = new AccessState("c", List.of());
        AclRule others = AclRule.allow("User:CN=other", AclOperation.READ, AccessResource.topic("t"));
        AclRule own = AclRule.allow(ORDERS, AclOperation.READ, AccessResource.topic("t"));
        AclRule everyones = AclRule.allow("User:*", AclOperation.READ, AccessResource.topic("t"));

        assertThat(plan(new AccessState("c", List.of(others)), POLICY).basis())
                .isEqualTo(plan(state, POLICY).basis());
        for (AclRule changed : List.of(own, everyones)) {
            assertThat(plan(new AccessState("c", List.of(changed)), POLICY).basis())
                    .isNotEqualTo(plan(state, POLICY).basis());
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            DEVELOPER_READ    | topic:t           | READ TOPIC
            DEVELOPER_READ    | group:g*          | READ GROUP
            DEVELOPER_READ    | transactionalId:x | DESCRIBE TRANSACTIONAL_ID
            DEVELOPER_WRITE   | topic:t           | WRITE TOPIC
            DEVELOPER_WRITE   | transactionalId:x | WRITE TRANSACTIONAL_ID
            DEVELOPER_WRITE   | cluster           | IDEMPOTENT_WRITE CLUSTER
            DEVELOPER_MANAGE  | topic:t           | CREATE TOPIC, DELETE TOPIC, DESCRIBE_CONFIGS TOPIC
            DEVELOPER_MANAGE  | group:g           | DELETE GROUP
            DEVELOPER_MANAGE  | transactionalId:x | DESCRIBE TRANSACTIONAL_ID
            DEVELOPER_MANAGE  | cluster           | CREATE CLUSTER, DESCRIBE_CONFIGS CLUSTER
            RESOURCE_OWNER    | topic:t           | READ TOPIC, WRITE TOPIC, CREATE TOPIC, DELETE TOPIC, ALTER TOPIC, ALTER_CONFIGS TOPIC
            RESOURCE_OWNER    | group:g           | READ GROUP, DELETE GROUP
            CLUSTER_ADMIN     | cluster           | CREATE CLUSTER, DESCRIBE CLUSTER, DESCRIBE_CONFIGS CLUSTER, ALTER_CONFIGS CLUSTER
            SECURITY_ADMIN    | cluster           | DESCRIBE CLUSTER
            OPERATOR          | cluster           | DESCRIBE CLUSTER, DESCRIBE_CONFIGS CLUSTER, DESCRIBE TOPIC, DESCRIBE_CONFIGS TOPIC, DESCRIBE GROUP
            SYSTEM_ADMIN      | cluster           | ALL CLUSTER, ALL TOPIC, ALL GROUP, ALL TRANSACTIONAL_ID, ALL DELEGATION_TOKEN
            """)
    void compilesRolesToTheFewestAcls(Role role, String resource, String expected) {
        Set<String> compiled = RoleGrant.of(role, AccessResource.parse(resource)).compile(ORDERS).rules().stream()
                .map(rule -> rule.operation() + " " + rule.resource().type())
                .collect(Collectors.toSet());

        assertThat(compiled).containsExactlyInAnyOrder(expected.split(", "));
    }

    @ParameterizedTest
    @CsvSource({
        "DEVELOPER_READ, cluster",
        "DEVELOPER_WRITE, group:g",
        "RESOURCE_OWNER, transactionalId:x",
        "RESOURCE_OWNER, cluster",
        "OPERATOR, topic:t",
        "SYSTEM_ADMIN, topic:*"
    })
    void refusesRolesOnWhatTheyHaveNoRightsFor(Role role, String resource) {
        assertThatThrownBy(() -> RoleGrant.of(role, AccessResource.parse(resource)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(role.label());
    }

    @Test
    void saysHowNearAclsComeToARole() {
        Map<Role, CompiledGrant> compiled = Map.of(
                Role.DEVELOPER_READ,
                RoleGrant.of(Role.DEVELOPER_READ, AccessResource.topic("t")).compile(ORDERS),
                Role.RESOURCE_OWNER,
                RoleGrant.of(Role.RESOURCE_OWNER, AccessResource.topic("t")).compile(ORDERS),
                Role.SECURITY_ADMIN,
                RoleGrant.of(Role.SECURITY_ADMIN).compile(ORDERS));

        assertThat(compiled.get(Role.DEVELOPER_READ).isExact()).isTrue();
        assertThat(compiled.get(Role.RESOURCE_OWNER).underGrants())
                .singleElement()
                .asString()
                .contains("AlterAccess");
        assertThat(compiled.get(Role.SECURITY_ADMIN).overGrants()).hasSize(1);
        assertThat(plan(
                                new AccessState("c", List.of()),
                                AccessPolicy.of("s", PrincipalAccess.of(ORDERS, RoleGrant.of(Role.SECURITY_ADMIN))))
                        .notes())
                .singleElement()
                .asString()
                .startsWith(ORDERS + " as SecurityAdmin gets more than the role");
    }

    @Test
    void grantsUserAdminOnlyWhenAskedTo() {
        assertThatThrownBy(() -> RoleGrant.of(Role.USER_ADMIN))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("super user");

        CompiledGrant accepted = RoleGrant.acceptingOverGrants(Role.USER_ADMIN).compile(ORDERS);

        assertThat(accepted.rules())
                .containsExactlyInAnyOrder(
                        AclRule.allow(ORDERS, AclOperation.ALTER, AccessResource.cluster()),
                        AclRule.allow(ORDERS, AclOperation.DESCRIBE, AccessResource.cluster()));
        assertThat(accepted.isExact()).isFalse();
    }

    @Test
    void neverGrantsAlterOnTheClusterUnasked() {
        for (RoleGrant grant : List.of(
                RoleGrant.of(Role.DEVELOPER_WRITE, AccessResource.cluster()),
                RoleGrant.of(Role.DEVELOPER_MANAGE, AccessResource.cluster()),
                RoleGrant.of(Role.CLUSTER_ADMIN),
                RoleGrant.of(Role.OPERATOR),
                RoleGrant.of(Role.SECURITY_ADMIN))) {
            assertThat(grant.compile(ORDERS).rules())
                    .noneMatch(
                            rule -> Set.of(AclOperation.ALTER, AclOperation.ALL).contains(rule.operation()));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"orders", "topics:x", "topic:", "topic:a*b*", "Topic:x", ""})
    void refusesWhatIsNoResource(String text) {
        assertThatThrownBy(() -> AccessResource.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void readsResourcesAsPoliciesWriteThem() {
        assertThat(AccessResource.parse("topic:orders.*"))
                .isEqualTo(new AccessResource(ResourceType.TOPIC, PatternType.PREFIXED, "orders."));
        assertThat(AccessResource.parse("group:*"))
                .isEqualTo(new AccessResource(ResourceType.GROUP, PatternType.LITERAL, "*"));
        assertThat(AccessResource.parse("transactionalId:a:b")).isEqualTo(AccessResource.transactionalId("a:b"));
        assertThat(AccessResource.parse("cluster").name()).isEqualTo("kafka-cluster");
        for (String text : List.of("topic:a", "topic:a.*", "group:*", "transactionalId:a:b", "cluster")) {
            assertThat(AccessResource.parse(text)).hasToString(text);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"orders", "User:", ":x", "User:*", ""})
    void refusesWhatIsNoPrincipalToOwn(String principal) {
        assertThatThrownBy(() -> PrincipalAccess.of(principal)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void refusesAPrincipalTwiceInOnePolicyButJoinsPolicies() {
        assertThatThrownBy(() -> AccessPolicy.of("p", PrincipalAccess.of(ORDERS), PrincipalAccess.of(ORDERS)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(ORDERS);

        AccessPolicy more = AccessPolicy.of(
                "more",
                PrincipalAccess.of(
                        ORDERS, RoleGrant.of(Role.DEVELOPER_WRITE, AccessResource.topicsStartingWith("orders."))));
        Plan<AccessAction> plan = plan(new AccessState("c", List.of()), POLICY, more);

        assertThat(plan.actions()).hasSize(2);
        assertThat(plan.actions().get(0).reason())
                .isEqualTo("DeveloperWrite in policy more, DeveloperWrite in policy orders");
    }

    private static Plan<AccessAction> plan(AccessState state, AccessPolicy... policies) {
        return control().plan(state, List.of(policies));
    }

    private static AccessControl control() {
        return new AccessWorld(new NoAcls(), List.of()).access;
    }

    /** Planning is pure: whoever asks the cluster has gone too far. */
    private static final class NoAcls implements Acls {
        @Override
        public String clusterId(Deadline deadline) {
            throw new AssertionError();
        }

        @Override
        public List<AclRule> describe(Deadline deadline) {
            throw new AssertionError();
        }

        @Override
        public List<AclRule> describe(Collection<String> principals, Deadline deadline) {
            throw new AssertionError();
        }

        @Override
        public Map<AclRule, RuntimeException> create(List<AclRule> rules, Deadline deadline) {
            throw new AssertionError();
        }

        @Override
        public Map<AclRule, RuntimeException> delete(List<AclRule> rules, Deadline deadline) {
            throw new AssertionError();
        }

        @Override
        public void awaitSeen(BooleanSupplier seen, Runnable pause, Deadline deadline) {
            throw new AssertionError();
        }
    }
}
