package io.eventbroker.provisioning.kubernetes;

import java.util.Optional;

/**
 * One field of an object that will change.
 *
 * @param path such as {@code .spec.template.spec.containers[name="kafka"].image}
 * @param from the live value as JSON; empty if the field is not there
 * @param to the value after the change as JSON; empty if the field will be removed
 */
public record FieldChange(String path, Optional<String> from, Optional<String> to) {
    private static final int LONGEST = 60;

    @Override
    public String toString() {
        if (from.isEmpty()) {
            return path + " = " + shortened(to);
        }
        return to.isEmpty() ? path + " removed" : path + " " + shortened(from) + " → " + shortened(to);
    }

    private static String shortened(Optional<String> json) {
        String text = json.orElse("");
        return text.length() <= LONGEST ? text : text.substring(0, LONGEST - 1) + "…";
    }
}
