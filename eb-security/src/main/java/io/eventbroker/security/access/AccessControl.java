package io.eventbroker.security.access;

import io.eventbroker.core.Deadline;
import io.eventbroker.core.EventBrokerException;
import io.eventbroker.core.plan.Plan;
import io.eventbroker.core.plan.PlanType;
import io.eventbroker.core.run.PlanRunner;
import io.eventbroker.core.run.Report;
import io.eventbroker.core.run.Run;
import io.eventbroker.core.run.RunOptions;
import io.eventbroker.core.topology.Topology;
import io.eventbroker.security.access.AccessAction.GrantAcl;
import io.eventbroker.security.access.AccessAction.RevokeAcl;
import java.util.Collection;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
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
    private final Optional<Topology> cluster;

    AccessControl(Acls acls, Set<String> protectedPrincipals) {
        this(acls, protectedPrincipals, Optional.empty());
    }

    private AccessControl(Acls acls, Set<String> protectedPrincipals, Optional<Topology> cluster) {
        this.acls = acls;
        this.cluster = cluster;
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
        return new AccessControl(acls, all, cluster);
    }

    /**
     * The same, knowing which cluster the Admin client leads to: policies of other clusters are left out, and plans name
     * the cluster's environment.
     */
    public AccessControl of(Topology described) {
        return new AccessControl(acls, protectedPrincipals, Optional.of(described));
    }

    /**
     * Reads the cluster's id and all of its ACLs, in one request each.
     *
     * @throws io.eventbroker.core.RetryableException if it failed for a reason that is likely to pass
     * @throws EventBrokerException if the cluster has no authorizer, or a right is missing
     */
    public AccessState read(Deadline deadline) {
        return new AccessState(acls.clusterId(deadline), acls.describe(deadline));
    }

    /**
     * What makes the ACLs of every principal that the policies name those that they ask for: grants first, then revokes.
     * Other principals, and denials, stay as they are. Pure.
     *
     * @param policies those of this cluster, or, after {@link #of}, of any
     * @throws EventBrokerException if a policy names a protected principal, or policies name different clusters and nobody
     *     said which of them this is
     */
    public Plan<AccessAction> plan(AccessState state, Collection<AccessPolicy> policies) {
        return planner(state, policies).plan();
    }

    /** {@link #plan} without the revokes, which become notes: nobody loses anything. */
    public Plan<AccessAction> planGrants(AccessState state, Collection<AccessPolicy> policies) {
        return planner(state, policies).planGrants();
    }

    private AccessPlanner planner(AccessState state, Collection<AccessPolicy> policies) {
        if (cluster.isPresent()) {
            Topology here = cluster.get();
            return new AccessPlanner(
                    state, AccessPolicies.forCluster(policies, here.name()), protectedPrincipals, here.environment());
        }
        SortedSet<String> named = policies.stream()
                .flatMap(policy -> policy.cluster().stream())
                .collect(Collectors.toCollection(TreeSet::new));
        if (named.size() > 1) {
            throw new EventBrokerException("the access policies name the clusters " + String.join(", ", named)
                    + "; say which one this is with AccessControl.on(admin).of(topology)");
        }
        return new AccessPlanner(state, policies, protectedPrincipals, "");
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
