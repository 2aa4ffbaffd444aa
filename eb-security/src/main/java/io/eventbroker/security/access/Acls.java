package io.eventbroker.security.access;

import io.eventbroker.core.Deadline;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;

/** The ACLs of a live cluster, as far as planning and running need them. */
interface Acls {

    String clusterId(Deadline deadline);

    /** All rules. */
    List<AclRule> describe(Deadline deadline);

    /** At least the rules of these principals. */
    List<AclRule> describe(Collection<String> principals, Deadline deadline);

    /**
     * Adds rules; adding one that exists does nothing.
     *
     * @return those that failed, with why; nothing is thrown for a single rule
     */
    Map<AclRule, RuntimeException> create(List<AclRule> rules, Deadline deadline);

    /** Removes exactly these rules, like {@link #create}. */
    Map<AclRule, RuntimeException> delete(List<AclRule> rules, Deadline deadline);

    /**
     * Waits until no broker goes by older rules any more, as
     * {@link io.eventbroker.core.cluster.BrokerMetadata#awaitSeen} does.
     */
    void awaitSeen(BooleanSupplier seen, Runnable pause, Deadline deadline);
}
