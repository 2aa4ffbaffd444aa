package io.eventbroker.security.access;

import io.eventbroker.core.kind.Checks;
import java.util.List;

/**
 * Everything that a principal may do: ACLs of its that no role here asks for are revoked, so an empty list takes all away.
 *
 * @param principal such as {@code User:CN=orders-service}; not {@code User:*}, for nobody owns everyone
 * @param roles what it may do
 */
public record PrincipalAccess(String principal, List<RoleGrant> roles) {

    public PrincipalAccess {
        int colon = principal.indexOf(':');
        Checks.begin()
                .require(
                        colon >= 1 && colon < principal.length() - 1,
                        "principal",
                        "'" + principal + "' is no principal",
                        "write TYPE:NAME, e.g. User:CN=orders-service")
                .require(
                        !principal.equals(AclRule.EVERYONE),
                        "principal",
                        "a policy cannot own everyone (User:*)",
                        "name principals")
                .end();
        roles = List.copyOf(roles);
    }

    public static PrincipalAccess of(String principal, RoleGrant... roles) {
        return new PrincipalAccess(principal, List.of(roles));
    }
}
