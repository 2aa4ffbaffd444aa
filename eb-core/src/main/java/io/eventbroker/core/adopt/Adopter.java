package io.eventbroker.core.adopt;

import io.eventbroker.core.config.ConfigLayer;
import io.eventbroker.core.topic.TopicSet;
import java.util.function.Function;

/** Moves what one kind of source says into a draft. */
interface Adopter {
    /** Carries over what it can; what it does not touch is listed in its {@link #words()}. */
    void adopt(Draft draft, Beside beside);

    /** Why parts of this source are not carried over. */
    Words words();

    /** Takes what does not go into the topology itself. */
    interface Beside {
        /** A layer of the cluster with the name that it has in the end. */
        void layer(Function<String, ConfigLayer> ofCluster);

        /** Topics of the cluster with the name that it has in the end. */
        void topics(Function<String, TopicSet> ofCluster);
    }
}
