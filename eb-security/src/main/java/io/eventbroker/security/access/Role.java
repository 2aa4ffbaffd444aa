package io.eventbroker.security.access;

/**
 * The roles of Confluent's RBAC, for clusters whose authorizer knows ACLs alone. {@link RoleGrant#compile} says for each
 * how near ACLs come.
 */
public enum Role {
    /** Reads topics and commits as groups. */
    DEVELOPER_READ("DeveloperRead"),
    /** Writes topics, transactionally where bound to transactional ids. */
    DEVELOPER_WRITE("DeveloperWrite"),
    /** Creates, deletes and inspects topics and groups; does not see data. */
    DEVELOPER_MANAGE("DeveloperManage"),
    /** Everything on the resources bound, except handing rights on: ACLs have no such right. */
    RESOURCE_OWNER("ResourceOwner"),
    /** Manages the cluster, but not who may do what. Bound to the cluster. */
    CLUSTER_ADMIN("ClusterAdmin"),
    /** Sees everything but data. Bound to the cluster. */
    OPERATOR("Operator"),
    /** Everything. Bound to the cluster. */
    SYSTEM_ADMIN("SystemAdmin"),
    /** Sees who may do what. Bound to the cluster. */
    SECURITY_ADMIN("SecurityAdmin"),
    /** Changes who may do what; as ACLs that is the whole cluster, so it must be asked for. Bound to the cluster. */
    USER_ADMIN("UserAdmin");

    private final String label;

    Role(String label) {
        this.label = label;
    }

    /** The name in policy files, as Confluent writes it. */
    public String label() {
        return label;
    }

    @Override
    public String toString() {
        return label;
    }
}
