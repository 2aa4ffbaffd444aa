package io.eventbroker.backup.internal.wire;

import io.eventbroker.core.Deadline;
import io.eventbroker.core.EventBrokerException;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/**
 * A connection to one broker: requests go out one after another, answers come back in the same order, several may be
 * under way. Answers are read into one buffer that grows to the largest and is used again, so what a {@code receive}
 * method hands out is valid until the next one. One thread at a time; any {@link IOException} ends the connection.
 */
public final class BrokerConnection implements AutoCloseable {
    private static final int PRODUCE = 0;
    private static final int FETCH = 1;
    private static final int LIST_OFFSETS = 2;
    private static final int METADATA = 3;
    private static final int SASL_HANDSHAKE = 17;
    private static final int API_VERSIONS = 18;
    private static final int INIT_PRODUCER_ID = 22;
    private static final int SASL_AUTHENTICATE = 36;

    /** What the engine speaks: the versions that brokers 3.9 to 4.3 have in common, and newer ones that help. */
    private static final Map<Integer, int[]> SPOKEN = Map.of(
            PRODUCE, new int[] {9, 13},
            FETCH, new int[] {13, 16},
            LIST_OFFSETS, new int[] {6, 7},
            METADATA, new int[] {12, 12},
            INIT_PRODUCER_ID, new int[] {2, 4},
            SASL_AUTHENTICATE, new int[] {2, 2});

    /** A tagged field of a partition in the answer to a fetch. */
    private static final int DIVERGING_EPOCH = 0;

    private static final int LARGEST_ANSWER = 1 << 30;
    private static final long LEAST_SESSION_MILLIS = 1_100;

    private final InetSocketAddress address;
    private final ClientSettings settings;
    private final Channel channel;
    private final Map<Integer, Integer> versions = new HashMap<>();
    private final Deque<Integer> expected = new ArrayDeque<>();
    private @Nullable Deadline limit;
    private int correlation;
    private long authenticateAgainAt = Long.MAX_VALUE;
    private ByteBuffer buffer;
    private int consumed;

    private BrokerConnection(InetSocketAddress address, ClientSettings settings, Channel channel) {
        this.address = address;
        this.settings = settings;
        this.channel = channel;
        this.buffer = allocate(64 << 10);
    }

    private ByteBuffer allocate(int size) {
        return channel.prefersDirect() ? ByteBuffer.allocateDirect(size) : ByteBuffer.allocate(size);
    }

    /** Connects, shakes hands and asks which versions the broker speaks. */
    public static BrokerConnection open(InetSocketAddress address, ClientSettings settings) throws IOException {
        return open(address, settings, null);
    }

    /** Like {@link #open(InetSocketAddress, ClientSettings)}; no wait of the connection goes on behind the deadline. */
    public static BrokerConnection open(InetSocketAddress address, ClientSettings settings, @Nullable Deadline deadline)
            throws IOException {
        int timeout = deadline == null
                ? settings.requestTimeoutMillis()
                : Math.min(settings.requestTimeoutMillis(), Math.max(1, deadline.remainingMillis()));
        Channel channel = Channel.open(address, settings.tls(), timeout);
        try {
            BrokerConnection connection = new BrokerConnection(address, settings, channel);
            connection.limit = deadline;
            connection.negotiate();
            connection.authenticate();
            return connection;
        } catch (IOException | RuntimeException e) {
            try (channel) {
                throw e;
            }
        }
    }

    private void negotiate() throws IOException {
        versions.put(API_VERSIONS, 3);
        Encoder request = request(API_VERSIONS)
                .compactString("eventbroker-backup")
                .compactString("0")
                .noTags();
        send(request);
        Decoder in = receive(API_VERSIONS);
        int error = in.int16();
        if (error != 0) {
            throw new EventBrokerException("broker " + address + " refused to name its versions: "
                    + KafkaError.name(error) + "; it must be Kafka 3.9 or newer");
        }
        int count = in.compactLength();
        for (int i = 0; i < count; i++) {
            int api = in.int16();
            int least = in.int16();
            int most = in.int16();
            in.skipTags();
            int[] spoken = SPOKEN.get(api);
            if (spoken != null) {
                int version = Math.min(spoken[1], most);
                if (version < Math.max(spoken[0], least)) {
                    throw new EventBrokerException("broker " + address + " speaks versions " + least + " to " + most
                            + " of API " + api + ", needed is one of " + spoken[0] + " to " + spoken[1]
                            + "; it must be Kafka 3.9 or newer");
                }
                versions.put(api, version);
            }
        }
    }

    /** Proves who we are, at the beginning and again before the session ends (KIP-43, KIP-152, KIP-368). */
    private void authenticate() throws IOException {
        Optional<Sasl> sasl = settings.sasl();
        if (sasl.isEmpty()) {
            return;
        }
        handshake(sasl.get().mechanism());
        SaslConversation conversation = sasl.get().begin();
        byte[] message = conversation.first();
        long lifetimeMillis = 0;
        while (message != null) {
            send(request(SASL_AUTHENTICATE)
                    .compactBytes(ByteBuffer.wrap(message))
                    .noTags());
            Decoder in = receive(SASL_AUTHENTICATE);
            int error = in.int16();
            String why = in.compactString();
            ByteBuffer answer = in.compactBytes();
            if (error != KafkaError.NONE) {
                throw new EventBrokerException("broker " + address + " does not let this client in ("
                        + sasl.get().mechanism() + "): " + (why == null ? KafkaError.name(error) : why)
                        + "; check sasl.jaas.config and the user's credentials");
            }
            lifetimeMillis = in.int64();
            byte[] challenge = new byte[answer.remaining()];
            answer.get(challenge);
            message = conversation.answer(challenge);
        }
        authenticateAgainAt = lifetimeMillis <= 0
                ? Long.MAX_VALUE
                : System.nanoTime() + againAfterMillis(lifetimeMillis) * 1_000_000L;
    }

    /**
     * Somewhere in the last part of the session, as Kafka's own clients do, so that not all connections do it at once; but
     * a broker refuses it within a second of the last time (KIP-368).
     */
    private static long againAfterMillis(long lifetimeMillis) {
        double part = ThreadLocalRandom.current().nextDouble(0.8, 0.9);
        return Math.max(LEAST_SESSION_MILLIS, (long) (lifetimeMillis * part));
    }

    private void handshake(String mechanism) throws IOException {
        // No version of this one is flexible: request header 1, answer header 0.
        send(new Encoder()
                .int16(SASL_HANDSHAKE)
                .int16(1)
                .int32(++correlation)
                .string(settings.clientId())
                .string(mechanism));
        Decoder in = receive(SASL_HANDSHAKE);
        int error = in.int16();
        if (error != KafkaError.NONE) {
            List<String> offered = new ArrayList<>();
            int count = in.int32();
            for (int i = 0; i < count; i++) {
                offered.add(in.string());
            }
            throw new EventBrokerException("broker " + address + " refuses sasl.mechanism " + mechanism + " ("
                    + KafkaError.name(error) + "); it offers " + String.join(", ", offered));
        }
    }

    /**
     * Whether the session will end soon. Then nothing more is to be sent until all answers are read: the next request
     * authenticates first, and between its steps the broker accepts nothing else.
     */
    public boolean mustAuthenticateAgain() {
        return authenticateAgainAt - System.nanoTime() <= 0 && authenticateAgainAt != Long.MAX_VALUE;
    }

    private void authenticateAgainIfDue() throws IOException {
        if (mustAuthenticateAgain() && expected.isEmpty()) {
            authenticate();
        }
    }

    private int version(int api) {
        Integer version = versions.get(api);
        if (version == null) {
            throw new EventBrokerException(
                    "broker " + address + " does not offer API " + api + "; the address may be that of a controller");
        }
        return version;
    }

    private Encoder request(int api) {
        // Every version in SPOKEN is a flexible one: request header 2.
        return new Encoder()
                .int16(api)
                .int16(version(api))
                .int32(++correlation)
                .string(settings.clientId())
                .noTags();
    }

    /** From now on no wait goes on behind the deadline; each still ends with the request time-out. */
    public void limit(Deadline deadline) {
        limit = deadline;
    }

    private long until(int extraMillis) {
        long nanos = (settings.requestTimeoutMillis() + (long) extraMillis) * 1_000_000L;
        Deadline latest = limit;
        return System.nanoTime()
                + (latest == null ? nanos : Math.min(nanos, latest.remaining().toNanos()));
    }

    private void send(Encoder request) throws IOException {
        channel.write(request.finish(), until(0));
        expected.add(correlation);
    }

    private Decoder receive(int api) throws IOException {
        return receive(api, 0);
    }

    private Decoder receive(int api, int extraMillis) throws IOException {
        long until = until(extraMillis);
        // What lies behind the last answer belongs to the next one.
        buffer.flip().position(consumed);
        buffer.compact();
        fill(4, until);
        int size = buffer.getInt(0);
        if (size < 4 || size > LARGEST_ANSWER) {
            throw new WireFormatException("broker " + address + " announced an answer of " + size
                    + " bytes; is this a Kafka listener of the configured security.protocol?");
        }
        fill(4 + size, until);
        consumed = 4 + size;
        ByteBuffer frame = buffer.slice(4, size);
        int wanted = expected.remove();
        int got = frame.getInt();
        if (got != wanted) {
            throw new EOFException("broker " + address + " answered request " + got + ", expected was " + wanted);
        }
        Decoder in = new Decoder(frame);
        if (api != API_VERSIONS && api != SASL_HANDSHAKE) {
            in.skipTags();
        }
        return in;
    }

    /** Makes the first {@code size} bytes of the buffer hold data. */
    private void fill(int size, long until) throws IOException {
        int capacity = size + channel.readSlack();
        if (buffer.capacity() < capacity) {
            ByteBuffer larger = allocate(Math.max(capacity, Math.min(buffer.capacity() * 2, LARGEST_ANSWER)));
            buffer.flip();
            larger.put(buffer);
            buffer = larger;
        }
        if (buffer.position() < size) {
            channel.read(buffer, size - buffer.position(), until);
        }
    }

    /** Requests whose answer has not been read. */
    public int inFlight() {
        return expected.size();
    }

    public InetSocketAddress address() {
        return address;
    }

    /** Reads the leaders of these topics; an empty collection reads the brokers alone. */
    public ClusterMetadata metadata(Collection<String> topics) throws IOException {
        authenticateAgainIfDue();
        Encoder request = request(METADATA).compactLength(topics.size());
        for (String topic : topics) {
            request.uuid(Uuid.ZERO_UUID).compactString(topic).noTags();
        }
        send(request.bool(false).bool(false).noTags());
        Decoder in = receive(METADATA);
        in.int32(); // throttle time: the broker has waited already
        Map<Integer, InetSocketAddress> brokers = new HashMap<>();
        int brokerCount = in.compactLength();
        for (int i = 0; i < brokerCount; i++) {
            int id = in.int32();
            String host = in.compactString();
            int port = in.int32();
            in.compactString(); // rack
            in.skipTags();
            brokers.put(id, InetSocketAddress.createUnresolved(Objects.requireNonNullElse(host, ""), port));
        }
        String clusterId = in.compactString();
        in.int32(); // controller
        Map<String, ClusterMetadata.Topic> found = new LinkedHashMap<>();
        int topicCount = in.compactLength();
        for (int i = 0; i < topicCount; i++) {
            int error = in.int16();
            String name = Objects.requireNonNullElse(in.compactString(), "");
            Uuid id = in.uuid();
            in.bool(); // internal
            List<ClusterMetadata.Partition> partitions = new ArrayList<>();
            int partitionCount = in.compactLength();
            for (int p = 0; p < partitionCount; p++) {
                in.int16(); // error: a missing leader shows as −1
                int index = in.int32();
                int leader = in.int32();
                int epoch = in.int32();
                in.skipInt32Array();
                in.skipInt32Array();
                in.skipInt32Array();
                in.skipTags();
                partitions.add(new ClusterMetadata.Partition(index, leader, epoch));
            }
            in.int32(); // authorized operations
            in.skipTags();
            found.put(name, new ClusterMetadata.Topic(name, id, error, partitions));
        }
        return new ClusterMetadata(clusterId == null ? "" : clusterId, brokers, found);
    }

    /** What {@link #listOffsets} found for one partition. */
    public record OffsetAnswer(int error, long offset) {}

    /** The timestamp that asks for the first offset. */
    public static final long EARLIEST = -2;
    /** The timestamp that asks for the end: with read-committed isolation, the last stable offset. */
    public static final long LATEST = -1;

    /** Asks for the offset of every partition at a timestamp, isolation read-committed. */
    public Map<TopicPartition, OffsetAnswer> listOffsets(Collection<TopicPartition> partitions, long timestamp)
            throws IOException {
        authenticateAgainIfDue();
        Map<String, List<Integer>> byTopic = new LinkedHashMap<>();
        for (TopicPartition partition : partitions) {
            byTopic.computeIfAbsent(partition.topic(), t -> new ArrayList<>()).add(partition.partition());
        }
        Encoder request = request(LIST_OFFSETS).int32(-1).int8(1).compactLength(byTopic.size());
        byTopic.forEach((topic, indexes) -> {
            request.compactString(topic).compactLength(indexes.size());
            for (int index : indexes) {
                request.int32(index).int32(-1).int64(timestamp).noTags();
            }
            request.noTags();
        });
        send(request.noTags());
        Decoder in = receive(LIST_OFFSETS);
        in.int32(); // throttle time
        Map<TopicPartition, OffsetAnswer> found = new HashMap<>();
        int topicCount = in.compactLength();
        for (int i = 0; i < topicCount; i++) {
            String topic = Objects.requireNonNullElse(in.compactString(), "");
            int count = in.compactLength();
            for (int p = 0; p < count; p++) {
                int index = in.int32();
                int error = in.int16();
                in.int64(); // timestamp
                long offset = in.int64();
                in.int32(); // leader epoch
                in.skipTags();
                found.put(new TopicPartition(topic, index), new OffsetAnswer(error, offset));
            }
            in.skipTags();
        }
        return found;
    }

    /** The id of a new idempotent producer. */
    public record ProducerIdAnswer(int error, long producerId, short epoch) {}

    /** Asks for a producer id without a transactional id. */
    public ProducerIdAnswer initProducerId() throws IOException {
        authenticateAgainIfDue();
        Encoder request = request(INIT_PRODUCER_ID).compactString(null).int32(Integer.MAX_VALUE);
        if (version(INIT_PRODUCER_ID) >= 3) {
            request.int64(-1).int16(-1);
        }
        send(request.noTags());
        Decoder in = receive(INIT_PRODUCER_ID);
        in.int32(); // throttle time
        return new ProducerIdAnswer(in.int16(), in.int64(), in.int16());
    }

    /**
     * Where to go on reading in a partition.
     *
     * @param leaderEpoch of the metadata that named the leader; −1 if unknown
     * @param lastEpoch of the leader that wrote the record before the offset, to be told if the log has become another
     *     one there (KIP-320, KIP-595); −1 if unknown
     */
    public record FetchFrom(Uuid topicId, int partition, int leaderEpoch, int lastEpoch, long offset) {}

    /** Limits of one fetch. */
    public record FetchLimits(int maxWaitMillis, int minBytes, int maxBytes, int maxBytesPerPartition) {}

    /** A producer's transaction that was aborted, as far back as the first offset. */
    public record AbortedTransaction(long producerId, long firstOffset) {}

    /**
     * What a fetch brought for one partition.
     *
     * @param divergedAt where the leader's log stops being the one that was read: records from there on were truncated; −1
     *     if it does not
     */
    public record Fetched(
            Uuid topicId,
            int partition,
            int error,
            long lastStableOffset,
            long logStartOffset,
            long divergedAt,
            List<AbortedTransaction> aborted,
            ByteBuffer records) {}

    /** All of one fetch. */
    public record FetchAnswer(int error, int throttleMillis, List<Fetched> partitions) {}

    /** Sends a fetch, isolation read-committed; {@link #receiveFetch} reads the answer. */
    public void sendFetch(List<FetchFrom> positions, FetchLimits limits) throws IOException {
        authenticateAgainIfDue();
        int version = version(FETCH);
        Encoder request = request(FETCH);
        if (version < 15) {
            request.int32(-1); // not a replica
        }
        request.int32(limits.maxWaitMillis())
                .int32(limits.minBytes())
                .int32(limits.maxBytes())
                .int8(1) // read committed
                .int32(0) // no session
                .int32(-1);
        Map<Uuid, List<FetchFrom>> byTopic = new LinkedHashMap<>();
        for (FetchFrom position : positions) {
            byTopic.computeIfAbsent(position.topicId(), t -> new ArrayList<>()).add(position);
        }
        request.compactLength(byTopic.size());
        byTopic.forEach((id, partitions) -> {
            request.uuid(id).compactLength(partitions.size());
            for (FetchFrom position : partitions) {
                request.int32(position.partition())
                        .int32(position.leaderEpoch())
                        .int64(position.offset())
                        .int32(position.lastEpoch())
                        .int64(-1) // log start offset: for replicas
                        .int32(limits.maxBytesPerPartition())
                        .noTags();
            }
            request.noTags();
        });
        // Without a rack: named one, a leader may send no records but the name of a follower to ask.
        request.compactLength(0).compactString("").noTags();
        send(request);
    }

    /** Reads the answer to the oldest fetch under way. The records are slices of the reused buffer. */
    public FetchAnswer receiveFetch(int maxWaitMillis) throws IOException {
        Decoder in = receive(FETCH, maxWaitMillis);
        int throttle = in.int32();
        int error = in.int16();
        in.int32(); // session
        List<Fetched> fetched = new ArrayList<>();
        int topicCount = in.compactLength();
        for (int i = 0; i < topicCount; i++) {
            Uuid id = in.uuid();
            int count = in.compactLength();
            for (int p = 0; p < count; p++) {
                int partition = in.int32();
                int partitionError = in.int16();
                in.int64(); // high watermark
                long lastStable = in.int64();
                long logStart = in.int64();
                int abortedCount = in.compactLength();
                List<AbortedTransaction> aborted = new ArrayList<>(Math.max(0, abortedCount));
                for (int a = 0; a < abortedCount; a++) {
                    aborted.add(new AbortedTransaction(in.int64(), in.int64()));
                    in.skipTags();
                }
                in.int32(); // preferred read replica: none without a rack
                ByteBuffer records = in.compactBytes();
                long divergedAt = divergedAt(in.tag(DIVERGING_EPOCH));
                fetched.add(
                        new Fetched(id, partition, partitionError, lastStable, logStart, divergedAt, aborted, records));
            }
            in.skipTags();
        }
        return new FetchAnswer(error, throttle, fetched);
    }

    private static long divergedAt(@Nullable Decoder diverging) {
        if (diverging == null) {
            return -1;
        }
        diverging.int32(); // the largest epoch that both know
        return diverging.int64();
    }

    /** One batch for one partition; its header must have been rewritten for producing. */
    public record ProduceBatch(TopicPartition partition, Uuid topicId, ByteBuffer batch) {}

    /** How the broker took one batch. */
    public record Produced(int partition, String topic, Uuid topicId, int error, String message, long baseOffset) {}

    /** All of one produce request. */
    public record ProduceAnswer(int throttleMillis, List<Produced> partitions) {}

    /**
     * Sends one batch for each of several partitions, acknowledged by all in-sync replicas; {@link #receiveProduce}
     * reads the answer. The batches must stay as they are until this method returns.
     */
    public void sendProduce(List<ProduceBatch> batches) throws IOException {
        authenticateAgainIfDue();
        boolean byId = version(PRODUCE) >= 13;
        Map<String, List<ProduceBatch>> byTopic = new LinkedHashMap<>();
        for (ProduceBatch batch : batches) {
            byTopic.computeIfAbsent(batch.partition().topic(), t -> new ArrayList<>())
                    .add(batch);
        }
        Encoder request = request(PRODUCE)
                .compactString(null)
                .int16(-1)
                .int32(settings.requestTimeoutMillis())
                .compactLength(byTopic.size());
        byTopic.forEach((topic, partitions) -> {
            if (byId) {
                request.uuid(partitions.get(0).topicId());
            } else {
                request.compactString(topic);
            }
            request.compactLength(partitions.size());
            for (ProduceBatch batch : partitions) {
                request.int32(batch.partition().partition())
                        .compactBytes(batch.batch())
                        .noTags();
            }
            request.noTags();
        });
        send(request.noTags());
    }

    /** Reads the answer to the oldest produce request under way. */
    public ProduceAnswer receiveProduce() throws IOException {
        boolean byId = version(PRODUCE) >= 13;
        Decoder in = receive(PRODUCE, settings.requestTimeoutMillis());
        List<Produced> produced = new ArrayList<>();
        int topicCount = in.compactLength();
        for (int i = 0; i < topicCount; i++) {
            String topic = byId ? "" : Objects.requireNonNullElse(in.compactString(), "");
            Uuid id = byId ? in.uuid() : Uuid.ZERO_UUID;
            int count = in.compactLength();
            for (int p = 0; p < count; p++) {
                int partition = in.int32();
                int error = in.int16();
                long baseOffset = in.int64();
                in.int64(); // log append time
                in.int64(); // log start offset
                StringBuilder message = new StringBuilder();
                int recordErrors = in.compactLength();
                for (int r = 0; r < recordErrors; r++) {
                    in.int32();
                    String why = in.compactString();
                    in.skipTags();
                    if (r == 0 && why != null) {
                        message.append(why);
                    }
                }
                String global = in.compactString();
                in.skipTags();
                if (global != null) {
                    message.append(message.length() == 0 ? "" : "; ").append(global);
                }
                produced.add(new Produced(partition, topic, id, error, message.toString(), baseOffset));
            }
            in.skipTags();
        }
        return new ProduceAnswer(in.int32(), produced);
    }

    @Override
    public void close() {
        channel.close();
    }
}
