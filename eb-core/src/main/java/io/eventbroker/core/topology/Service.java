package io.eventbroker.core.topology;

import io.eventbroker.core.kind.Checks;
import java.util.List;
import java.util.Optional;

/** A component beside the brokers, of which it is a client. */
public sealed interface Service extends Component
        permits SchemaRegistry, RestProxy, ConnectWorkers, KsqlDb, ControlCenter, MirrorMaker {

    /** The name of the brokers' listener that it connects to; empty for their first internal one. */
    Optional<String> brokerListener();

    /** What holds for every service: its own listeners speak HTTP, which has no SCRAM. */
    static Checks check(String name, Workload workload, List<Listener> listeners) {
        Checks checks = Component.check(name, workload, listeners);
        for (int i = 0; i < listeners.size(); i++) {
            Listener.Authentication authentication = listeners.get(i).authentication();
            checks.require(
                    authentication != Listener.Authentication.SCRAM_SHA_256
                            && authentication != Listener.Authentication.SCRAM_SHA_512,
                    "listeners[" + i + "].authentication",
                    "SCRAM is a mechanism of Kafka's own listeners, not of HTTP",
                    "use mtls, plain (HTTP basic authentication) or oauthbearer");
        }
        return checks;
    }
}
