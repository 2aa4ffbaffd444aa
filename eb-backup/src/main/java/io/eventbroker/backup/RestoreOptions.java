package io.eventbroker.backup;

import io.eventbroker.core.TopicName;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.apache.kafka.common.TopicPartition;

/**
 * What of a recovery point to restore, and how. Immutable; each method gives a changed copy.
 *
 * <pre>{@code
 * RestoreOptions.everything()
 *         .topics(TopicPattern.glob("orders.*"))
 *         .until(Instant.parse("2026-11-20T14:59:59.999Z"))
 *         .rename(topic -> TopicName.of("restored." + topic))
 * }</pre>
 */
public final class RestoreOptions {
    private static final RestoreOptions EVERYTHING = new RestoreOptions(
            new Taken(List.of(TopicPattern.glob("*")), List.of(), Optional.empty(), Map.of(), true),
            new Placed(UnaryOperator.identity(), false, OptionalInt.empty(), new TreeMap<>()));

    /** From the first to before the second. */
    record Offsets(long from, long to) {}

    /** What of the recovery point. */
    private record Taken(
            List<TopicPattern> included,
            List<TopicPattern> excluded,
            Optional<Instant> until,
            Map<TopicPartition, Offsets> offsets,
            boolean groups) {
        Taken {
            included = List.copyOf(included);
            excluded = List.copyOf(excluded);
            offsets = Map.copyOf(offsets);
        }
    }

    /** Where to. */
    private record Placed(
            UnaryOperator<TopicName> names,
            boolean existing,
            OptionalInt replicationFactor,
            SortedMap<String, String> configs) {
        Placed {
            configs = Collections.unmodifiableSortedMap(configs);
        }
    }

    private final Taken taken;
    private final Placed placed;

    private RestoreOptions(Taken taken, Placed placed) {
        this.taken = taken;
        this.placed = placed;
    }

    /** All topics and all group positions, under their names, with the replication factors that they had. */
    public static RestoreOptions everything() {
        return EVERYTHING;
    }

    /** Only topics that match any of the patterns, and the positions of groups in them. */
    public RestoreOptions topics(TopicPattern... patterns) {
        if (patterns.length == 0) {
            throw new IllegalArgumentException("a restore needs at least one pattern; TopicPattern.glob(\"*\") is all");
        }
        return taking(new Taken(List.of(patterns), taken.excluded, taken.until, taken.offsets, taken.groups));
    }

    /** Leaves out topics that match. */
    public RestoreOptions except(TopicPattern pattern) {
        List<TopicPattern> more = new ArrayList<>(taken.excluded);
        more.add(pattern);
        return taking(new Taken(taken.included, more, taken.until, taken.offsets, taken.groups));
    }

    /**
     * Leaves records with a timestamp after that moment out, wherever they lie, also in the middle of a batch; fractions of a
     * millisecond are dropped. It goes by the timestamp of each record, which is the producer's unless the topic has {@code
     * message.timestamp.type=LogAppendTime}: a record that was given a wrong time is kept or left out by that time, one
     * without a time (−1) is kept, and of a transaction a part may be kept. A group goes on at the first kept record behind
     * its position.
     *
     * <p>{@link Backups#planRestore} counts what is kept. For that it reads all batches with a record after that moment, so
     * take the first recovery point after it.
     *
     * @throws IllegalArgumentException if it is before 1970
     */
    public RestoreOptions until(Instant moment) {
        if (moment.isBefore(Instant.EPOCH)) {
            throw new IllegalArgumentException("no record has a timestamp before 1970, was " + moment);
        }
        Instant millis = moment.truncatedTo(ChronoUnit.MILLIS);
        return taking(new Taken(taken.included, taken.excluded, Optional.of(millis), taken.offsets, taken.groups));
    }

    /**
     * Restores of a partition only the records with offsets, in the source, from the first to before the second. A group goes
     * on at the first kept record behind its position, at the start or at the end.
     *
     * @param partition under its name in the recovery point
     * @throws IllegalArgumentException if the range is not one, or the partition has one already
     */
    public RestoreOptions offsets(TopicPartition partition, long from, long to) {
        if (from < 0 || to < from) {
            throw new IllegalArgumentException(
                    "partition " + partition + ": offsets " + from + " to before " + to + " are not a range");
        }
        Map<TopicPartition, Offsets> more = new HashMap<>(taken.offsets);
        Offsets before = more.put(partition, new Offsets(from, to));
        if (before != null) {
            throw new IllegalArgumentException(
                    "partition " + partition + " has the offsets " + before.from + " to before " + before.to
                            + " already, and cannot have " + from + " to before " + to + " as well");
        }
        return taking(new Taken(taken.included, taken.excluded, taken.until, more, taken.groups));
    }

    /** Leaves group positions out. */
    public RestoreOptions withoutGroups() {
        return taking(new Taken(taken.included, taken.excluded, taken.until, taken.offsets, false));
    }

    /**
     * Gives topics other names; group positions go with them. Patterns and offsets go by the names in the recovery point. What
     * the function gives must be the same each time, and another name for each topic.
     */
    public RestoreOptions rename(UnaryOperator<TopicName> names) {
        return placing(new Placed(names, placed.existing, placed.replicationFactor, placed.configs));
    }

    /**
     * Also restores into topics that exist, if nothing was ever written to them and they have as many partitions. They keep
     * their replicas and, once the restore is done, their configuration; what {@link #config} says is set on them, too.
     */
    public RestoreOptions intoExistingTopics() {
        return placing(new Placed(placed.names, true, placed.replicationFactor, placed.configs));
    }

    /** Gives every topic that is made so many replicas, as for a smaller cluster. */
    public RestoreOptions replicationFactor(int replicas) {
        if (replicas < 1) {
            throw new IllegalArgumentException("a topic has at least 1 replica, was " + replicas);
        }
        return placing(new Placed(placed.names, placed.existing, OptionalInt.of(replicas), placed.configs));
    }

    /**
     * Gives every topic this value in place of the one that it had, if any: {@code min.insync.replicas} for a smaller
     * cluster, say. The plan shows it; the target's brokers check it when the topic is created.
     */
    public RestoreOptions config(String key, String value) {
        if (key.isBlank()) {
            throw new IllegalArgumentException("a topic configuration has a key");
        }
        SortedMap<String, String> more = new TreeMap<>(placed.configs);
        more.put(key, value);
        return placing(new Placed(placed.names, placed.existing, placed.replicationFactor, more));
    }

    private RestoreOptions taking(Taken changed) {
        return new RestoreOptions(changed, placed);
    }

    private RestoreOptions placing(Placed changed) {
        return new RestoreOptions(taken, changed);
    }

    boolean includes(TopicName topic) {
        return taken.included.stream().anyMatch(p -> p.matches(topic))
                && taken.excluded.stream().noneMatch(p -> p.matches(topic));
    }

    /** The patterns, for messages. */
    String topicSelection() {
        return taken.included + (taken.excluded.isEmpty() ? "" : " except " + taken.excluded);
    }

    Optional<Instant> until() {
        return taken.until;
    }

    Map<TopicPartition, Offsets> offsets() {
        return taken.offsets;
    }

    boolean includesGroups() {
        return taken.groups;
    }

    TopicName nameOf(TopicName topic) {
        return placed.names.apply(topic);
    }

    boolean takesExistingTopics() {
        return placed.existing;
    }

    OptionalInt replicationFactor() {
        return placed.replicationFactor;
    }

    SortedMap<String, String> configs() {
        return placed.configs;
    }
}
