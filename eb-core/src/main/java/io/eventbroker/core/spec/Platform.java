package io.eventbroker.core.spec;

import io.eventbroker.core.EventBrokerException;
import io.eventbroker.core.config.ClusterConfig;
import io.eventbroker.core.kind.Document;
import io.eventbroker.core.kind.Documents;
import io.eventbroker.core.kind.Kind;
import io.eventbroker.core.problem.Problem;
import io.eventbroker.core.problem.Problems;
import io.eventbroker.core.source.Sources;
import io.eventbroker.core.topology.Environment;
import io.eventbroker.core.topology.Environments;
import io.eventbroker.core.topology.Topologies;
import io.eventbroker.core.topology.Topology;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;

/** Everything that was read, sound by itself and across documents. Immutable. */
public final class Platform implements Documents {
    private final Documents documents;
    private final List<Kind<?>> kinds;
    private final Problems warnings;
    private final OverlayChanges overlayChanges;
    private final Sources sources;
    private final Mask mask;

    Platform(
            Documents documents,
            Collection<Kind<?>> kinds,
            Problems warnings,
            OverlayChanges overlayChanges,
            Sources sources,
            Mask mask) {
        this.documents = documents;
        this.kinds = List.copyOf(kinds);
        this.warnings = warnings;
        this.overlayChanges = overlayChanges;
        this.sources = sources;
        this.mask = mask;
    }

    /**
     * The topology of this name.
     *
     * @throws EventBrokerException if there is none; the message names those that there are
     */
    public Topology topology(String name) {
        return one(Topologies.KIND, name);
    }

    /** The environment that the topology is for: one that was read, or a standard one. */
    public Environment environment(Topology topology) {
        return Environments.find(documents, topology.environment())
                .orElseThrow(() -> new EventBrokerException("no Environment '" + topology.environment()
                        + "' was read, and none of the standard ones is called so"));
    }

    /**
     * The properties of a cluster, after all layers, each with the place that it comes from.
     *
     * @throws EventBrokerException if there is no topology of this name; the message names those that there are
     */
    public ClusterConfig config(String cluster) {
        return ClusterConfig.of(this, cluster);
    }

    /** The kinds that it was read with, by name. */
    public List<Kind<?>> kinds() {
        return kinds;
    }

    /** All models of a kind, by name. */
    public <T extends Record> List<T> all(Kind<T> kind) {
        return documents(kind).stream().map(Document::value).toList();
    }

    /**
     * The model of this kind and name.
     *
     * @throws EventBrokerException if there is none; the message names those that there are
     */
    public <T extends Record> T one(Kind<T> kind, String name) {
        return find(kind, name)
                .orElseThrow(() -> new EventBrokerException("no " + kind + " '" + name + "' was read; there are: "
                        + documents(kind).stream().map(Document::name).collect(Collectors.joining(", "))))
                .value();
    }

    /** The documents of a kind with their places, by name. */
    @Override
    public <T extends Record> List<Document<T>> documents(Kind<T> kind) {
        return documents.documents(kind);
    }

    @Override
    public boolean isComplete(Kind<?> kind) {
        return documents.isComplete(kind);
    }

    @Override
    public boolean mayExist(Kind<?> kind, String name) {
        return documents.mayExist(kind, name);
    }

    /** What is likely to hurt one day, each with its place. */
    public Problems warnings() {
        return warnings;
    }

    /** What the overlays changed. */
    public OverlayChanges overlayChanges() {
        return overlayChanges;
    }

    /**
     * The problem, with references in place of what they were resolved to, as problems of the reading have them. For those
     * who find more that is wrong with the models.
     *
     * @see Specs#resolving
     */
    public Problem masked(Problem problem) {
        return mask.over(problem);
    }

    /** The files as they were read, overlays included, for excerpts of their text. */
    public Sources sources() {
        return sources;
    }
}
