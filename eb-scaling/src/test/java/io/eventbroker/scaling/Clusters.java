package io.eventbroker.scaling;

import io.eventbroker.core.BrokerId;
import io.eventbroker.core.TopicName;
import io.eventbroker.core.cluster.Broker;
import io.eventbroker.core.cluster.ClusterState;
import io.eventbroker.core.cluster.PartitionState;
import io.eventbroker.core.cluster.TopicState;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;

/** Clusters drawn from a seed: topics of very different sizes, placed by rack, somewhat uneven. */
final class Clusters {
    private Clusters() {}

    static Broker broker(int id, String rack) {
        return new Broker(BrokerId.of(id), "broker-" + id, 9092, rack.isEmpty() ? Optional.empty() : Optional.of(rack));
    }

    static ClusterState of(SortedMap<BrokerId, Broker> brokers, List<TopicState> topics) {
        SortedMap<TopicName, TopicState> byName = new TreeMap<>();
        topics.forEach(topic -> byName.put(topic.name(), topic));
        return ClusterState.of("drawn", brokers, byName);
    }

    static SortedMap<BrokerId, Broker> brokers(int count, int racks) {
        SortedMap<BrokerId, Broker> brokers = new TreeMap<>();
        for (int id = 0; id < count; id++) {
            brokers.put(BrokerId.of(id), broker(id, racks == 0 ? "" : "az-" + id % racks));
        }
        return brokers;
    }

    static TopicState topic(String name, List<PartitionState> partitions) {
        return new TopicState(TopicName.of(name), "id-of-" + name, partitions, new TreeMap<>());
    }

    static PartitionState partition(long size, int... replicas) {
        List<BrokerId> ids = new ArrayList<>();
        for (int replica : replicas) {
            ids.add(BrokerId.of(replica));
        }
        return new PartitionState(Optional.of(ids.get(0)), ids, ids, size, 0, 0);
    }

    static ClusterState draw(long seed, int count, int racks, int topics, int factor) {
        Random random = new Random(seed);
        SortedMap<BrokerId, Broker> brokers = brokers(count, racks);
        List<TopicState> drawn = new ArrayList<>();
        for (int t = 0; t < topics; t++) {
            long mean = (long) (Math.exp(random.nextDouble() * 8) * 100_000);
            List<PartitionState> partitions = new ArrayList<>();
            int number = 1 + random.nextInt(24);
            for (int p = 0; p < number; p++) {
                long size = random.nextInt(10) == 0 ? 0 : (long) (mean * (0.5 + random.nextDouble()));
                partitions.add(partition(size, place(random, count, racks, factor)));
            }
            drawn.add(topic(String.format("topic-%04d", t), partitions));
        }
        return of(brokers, drawn);
    }

    /** Distinct brokers, at most ⌈factor / racks⌉ a rack; low ids are drawn more often. */
    private static int[] place(Random random, int count, int racks, int factor) {
        int perRack = racks == 0 ? factor : (factor + racks - 1) / racks;
        int[] chosen = new int[factor];
        for (int i = 0; i < factor; ) {
            int candidate = (int) (count * Math.pow(random.nextDouble(), 1.3));
            int same = 0;
            boolean there = false;
            for (int j = 0; j < i; j++) {
                there |= chosen[j] == candidate;
                same += racks > 0 && chosen[j] % racks == candidate % racks ? 1 : 0;
            }
            if (!there && same < perRack) {
                chosen[i++] = candidate;
            }
        }
        return chosen;
    }
}
