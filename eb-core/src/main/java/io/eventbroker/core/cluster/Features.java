package io.eventbroker.core.cluster;

import io.eventbroker.core.BrokerId;
import java.util.Collections;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The versions of the cluster's features (KIP-584), {@code metadata.version} first of all.
 *
 * @param finalized what the cluster has agreed on; a feature at level 0 is not listed
 * @param epoch of that agreement; empty if there is none
 * @param supported what each broker could do
 */
public record Features(
        SortedMap<String, Integer> finalized,
        OptionalLong epoch,
        SortedMap<BrokerId, SortedMap<String, VersionRange>> supported) {
    public Features {
        finalized = Collections.unmodifiableSortedMap(new TreeMap<>(finalized));
        SortedMap<BrokerId, SortedMap<String, VersionRange>> copy = new TreeMap<>();
        supported.forEach((id, ranges) -> copy.put(id, Collections.unmodifiableSortedMap(new TreeMap<>(ranges))));
        supported = Collections.unmodifiableSortedMap(copy);
    }
}
