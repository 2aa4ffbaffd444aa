package io.eventbroker.core.topology;

import io.eventbroker.core.kind.Checks;
import io.eventbroker.core.problem.Nearest;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What must fit together between the parts of one topology. */
final class TopologyChecks {
    private static final String SUPER_USERS = "super.users";

    private final Map<String, Component> components;
    private final KafkaBrokers brokers;
    private final Checks checks;

    /** Whether it may be a part of a DNS name, as RFC 1123 has it. */
    static boolean isLabel(String text) {
        return text.matches("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");
    }

    /** The checks take what is found. */
    TopologyChecks(Map<String, Component> components, KafkaBrokers brokers, Checks checks) {
        this.components = components;
        this.brokers = brokers;
        this.checks = checks;
    }

    TopologyChecks names() {
        Map<String, String> named = new HashMap<>();
        new TreeMap<>(components).forEach((key, component) -> {
            String other = named.putIfAbsent(component.namespace() + "/" + component.name(), key);
            checks.require(
                    other == null,
                    key + ".name",
                    "'" + component.name() + "' is also the name of " + other,
                    "give each component its own name");
        });
        return this;
    }

    TopologyChecks zones(List<Zone> zones) {
        components.forEach((key, component) -> {
            List<Zone> own = component.workload().zones();
            for (int i = 0; i < own.size(); i++) {
                checks.require(
                        zones.contains(own.get(i)),
                        key + ".zones[" + i + "]",
                        "'" + own.get(i) + "' is not among the zones of the topology: " + zones,
                        "choose one of them, or add it there");
            }
        });
        return this;
    }

    TopologyChecks brokerListeners() {
        components.forEach((key, component) -> {
            if (component instanceof Service service) {
                service.brokerListener()
                        .filter(name -> brokers.listener(name).isEmpty())
                        .ifPresent(name -> checks.refuse(
                                key + ".brokerListener",
                                "the brokers have no listener '" + name + "'; there are "
                                        + brokers.listeners().stream()
                                                .map(Listener::name)
                                                .collect(Collectors.joining(", ")),
                                "name one of them"));
            }
        });
        return this;
    }

    TopologyChecks network(Network network) {
        components.forEach((key, component) -> {
            for (int i = 0; i < component.listeners().size(); i++) {
                Listener listener = component.listeners().get(i);
                checks.require(
                        network.access() != Network.Access.INTERNAL_ONLY
                                || listener.exposure() == Listener.Exposure.INTERNAL,
                        key + (component instanceof KRaftControllers ? ".listener" : ".listeners[" + i + "]")
                                + ".exposure",
                        "the listener '" + listener.name() + "' is external, but network.access is internal-only",
                        "make it internal, or choose another access");
            }
        });
        for (int i = 0; i < network.gateways().size(); i++) {
            for (String key : network.gateways().get(i).to()) {
                checks.require(
                        components.get(key) instanceof Service,
                        "network.gateways[" + i + "].to",
                        "there is no service '" + key + "'; there are " + services(),
                        "name one of them, or describe it");
            }
        }
        return this;
    }

    private String services() {
        String keys = components.entrySet().stream()
                .filter(entry -> entry.getValue() instanceof Service)
                .map(Map.Entry::getKey)
                .collect(Collectors.joining(", "));
        return keys.isEmpty() ? "none" : keys;
    }

    TopologyChecks security(Security security) {
        for (String key : security.principals().keySet()) {
            checks.require(
                    components.containsKey(key),
                    "security.principals." + key,
                    "there is no component '" + key + "'; there are " + String.join(", ", components.keySet()),
                    Nearest.to(key, components.keySet())
                            .map(near -> "did you mean '" + near + "'?")
                            .orElse("name one of them, or describe it"));
        }
        components.forEach((key, component) -> checks.require(
                security.superUsers().isEmpty() || !component.config().containsKey(SUPER_USERS),
                key + ".config[" + SUPER_USERS + "]",
                "is also said by security.superUsers",
                "keep one of the two, with the users of both"));
        if (!security.protocols().isEmpty()) {
            components.forEach((key, component) -> {
                if (component instanceof KafkaBrokers || component instanceof KRaftControllers) {
                    for (int i = 0; i < component.listeners().size(); i++) {
                        Listener listener = component.listeners().get(i);
                        checks.require(
                                security.protocols().contains(Security.Protocol.valueOf(listener.securityProtocol())),
                                key + (component instanceof KafkaBrokers ? ".listeners[" + i + "]" : ".listener"),
                                "the listener '" + listener.name() + "' speaks " + listener.securityProtocol()
                                        + ", which security.protocols does not allow",
                                "change its tls or authentication, or allow the protocol");
                    }
                }
            });
        }
        return this;
    }

    TopologyChecks monitoring(Monitoring monitoring) {
        monitoring
                .metrics()
                .ifPresent(metrics -> components.forEach((key, component) -> component.listeners().stream()
                        .filter(listener -> listener.port() == metrics.port())
                        .forEach(listener -> checks.refuse(
                                "monitoring.metrics.port",
                                "port " + metrics.port() + " is also that of the listener '" + listener.name() + "' of "
                                        + key,
                                "choose another port"))));
        return this;
    }

    /** Control Center left the platform with 8.0: from then on it is a product with a release of its own. */
    TopologyChecks controlCenter(Distribution distribution) {
        if (components.get("controlCenter") instanceof ControlCenter controlCenter
                && distribution instanceof Distribution.Confluent confluent) {
            Optional<Version> own = controlCenter.workload().version();
            checks.require(
                    own.isPresent() || Compatibility.LEGACY_CONTROL_CENTER.isIn(distribution),
                    "controlCenter.version",
                    distribution + " does not bring a Control Center any more",
                    "name the release to run beside it, such as 2.2.0");
            own.flatMap(Compatibility::controlCenter)
                    .filter(release -> !release.worksWith(confluent.version()))
                    .ifPresent(release -> checks.refuse(
                            "controlCenter.version",
                            "Control Center " + own.orElseThrow() + " works with Confluent Platform "
                                    + minor(release.from()) + " to " + minor(release.to()) + ", not "
                                    + confluent.version(),
                            "choose another release"));
        }
        return this;
    }

    private static String minor(Version version) {
        return version.major() + "." + version.minor();
    }
}
