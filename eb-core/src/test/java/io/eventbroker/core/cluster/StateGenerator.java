package io.eventbroker.core.cluster;

import io.eventbroker.core.BrokerId;
import io.eventbroker.core.TopicName;
import io.eventbroker.core.cluster.ClusterState.Part;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;

/** Draws states with every part there or not, from a seed. */
final class StateGenerator {
    private static final List<String> GROUP_TYPES = List.of("Classic", "Consumer", "Share", "Streams");
    private final Random random;
    private final ConfigTable.Interner interner = new ConfigTable.Interner();

    StateGenerator(long seed) {
        this.random = new Random(seed);
    }

    ClusterState draw() {
        StateBuilder state = new StateBuilder("cluster-" + random.nextInt(3));
        int brokers = 1 + random.nextInt(5);
        for (int id = 0; id < brokers; id++) {
            state.brokers.put(
                    BrokerId.of(id), new Broker(BrokerId.of(id), "host-" + id, 9092, maybe("az-" + random.nextInt(3))));
        }
        for (Part part : Part.values()) {
            if (random.nextBoolean()) {
                state.parts.add(part);
            }
        }
        int topics = random.nextInt(6);
        for (int t = 0; t < topics; t++) {
            TopicName name = TopicName.of("topic-" + t);
            state.topics.put(name, topic(name, brokers, state.parts));
        }
        if (random.nextInt(3) == 0) {
            state.gaps.add(new Gap(
                    pick(Part.values()),
                    pick(Gap.Reason.values()),
                    "a detail with \"quotes\" and ü",
                    new TreeSet<>(List.of("topic a", "topic b"))));
        }
        fill(state, brokers);
        return new ClusterState(state);
    }

    private void fill(StateBuilder state, int brokers) {
        if (state.parts.contains(Part.GROUPS)) {
            SortedMap<String, GroupState> groups = new TreeMap<>();
            for (int g = 0; g < random.nextInt(5); g++) {
                groups.put("group-" + g, group("group-" + g));
            }
            state.groups = groups;
        }
        if (state.parts.contains(Part.SIZES)) {
            state.logDirs = new TreeMap<>();
            state.logDirs.put(
                    BrokerId.of(random.nextInt(brokers)),
                    List.of(new LogDir(
                            "/data",
                            maybeLong(),
                            maybeLong(),
                            random.nextInt(1000),
                            random.nextInt(10),
                            maybe("disk error"))));
        }
        if (state.parts.contains(Part.BROKER_CONFIGS)) {
            state.brokerConfigs = new TreeMap<>();
            for (int id = 0; id < brokers; id++) {
                state.brokerConfigs.put(BrokerId.of(id), interner.table(configs()));
            }
        }
        if (state.parts.contains(Part.FEATURES)) {
            SortedMap<String, VersionRange> ranges = new TreeMap<>();
            ranges.put("metadata.version", new VersionRange(1, 1 + random.nextInt(30)));
            state.features = new Features(
                    new TreeMap<>(java.util.Map.of("metadata.version", random.nextInt(30))),
                    maybeLong(),
                    new TreeMap<>(java.util.Map.of(BrokerId.of(0), ranges)));
        }
        if (state.parts.contains(Part.QUORUM)) {
            state.quorum = new Quorum(
                    random.nextInt(3),
                    random.nextInt(9),
                    random.nextInt(999),
                    replicas(3),
                    replicas(random.nextInt(3)));
        }
        if (state.parts.contains(Part.ACLS)) {
            state.acls = random.nextInt(4) == 0 ? Acls.withoutAuthorizer() : acls();
        }
        if (state.parts.contains(Part.QUOTAS)) {
            List<ClientQuota> quotas = new ArrayList<>();
            for (int q = 0; q < random.nextInt(4); q++) {
                SortedMap<String, Optional<String>> entity = new TreeMap<>();
                entity.put("user", q == 0 ? Optional.empty() : Optional.of("user-" + q));
                quotas.add(new ClientQuota(
                        entity, new TreeMap<>(java.util.Map.of("producer_byte_rate", random.nextInt(100) / 4.0))));
            }
            state.quotas = quotas;
        }
        if (state.parts.contains(Part.SCRAM_USERS)) {
            state.scramUsers = new TreeMap<>();
            state.scramUsers.put(
                    "alice",
                    new ScramUser(
                            "alice", new TreeMap<>(java.util.Map.of("SCRAM-SHA-512", 4096 + random.nextInt(10)))));
        }
    }

    private TopicState topic(TopicName name, int brokers, java.util.Set<Part> parts) {
        List<PartitionState> partitions = new ArrayList<>();
        for (int p = 0; p <= random.nextInt(4); p++) {
            partitions.add(partition(brokers, parts));
        }
        String id = random.nextInt(8) == 0 ? "simulated-" + name : new Uuid(7, random.nextInt(3) + 1).toString();
        boolean known = parts.contains(Part.CONFIGS) && random.nextInt(5) > 0;
        return new TopicState(name, id, partitions, known ? interner.table(configs()) : null);
    }

    private PartitionState partition(int brokers, java.util.Set<Part> parts) {
        List<BrokerId> ids = new ArrayList<>();
        for (int id = 0; id < brokers; id++) {
            ids.add(BrokerId.of(id));
        }
        Collections.shuffle(ids, random);
        List<BrokerId> replicas = ids.subList(0, 1 + random.nextInt(Math.min(3, brokers)));
        List<Long> sizes = new ArrayList<>();
        replicas.forEach(id -> sizes.add(parts.contains(Part.SIZES) ? random.nextInt(50) - 1L : -1L));
        boolean offsets = parts.contains(Part.OFFSETS);
        return new PartitionState(
                random.nextInt(5) == 0 ? Optional.empty() : Optional.of(replicas.get(random.nextInt(replicas.size()))),
                replicas,
                some(replicas),
                random.nextBoolean() ? Optional.of(some(replicas)) : Optional.empty(),
                sizes,
                offsets ? random.nextInt(5) : -1,
                offsets ? 5 + random.nextInt(5) : -1);
    }

    private <T> List<T> some(List<T> all) {
        return all.stream().filter(one -> random.nextBoolean()).toList();
    }

    private SortedMap<String, ConfigValue> configs() {
        SortedMap<String, ConfigValue> configs = new TreeMap<>();
        for (int c = 0; c <= random.nextInt(3); c++) {
            configs.put(
                    "key." + c,
                    new ConfigValue(
                            random.nextInt(4) == 0 ? null : "value " + random.nextInt(3),
                            pick(ConfigValue.Origin.values()),
                            random.nextInt(6) == 0,
                            random.nextBoolean(),
                            maybe("all")));
        }
        return configs;
    }

    private GroupState group(String id) {
        SortedMap<TopicPartition, GroupOffset> offsets = new TreeMap<>(GroupState.BY_TOPIC);
        for (int o = 0; o < random.nextInt(4); o++) {
            offsets.put(
                    new TopicPartition("topic-" + random.nextInt(2), o),
                    new GroupOffset(
                            random.nextInt(100),
                            random.nextBoolean() ? OptionalInt.of(random.nextInt(4)) : OptionalInt.empty(),
                            random.nextBoolean() ? "" : "half way",
                            random.nextInt(5) - 1));
        }
        return new GroupState(
                id,
                GROUP_TYPES.get(random.nextInt(4)),
                random.nextBoolean() ? "Empty" : "Stable",
                random.nextBoolean() ? OptionalInt.of(random.nextInt(4)) : OptionalInt.empty(),
                random.nextInt(4) == 0 ? Optional.empty() : Optional.of(offsets));
    }

    private Acls acls() {
        List<AclBinding> bindings = new ArrayList<>();
        for (int a = 0; a < random.nextInt(4); a++) {
            bindings.add(new AclBinding(
                    new ResourcePattern(
                            ResourceType.TOPIC,
                            "topic-" + random.nextInt(3),
                            random.nextBoolean() ? PatternType.LITERAL : PatternType.PREFIXED),
                    new AccessControlEntry(
                            "User:alice",
                            "*",
                            random.nextBoolean() ? AclOperation.READ : AclOperation.WRITE,
                            random.nextBoolean() ? AclPermissionType.ALLOW : AclPermissionType.DENY)));
        }
        return Acls.of(bindings);
    }

    private List<Quorum.Replica> replicas(int count) {
        List<Quorum.Replica> replicas = new ArrayList<>();
        for (int r = 0; r < count; r++) {
            replicas.add(new Quorum.Replica(
                    r,
                    Uuid.ZERO_UUID.toString(),
                    random.nextInt(100) - 1,
                    maybe(Instant.ofEpochMilli(random.nextInt(1000))),
                    maybe(Instant.ofEpochMilli(random.nextInt(1000)))));
        }
        return replicas;
    }

    private <T> T pick(T[] all) {
        return all[random.nextInt(all.length)];
    }

    private <T> Optional<T> maybe(T value) {
        return random.nextBoolean() ? Optional.of(value) : Optional.empty();
    }

    private OptionalLong maybeLong() {
        return random.nextBoolean() ? OptionalLong.of(random.nextInt(1000)) : OptionalLong.empty();
    }
}
