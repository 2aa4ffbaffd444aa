package io.eventbroker.provisioning.manifest;

import io.eventbroker.core.problem.Problem;
import io.eventbroker.core.problem.Problems;
import io.eventbroker.core.problem.SourceLocation;
import io.eventbroker.core.topology.Component;
import io.eventbroker.core.topology.KRaftControllers;
import io.eventbroker.core.topology.KafkaBrokers;
import io.eventbroker.core.topology.Listener;
import io.eventbroker.core.topology.Network;
import io.eventbroker.core.topology.Resources;
import io.eventbroker.core.topology.Topology;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.fabric8.kubernetes.api.model.ResourceRequirementsBuilder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What all renderers share: the problems and notes that they collect, and the pieces that look the same everywhere. */
abstract class Rendering {
    /** Both Apache's and Confluent's images run as this user. */
    static final long USER = 1000;

    static final String ZONE_LABEL = "topology.kubernetes.io/zone";

    final Topology topology;
    private final String target;
    private final List<Problem> problems = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();

    Rendering(Topology topology, String target) {
        this.topology = topology;
        this.target = target;
    }

    final void problem(String path, String message, String remedy) {
        problems.add(Problem.error(SourceLocation.of("topology " + topology.name()), "spec." + path, message, remedy));
    }

    final void note(String sentence) {
        notes.add(sentence);
    }

    final List<String> notes() {
        return List.copyOf(notes);
    }

    final void requireNoProblems() {
        if (!problems.isEmpty()) {
            throw new CannotRenderException(target, Problems.of(problems));
        }
    }

    final KafkaBrokers brokers() {
        return topology.brokers();
    }

    final Optional<KRaftControllers> controllers() {
        return topology.controllers();
    }

    /** ZooKeeper and the services around the brokers are not rendered yet: say so instead of dropping them. */
    final void refuseAndNoteTheRest() {
        if (topology.zooKeeper().isPresent()) {
            problem("zooKeeper", "is not rendered", "describe 'controllers' instead");
        }
        boolean reachable =
                brokers().listeners().stream().anyMatch(listener -> listener.exposure() == Listener.Exposure.EXTERNAL);
        if (reachable && topology.network().access() != Network.Access.LOAD_BALANCER) {
            problem(
                    "network.access",
                    "external listeners are rendered behind a load balancer only, found "
                            + topology.network()
                                    .access()
                                    .name()
                                    .toLowerCase(Locale.ROOT)
                                    .replace('_', '-'),
                    "choose load-balancer, or make the listeners internal");
        }
        topology.network()
                .mesh()
                .ifPresent(mesh -> note("the mesh '" + mesh.name() + "' is not among the rendered resources"));
        topology.network()
                .gateways()
                .forEach(gateway -> note("the gateway '" + gateway.name() + "' is not among the rendered resources"));
        topology.monitoring()
                .metrics()
                .ifPresent(metrics -> note(
                        "the end point for metrics at port " + metrics.port() + " is not set up by these resources"));
        for (Component component : topology.components()) {
            if (!(component instanceof KafkaBrokers) && !(component instanceof KRaftControllers)) {
                note(component.getClass().getSimpleName() + " '" + component.name()
                        + "' is not among the rendered resources");
            }
        }
        brokers()
                .storage()
                .data()
                .expansion()
                .ifPresent(expansion -> note(
                        "the volumes of '" + brokers().name() + "' do not grow by themselves through these resources"));
    }

    /** The listener over which the brokers talk to each other: the first that is internal. */
    final Optional<Listener> interBroker() {
        return brokers().internalListener();
    }

    final boolean usesTls() {
        return brokers().listeners().stream().anyMatch(Listener::tls)
                || controllers().map(quorum -> quorum.listener().tls()).orElse(false);
    }

    final List<Namespace> namespaces() {
        Set<String> names = new LinkedHashSet<>();
        controllers().ifPresent(quorum -> names.add(quorum.namespace()));
        names.add(brokers().namespace());
        return names.stream()
                .map(name -> new NamespaceBuilder()
                        .withNewMetadata()
                        .withName(name)
                        .addToLabels("pod-security.kubernetes.io/enforce", "restricted")
                        .endMetadata()
                        .build())
                .toList();
    }

    static ResourceRequirements resources(Resources resources) {
        return new ResourceRequirementsBuilder()
                .withRequests(amount(resources.requests()))
                .withLimits(amount(resources.limits()))
                .build();
    }

    private static Map<String, Quantity> amount(Resources.Amount amount) {
        Map<String, Quantity> quantities = new LinkedHashMap<>();
        quantities.put("cpu", Quantity.parse(amount.cpu().toString()));
        quantities.put("memory", Quantity.parse(amount.memory().toString()));
        return quantities;
    }
}
