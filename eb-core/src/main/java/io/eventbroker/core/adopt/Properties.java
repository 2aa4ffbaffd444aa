package io.eventbroker.core.adopt;

import io.eventbroker.core.config.ConfigTarget;
import io.eventbroker.core.source.Node;
import io.eventbroker.core.topology.KafkaBrokers;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Carries the properties of one component into its {@code config}. Belongs to one adoption. */
final class Properties {
    private final Draft draft;
    private final ConfigTarget target;
    private final Map<String, Found> first = new HashMap<>();
    private final Map<String, String> all = new HashMap<>();

    Properties(Draft draft, ConfigTarget target) {
        this.draft = draft;
        this.target = target;
    }

    /** Carries {@code key=value}. */
    void line(Found from) {
        String line = from.text().orElse("");
        int equals = line.indexOf('=');
        if (equals <= 0 || from.text().isEmpty()) {
            from.leftOut("it is no property of the form key=value", "correct it, and add it to the result");
        } else {
            carry(
                    from,
                    line.substring(0, equals).trim(),
                    line.substring(equals + 1).trim());
        }
    }

    void carry(Found from, String key, String value) {
        Found earlier = first.put(key, from);
        if (earlier != null && !earlier.id().equals(from.id())) {
            earlier.leftOut(
                    "'" + key + "' is set again at " + from.location() + ", which wins", "remove one of the two");
        }
        all.put(key, value);
        if (KafkaBrokers.isModelled(key) && isKafka()) {
            from.leftOut(
                    "'" + key + "' follows from other parts of the Topology: ids, listeners, zones, volumes",
                    "compare what follows with it");
            return;
        }
        String path = "spec." + target.key() + ".config[" + key + "]";
        if (Hidden.isSecret(target, key, value)) {
            String reference =
                    "${secret:" + draft.text("metadata.name").orElse("kafka") + "-" + target.key() + "/" + key + "}";
            draft.set(path, new Node.Text(from.location(), reference, false), from.path());
            from.secret(
                    "'" + key + "' is a secret, or has one in it, and must not stand in a file: " + reference
                            + " stands for it",
                    "put the value where the reference is resolved");
            return;
        }
        if (isKafka() && key.equals("super.users")) {
            Parts.superUsers(draft, from, value); // said once, in security
            return;
        }
        from.carried();
        draft.set(path, new Node.Text(from.location(), value, false), from.path());
        if (target == ConfigTarget.BROKERS && key.equals("authorizer.class.name") && !value.isBlank()) {
            Parts.authorizer(draft, from, value);
        }
    }

    private boolean isKafka() {
        return target == ConfigTarget.BROKERS || target == ConfigTarget.CONTROLLERS;
    }

    /** What was said of a key, also if it was not carried. */
    Optional<String> get(String key) {
        return Optional.ofNullable(all.get(key));
    }
}
