package io.eventbroker.provisioning.kubernetes;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * One field of an object that will change.
 *
 * @param path such as {@code .spec.template.spec.containers[name="kafka"].image}
 * @param from the live value as JSON; empty if the field is not there
 * @param to the value after the change as JSON; empty if the field will be removed
 */
public record FieldChange(String path, Optional<String> from, Optional<String> to) {
    private static final int LONGEST = 60;
    private static final int LINES_SHOWN = 8;

    /** For a terminal: values shortened, and of a text of several lines only those that differ. */
    @Override
    public String toString() {
        if (from.isEmpty()) {
            return path + " = " + shortened(to.orElse(""));
        }
        if (to.isEmpty()) {
            return path + " removed";
        }
        List<String> before = lines(from.get());
        List<String> after = lines(to.get());
        if (before.size() > 1 && after.size() > 1) {
            return path + " " + differing(before, after);
        }
        return path + " " + shortened(from.get()) + " → " + shortened(to.get());
    }

    private static String differing(List<String> before, List<String> after) {
        List<String> all = new ArrayList<>();
        before.stream().filter(line -> !after.contains(line)).forEach(line -> all.add("−" + shortened(line)));
        after.stream().filter(line -> !before.contains(line)).forEach(line -> all.add("+" + shortened(line)));
        if (all.isEmpty()) {
            return "the same lines in another order or number";
        }
        String shown = all.stream().limit(LINES_SHOWN).collect(Collectors.joining(", "));
        return all.size() > LINES_SHOWN ? shown + " and " + (all.size() - LINES_SHOWN) + " more lines" : shown;
    }

    /** The lines of a JSON string; a line that ends in a backslash may come out in two. */
    private static List<String> lines(String json) {
        boolean text = json.length() > 1 && json.startsWith("\"");
        return text ? List.of(json.substring(1, json.length() - 1).split("\\\\n", -1)) : List.of(json);
    }

    private static String shortened(String text) {
        return text.length() <= LONGEST ? text : text.substring(0, LONGEST - 1) + "…";
    }
}
