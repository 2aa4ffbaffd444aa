package io.eventbroker.backup.internal.wire;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.common.Uuid;

/** Asks which brokers there are, and which of them lead the partitions of topics. */
final class MetadataCall {
    private MetadataCall() {}

    static void write(Encoder request, Collection<String> topics) {
        request.compactLength(topics.size());
        for (String topic : topics) {
            request.uuid(Uuid.ZERO_UUID).compactString(topic).noTags();
        }
        request.bool(false).bool(false).noTags();
    }

    static ClusterMetadata read(Decoder in) {
        in.int32(); // throttle time: the broker has waited already
        Map<Integer, InetSocketAddress> brokers = new HashMap<>();
        int brokerCount = in.compactLength();
        for (int i = 0; i < brokerCount; i++) {
            int id = in.int32();
            String host = in.compactString();
            int port = in.int32();
            in.compactString(); // rack
            in.skipTags();
            brokers.put(id, InetSocketAddress.createUnresolved(Objects.requireNonNullElse(host, ""), port));
        }
        String clusterId = in.compactString();
        in.int32(); // controller
        Map<String, ClusterMetadata.Topic> found = new LinkedHashMap<>();
        int topicCount = in.compactLength();
        for (int i = 0; i < topicCount; i++) {
            int error = in.int16();
            String name = Objects.requireNonNullElse(in.compactString(), "");
            Uuid id = in.uuid();
            in.bool(); // internal
            List<ClusterMetadata.Partition> partitions = new ArrayList<>();
            int partitionCount = in.compactLength();
            for (int p = 0; p < partitionCount; p++) {
                in.int16(); // error: a missing leader shows as −1
                int index = in.int32();
                int leader = in.int32();
                int epoch = in.int32();
                in.skipInt32Array();
                in.skipInt32Array();
                in.skipInt32Array();
                in.skipTags();
                partitions.add(new ClusterMetadata.Partition(index, leader, epoch));
            }
            in.int32(); // authorized operations
            in.skipTags();
            found.put(name, new ClusterMetadata.Topic(name, id, error, partitions));
        }
        return new ClusterMetadata(clusterId == null ? "" : clusterId, brokers, found);
    }
}
