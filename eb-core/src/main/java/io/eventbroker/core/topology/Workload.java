package io.eventbroker.core.topology;

import io.eventbroker.core.kind.Description;
import io.eventbroker.core.kind.Inherit;
import io.eventbroker.core.kind.Inline;
import io.eventbroker.core.kind.KeepsReferences;
import io.eventbroker.core.kind.Range;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What every component needs to run. In a file these keys stand beside the component's own ({@link Inline}); the component
 * checks them together with those.
 *
 * @param namespace where it runs
 * @param replicas 1 to 10,000
 * @param version its own release; empty for the distribution's
 * @param image what its containers are made from
 * @param resources what each replica may use
 * @param jvm how each replica's process runs
 * @param storage the volumes of each replica; brokers, controllers and ZooKeeper must have them
 * @param zones the zones that its replicas are spread over, in this order; empty for all of the topology's
 * @param config the component's own properties, by key
 */
public record Workload(
        @Description("The Kubernetes namespace, a DNS label such as kafka") @Inherit
        String namespace,

        @Range(min = 1, max = Component.MOST_REPLICAS) @Description("How many replicas run")
        int replicas,

        Optional<Version> version,
        Image image,
        Resources resources,
        Jvm jvm,
        Optional<Storage> storage,
        List<Zone> zones,
        @KeepsReferences SortedMap<String, String> config) {

    public Workload {
        zones = List.copyOf(zones);
        config = Collections.unmodifiableSortedMap(new TreeMap<>(config));
    }
}
