package io.eventbroker.core.adopt;

import io.eventbroker.core.manifest.internal.ListenerText;
import io.eventbroker.core.source.Node;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;

/** Listeners as Kafka's own properties say them: {@code listeners}, {@code listener.security.protocol.map} and others. */
final class KafkaListeners {
    private static final Pattern PORT = Pattern.compile("[0-9]{1,5}");
    private static final Map<String, String> MECHANISMS = Map.of(
            "PLAIN", "plain",
            "SCRAM-SHA-256", "scram-sha-256",
            "SCRAM-SHA-512", "scram-sha-512",
            "OAUTHBEARER", "oauthbearer");

    private final Draft draft;
    private final Function<String, Optional<Parts.Argument>> properties;

    /** The properties by key, each with its place. */
    KafkaListeners(Draft draft, Function<String, Optional<Parts.Argument>> properties) {
        this.draft = draft;
        this.properties = properties;
    }

    private Optional<String> text(String key) {
        return properties.apply(key).map(Parts.Argument::text).map(String::trim).filter(text -> !text.isEmpty());
    }

    /** Carries the brokers' listeners, that for the brokers themselves first, and the controllers'. */
    void carry() {
        Optional<Parts.Argument> listeners = properties.apply("listeners");
        if (listeners.isEmpty()) {
            return;
        }
        Found from = listeners.get().from();
        Map<String, String> protocols = protocols();
        List<String> controllers =
                ListenerText.split(text("controller.listener.names").orElse(""));
        Optional<String> interBroker = text("inter.broker.listener.name");
        Map<String, Node.Fields> items = new LinkedHashMap<>();
        for (String listener : listeners.get().text().split(",", -1)) {
            Optional<ListenerText> parsed = ListenerText.parse(listener, protocols)
                    .filter(one -> PORT.matcher(one.port()).matches());
            if (parsed.isEmpty()) {
                from.error("'" + Node.shorten(listener) + "' is no listener", "write NAME://host:port");
                continue;
            }
            String name = parsed.get().name();
            Node.Fields item =
                    listener(from, name, parsed.get().port(), parsed.get().protocol());
            if (controllers.stream().anyMatch(name::equalsIgnoreCase)) {
                controllerListener(item, from);
            } else {
                items.put(name, item);
            }
        }
        List<String> order = new ArrayList<>(items.keySet());
        interBroker
                .flatMap(name ->
                        items.keySet().stream().filter(name::equalsIgnoreCase).findFirst())
                .filter(order::remove)
                .ifPresent(name -> order.add(0, name));
        order.forEach(name -> Optional.ofNullable(items.get(name))
                .ifPresent(item -> draft.add("spec.brokers.listeners", item, from.path())));
        from.assumed(
                "names and ports were carried over; who can reach a listener is not said, so all are internal",
                "make those external that clients outside use");
        settle("listener.security.protocol.map", "protocols follow from tls and authentication of the listeners");
        settle("inter.broker.listener.name", "brokers use their first internal listener, so it was put first");
        settle("controller.listener.names", "it follows from the controllers' listener");
        settle(
                "advertised.listeners",
                "advertised names follow from those of the pods, and from network.externalDomain");
    }

    private void settle(String key, String why) {
        properties
                .apply(key)
                .ifPresent(value -> value.from().changed("'" + key + "': " + why, "compare what follows with it"));
    }

    /** Controllers that are not brokers have their listener named only, in the map. */
    void controllers(String port) {
        Map<String, String> protocols = protocols();
        for (String name : ListenerText.split(text("controller.listener.names").orElse(""))) {
            properties
                    .apply("controller.listener.names")
                    .ifPresent(names -> controllerListener(
                            listener(names.from(), name, port, ListenerText.protocol(name, protocols)), names.from()));
        }
    }

    private void controllerListener(Node.Fields item, Found from) {
        if (!draft.has("spec.controllers.listener")) {
            draft.set("spec.controllers.listener", item, from.path());
        }
    }

    private Map<String, String> protocols() {
        return ListenerText.protocols(text("listener.security.protocol.map").orElse(""));
    }

    private Node.Fields listener(Found from, String name, String port, String protocol) {
        boolean tls = protocol.endsWith("SSL");
        String authentication = "none";
        if (protocol.startsWith("SASL")) {
            authentication = mechanism(name);
        } else if (tls && ofListener(name, "ssl.client.auth").orElse("none").equals("required")) {
            authentication = "mtls";
        }
        return Parts.listener(
                from, name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9-]", "-"), port, false, tls, authentication);
    }

    /** The first mechanism that the model knows; of GSSAPI, Kafka's default, the checks say that it is not. */
    private String mechanism(String name) {
        List<String> enabled =
                ListenerText.split(ofListener(name, "sasl.enabled.mechanisms").orElse("GSSAPI"));
        String chosen =
                enabled.stream().filter(MECHANISMS::containsKey).findFirst().orElse("gssapi");
        if (enabled.size() > 1) {
            properties
                    .apply("listener.name." + name.toLowerCase(Locale.ROOT) + ".sasl.enabled.mechanisms")
                    .or(() -> properties.apply("sasl.enabled.mechanisms"))
                    .ifPresent(value -> value.from()
                            .doubtful(
                                    "a listener of a Topology has one mechanism, so '" + chosen + "' was taken for "
                                            + name,
                                    "add a listener for each of the others"));
        }
        return MECHANISMS.getOrDefault(chosen, chosen);
    }

    private Optional<String> ofListener(String name, String key) {
        return text("listener.name." + name.toLowerCase(Locale.ROOT) + "." + key)
                .or(() -> text(key));
    }
}
