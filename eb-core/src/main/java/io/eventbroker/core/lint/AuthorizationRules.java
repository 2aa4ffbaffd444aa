package io.eventbroker.core.lint;

import io.eventbroker.core.config.ConfigTarget;
import io.eventbroker.core.topology.KRaftControllers;
import io.eventbroker.core.topology.KafkaBrokers;
import io.eventbroker.core.topology.Listener.Authentication;
import io.eventbroker.core.topology.Security;
import io.eventbroker.core.topology.Security.Authorization;
import io.eventbroker.core.topology.Topology;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Who decides what somebody may do, and who is above it. */
final class AuthorizationRules {
    private static final String AUTHORIZATION = "https://kafka.apache.org/documentation/#security_authz";
    private static final String SUPER_USERS = "super.users";
    private static final String ANONYMOUS = "User:ANONYMOUS";

    private static final String STANDARD = "org.apache.kafka.metadata.authorizer.StandardAuthorizer";
    private static final Set<String> OF_ZOOKEEPER =
            Set.of("kafka.security.authorizer.AclAuthorizer", "kafka.security.auth.SimpleAclAuthorizer");

    static final Rule MISSING = Rule.error("security/no-authorization")
            .reason("Whoever can connect may read, write and delete every topic and change the cluster.")
            .remedy("Write security.authorization: acl or rbac.")
            .source(AUTHORIZATION)
            .onClusters((cluster, report) -> {
                if (cluster.topology().security().authorization() == Authorization.NONE
                        && Reliance.isReliedOn(cluster)) {
                    report.finding("spec.security.authorization", "authorization is none");
                }
            })
            .build();

    static final Rule WRONG_KIND = Rule.error("security/wrong-authorizer")
            .reason(
                    "Each authorizer keeps its rules in ZooKeeper or in KRaft's metadata; on the other one, brokers do not"
                            + " start.")
            .remedy("Remove authorizer.class.name, and leave it to security.authorization.")
            .source("KIP-801: Implement an Authorizer that stores metadata in __cluster_metadata")
            .onClusters((cluster, report) -> {
                boolean zooKeeper = cluster.topology().migration().brokersUseZooKeeper();
                for (Configured authorizer : Configured.ofServers(cluster, "authorizer.class.name")) {
                    boolean ofControllers = authorizer.target() == ConfigTarget.CONTROLLERS;
                    if (OF_ZOOKEEPER.contains(authorizer.value()) && (!zooKeeper || ofControllers)) {
                        authorizer.report(
                                report,
                                authorizer.value() + " needs ZooKeeper",
                                "Use " + STANDARD + ", or leave it to security.authorization.");
                    } else if (authorizer.value().equals(STANDARD) && zooKeeper && !ofControllers) {
                        authorizer.report(
                                report,
                                authorizer.value() + " needs KRaft, but the brokers use ZooKeeper",
                                "Use kafka.security.authorizer.AclAuthorizer until the brokers use KRaft.");
                    }
                }
            })
            .build();

    static final Rule OPEN_BY_DEFAULT = Rule.error("security/allow-everyone")
            .reason(
                    "A topic that no rule speaks of is open to everyone who can connect: a new one until somebody thinks of"
                            + " it, and any other when its last rule is removed.")
            .remedy("Remove allow.everyone.if.no.acl.found, and give rights by prefix.")
            .source(AUTHORIZATION)
            .onClusters((cluster, report) -> {
                for (Configured open : Configured.ofServers(cluster, "allow.everyone.if.no.acl.found")) {
                    if (open.says("true") && Reliance.isReliedOn(cluster)) {
                        open.report(report, open.toString());
                    }
                }
            })
            .build();

    static final Rule NO_SUPER_USER = Rule.warning("security/no-super-user")
            .reason("With access rules but without super users nobody may grant the first right, and brokers may not"
                    + " replicate from each other before they know any rule.")
            .remedy("Name the brokers' principal and the operators' in security.superUsers.")
            .source("KIP-801: Implement an Authorizer that stores metadata in __cluster_metadata")
            .onClusters((cluster, report) -> {
                Topology topology = cluster.topology();
                if (topology.security().authorization() == Authorization.ACL
                        && superUsers(cluster).isEmpty()
                        && Configured.ofServers(cluster, SUPER_USERS).isEmpty()
                        && Reliance.isReliedOn(cluster)) {
                    report.finding("spec.security.superUsers", "there are access rules, but no super user");
                }
            })
            .build();

    private static final RuleSetting<Integer> MOST =
            new RuleSetting<>("most", "5", "the greatest number of super users", Integer::parseInt);

    static final Rule MANY_SUPER_USERS = Rule.warning("security/many-super-users")
            .reason(
                    "No rule holds for super users and none can be taken from them but by a restart; they are for brokers"
                            + " and the few who mend the rules.")
            .remedy("Give the others rights instead.")
            .source(AUTHORIZATION)
            .setting(MOST)
            .onClusters((cluster, report) -> {
                int count = cluster.topology().security().superUsers().size();
                if (count > report.setting(MOST)) {
                    report.finding(
                            "spec.security.superUsers", count + " super users are more than " + report.setting(MOST));
                }
                for (Configured written : Configured.ofServers(cluster, SUPER_USERS)) {
                    int more = users(written).size();
                    if (more > report.setting(MOST)) {
                        written.report(report, more + " super users are more than " + report.setting(MOST));
                    }
                }
            })
            .build();

    static final Rule ANYONE = Rule.error("security/anonymous-super-user")
            .reason("Whoever connects without proving who it is may do everything, whatever the access rules say.")
            .remedy("Remove it, and authenticate the brokers among themselves.")
            .source(AUTHORIZATION)
            .onClusters(
                    (cluster, report) -> forSuperUsers(cluster, report, ANONYMOUS, "User:ANONYMOUS is a super user"))
            .build();

    static final Rule WILDCARD = Rule.warning("security/super-user-wildcard")
            .reason("Super users are compared as they are written: User:* is nobody's name, and makes nobody one.")
            .remedy("Name the principals.")
            .source("org.apache.kafka.metadata.authorizer.StandardAuthorizerData")
            .onClusters((cluster, report) ->
                    forSuperUsers(cluster, report, "User:*", "User:* is no wildcard among super users"))
            .build();

    private static void forSuperUsers(LintedCluster cluster, Reporter report, String user, String message) {
        if (cluster.topology().security().superUsers().contains(user)) {
            report.finding("spec.security.superUsers", message);
        }
        for (Configured written : Configured.ofServers(cluster, SUPER_USERS)) {
            if (users(written).contains(user)) {
                written.report(report, message);
            }
        }
    }

    static final Rule NAMELESS_BROKERS = Rule.error("security/anonymous-brokers")
            .reason("To replicate a broker needs the right ClusterAction; over a listener without authentication it is"
                    + " User:ANONYMOUS, which does not have it, so that nothing is replicated.")
            .remedy("Choose an authentication such as mtls for the listener between brokers and for that of the"
                    + " controllers.")
            .source("https://kafka.apache.org/documentation/#operations_resources_and_protocols")
            .onClusters((cluster, report) -> {
                for (Listening one : Listening.of(cluster.topology())) {
                    if (isNameless(one, cluster)) {
                        report.finding(
                                one.path(), "brokers come to " + one + " as User:ANONYMOUS, which may not replicate");
                    }
                }
            })
            .build();

    /** Whether brokers come without a name to a listener where they need rights. */
    static boolean isNameless(Listening one, LintedCluster cluster) {
        Topology topology = cluster.topology();
        boolean between = one.component() instanceof KafkaBrokers
                && topology.brokers()
                        .internalListener()
                        .filter(one.listener()::equals)
                        .isPresent();
        return (between || one.component() instanceof KRaftControllers)
                && one.is(Authentication.NONE)
                && topology.security().authorization() != Authorization.NONE
                && !superUsers(cluster).contains(ANONYMOUS)
                && Configured.ofServers(cluster, "allow.everyone.if.no.acl.found").stream()
                        .noneMatch(open -> open.says("true"));
    }

    static final Rule BROKERS_NOT_SUPER = Rule.warning("security/brokers-not-super-users")
            .reason("Controllers answer only super users until they have read the access rules, which they cannot read"
                    + " before they answer; ZooKeeper's brokers need ClusterAction likewise.")
            .remedy("Add it to security.superUsers.")
            .source("KIP-801: Implement an Authorizer that stores metadata in __cluster_metadata")
            .onClusters((cluster, report) -> {
                Security security = cluster.topology().security();
                Set<String> superUsers = superUsers(cluster);
                for (String component : List.of("brokers", "controllers")) {
                    String principal = security.principals().get(component);
                    if (security.authorization() == Authorization.ACL
                            && principal != null
                            && !superUsers.isEmpty()
                            && !superUsers.contains(principal)) {
                        report.finding("spec.security.principals." + component, "'" + principal + "' is no super user");
                    }
                }
            })
            .build();

    static final Rule MAPPING = Rule.warning("security/principal-mapping")
            .reason(
                    "Without ssl.principal.mapping.rules the principal of a certificate is its whole distinguished name, so"
                            + " that rules and super users with a short name are never met.")
            .remedy("Write the distinguished name, such as User:CN=operator, or set ssl.principal.mapping.rules.")
            .source("https://kafka.apache.org/documentation/#brokerconfigs_ssl.principal.mapping.rules")
            .onClusters((cluster, report) -> {
                Topology topology = cluster.topology();
                boolean onlyCertificates = Listening.ofBrokers(topology).stream()
                        .noneMatch(one -> one.listener().authentication().isSasl());
                boolean mapped = Configured.written(
                                cluster,
                                ConfigTarget.BROKERS,
                                Configured.endsWith("ssl.principal.mapping.rules")
                                        .or(Configured.endsWith("principal.builder.class")))
                        .stream()
                        .anyMatch(rules -> !rules.says("DEFAULT"));
                boolean certificates =
                        Listening.ofBrokers(topology).stream().anyMatch(one -> one.is(Authentication.MTLS));
                if (!certificates || !onlyCertificates || mapped) {
                    return;
                }
                for (String user : new TreeSet<>(topology.security().superUsers())) {
                    if (isShort(user)) {
                        report.finding("spec.security.superUsers", "'" + user + "' is not a distinguished name");
                    }
                }
                topology.security().principals().forEach((component, principal) -> {
                    if (isShort(principal)) {
                        report.finding(
                                "spec.security.principals." + component,
                                "'" + principal + "' is not a distinguished name");
                    }
                });
            })
            .build();

    private static boolean isShort(String principal) {
        return principal.startsWith("User:")
                && !principal.contains("=")
                && !principal.equals(ANONYMOUS)
                && !principal.equals("User:*");
    }

    static final List<Rule> ALL = List.of(
            MISSING,
            WRONG_KIND,
            OPEN_BY_DEFAULT,
            NO_SUPER_USER,
            MANY_SUPER_USERS,
            ANYONE,
            WILDCARD,
            NAMELESS_BROKERS,
            BROKERS_NOT_SUPER,
            MAPPING);

    private AuthorizationRules() {}

    /** Those of the topology, and those that properties name. */
    private static Set<String> superUsers(LintedCluster cluster) {
        Set<String> all = new TreeSet<>(cluster.topology().security().superUsers());
        for (Configured written : Configured.ofServers(cluster, SUPER_USERS)) {
            all.addAll(users(written));
        }
        return all;
    }

    private static Collection<String> users(Configured superUsers) {
        List<String> users = new ArrayList<>();
        for (String user : superUsers.value().split(";", -1)) {
            if (!user.isBlank()) {
                users.add(user.trim());
            }
        }
        return users;
    }
}
