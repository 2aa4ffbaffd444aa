package io.eventbroker.backup.internal.copy;

import io.eventbroker.backup.internal.wire.BrokerConnection;
import io.eventbroker.backup.internal.wire.FetchCall.FetchAnswer;
import io.eventbroker.backup.internal.wire.FetchCall.FetchFrom;
import io.eventbroker.backup.internal.wire.FetchCall.FetchLimits;
import io.eventbroker.backup.internal.wire.FetchCall.Fetched;
import io.eventbroker.backup.internal.wire.KafkaError;
import io.eventbroker.backup.internal.wire.KafkaWire;
import io.eventbroker.core.Deadline;
import io.eventbroker.core.EventBrokerException;
import io.eventbroker.core.RetryableException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads partitions from their leader, or from the follower that it names, over one connection: while an answer is copied away, the next fetch is already
 * under way. Trouble with one partition is that partition's alone.
 */
final class FetchTask {
    private static final Logger log = LoggerFactory.getLogger(FetchTask.class);
    private static final int FETCH_WAIT_MILLIS = 500;
    private static final int LARGEST_BATCH = 1 << 30;
    private static final int CRC_ATTEMPTS = 3;
    private static final Duration OFFSETS_WAIT = Duration.ofSeconds(10);

    /** What one fetch asks for: the answer counts only if it is for this assignment and this offset. */
    private record Asked(PartitionCopy part, int assignment, long from) {}

    /** What one answer holds for one partition, measured but not yet copied. */
    private record Scanned(Asked asked, Fetched fetched, BatchSelection selection) {}

    private final KafkaWire wire;
    private final EngineListener listener;
    private final int fetchBytes;
    private final Consumer<PartitionCopy> complete;
    private final LeaderSession<PartitionCopy> session;
    private final BrokerConnection connection;
    /** Partitions that have been made ready, by their assignment. */
    private final Map<PartitionCopy, Integer> begun = new HashMap<>();

    private int turn;

    /**
     * A task.
     *
     * @param fetchBytes of one answer
     * @param complete takes a partition that has been read to its end
     */
    FetchTask(
            KafkaWire wire,
            EngineListener listener,
            int fetchBytes,
            Consumer<PartitionCopy> complete,
            LeaderSession<PartitionCopy> session) {
        this.wire = wire;
        this.listener = listener;
        this.fetchBytes = fetchBytes;
        this.complete = complete;
        this.session = session;
        this.connection = session.connection();
    }

    /** Fetches until the broker leads nothing that is left. */
    void run() throws IOException {
        List<Asked> underWay = request();
        while (!underWay.isEmpty()) {
            FetchAnswer answer = connection.receiveFetch(FETCH_WAIT_MILLIS);
            if (answer.error() != KafkaError.NONE) {
                throw new IOException("fetch was refused: " + KafkaError.name(answer.error()));
            }
            long received = System.nanoTime();
            if (answer.throttleMillis() > 0) {
                log.debug("Broker {} throttles for {} ms", session.broker(), answer.throttleMillis());
                wire.pause(Duration.ofMillis(answer.throttleMillis()));
            }
            List<Scanned> scanned = scan(answer, underWay);
            // The broker works on the next fetch while this one is copied away.
            underWay = request();
            scanned.forEach(this::archive);
            // A store that is slow is no fault of the leader.
            session.excuse(System.nanoTime() - received);
            if (underWay.isEmpty()) {
                underWay = request();
            }
        }
    }

    /** Sends the next fetch. Empty if there is nothing left to ask this broker for. */
    private List<Asked> request() throws IOException {
        if (session.isStopping()) {
            return List.of();
        }
        List<PartitionCopy> taken = new ArrayList<>(session.take());
        taken.removeIf(part -> !isReady(part));
        begun.keySet().retainAll(taken);
        List<FetchFrom> from = new ArrayList<>(taken.size());
        List<Asked> asked = new ArrayList<>(taken.size());
        int most = 0;
        // Another partition comes first each time, or a busy one would starve the rest.
        turn++;
        for (int i = 0; i < taken.size(); i++) {
            PartitionCopy part = taken.get((i + turn) % taken.size());
            if (part.requested() < part.job().end()) {
                from.add(new FetchFrom(
                        part.topicId(),
                        part.partition().partition(),
                        part.leaderEpoch(),
                        part.requestedEpoch(),
                        part.requested()));
                asked.add(new Asked(part, part.assignment(), part.requested()));
                most = Math.max(most, part.fetchBytes);
            }
        }
        if (!from.isEmpty()) {
            connection.sendFetch(from, new FetchLimits(FETCH_WAIT_MILLIS, 1, Math.max(fetchBytes, most), most));
        }
        return asked;
    }

    private boolean isReady(PartitionCopy part) {
        Integer assignment = begun.put(part, part.assignment());
        if (assignment != null && assignment == part.assignment()) {
            return true;
        }
        try {
            part.begin();
            return true;
        } catch (RuntimeException | Error e) {
            session.fail(part, e);
            return false;
        }
    }

    private List<Scanned> scan(FetchAnswer answer, List<Asked> underWay) {
        List<Scanned> scanned = new ArrayList<>(answer.partitions().size());
        Set<Asked> unanswered = new LinkedHashSet<>(underWay);
        for (Fetched fetched : answer.partitions()) {
            for (Asked asked : underWay) {
                PartitionCopy part = asked.part();
                if (part.partition().partition() == fetched.partition()
                        && part.topicId().equals(fetched.topicId())
                        && session.owns(part, asked.assignment())) {
                    unanswered.remove(asked);
                    try {
                        scan(asked, fetched, scanned);
                    } catch (RuntimeException | Error e) {
                        session.fail(
                                part,
                                new EventBrokerException(
                                        "partition " + part.partition() + " cannot be read: " + e.getMessage(), e));
                    }
                }
            }
        }
        for (Asked asked : unanswered) {
            if (session.owns(asked.part(), asked.assignment())) {
                session.judge(asked.part(), "its leader has nothing new for it");
            }
        }
        return scanned;
    }

    private void scan(Asked asked, Fetched fetched, List<Scanned> scanned) {
        PartitionCopy part = asked.part();
        if (fetched.error() != KafkaError.NONE) {
            refused(part, fetched.error());
            return;
        }
        if (fetched.divergedAt() >= 0) {
            if (part.isAtFollower()) {
                session.release(part, "the follower in this rack is behind; its leader knows");
            } else {
                session.fail(part, truncated(part));
            }
            return;
        }
        if (fetched.preferredReplica() >= 0 && fetched.preferredReplica() != session.broker()) {
            session.redirect(part, fetched.preferredReplica());
            return;
        }
        BatchSelection selection = BatchSelection.measure(
                fetched.records(), asked.from(), part.job().end());
        if (selection.length() > 0) {
            part.requestedUpTo(selection);
            scanned.add(new Scanned(asked, fetched, selection));
            return;
        }
        if (fetched.records().hasRemaining()) {
            // A batch larger than was asked for: Kafka sends its beginning only.
            part.fetchBytes = (int) Math.min(LARGEST_BATCH, part.fetchBytes * 4L);
        }
        session.judge(part, "its leader sends nothing, last stable offset is " + fetched.lastStableOffset());
    }

    private static EventBrokerException truncated(PartitionCopy part) {
        boolean ofEarlierBackup = part.job().before().isPresent()
                && part.requested() == part.job().start();
        return new EventBrokerException("partition " + part.partition() + " ends before offset " + part.requested()
                + (ofEarlierBackup
                        ? ", up to which an earlier backup holds it"
                        : ", which was there when the backup began")
                + ": its log was truncated, as by an unclean leader election; "
                + (ofEarlierBackup ? "make a full backup" : "plan again"));
    }

    private void refused(PartitionCopy part, int error) {
        if (error == KafkaError.OFFSET_OUT_OF_RANGE && part.isAtFollower()) {
            session.release(part, "the follower in this rack does not hold the offset; its leader knows"); // KIP-392
        } else if (error == KafkaError.OFFSET_OUT_OF_RANGE) {
            skipLost(part);
        } else if (error == KafkaError.TOPIC_AUTHORIZATION_FAILED) {
            session.fail(
                    part, new EventBrokerException("topic " + part.partition().topic() + " " + CopyEngine.DENIED));
        } else if (KafkaError.isRetriable(error) || error == KafkaError.UNKNOWN_SERVER_ERROR) {
            session.release(part, KafkaError.name(error));
        } else {
            session.fail(
                    part,
                    new EventBrokerException("partition " + part.partition() + " cannot be read at offset "
                            + part.requested() + ": " + KafkaError.name(error)));
        }
    }

    /** Retention or DeleteRecords was faster than the backup: the gap is noted, and reading goes on behind it. */
    private void skipLost(PartitionCopy part) {
        TopicPartition partition = part.partition();
        Long earliest;
        try {
            earliest = wire.listKnownOffsets(
                            List.of(partition), BrokerConnection.EARLIEST, Deadline.after(OFFSETS_WAIT))
                    .get(partition);
        } catch (RetryableException e) {
            session.release(part, String.valueOf(e.getMessage()));
            return;
        }
        if (earliest == null) {
            session.release(part, "its leader does not tell where it begins");
        } else if (earliest <= part.position()) {
            session.fail(part, truncated(part));
        } else {
            long until = Math.min(earliest, part.job().end());
            log.warn(
                    "Partition {}: offsets {} to {} were deleted before they could be read",
                    partition,
                    part.position(),
                    until - 1);
            part.skipLost(until);
            session.progress(part);
            if (part.isComplete()) {
                complete.accept(part);
            }
        }
    }

    private void archive(Scanned found) {
        PartitionCopy part = found.asked().part();
        if (!session.owns(part, found.asked().assignment())) {
            return;
        }
        try {
            if (part.position() != found.asked().from()) {
                throw new IllegalStateException("partition " + part.partition() + " is at offset " + part.position()
                        + ", not at " + found.asked().from() + ", from where it was read");
            }
            long before = part.position();
            long bytesBefore = part.bytes();
            List<BatchSelection.Run> runs =
                    found.selection().runs(found.fetched().aborted());
            part.archive(found.fetched().records(), found.selection(), runs);
            if (part.position() > before) {
                part.crcFailures = 0;
                session.progress(part);
            } else {
                session.judge(part, "its leader sends nothing behind offset " + (part.position() - 1));
            }
            if (part.bytes() > bytesBefore) {
                listener.moved(
                        part.partition(),
                        part.bytes(),
                        Math.max(part.bytes(), part.job().bytesExpected()));
            }
            if (found.selection().damagedAt() >= 0) {
                damaged(part, found.selection().damagedAt());
            } else if (part.isComplete()) {
                complete.accept(part);
            }
        } catch (RuntimeException | Error e) {
            session.fail(part, e);
        }
    }

    private void damaged(PartitionCopy part, long offset) {
        if (++part.crcFailures < CRC_ATTEMPTS) {
            session.release(part, "the batch at offset " + offset + " came damaged");
            return;
        }
        session.fail(
                part,
                new EventBrokerException("partition " + part.partition() + " has a damaged batch at offset " + offset
                        + ": its CRC-32C does not match, " + CRC_ATTEMPTS
                        + " times; check the leader's disk, or move the leadership to another replica"));
    }
}
