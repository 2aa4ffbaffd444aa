package io.eventbroker.core.plan;

import io.eventbroker.core.json.CanonicalJson;
import io.eventbroker.core.json.Sha256;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a plan was made from, and so the only thing that it may be started against.
 *
 * @param clusterId the id of the Kafka cluster, the UID of a Kubernetes cluster's {@code kube-system} namespace, …
 * @param fingerprint of exactly the state that the plan read, no more and no less
 * @param objects the names of what the plan is about (topics, for one), each with whether it was there; so that a plan
 *     that does not fit any more can tell what is missing. Empty if the module does not say
 */
public record PlanBasis(String clusterId, Sha256 fingerprint, SortedMap<String, Boolean> objects) {
    public PlanBasis {
        if (clusterId.isBlank()) {
            throw new IllegalArgumentException("a plan needs the id of the cluster that it was made for");
        }
        objects = Collections.unmodifiableSortedMap(new TreeMap<>(objects));
    }

    /** The basis of a state that is anything {@link CanonicalJson} can write: records, sorted maps, lists. */
    public static PlanBasis of(String clusterId, Object stateRead) {
        return new PlanBasis(clusterId, CanonicalJson.hash(stateRead), new TreeMap<>());
    }

    /** The same, naming what it is about. */
    public PlanBasis about(SortedMap<String, Boolean> named) {
        return new PlanBasis(clusterId, fingerprint, named);
    }
}
