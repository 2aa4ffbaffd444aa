package io.eventbroker.core.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.eventbroker.core.BrokerId;
import io.eventbroker.core.TopicName;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.Test;
import org.openjdk.jol.info.GraphLayout;

/** A cluster of 100,000 partitions in memory, weighed by walking its objects. */
class StateWeightTest {
    private static final int TOPICS = 20_000;
    private static final int PARTITIONS = 5;

    static {
        // Records hide their fields' offsets from Unsafe; this works them out.
        System.setProperty("jol.magicFieldOffset", "true");
    }

    @Test
    void aPartitionTakesAtMostAHundredBytesBesideNames() {
        ClusterState state = new ClusterState(large());

        ClusterState read = ClusterState.fromJson(state.toJson());

        assertThat(bytesAPartition(state)).isBetween(50.0, 100.0);
        assertThat(bytesAPartition(read)).as("read from JSON").isBetween(50.0, 100.0);
    }

    private static double bytesAPartition(ClusterState state) {
        Object[] names = state.topics().keySet().toArray();
        long all = GraphLayout.parseInstance(state).totalSize();
        long beyond = GraphLayout.parseInstance(names).totalSize()
                - GraphLayout.parseInstance((Object) new Object[names.length]).totalSize();
        return (double) (all - beyond) / (TOPICS * PARTITIONS);
    }

    /** Three replicas, all that can be read of a partition, and 50 different sets of properties. */
    static StateBuilder large() {
        StateBuilder state = new StateBuilder("large");
        for (int id = 0; id < 100; id++) {
            BrokerId broker = BrokerId.of(id);
            state.brokers.put(broker, new Broker(broker, "host-" + id, 9092, Optional.of("az-" + id % 3)));
        }
        ConfigTable.Interner interner = new ConfigTable.Interner();
        for (int t = 0; t < TOPICS; t++) {
            TopicName name = TopicName.of("domain.entity.event-" + t);
            TreeMap<String, ConfigValue> configs = new TreeMap<>();
            for (int key = 0; key < 33; key++) {
                configs.put("some.topic.property." + key, new ConfigValue("value " + key, false));
            }
            configs.put("retention.ms", new ConfigValue(Integer.toString(t % 50), true));
            List<PartitionState> partitions = new ArrayList<>();
            for (int p = 0; p < PARTITIONS; p++) {
                List<BrokerId> replicas = List.of(
                        BrokerId.of((t + p) % 100), BrokerId.of((t + p + 1) % 100), BrokerId.of((t + p + 2) % 100));
                partitions.add(new PartitionState(
                        Optional.of(replicas.get(0)),
                        replicas,
                        replicas,
                        Optional.of(List.of()),
                        List.of(1_000_000L + t, 1_000_000L + t, 1_000_000L + p),
                        t,
                        1_000_000L * p + t));
            }
            state.topics.put(
                    name, new TopicState(name, new Uuid(7, t).toString(), partitions, interner.table(configs)));
        }
        return state;
    }

    @Test
    void propertiesThatAreEqualAreKeptOnce() {
        ConfigTable.Interner interner = new ConfigTable.Interner();
        ConfigTable one = interner.table(new TreeMap<>(Map.of("a", new ConfigValue("1", true))));
        assertThat(interner.table(new TreeMap<>(Map.of("a", new ConfigValue("1", true)))))
                .isSameAs(one);
    }
}
