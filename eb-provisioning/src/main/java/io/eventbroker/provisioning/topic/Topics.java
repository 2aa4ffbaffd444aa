package io.eventbroker.provisioning.topic;

import io.eventbroker.core.BrokerId;
import io.eventbroker.core.Deadline;
import io.eventbroker.core.EventBrokerException;
import io.eventbroker.core.TopicName;
import io.eventbroker.core.cluster.ClusterState;
import io.eventbroker.core.cluster.ClusterState.Part;
import io.eventbroker.core.cluster.Simulation;
import io.eventbroker.core.cluster.TopicState;
import io.eventbroker.core.plan.ActionPlan;
import io.eventbroker.core.plan.Plan;
import io.eventbroker.core.plan.PlanBasis;
import io.eventbroker.core.plan.PlanType;
import io.eventbroker.core.run.PlanRunner;
import io.eventbroker.core.run.Report;
import io.eventbroker.core.run.Run;
import io.eventbroker.core.run.RunOptions;
import io.eventbroker.core.topic.TopicSet;
import io.eventbroker.core.topic.TopicSpec;
import io.eventbroker.core.topology.Topology;
import io.eventbroker.provisioning.topic.TopicAction.AddPartitions;
import io.eventbroker.provisioning.topic.TopicAction.ChangeConfigs;
import io.eventbroker.provisioning.topic.TopicAction.CreateTopic;
import io.eventbroker.provisioning.topic.TopicAction.DeleteTopic;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;

/**
 * Makes the topics of a cluster what {@link TopicSet}s say. Topics that no set names are left alone; a topic is deleted
 * only if a set retires it by name and the run allows deletes. Kafka's internal topics are never touched.
 *
 * <p>Rights: {@code Describe} and {@code DescribeConfigs} on the topics; {@code Create} on the cluster; {@code Alter},
 * {@code AlterConfigs} and {@code Delete} on the topics, each only if the plan has such actions.
 *
 * <p>Safe for use by several threads. The Admin client stays the host's and is not closed.
 */
public final class Topics {
    /** Topic plans, to be read back from JSON. */
    public static final PlanType<TopicAction> PLANS = PlanType.named("topics", TopicAction.class)
            .action("createTopic", CreateTopic.class)
            .action("addPartitions", AddPartitions.class)
            .action("changeConfigs", ChangeConfigs.class)
            .action("deleteTopic", DeleteTopic.class)
            .build();

    /** Set by reassignments while they run; not a person's to keep. */
    private static final Set<String> NOT_OURS =
            Set.of("leader.replication.throttled.replicas", "follower.replication.throttled.replicas");

    private final Admin admin;
    private final Optional<Topology> cluster;

    private Topics(Admin admin, Optional<Topology> cluster) {
        this.admin = admin;
        this.cluster = cluster;
    }

    public static Topics on(Admin admin) {
        return new Topics(admin, Optional.empty());
    }

    /**
     * The same, knowing which cluster the Admin client leads to: sets of other clusters are left out, and plans name the
     * cluster's environment.
     */
    public Topics of(Topology described) {
        return new Topics(admin, Optional.of(described));
    }

    /**
     * Reads what {@link #plan} needs of the cluster.
     *
     * @throws EventBrokerException as {@link ClusterState#read}
     */
    public ClusterState read(Deadline deadline) {
        return read(admin, deadline);
    }

    static ClusterState read(Admin admin, Deadline deadline) {
        return ClusterState.read(admin, deadline, Set.of(Part.CONFIGS));
    }

    /**
     * Plans what makes the cluster's topics what the sets say. Pure. What cannot be done this way (fewer partitions,
     * another replication factor) becomes a note of the plan.
     *
     * @param all those of this cluster, or, after {@link #of}, of any
     * @throws EventBrokerException if two sets name the same topic, or sets name different clusters and nobody said which
     *     of them this is, or a topic that is to be created has more replicas than the cluster has live brokers
     */
    public Plan<TopicAction> plan(ClusterState state, Collection<TopicSet> all) {
        List<TopicSet> sets = ofThisCluster(all);
        SortedMap<TopicName, TopicSpec> wanted = new TreeMap<>();
        SortedSet<TopicName> retired = new TreeSet<>();
        for (TopicSet set : sets) {
            set.wanted().forEach((name, topic) -> {
                if (wanted.putIfAbsent(name, topic) != null) {
                    throw new EventBrokerException(
                            "topic " + name + " is in more than one topic set; keep one of them");
                }
            });
            retired.addAll(set.retired());
        }
        SortedSet<TopicName> scope = new TreeSet<>(wanted.keySet());
        scope.addAll(retired);
        requirePlaceable(wanted.values(), state);
        ActionPlan.Builder<TopicAction> plan = ActionPlan.of(PLANS, basis(state, scope))
                .environment(cluster.map(Topology::environment).orElse(""));
        for (TopicSpec topic : wanted.values()) {
            state.topic(topic.name())
                    .ifPresentOrElse(
                            now -> change(now, topic, plan),
                            () -> plan.action(new CreateTopic(
                                    topic.name(), topic.partitions(), topic.replicationFactor(), topic.configs())));
        }
        for (TopicName name : retired) {
            if (name.isInternal()) {
                plan.note("topic " + name + " is Kafka's own and is not deleted; take it off the retired topics");
            } else {
                state.topic(name).ifPresent(now -> plan.action(new DeleteTopic(name, now.id())));
            }
        }
        return plan.build();
    }

    /** Of topics that are there the brokers may be down for a while; a new one would be refused at the first try. */
    private static void requirePlaceable(Collection<TopicSpec> wanted, ClusterState state) {
        Set<BrokerId> brokers = state.brokers().keySet();
        List<String> tooMany = wanted.stream()
                .filter(topic -> state.topic(topic.name()).isEmpty())
                .filter(topic -> topic.replicationFactor().orElse(1) > brokers.size())
                .map(topic -> "topic " + topic.name() + ": replication factor "
                        + topic.replicationFactor().orElse(1) + " does not fit on the " + brokers.size()
                        + (brokers.size() == 1 ? " live broker " : " live brokers ") + brokers)
                .toList();
        if (!tooMany.isEmpty()) {
            throw new EventBrokerException(String.join("\n", tooMany)
                    + "; lower the factor in the topic set, or add brokers (or start those that are down) and read the"
                    + " cluster again");
        }
    }

    private List<TopicSet> ofThisCluster(Collection<TopicSet> all) {
        if (cluster.isPresent()) {
            String name = cluster.get().name();
            return all.stream()
                    .filter(set -> set.cluster().map(name::equals).orElse(true))
                    .toList();
        }
        SortedSet<String> named =
                all.stream().flatMap(set -> set.cluster().stream()).collect(Collectors.toCollection(TreeSet::new));
        if (named.size() > 1) {
            throw new EventBrokerException("the topic sets name the clusters " + String.join(", ", named)
                    + "; say which one this is with Topics.on(admin).of(topology)");
        }
        return List.copyOf(all);
    }

    private static void change(TopicState now, TopicSpec wanted, ActionPlan.Builder<TopicAction> plan) {
        int partitions = now.partitions().size();
        int wantedPartitions = wanted.partitions().orElse(partitions);
        if (partitions < wantedPartitions) {
            plan.action(new AddPartitions(now.name(), partitions, wantedPartitions));
        } else if (partitions > wantedPartitions) {
            plan.note(
                    "topic " + now.name() + " has " + partitions + " partitions and " + wantedPartitions
                            + " are wanted; Kafka cannot take partitions away: raise the number in the topic set, or make a new topic");
        }
        int wantedReplicas = wanted.replicationFactor().orElse(now.replicationFactor());
        if (now.replicationFactor() != wantedReplicas) {
            plan.note("topic " + now.name() + " has " + now.replicationFactor() + " replicas and " + wantedReplicas
                    + " are wanted; plan a reassignment for that");
        }
        SortedMap<String, ChangeConfigs.Change> changes = new TreeMap<>();
        SortedMap<String, String> overrides = now.overrides();
        wanted.configs().forEach((key, value) -> {
            if (!value.equals(overrides.get(key))) {
                changes.put(key, new ChangeConfigs.Change(Optional.ofNullable(overrides.get(key)), Optional.of(value)));
            }
        });
        overrides.forEach((key, value) -> {
            if (!wanted.configs().containsKey(key) && !NOT_OURS.contains(key)) {
                changes.put(key, new ChangeConfigs.Change(Optional.of(value), Optional.empty()));
            }
        });
        if (!changes.isEmpty()) {
            plan.action(new ChangeConfigs(now.name(), changes));
        }
    }

    /** Starts carrying the plan out. {@link PlanRunner#start} says what is thrown. */
    public Run<Report> run(Plan<TopicAction> plan, RunOptions options) {
        return PlanRunner.start(plan, new TopicDriver(admin, state -> basis(state, scope(plan))), options);
    }

    /** What the state would be after the plan, so that a host can check it. */
    public static ClusterState simulate(ClusterState state, Plan<TopicAction> plan) {
        Simulation simulation = state.simulate();
        plan.actions().forEach(action -> action.accept(new Simulate(simulation)));
        return simulation.state();
    }

    private static SortedSet<TopicName> scope(Plan<TopicAction> plan) {
        return plan.basis().objects().keySet().stream()
                .map(TopicName::of)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** What the plan reads of a topic. */
    private record Basis(String id, int partitions, int replicationFactor, SortedMap<String, String> overrides) {}

    private static PlanBasis basis(ClusterState state, Set<TopicName> scope) {
        SortedMap<TopicName, Basis> read = new TreeMap<>();
        SortedMap<String, Boolean> there = new TreeMap<>();
        for (TopicName name : scope) {
            there.put(name.value(), state.topic(name).isPresent());
            state.topic(name).ifPresent(topic -> {
                SortedMap<String, String> overrides = topic.overrides();
                overrides.keySet().removeAll(NOT_OURS);
                read.put(name, new Basis(topic.id(), topic.partitions().size(), topic.replicationFactor(), overrides));
            });
        }
        return PlanBasis.of(state.clusterId(), read).about(there);
    }

    private record Simulate(Simulation simulation) implements TopicAction.Handler<Simulation> {
        @Override
        public Simulation create(CreateTopic action) {
            // What the cluster's defaults are is not part of the state; any number of partitions stands for them.
            return simulation.createTopic(
                    action.topic(),
                    action.partitions().orElse(1),
                    action.replicationFactor().orElse(1),
                    action.configs());
        }

        @Override
        public Simulation addPartitions(AddPartitions action) {
            return simulation.addPartitionsUpTo(action.topic(), action.to());
        }

        @Override
        public Simulation changeConfigs(ChangeConfigs action) {
            action.changes().forEach((key, change) -> simulation.setConfig(action.topic(), key, change.to()));
            return simulation;
        }

        @Override
        public Simulation delete(DeleteTopic action) {
            return simulation.deleteTopic(action.topic());
        }
    }
}
