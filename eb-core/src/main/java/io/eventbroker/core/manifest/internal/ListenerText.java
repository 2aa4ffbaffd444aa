package io.eventbroker.core.manifest.internal;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * An item of Kafka's property {@code listeners}: {@code NAME://host:port}.
 *
 * @param name as written; Kafka does not tell upper from lower case in it
 * @param host that it binds to; empty for all
 * @param port as written, which may be a placeholder
 * @param protocol of {@code listener.security.protocol.map}, or the name, in upper case
 */
public record ListenerText(String name, String host, String port, String protocol) {
    /**
     * Empty if the text is none.
     *
     * @param protocols as {@link #protocols} gives them
     */
    public static Optional<ListenerText> parse(String text, Map<String, String> protocols) {
        String trimmed = text.trim();
        int end = trimmed.indexOf("://");
        int port = trimmed.lastIndexOf(':');
        if (end <= 0 || port <= end) {
            return Optional.empty();
        }
        String name = trimmed.substring(0, end);
        return Optional.of(new ListenerText(
                name, trimmed.substring(end + 3, port), trimmed.substring(port + 1), protocol(name, protocols)));
    }

    /** The protocol of a listener, which is its name where the map does not say. */
    public static String protocol(String name, Map<String, String> protocols) {
        String upper = name.toUpperCase(Locale.ROOT);
        return protocols.getOrDefault(upper, upper);
    }

    /** {@code listener.security.protocol.map}, in upper case. */
    public static Map<String, String> protocols(String map) {
        Map<String, String> protocols = new HashMap<>();
        for (String entry : split(map)) {
            int colon = entry.indexOf(':');
            if (colon > 0) {
                protocols.put(
                        entry.substring(0, colon).trim().toUpperCase(Locale.ROOT),
                        entry.substring(colon + 1).trim().toUpperCase(Locale.ROOT));
            }
        }
        return protocols;
    }

    /** The items of a list as Kafka's properties have them, without empty ones. */
    public static List<String> split(String list) {
        return Arrays.stream(list.split(",", -1))
                .map(String::trim)
                .filter(item -> !item.isEmpty())
                .toList();
    }
}
