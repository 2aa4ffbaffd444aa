package io.eventbroker.core.topology;

import io.eventbroker.core.kind.Inherit;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** The ensemble that coordinates brokers before Kafka 4.0. An odd number of replicas. */
public record ZooKeeper(
        @Inherit(suffix = "-zookeeper") String name,
        @Inherit String namespace,
        int replicas,
        Image image,
        Resources resources,
        Jvm jvm,
        Storage storage,
        SortedMap<String, String> config)
        implements Component {

    public ZooKeeper {
        config = Collections.unmodifiableSortedMap(new TreeMap<>(config));
        Component.check(name, namespace, replicas, resources, jvm)
                .require(
                        replicas % 2 == 1 || replicas < 1,
                        "replicas",
                        "an even number of " + replicas + " survives no more failures than " + (replicas - 1),
                        "use an odd number")
                .end();
    }

    @Override
    public Optional<Storage> volumes() {
        return Optional.of(storage);
    }

    @Override
    public <R> R accept(Handler<R> handler) {
        return handler.zooKeeper(this);
    }
}
