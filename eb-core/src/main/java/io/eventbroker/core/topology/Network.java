package io.eventbroker.core.topology;

import io.eventbroker.core.kind.Checks;
import io.eventbroker.core.kind.Default;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * How the platform is reached, as intent: what stands between its clients and its listeners. Who is external says each
 * {@link Listener}.
 *
 * @param externalDomain the DNS domain below which external listeners get their names; empty if there are none
 * @param access how clients from outside reach the external listeners
 * @param mesh the service mesh that carries the traffic beside the brokers, if there is one
 * @param gateways what HTTP clients pass before they reach a service
 */
public record Network(
        Optional<String> externalDomain,
        @Default("load-balancer") Access access,
        Optional<Mesh> mesh,
        List<Gateway> gateways) {

    /** How clients from outside reach the external listeners. */
    public enum Access {
        /** Not at all: no listener may be external. */
        INTERNAL_ONLY,
        /** Through a load balancer that passes TCP on. */
        LOAD_BALANCER,
        /** From other accounts and networks, through private end points, never over the internet. */
        PRIVATE_LINK,
        /** Through an ingress that routes by the name in the TLS handshake. */
        INGRESS
    }

    /**
     * A service mesh.
     *
     * @param name as people call it, such as {@code istio}
     * @param mutualTls whether it encrypts and authenticates what runs through it
     */
    public record Mesh(String name, @Default("true") boolean mutualTls) {
        public Mesh {
            Checks.begin()
                    .require(!name.isBlank(), "name", "must not be blank", "name the mesh")
                    .end();
        }
    }

    /** What a gateway is for. */
    public enum Purpose {
        /** Authenticates, limits and routes calls of applications. */
        API,
        /** Signs people in before they reach a user interface. */
        SSO,
        /** Routes by host and path. */
        INGRESS
    }

    /**
     * A gateway in front of services that speak HTTP.
     *
     * @param name as people call it
     * @param purpose what it is for
     * @param firewall whether it filters requests that look like attacks
     * @param to the keys of the services behind it, such as {@code restProxy}; at least one
     */
    public record Gateway(
            String name,
            @Default("api") Purpose purpose,
            @Default("false") boolean firewall,
            Set<String> to) {
        public Gateway {
            to = Set.copyOf(to);
            Checks.begin()
                    .require(!name.isBlank(), "name", "must not be blank", "name the gateway")
                    .require(!to.isEmpty(), "to", "a gateway leads to at least one service", "write [restProxy]")
                    .end();
        }
    }

    public Network {
        gateways = List.copyOf(gateways);
        Checks checks = Checks.begin()
                .require(
                        externalDomain.isEmpty()
                                || externalDomain
                                        .get()
                                        .matches(
                                                "(?=.{1,253}$)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*"),
                        "externalDomain",
                        "'" + externalDomain.orElse("") + "' is not a DNS domain",
                        "write lower-case labels with dots, such as kafka.example.com");
        Map<String, Integer> names = new HashMap<>();
        for (int i = 0; i < gateways.size(); i++) {
            Integer other = names.putIfAbsent(gateways.get(i).name(), i);
            checks.require(
                    other == null,
                    "gateways[" + i + "].name",
                    "'" + gateways.get(i).name() + "' is also the name of gateways[" + other + "]",
                    "give each gateway its own name");
        }
        checks.end();
    }
}
