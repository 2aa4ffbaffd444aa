package io.eventbroker.security.access;

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
        if (colon < 1 || colon == principal.length() - 1) {
            throw new IllegalArgumentException(
                    "principal '" + principal + "': expected TYPE:NAME, e.g. User:CN=orders-service");
        }
        if (principal.equals(AclRule.EVERYONE)) {
            throw new IllegalArgumentException("principal 'User:*': a policy cannot own everyone; name principals");
        }
        roles = List.copyOf(roles);
    }

    public static PrincipalAccess of(String principal, RoleGrant... roles) {
        return new PrincipalAccess(principal, List.of(roles));
    }
}
