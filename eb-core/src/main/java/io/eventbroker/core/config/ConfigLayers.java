package io.eventbroker.core.config;

import io.eventbroker.core.BrokerId;
import io.eventbroker.core.kind.Document;
import io.eventbroker.core.kind.Documents;
import io.eventbroker.core.kind.Findings;
import io.eventbroker.core.kind.Kind;
import io.eventbroker.core.problem.Nearest;
import io.eventbroker.core.topology.Environments;
import io.eventbroker.core.topology.Topologies;
import io.eventbroker.core.topology.Topology;
import java.util.List;
import java.util.Optional;

/** The kind that holds properties, with the checks of all properties of all layers, wherever they are written. */
public final class ConfigLayers {
    /** {@code kind: ConfigLayer}. */
    public static final Kind<ConfigLayer> KIND = Kind.of("ConfigLayer", ConfigLayer.class)
            .withCheckAcross(ConfigLayers::checkReferences)
            .withCheckAcross((layers, all, findings) -> {
                for (Document<Topology> cluster : all.documents(Topologies.KIND)) {
                    PropertyChecks.check(all, cluster, findings);
                }
                PropertyChecks.checkAbsentClusters(all, findings);
            });

    private ConfigLayers() {}

    private static void checkReferences(List<Document<ConfigLayer>> layers, Documents all, Findings findings) {
        for (Document<ConfigLayer> document : layers) {
            ConfigLayer layer = document.value();
            layer.environment().ifPresent(name -> {
                if (Environments.find(all, name).isEmpty() && !all.mayExist(Environments.KIND, name)) {
                    List<String> known = Environments.names(all);
                    findings.error(
                            document,
                            "spec.environment",
                            "unknown environment '" + name + "'; there are " + String.join(", ", known),
                            Nearest.to(name, known)
                                    .map(near -> "did you mean '" + near + "'?")
                                    .orElse("correct it, or define it with 'kind: Environment'"));
                }
            });
            layer.cluster().ifPresent(name -> {
                Optional<Document<Topology>> cluster = all.find(Topologies.KIND, name);
                if (cluster.isPresent()) {
                    checkBrokers(document, cluster.get().value(), findings);
                } else if (!all.mayExist(Topologies.KIND, name)) {
                    findings.error(
                            document,
                            "spec.cluster",
                            "there is no Topology '" + name + "'",
                            Topologies.remedy(all, name, "correct the name, or read the file that describes it too"));
                }
            });
        }
    }

    private static void checkBrokers(Document<ConfigLayer> document, Topology cluster, Findings findings) {
        List<BrokerId> there = cluster.brokers().brokerIds();
        int position = 0;
        for (BrokerId id : document.value().brokerIds()) {
            if (!there.contains(id)) {
                findings.error(
                        document,
                        "spec.brokerIds[" + position + "]",
                        "'" + cluster.name() + "' has the brokers " + there.get(0) + " to "
                                + there.get(there.size() - 1) + ", not " + id,
                        "correct the id");
            }
            position++;
        }
    }
}
