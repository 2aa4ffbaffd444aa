package io.eventbroker.core.cluster;

import io.eventbroker.core.cluster.ClusterState.Part;
import java.util.Collections;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * What could not be read of a cluster, and why.
 *
 * @param part of the state that is not whole
 * @param reason why
 * @param detail for people: which right is missing, what the broker lacks
 * @param resources what it is missing for, such as {@code topic orders}, {@code group billing}, {@code broker 2} or
 *     {@code cluster}; sorted
 */
public record Gap(Part part, Reason reason, String detail, SortedSet<String> resources) {
    private static final int SHOWN = 5;

    /** Why something could not be read. */
    public enum Reason {
        /** The client's principal lacks a right. */
        NOT_AUTHORIZED,
        /** The brokers, or the client, are of a version that cannot tell. */
        NOT_SUPPORTED,
        /** The broker that knows left while it was being asked. */
        BROKER_GONE
    }

    public Gap {
        resources = Collections.unmodifiableSortedSet(new TreeSet<>(resources));
    }

    /** A line for people that names at most five of the resources. */
    @Override
    public String toString() {
        String named = resources.stream().limit(SHOWN).collect(Collectors.joining(", "));
        int more = resources.size() - SHOWN;
        return part + " of " + named
                + (more > 0 ? " and " + String.format(java.util.Locale.ROOT, "%,d", more) + " more" : "") + ": "
                + detail;
    }
}
