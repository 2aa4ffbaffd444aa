package io.eventbroker.backup.internal.copy;

import io.eventbroker.backup.internal.archive.Manifest;
import io.eventbroker.backup.store.ObjectStore;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;

/** Finds out where committed positions lie among the restored records: exactly, by the index and the batch's header. */
public final class GroupPositions {
    private GroupPositions() {}

    /** The groups with {@code recordsBefore} filled in. Positions past the end of the copy stand at its end. */
    public static List<Manifest.Group> resolve(
            ObjectStore store, List<Manifest.Group> groups, List<Manifest.Partition> partitions) {
        Map<TopicPartition, Manifest.Partition> byPartition = new HashMap<>();
        partitions.forEach(p -> byPartition.put(p.topicPartition(), p));
        List<Manifest.Group> resolved = new ArrayList<>();
        for (Manifest.Group group : groups) {
            List<Manifest.Position> positions = new ArrayList<>();
            for (Manifest.Position position : group.positions()) {
                Manifest.Partition partition =
                        byPartition.get(new TopicPartition(position.topic(), position.partition()));
                if (partition != null) {
                    positions.add(new Manifest.Position(
                            position.topic(),
                            position.partition(),
                            position.offset(),
                            PartitionReader.recordsBefore(store, partition, position.offset()),
                            position.metadata()));
                }
            }
            resolved.add(new Manifest.Group(group.id(), group.type(), positions));
        }
        return resolved;
    }
}
