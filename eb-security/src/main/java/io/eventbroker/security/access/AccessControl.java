package io.eventbroker.security.access;

import io.eventbroker.core.Deadline;
import io.eventbroker.core.plan.Plan;
import io.eventbroker.core.plan.PlanType;
import io.eventbroker.core.run.PlanRunner;
import io.eventbroker.core.run.Report;
import io.eventbroker.core.run.Run;
import io.eventbroker.core.run.RunOptions;
import io.eventbroker.security.access.AccessAction.GrantAcl;
import io.eventbroker.security.access.AccessAction.RevokeAcl;
import java.util.Collection;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.clients.admin.Admin;

/**
 * The front door to a cluster's access rights: read what there is, plan what policies want, run it.
 *
 * <pre>{@code
 * AccessControl access = AccessControl.on(admin).protecting("User:CN=kafka-admin");
 * Plan<AccessAction> rights = access.plan(access.read(deadline), policies);
 * rights.printTo(System.out);
 * access.run(rights, options.allow(Deletes.atMost(5))).await(deadline).requireSuccess();
 * }</pre>
 *
 * <p>Needs {@code DESCRIBE} on the cluster to read and plan, {@code ALTER} on the cluster to run. The Admin client stays
 * the host's: it is not closed. Immutable and safe for use by several threads.
 */
public final class AccessControl {

    /** The kind of plan, to read a saved one back with. */
    public static final PlanType<AccessAction> PLANS = PlanType.named("access", AccessAction.class)
            .action("grantAcl", GrantAcl.class)
            .action("revokeAcl", RevokeAcl.class)
            .build();

    private final Acls acls;
    private final Set<String> protectedPrincipals;

    AccessControl(Acls acls, Set<String> protectedPrincipals) {
        this.acls = acls;
        this.protectedPrincipals = Set.copyOf(protectedPrincipals);
    }

    public static AccessControl on(Admin admin) {
        return new AccessControl(new AdminAcls(admin), Set.of());
    }

    /**
     * The same, refusing policies that name these principals: super users, the brokers' own principal and that of the
     * host, whom a mistake in a policy would lock out. (Kafka tells no client who they are.)
     */
    public AccessControl protecting(String... principals) {
        Set<String> all = new TreeSet<>(protectedPrincipals);
        all.addAll(Set.of(principals));
        return new AccessControl(acls, all);
    }

    /**
     * Reads the cluster's id and all of its ACLs, in one request each.
     *
     * @throws io.eventbroker.core.RetryableException if it failed for a reason that is likely to pass
     * @throws io.eventbroker.core.EventBrokerException if the cluster has no authorizer, or a right is missing
     */
    public AccessState read(Deadline deadline) {
        return new AccessState(acls.clusterId(deadline), acls.describe(deadline));
    }

    /**
     * What makes the ACLs of every principal that the policies name those that they ask for: grants first, then revokes.
     * Other principals, and denials, stay as they are. Pure.
     *
     * @throws IllegalArgumentException if a policy names a protected principal
     */
    public Plan<AccessAction> plan(AccessState state, Collection<AccessPolicy> policies) {
        return new AccessPlanner(state, policies, protectedPrincipals).plan();
    }

    /** {@link #plan} without the revokes, which become notes: nobody loses anything. */
    public Plan<AccessAction> planGrants(AccessState state, Collection<AccessPolicy> policies) {
        return new AccessPlanner(state, policies, protectedPrincipals).planGrants();
    }

    /**
     * Carries a plan out, in batches. An action counts as applied once every live broker goes by it, since ACLs reach
     * the brokers after the controller has accepted them: who was refused is then refused everywhere. A killed run is resumed by running the same plan with the same
     * journal.
     *
     * @throws io.eventbroker.core.run.DeletesNotAllowedException if the plan revokes more than the options allow
     */
    public Run<Report> run(Plan<AccessAction> plan, RunOptions options) {
        return PlanRunner.start(plan, new AccessDriver(acls, plan), options);
    }
}
