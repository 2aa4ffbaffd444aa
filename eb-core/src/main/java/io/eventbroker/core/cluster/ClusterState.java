package io.eventbroker.core.cluster;

import io.eventbroker.core.BrokerId;
import io.eventbroker.core.Deadline;
import io.eventbroker.core.TopicName;
import io.eventbroker.core.problem.internal.Counted;
import java.io.Reader;
import java.io.StringReader;
import java.io.StringWriter;
import java.io.Writer;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.jspecify.annotations.Nullable;

/**
 * An immutable snapshot of a Kafka cluster. It is read in few batched requests that overlap; between them the cluster
 * may move, so two parts of one snapshot can be moments apart.
 *
 * <p>What was not asked for and what the client may not see is never taken for what is not there: a number that was not
 * read is −1, and everything else that was not read throws {@link NotReadException} when it is asked for. {@link #gaps}
 * lists what was asked for and could not be read. What a principal may not even see the name of, Kafka leaves out without
 * a word, and so it is left out here: topics that were not named, groups, and their positions in topics out of sight.
 */
public final class ClusterState {

    /** What {@link #read} can leave out. Brokers, topics and placement are always read. */
    public enum Part {
        /** Topics and where their partitions are. Always read; here so that a {@link Gap} can name them. */
        TOPICS,
        /** Effective topic properties. */
        CONFIGS,
        /** Bytes on disk, from the log directories of every broker, and the volumes that these are on. */
        SIZES,
        /** First and last stable offset of every partition. */
        OFFSETS,
        /** Groups of all types with their committed offsets; together with {@link #OFFSETS} their lag too. */
        GROUPS,
        /** Effective properties of every broker, with what was set dynamically. */
        BROKER_CONFIGS,
        /** Feature versions that are agreed on, and those that each broker supports. */
        FEATURES,
        /** The quorum of controllers and its followers. */
        QUORUM,
        /** Access rules. */
        ACLS,
        /** Client quotas. */
        QUOTAS,
        /** Users of SASL/SCRAM with mechanisms and iterations. */
        SCRAM_USERS
    }

    private final String clusterId;
    private final SortedMap<BrokerId, Broker> brokers;
    private final SortedMap<TopicName, TopicState> topics;
    private final Set<Part> parts;
    private final List<Gap> gaps;
    private final @Nullable SortedMap<String, GroupState> groups;
    private final @Nullable SortedMap<BrokerId, List<LogDir>> logDirs;
    private final @Nullable SortedMap<BrokerId, ConfigTable> brokerConfigs;
    private final @Nullable Features features;
    private final @Nullable Quorum quorum;
    private final @Nullable Acls acls;
    private final @Nullable List<ClientQuota> quotas;
    private final @Nullable SortedMap<String, ScramUser> scramUsers;

    ClusterState(StateBuilder from) {
        this.clusterId = from.clusterId;
        this.brokers = Collections.unmodifiableSortedMap(new TreeMap<>(from.brokers));
        this.topics = Collections.unmodifiableSortedMap(new TreeMap<>(from.topics));
        EnumSet<Part> all = EnumSet.of(Part.TOPICS);
        all.addAll(from.parts);
        this.parts = Collections.unmodifiableSet(all);
        this.gaps = List.copyOf(from.gaps);
        this.groups = sorted(from.groups);
        this.logDirs = sorted(from.logDirs);
        this.brokerConfigs = sorted(from.brokerConfigs);
        this.features = from.features;
        this.quorum = from.quorum;
        this.acls = from.acls;
        this.quotas = from.quotas == null
                ? null
                : from.quotas.stream()
                        .sorted(java.util.Comparator.comparing(ClientQuota::subject))
                        .toList();
        this.scramUsers = sorted(from.scramUsers);
    }

    private static <K extends Comparable<K>, V> @Nullable SortedMap<K, V> sorted(@Nullable SortedMap<K, V> map) {
        return map == null ? null : Collections.unmodifiableSortedMap(new TreeMap<>(map));
    }

    /** A state of brokers and topics alone, such as a planner's test starts from. */
    public static ClusterState of(
            String clusterId, SortedMap<BrokerId, Broker> brokers, SortedMap<TopicName, TopicState> topics) {
        StateBuilder state = new StateBuilder(clusterId);
        state.brokers.putAll(brokers);
        state.topics.putAll(topics);
        return new ClusterState(state);
    }

    /** Reads everything: {@link #read(Admin, Deadline, Collection)} with every {@link Part}. */
    public static ClusterState read(Admin admin, Deadline deadline) {
        return read(admin, deadline, EnumSet.allOf(Part.class));
    }

    /**
     * Reads the cluster. Blocks. The requests are sent in batches of hundreds of topics or groups, or to a broker each, four
     * of a kind at a time, so that the memory for their answers does not grow with the cluster; every one has the deadline's
     * time left. A missing right leaves a {@link Gap}; so does a broker that leaves meanwhile. What
     * is deleted meanwhile is left out.
     *
     * @throws io.eventbroker.core.RetryableException if a request failed for a reason that is likely to pass
     * @throws io.eventbroker.core.DeadlineExceededException if the deadline passed first
     * @throws io.eventbroker.core.EventBrokerException if Kafka refused for another reason than a missing right
     */
    public static ClusterState read(Admin admin, Deadline deadline, Collection<Part> parts) {
        return new ClusterReader(admin, deadline, Set.copyOf(parts), Optional.empty()).read();
    }

    /**
     * Reads the cluster as {@link #read(Admin, Deadline, Collection)} does, of its topics only these; those that are not
     * there are left out. Needs rights on no other topic. A topic that the client may not describe is a {@link Gap},
     * whether it is there or not.
     */
    public static ClusterState read(
            Admin admin, Deadline deadline, Collection<Part> parts, Collection<TopicName> topics) {
        Set<String> wanted = topics.stream().map(TopicName::value).collect(Collectors.toSet());
        return new ClusterReader(admin, deadline, Set.copyOf(parts), Optional.of(wanted)).read();
    }

    /** Kafka's own id of the cluster. */
    public String clusterId() {
        return clusterId;
    }

    /** Those that are registered and alive. */
    public SortedMap<BrokerId, Broker> brokers() {
        return brokers;
    }

    /** All topics that the client may see, Kafka's internal ones included, or those that were asked for. */
    public SortedMap<TopicName, TopicState> topics() {
        return topics;
    }

    public Optional<TopicState> topic(TopicName name) {
        return Optional.ofNullable(topics.get(name));
    }

    /** What was asked for. */
    public Set<Part> parts() {
        return parts;
    }

    /** What was asked for and could not be read; by part. */
    public List<Gap> gaps() {
        return gaps;
    }

    /**
     * Does nothing if these parts were asked for and read whole.
     *
     * @throws NotReadException otherwise, naming every part that is missing or has gaps, and why
     */
    public ClusterState requireWhole(Part... needed) {
        List<String> missing = new java.util.ArrayList<>();
        for (Part part : needed) {
            if (!parts.contains(part)) {
                missing.add(part + " was not asked for");
            }
            gaps.stream().filter(gap -> gap.part() == part).map(Gap::toString).forEach(missing::add);
        }
        if (!missing.isEmpty()) {
            throw new NotReadException(
                    "the state of cluster " + clusterId + " is not whole: " + String.join("; ", missing));
        }
        return this;
    }

    /**
     * All groups that the client may see, by id.
     *
     * @throws NotReadException if groups were not asked for
     */
    public SortedMap<String, GroupState> groups() {
        return required(Part.GROUPS, groups);
    }

    /**
     * The log directories of each broker.
     *
     * @throws NotReadException if {@link Part#SIZES} was not asked for or no broker may tell
     */
    public SortedMap<BrokerId, List<LogDir>> logDirs() {
        return required(Part.SIZES, logDirs);
    }

    /**
     * Effective properties by broker and key, with what was set dynamically on the broker and for all brokers.
     *
     * @throws NotReadException if {@link Part#BROKER_CONFIGS} was not asked for or a right was missing
     */
    public SortedMap<BrokerId, SortedMap<String, ConfigValue>> brokerConfigs() {
        SortedMap<BrokerId, SortedMap<String, ConfigValue>> all = new TreeMap<>();
        required(Part.BROKER_CONFIGS, brokerConfigs).forEach((id, table) -> all.put(id, table.toMap()));
        return all;
    }

    /**
     * Feature versions, agreed on and supported.
     *
     * @throws NotReadException if they were not asked for or the cluster cannot tell
     */
    public Features features() {
        return required(Part.FEATURES, features);
    }

    /**
     * The quorum of controllers and its followers.
     *
     * @throws NotReadException if it was not asked for, a right was missing, or ZooKeeper coordinates
     */
    public Quorum quorum() {
        return required(Part.QUORUM, quorum);
    }

    /**
     * Access rules; that there is no authorizer is one of the answers.
     *
     * @throws NotReadException if they were not asked for or a right was missing
     */
    public Acls acls() {
        return required(Part.ACLS, acls);
    }

    /**
     * By whom they limit.
     *
     * @throws NotReadException if they were not asked for or a right was missing
     */
    public List<ClientQuota> quotas() {
        return required(Part.QUOTAS, quotas);
    }

    /**
     * By name.
     *
     * @throws NotReadException if they were not asked for or a right was missing
     */
    public SortedMap<String, ScramUser> scramUsers() {
        return required(Part.SCRAM_USERS, scramUsers);
    }

    /** Whether the accessor of a part returns. */
    boolean has(Part part) {
        Object held = switch (part) {
            case TOPICS, CONFIGS, OFFSETS -> topics;
            case SIZES -> logDirs;
            case GROUPS -> groups;
            case BROKER_CONFIGS -> brokerConfigs;
            case FEATURES -> features;
            case QUORUM -> quorum;
            case ACLS -> acls;
            case QUOTAS -> quotas;
            case SCRAM_USERS -> scramUsers;
        };
        return held != null;
    }

    Optional<SortedMap<BrokerId, ConfigTable>> brokerConfigTables() {
        return Optional.ofNullable(brokerConfigs);
    }

    private <T> T required(Part part, @Nullable T held) {
        if (held != null) {
            return held;
        }
        String why = gaps.stream()
                .filter(gap -> gap.part() == part)
                .map(Gap::toString)
                .collect(Collectors.joining("; "));
        throw new NotReadException(
                why.isEmpty()
                        ? part + " of cluster " + clusterId + " was not read; read the state with Part." + part
                        : "cluster " + clusterId + ": " + why);
    }

    /** The racks of all brokers that have one, sorted. */
    public List<String> racks() {
        return brokers.values().stream()
                .flatMap(b -> b.rack().stream())
                .distinct()
                .sorted()
                .toList();
    }

    /** Starts from this state and changes it in memory, so that a planner can check what its plan would lead to. */
    public Simulation simulate() {
        return new Simulation(this);
    }

    /** What is different in a later state. */
    public StateDiff diff(ClusterState after) {
        return StateComparison.of(this, after);
    }

    /**
     * Canonical JSON: equal states have equal text, and {@link #fromJson} reads an equal state. Each topic, group, broker or
     * other entry stands on a line of its own, so that tools which compare lines show what changed. Holds no secret.
     */
    public String toJson() {
        StringWriter out = new StringWriter();
        writeJson(out);
        return out.toString();
    }

    /**
     * Writes {@link #toJson} piece by piece, without holding it: about 130 bytes a partition. The writer stays open.
     *
     * @throws java.io.UncheckedIOException if the writer fails
     */
    public void writeJson(Writer out) {
        StateJson.write(this, out);
    }

    /**
     * Reads {@link #toJson}.
     *
     * @throws io.eventbroker.core.EventBrokerException if the text is not the JSON of a state, or of a later version
     */
    public static ClusterState fromJson(String json) {
        return readJson(new StringReader(json));
    }

    /**
     * Reads {@link #toJson} piece by piece. The reader stays open.
     *
     * @throws io.eventbroker.core.EventBrokerException as {@link #fromJson}
     * @throws java.io.UncheckedIOException if the reader fails
     */
    public static ClusterState readJson(Reader in) {
        return StateJson.read(in);
    }

    /** The same in everything but brokers and topics. */
    ClusterState with(Map<BrokerId, Broker> otherBrokers, Map<TopicName, TopicState> otherTopics) {
        StateBuilder state = StateBuilder.of(this);
        state.brokers.clear();
        state.brokers.putAll(otherBrokers);
        state.topics.clear();
        state.topics.putAll(otherTopics);
        return new ClusterState(state);
    }

    private List<@Nullable Object> fields() {
        return java.util.Arrays.asList(
                clusterId,
                brokers,
                topics,
                parts,
                gaps,
                groups,
                logDirs,
                brokerConfigs,
                features,
                quorum,
                acls,
                quotas,
                scramUsers);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return this == other || (other instanceof ClusterState that && fields().equals(that.fields()));
    }

    @Override
    public int hashCode() {
        return Objects.hash(clusterId, brokers, topics.keySet());
    }

    @Override
    public String toString() {
        return "cluster " + clusterId + " (" + Counted.of(brokers.size(), "broker") + ", "
                + Counted.of(topics.size(), "topic") + ", " + Counted.of(gaps.size(), "gap")
                + ")";
    }
}
