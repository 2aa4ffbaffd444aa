package io.eventbroker.core.plan;

import io.eventbroker.core.json.CanonicalJson;
import io.eventbroker.core.json.Sha256;

/**
 * What a plan was made from, and so the only thing that it may be started against.
 *
 * @param clusterId the id of the Kafka cluster, the UID of a Kubernetes cluster's {@code kube-system} namespace, …
 * @param fingerprint of exactly the state that the plan read, no more and no less
 */
public record PlanBasis(String clusterId, Sha256 fingerprint) {
    public PlanBasis {
        if (clusterId.isBlank()) {
            throw new IllegalArgumentException("a plan needs the id of the cluster that it was made for");
        }
    }

    /** The basis of a state that is anything {@link CanonicalJson} can write: records, sorted maps, lists. */
    public static PlanBasis of(String clusterId, Object stateRead) {
        return new PlanBasis(clusterId, CanonicalJson.hash(stateRead));
    }
}
