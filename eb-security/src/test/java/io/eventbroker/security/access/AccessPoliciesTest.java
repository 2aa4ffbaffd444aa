package io.eventbroker.security.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eventbroker.core.spec.InvalidSpecException;
import io.eventbroker.core.spec.Platform;
import io.eventbroker.core.spec.Specs;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AccessPoliciesTest {

    private static final String HEAD =
            "apiVersion: eventbroker.io/v1\nkind: AccessPolicy\nmetadata: {name: NAME}\nspec:\n";

    @TempDir
    Path dir;

    @Test
    void readsPoliciesFromFiles() throws Exception {
        Platform platform = read(HEAD.replace("NAME", "orders") + """
                  principals:
                    - principal: User:CN=orders-service
                      roles:
                        - {role: developer-write, resources: ["topic:orders.*"]}
                        - {role: developer-read, resources: ["group:orders-reader", "topic:orders.placed"]}
                    - principal: User:CN=keeper
                      roles: [{role: user-admin, overGrants: accepted}]
                    - principal: User:CN=retired-service
                """.indent(2));

        assertThat(platform.all(AccessPolicies.KIND))
                .containsExactly(AccessPolicy.of(
                        "orders",
                        PrincipalAccess.of(
                                "User:CN=orders-service",
                                RoleGrant.of(Role.DEVELOPER_WRITE, AccessResource.topicsStartingWith("orders.")),
                                RoleGrant.of(
                                        Role.DEVELOPER_READ,
                                        AccessResource.group("orders-reader"),
                                        AccessResource.topic("orders.placed"))),
                        PrincipalAccess.of("User:CN=keeper", RoleGrant.acceptingOverGrants(Role.USER_ADMIN)),
                        PrincipalAccess.of("User:CN=retired-service")));
    }

    @Test
    void reportsEveryMistakeWhereItStands() {
        assertThatThrownBy(() -> read(HEAD.replace("NAME", "orders") + """
                          principals:
                            - principal: orders-service
                              roles: [{role: developer-wrote, resources: ["topic:t"]}]
                            - principal: User:CN=a
                              roles:
                                - {role: developer-read, resources: [cluster]}
                                - {role: developer-read}
                                - {role: user-admin}
                                - {role: developer-read, resources: ["topics:t"]}
                            - principal: everyone
                        """.indent(2)))
                .isInstanceOf(InvalidSpecException.class)
                .hasMessageContaining("policies.yaml:7")
                .hasMessageContaining("everyone' is no principal")
                .hasMessageContaining("developer-write")
                .hasMessageContaining("has no rights on the cluster")
                .hasMessageContaining("needs resources")
                .hasMessageContaining("ALTER on the cluster")
                .hasMessageContaining("topics:t");
    }

    @Test
    void refusesAnUnknownClusterAndWarnsOfTwoOwners() throws Exception {
        String one = HEAD.replace("NAME", "one") + "  principals: [{principal: 'User:CN=a'}]\n";
        assertThatThrownBy(() -> read(one.replace("spec:\n", "spec:\n  cluster: kafka-nowhere\n")))
                .isInstanceOf(InvalidSpecException.class)
                .hasMessageContaining("there is no Topology 'kafka-nowhere'");

        Platform platform = read(one + "---\n" + one.replace("one", "two"));

        assertThat(platform.warnings().toString()).contains("User:CN=a").contains("also owned");
    }

    @Test
    void picksThePoliciesOfACluster() {
        AccessPolicy anywhere = AccessPolicy.of("any");
        AccessPolicy prod = new AccessPolicy("prod", Optional.of("kafka-prod"), List.of());
        AccessPolicy dr = new AccessPolicy("dr", Optional.of("kafka-dr"), List.of());

        assertThat(AccessPolicies.forCluster(List.of(anywhere, prod, dr), "kafka-prod"))
                .containsExactly(anywhere, prod);
    }

    private Platform read(String text) throws Exception {
        return Specs.standard().with(AccessPolicies.KIND).read(Files.writeString(dir.resolve("policies.yaml"), text));
    }
}
