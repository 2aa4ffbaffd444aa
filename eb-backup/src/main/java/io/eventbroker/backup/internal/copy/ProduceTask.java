package io.eventbroker.backup.internal.copy;

import io.eventbroker.backup.internal.wire.BatchHeader;
import io.eventbroker.backup.internal.wire.BrokerConnection;
import io.eventbroker.backup.internal.wire.KafkaError;
import io.eventbroker.backup.internal.wire.KafkaWire;
import io.eventbroker.backup.internal.wire.ProduceCall.ProduceAnswer;
import io.eventbroker.backup.internal.wire.ProduceCall.ProduceBatch;
import io.eventbroker.backup.internal.wire.ProduceCall.Produced;
import io.eventbroker.core.EventBrokerException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/** Writes partitions to their leader over one connection, several requests at a time. */
final class ProduceTask {
    private static final int IN_FLIGHT = 5; // as many batches as a broker remembers of a producer
    private static final int REQUEST_BYTES = 4 << 20;
    private static final int SEQUENCE_ATTEMPTS = 20;

    private record Sent(PartitionRestore part, int assignment, long base, long records, long bytesBefore) {}

    private final KafkaWire wire;
    private final EngineListener listener;
    private final LeaderTasks<PartitionRestore> tasks;
    private final LeaderSession<PartitionRestore> session;
    private final BrokerConnection connection;
    private final Deque<List<Sent>> underWay = new ArrayDeque<>();

    ProduceTask(
            KafkaWire wire,
            EngineListener listener,
            LeaderTasks<PartitionRestore> tasks,
            LeaderSession<PartitionRestore> session) {
        this.wire = wire;
        this.listener = listener;
        this.tasks = tasks;
        this.session = session;
        this.connection = session.connection();
    }

    /** Produces until the broker leads nothing that is left; what is under way is settled before this returns. */
    void run() throws IOException {
        while (true) {
            boolean more = true;
            while (more && underWay.size() < IN_FLIGHT) {
                more = send();
            }
            if (underWay.isEmpty()) {
                return;
            }
            settle(connection.receiveProduce(), underWay.remove());
        }
    }

    private boolean send() throws IOException {
        if (session.isStopping() || (connection.mustAuthenticateAgain() && connection.inFlight() > 0)) {
            return false;
        }
        List<ProduceBatch> batches = new ArrayList<>();
        List<Sent> sent = new ArrayList<>();
        int bytes = 0;
        long before = System.nanoTime();
        for (PartitionRestore part : List.copyOf(session.take())) {
            try {
                PartitionReader.Batch batch = part.peek();
                if (batch == null) {
                    continue;
                }
                if (bytes > 0 && bytes + batch.size() > REQUEST_BYTES) {
                    break;
                }
                ByteBuffer prepared = prepare(part, batch);
                batches.add(new ProduceBatch(part.partition(), part.topicId(), prepared));
                sent.add(new Sent(part, part.assignment(), batch.recordsBefore(), batch.records(), part.bytesBefore()));
                bytes += prepared.remaining();
                part.sent();
            } catch (RuntimeException | Error e) {
                session.fail(part, e);
            }
        }
        // The archive's slowness is no fault of the leader.
        session.excuse(System.nanoTime() - before);
        if (batches.isEmpty()) {
            return false;
        }
        connection.sendProduce(batches);
        underWay.add(sent);
        return true;
    }

    private static ByteBuffer prepare(PartitionRestore part, PartitionReader.Batch batch) {
        ByteBuffer buffer = batch.buffer();
        int at = batch.at();
        int size = batch.size();
        if (batch.cut() || BatchRewriter.isNeeded(buffer, at, batch.from())) {
            buffer = BatchRewriter.rewrite(buffer, at, batch.from(), part.job().slice());
            at = 0;
            size = buffer.limit();
        }
        int sequence = (int) (batch.recordsBefore() & Integer.MAX_VALUE);
        RestoreEngine.Job job = part.job();
        BatchHeader.rewriteForProduce(buffer, at, job.producerId(), job.producerEpoch(), sequence);
        return buffer.slice(at, size);
    }

    private void settle(ProduceAnswer answer, List<Sent> sent) {
        Map<Uuid, String> names = new HashMap<>();
        sent.forEach(s -> names.put(s.part().topicId(), s.part().partition().topic()));
        Map<TopicPartition, Produced> byPartition = new HashMap<>();
        for (Produced produced : answer.partitions()) {
            String topic = produced.topic().isEmpty() ? names.getOrDefault(produced.topicId(), "") : produced.topic();
            byPartition.put(new TopicPartition(topic, produced.partition()), produced);
        }
        for (Sent one : sent) {
            PartitionRestore part = one.part();
            if (!session.owns(part, one.assignment())) {
                continue;
            }
            try {
                part.answered();
                settle(one, byPartition.get(part.partition()));
            } catch (RuntimeException | Error e) {
                session.fail(part, e);
            }
            if (part.isBroken() && part.inFlight() == 0) {
                session.release(part, "its leader refuses what it is sent");
            }
        }
        if (answer.throttleMillis() > 0) {
            wire.pause(Duration.ofMillis(answer.throttleMillis()));
            session.excuse(answer.throttleMillis() * 1_000_000L);
        }
    }

    private void settle(Sent one, @Nullable Produced produced) {
        PartitionRestore part = one.part();
        int error = produced == null ? KafkaError.UNKNOWN_SERVER_ERROR : produced.error();
        if (part.isBroken()) {
            // What follows a refused batch is refused as well. If it is not, the broker knows it by its sequence when
            // it
            // is sent again from the last acknowledged batch on.
            return;
        }
        if (error == KafkaError.NONE && produced != null) {
            acknowledged(one, produced.baseOffset());
        } else if (error == KafkaError.OUT_OF_ORDER_SEQUENCE_NUMBER || error == KafkaError.DUPLICATE_SEQUENCE_NUMBER) {
            // A killed process had more on its way than the target showed: look again.
            if (part.outOfSequence() >= SEQUENCE_ATTEMPTS) {
                throw refused(one, error, produced);
            }
        } else if (KafkaError.isRetriable(error) || error == KafkaError.UNKNOWN_SERVER_ERROR) {
            part.refused();
        } else {
            throw refused(one, error, produced);
        }
    }

    private void acknowledged(Sent one, long offset) {
        PartitionRestore part = one.part();
        if (offset != one.base()) {
            throw new EventBrokerException("partition " + part.partition() + " put record " + one.base()
                    + " at offset " + offset
                    + ": someone else writes to it; delete the topic and begin the restore anew");
        }
        part.acknowledged(one.base() + one.records());
        session.progress(part);
        listener.moved(part.partition(), one.bytesBefore(), part.job().source().bytes());
        if (part.isComplete()) {
            RestoreEngine.done(tasks, part);
        }
    }

    private static EventBrokerException refused(Sent one, int error, @Nullable Produced produced) {
        String why = produced == null || produced.message().isEmpty() ? "" : " (" + produced.message() + ")";
        return new EventBrokerException("partition " + one.part().partition() + " refuses record " + one.base() + ": "
                + KafkaError.name(error) + why);
    }
}
