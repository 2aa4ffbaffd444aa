package io.eventbroker.core.topology;

import io.eventbroker.core.kind.Default;
import io.eventbroker.core.kind.InvalidValueException;
import java.util.Optional;

/** What copies records from one cluster to another. */
public sealed interface Replicator {
    <R> R accept(Handler<R> handler);

    /**
     * MirrorMaker 2: {@code {type: mirror-maker}}.
     *
     * @param runsIn the cluster whose {@code mirrorMaker} does it; empty for the one that is written to
     * @param naming how topics are called where they arrive
     */
    record MirrorMaker(
            Optional<String> runsIn, @Default("prefixed") Naming naming) implements Replicator {
        @Override
        public <R> R accept(Handler<R> handler) {
            return handler.mirrorMaker(this);
        }
    }

    /**
     * Confluent's Cluster Linking: {@code {type: cluster-link, link: west-to-east}}. The cluster that is written to runs it,
     * so that one must be Confluent's.
     *
     * @param link its name
     * @param naming how topics are called where they arrive
     */
    record ClusterLink(String link, @Default("unchanged") Naming naming) implements Replicator {
        public ClusterLink {
            if (!link.matches("[A-Za-z0-9._-]{1,200}")) {
                throw new InvalidValueException(
                        "link",
                        "'" + link + "' is not the name of a link",
                        "use 1 to 200 letters, digits, '.', '_' or '-'");
            }
        }

        @Override
        public <R> R accept(Handler<R> handler) {
            return handler.clusterLink(this);
        }
    }

    /** How topics are called where they arrive. */
    enum Naming {
        /** With the source's name before them, so that a copy is never taken for an original. */
        PREFIXED,
        /** As at the source. */
        UNCHANGED
    }

    Naming naming();

    /** One method per replicator. */
    interface Handler<R> {
        R mirrorMaker(MirrorMaker mirrorMaker);

        R clusterLink(ClusterLink clusterLink);
    }
}
