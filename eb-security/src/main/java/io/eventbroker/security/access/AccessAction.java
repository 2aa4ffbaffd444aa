package io.eventbroker.security.access;

import io.eventbroker.core.plan.Action;
import io.eventbroker.core.plan.ActionId;
import io.eventbroker.core.plan.Risk;
import java.util.List;
import java.util.Set;

/** A change of one ACL. */
public sealed interface AccessAction extends Action {

    /** The ACL that is added or removed. */
    AclRule rule();

    /** One method per kind of action. */
    interface Handler<R> {
        R grant(GrantAcl action);

        R revoke(RevokeAcl action);
    }

    <R> R accept(Handler<R> handler);

    /**
     * Adds an ACL.
     *
     * @param rule the ACL
     * @param reason the role that asks for it
     */
    record GrantAcl(AclRule rule, String reason) implements AccessAction {
        @Override
        public ActionId id() {
            return idOf("grant", rule);
        }

        @Override
        public String summary() {
            return rule.principal() + " gains " + rule.right();
        }

        @Override
        public Risk risk() {
            return Risk.SAFE;
        }

        @Override
        public <R> R accept(Handler<R> handler) {
            return handler.grant(this);
        }
    }

    /**
     * Removes an ACL, by a filter that matches it alone.
     *
     * @param rule the ACL
     * @param reason why, and what still allows the same if anything does
     * @param after the grants that must be in force first
     */
    record RevokeAcl(AclRule rule, String reason, List<ActionId> after) implements AccessAction {
        public RevokeAcl {
            after = List.copyOf(after);
        }

        @Override
        public ActionId id() {
            return idOf("revoke", rule);
        }

        @Override
        public String summary() {
            return rule.principal() + " loses " + rule.right();
        }

        @Override
        public Risk risk() {
            return Risk.DESTRUCTIVE;
        }

        @Override
        public Set<ActionId> dependsOn() {
            return Set.copyOf(after);
        }

        @Override
        public <R> R accept(Handler<R> handler) {
            return handler.revoke(this);
        }
    }

    private static ActionId idOf(String verb, AclRule rule) {
        AccessResource resource = rule.resource();
        return ActionId.of(String.join(
                "/",
                "acl",
                rule.principal(),
                resource.type().name(),
                resource.pattern().name(),
                resource.name(),
                rule.operation().name(),
                rule.permission().name(),
                rule.host(),
                verb));
    }
}
