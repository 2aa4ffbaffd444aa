package io.eventbroker.core.adopt;

import io.eventbroker.core.config.ConfigLayer;
import io.eventbroker.core.config.ConfigLayers;
import io.eventbroker.core.spec.SpecWriter;
import io.eventbroker.core.topic.TopicSet;
import io.eventbroker.core.topic.TopicSets;
import io.eventbroker.core.topology.Environment;
import io.eventbroker.core.topology.Environments;
import io.eventbroker.core.topology.Topologies;
import io.eventbroker.core.topology.Topology;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What came of an {@link Adoption}: documents to commit, and the list of what they do not say as the source does.
 *
 * @param topology the cluster with its services
 * @param environment the one that the caller brought, if it is none of those that files describe already
 * @param layers properties that only some of the brokers have
 * @param topics the topics of a live cluster, if they were asked for
 * @param notCarried everything of the source that was left out, changed, assumed or is doubtful, by place
 */
public record Adopted(
        Topology topology,
        Optional<Environment> environment,
        List<ConfigLayer> layers,
        Optional<TopicSet> topics,
        List<NotCarried> notCarried) {

    public Adopted {
        layers = List.copyOf(layers);
        notCarried = List.copyOf(notCarried);
    }

    /** All documents as YAML that {@code Specs} reads back equal. */
    public String toYaml() {
        List<String> documents = new ArrayList<>();
        environment.ifPresent(one -> documents.add(SpecWriter.write(Environments.KIND, one)));
        documents.add(SpecWriter.write(Topologies.KIND, topology));
        layers.forEach(layer -> documents.add(SpecWriter.write(ConfigLayers.KIND, layer)));
        topics.ifPresent(set -> documents.add(SpecWriter.write(TopicSets.KIND, set)));
        return String.join("---\n", documents);
    }

    /** What became of the source in this way. */
    public List<NotCarried> notCarried(NotCarried.Kind kind) {
        return notCarried.stream().filter(entry -> entry.kind() == kind).toList();
    }

    /** The list of what was not carried over, a line an entry. */
    public void printTo(Appendable out) {
        try {
            out.append(toString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public String toString() {
        if (notCarried.isEmpty()) {
            return topology.name() + ": everything was carried over\n";
        }
        return topology.name() + ": " + notCarried.size()
                + (notCarried.size() == 1 ? " thing is" : " things are") + " not said as in the source\n"
                + notCarried.stream().map(entry -> entry + "\n").collect(Collectors.joining());
    }
}
