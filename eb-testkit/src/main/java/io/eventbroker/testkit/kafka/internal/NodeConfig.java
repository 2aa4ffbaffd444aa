package io.eventbroker.testkit.kafka.internal;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a launcher needs to know of a node.
 *
 * @param id the node id
 * @param name names the node in threads, files and messages
 * @param directory holds everything of the node; the data is in {@code data}
 * @param clusterId the id that the storage is formatted with
 * @param metadataVersion that the storage is formatted with; empty for the newest
 * @param controllerListener the name of the controllers' listener
 * @param scramUsers bootstrap credentials, as kafka-storage takes them with {@code --add-scram}
 * @param properties the broker's configuration, complete
 */
public record NodeConfig(
        int id,
        String name,
        Path directory,
        String clusterId,
        Optional<String> metadataVersion,
        String controllerListener,
        List<String> scramUsers,
        Map<String, String> properties) {
    public NodeConfig {
        scramUsers = List.copyOf(scramUsers);
        properties = Map.copyOf(properties);
    }

    /** Where the broker keeps its logs and its metadata. */
    public Path data() {
        return directory.resolve("data");
    }

    boolean hasRole(String role) {
        return properties.getOrDefault("process.roles", "").contains(role);
    }
}
