package io.eventbroker.security.access;

import io.eventbroker.core.Deadline;
import io.eventbroker.core.EventBrokerException;
import io.eventbroker.core.cluster.AdminCalls;
import io.eventbroker.core.cluster.BrokerMetadata;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.CreateAclsOptions;
import org.apache.kafka.clients.admin.DeleteAclsOptions;
import org.apache.kafka.clients.admin.DeleteAclsResult.FilterResult;
import org.apache.kafka.clients.admin.DeleteAclsResult.FilterResults;
import org.apache.kafka.clients.admin.DescribeAclsOptions;
import org.apache.kafka.clients.admin.DescribeClusterOptions;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.acl.AccessControlEntryFilter;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclBindingFilter;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.ResourcePatternFilter;

/** {@link Acls} through the host's Admin client. */
final class AdminAcls implements Acls {

    /** Beyond that many principals one request for everything is cheaper than one each. */
    private static final int MOST_REQUESTS = 8;

    private final Admin admin;

    AdminAcls(Admin admin) {
        this.admin = admin;
    }

    @Override
    public String clusterId(Deadline deadline) {
        return AdminCalls.read(
                admin.describeCluster(new DescribeClusterOptions().timeoutMs(millis(deadline)))
                        .clusterId(),
                "read the cluster's id",
                deadline);
    }

    @Override
    public List<AclRule> describe(Deadline deadline) {
        return rules(request(AclBindingFilter.ANY, deadline), deadline);
    }

    @Override
    public List<AclRule> describe(Collection<String> principals, Deadline deadline) {
        if (principals.size() > MOST_REQUESTS) {
            return describe(deadline);
        }
        List<KafkaFuture<Collection<AclBinding>>> requests = principals.stream()
                .map(principal -> request(
                        new AclBindingFilter(
                                ResourcePatternFilter.ANY,
                                new AccessControlEntryFilter(principal, null, AclOperation.ANY, AclPermissionType.ANY)),
                        deadline))
                .toList();
        List<AclRule> rules = new ArrayList<>();
        requests.forEach(request -> rules.addAll(rules(request, deadline)));
        return rules;
    }

    private KafkaFuture<Collection<AclBinding>> request(AclBindingFilter filter, Deadline deadline) {
        return admin.describeAcls(filter, new DescribeAclsOptions().timeoutMs(millis(deadline)))
                .values();
    }

    private static List<AclRule> rules(KafkaFuture<Collection<AclBinding>> request, Deadline deadline) {
        return AdminCalls.read(request, "describe the ACLs", deadline).stream()
                .map(AclRule::of)
                .toList();
    }

    @Override
    public Map<AclRule, RuntimeException> create(List<AclRule> rules, Deadline deadline) {
        Map<AclBinding, KafkaFuture<Void>> answers = admin.createAcls(
                        rules.stream().map(AclRule::toBinding).toList(),
                        new CreateAclsOptions().timeoutMs(millis(deadline)))
                .values();
        Map<AclRule, RuntimeException> failures = new HashMap<>();
        for (AclRule rule : rules) {
            KafkaFuture<Void> answer = answers.get(rule.toBinding());
            attempt(rule, failures, () -> {
                if (answer != null) {
                    AdminCalls.change(answer, "grant " + rule.principal() + " " + rule.right(), deadline);
                }
            });
        }
        return failures;
    }

    @Override
    public Map<AclRule, RuntimeException> delete(List<AclRule> rules, Deadline deadline) {
        // A filter with every field set matches one ACL; one left open would match many.
        Map<AclBindingFilter, KafkaFuture<FilterResults>> answers = admin.deleteAcls(
                        rules.stream().map(rule -> rule.toBinding().toFilter()).toList(),
                        new DeleteAclsOptions().timeoutMs(millis(deadline)))
                .values();
        Map<AclRule, RuntimeException> failures = new HashMap<>();
        for (AclRule rule : rules) {
            KafkaFuture<FilterResults> answer = answers.get(rule.toBinding().toFilter());
            String what = "revoke " + rule.right() + " from " + rule.principal();
            attempt(rule, failures, () -> {
                if (answer != null) {
                    for (FilterResult result :
                            AdminCalls.change(answer, what, deadline).values()) {
                        if (result.exception() != null) {
                            throw AdminCalls.changeFailure(result.exception(), what);
                        }
                    }
                }
            });
        }
        return failures;
    }

    @Override
    public void awaitSeen(BooleanSupplier seen, Runnable pause, Deadline deadline) {
        BrokerMetadata.of(admin).awaitSeen(seen, pause, deadline);
    }

    private static void attempt(AclRule rule, Map<AclRule, RuntimeException> failures, Runnable change) {
        try {
            change.run();
        } catch (EventBrokerException e) {
            failures.put(rule, e);
        }
    }

    private static int millis(Deadline deadline) {
        return Math.max(1, deadline.remainingMillis());
    }
}
