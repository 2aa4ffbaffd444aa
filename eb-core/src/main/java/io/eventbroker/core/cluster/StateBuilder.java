package io.eventbroker.core.cluster;

import io.eventbroker.core.BrokerId;
import io.eventbroker.core.TopicName;
import io.eventbroker.core.cluster.ClusterState.Part;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What a {@link ClusterState} is put together in. A part that stays null was not read. Not safe for several threads. */
final class StateBuilder {
    String clusterId;
    final SortedMap<BrokerId, Broker> brokers = new TreeMap<>();
    final SortedMap<TopicName, TopicState> topics = new TreeMap<>();
    final Set<Part> parts = EnumSet.of(Part.TOPICS);
    final List<Gap> gaps = new ArrayList<>();

    @Nullable
    SortedMap<String, GroupState> groups;

    @Nullable
    SortedMap<BrokerId, List<LogDir>> logDirs;

    @Nullable
    SortedMap<BrokerId, ConfigTable> brokerConfigs;

    @Nullable
    Features features;

    @Nullable
    Quorum quorum;

    @Nullable
    Acls acls;

    @Nullable
    List<ClientQuota> quotas;

    @Nullable
    SortedMap<String, ScramUser> scramUsers;

    StateBuilder(String clusterId) {
        this.clusterId = clusterId;
    }

    /** All that a state holds. */
    static StateBuilder of(ClusterState state) {
        StateBuilder builder = new StateBuilder(state.clusterId());
        builder.brokers.putAll(state.brokers());
        builder.topics.putAll(state.topics());
        builder.parts.addAll(state.parts());
        builder.gaps.addAll(state.gaps());
        builder.groups = state.has(Part.GROUPS) ? state.groups() : null;
        builder.logDirs = state.has(Part.SIZES) ? state.logDirs() : null;
        builder.brokerConfigs = state.brokerConfigTables().orElse(null);
        builder.features = state.has(Part.FEATURES) ? state.features() : null;
        builder.quorum = state.has(Part.QUORUM) ? state.quorum() : null;
        builder.acls = state.has(Part.ACLS) ? state.acls() : null;
        builder.quotas = state.has(Part.QUOTAS) ? state.quotas() : null;
        builder.scramUsers = state.has(Part.SCRAM_USERS) ? state.scramUsers() : null;
        return builder;
    }
}
