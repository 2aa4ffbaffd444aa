package io.eventbroker.backup.internal.wire;

import io.eventbroker.core.Deadline;
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
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * A connection to one broker: requests go out one after another, answers come back in the same order, several may be
 * under way. Answers are read into one buffer that grows to the largest and is used again, so what a {@code receive}
 * method hands out is valid until the next one. One thread at a time; any {@link IOException} ends the connection.
 */
public final class BrokerConnection implements AutoCloseable {
    private static final int LARGEST_ANSWER = 1 << 30;

    private final InetSocketAddress address;
    private final ClientSettings settings;
    private final Channel channel;
    private final ApiVersions versions;
    private final Authentication authentication;
    private final FetchSession fetches = new FetchSession();
    private final Deque<Integer> expected = new ArrayDeque<>();
    private @Nullable Deadline limit;
    private int correlation;
    private ByteBuffer buffer;
    private int consumed;

    private BrokerConnection(InetSocketAddress address, ClientSettings settings, Channel channel) {
        this.address = address;
        this.settings = settings;
        this.channel = channel;
        this.versions = new ApiVersions(address);
        this.authentication = new Authentication(this, settings.sasl());
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
            connection.authentication.run();
            return connection;
        } catch (IOException | RuntimeException e) {
            try (channel) {
                throw e;
            }
        }
    }

    private void negotiate() throws IOException {
        Encoder request = request(ApiVersions.API_VERSIONS);
        ApiVersions.write(request);
        send(request);
        versions.read(receive(ApiVersions.API_VERSIONS));
    }

    /**
     * Whether the session will end soon. Then nothing more is to be sent until all answers are read: the next request
     * authenticates first, and between its steps the broker accepts nothing else.
     */
    public boolean mustAuthenticateAgain() {
        return authentication.isDue();
    }

    private void authenticateAgainIfDue() throws IOException {
        if (mustAuthenticateAgain() && expected.isEmpty()) {
            authentication.run();
        }
    }

    /** A request in the agreed version, which is a flexible one: request header 2. */
    Encoder request(int api) {
        return new Encoder()
                .int16(api)
                .int16(versions.of(api))
                .int32(++correlation)
                .string(settings.clientId())
                .noTags();
    }

    /** A request in a version that is not flexible: request header 1, and answer header 0. */
    Encoder inflexibleRequest(int api, int version) {
        return new Encoder().int16(api).int16(version).int32(++correlation).string(settings.clientId());
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

    void send(Encoder request) throws IOException {
        channel.write(request.finish(), until(0));
        expected.add(correlation);
    }

    Decoder receive(int api) throws IOException {
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
        if (api != ApiVersions.API_VERSIONS && api != ApiVersions.SASL_HANDSHAKE) {
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
        Encoder request = request(ApiVersions.METADATA);
        MetadataCall.write(request, topics);
        send(request);
        return MetadataCall.read(receive(ApiVersions.METADATA));
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
        Encoder request = request(ApiVersions.LIST_OFFSETS).int32(-1).int8(1).compactLength(byTopic.size());
        byTopic.forEach((topic, indexes) -> {
            request.compactString(topic).compactLength(indexes.size());
            for (int index : indexes) {
                request.int32(index).int32(-1).int64(timestamp).noTags();
            }
            request.noTags();
        });
        send(request.noTags());
        Decoder in = receive(ApiVersions.LIST_OFFSETS);
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
        Encoder request =
                request(ApiVersions.INIT_PRODUCER_ID).compactString(null).int32(Integer.MAX_VALUE);
        if (versions.of(ApiVersions.INIT_PRODUCER_ID) >= 3) {
            request.int64(-1).int16(-1);
        }
        send(request.noTags());
        Decoder in = receive(ApiVersions.INIT_PRODUCER_ID);
        in.int32(); // throttle time
        return new ProducerIdAnswer(in.int16(), in.int64(), in.int16());
    }

    /**
     * Sends a fetch, isolation read-committed; {@link #receiveFetch} reads the answer. One at a time. The answer leaves out
     * partitions of which there is nothing new, and may come from wherever the leaders send clients of this rack.
     */
    public void sendFetch(List<FetchCall.FetchFrom> positions, FetchCall.FetchLimits limits) throws IOException {
        sendFetch(fetches.next(positions, limits.maxBytesPerPartition()), limits);
    }

    void sendFetch(FetchSession.Request session, FetchCall.FetchLimits limits) throws IOException {
        authenticateAgainIfDue();
        Encoder request = request(ApiVersions.FETCH);
        FetchCall.write(request, versions.of(ApiVersions.FETCH), session, limits, settings.rack());
        send(request);
    }

    /** Reads the answer to the fetch under way. The records are slices of the reused buffer. */
    public FetchCall.FetchAnswer receiveFetch(int maxWaitMillis) throws IOException {
        FetchCall.FetchAnswer answer = FetchCall.read(receive(ApiVersions.FETCH, maxWaitMillis));
        return fetches.answered(answer.error(), answer.session())
                ? new FetchCall.FetchAnswer(KafkaError.NONE, answer.throttleMillis(), answer.session(), List.of())
                : answer;
    }

    /**
     * Sends one batch for each of several partitions, acknowledged by all in-sync replicas; {@link #receiveProduce}
     * reads the answer. The batches must stay as they are until this method returns.
     */
    public void sendProduce(List<ProduceCall.ProduceBatch> batches) throws IOException {
        authenticateAgainIfDue();
        Encoder request = request(ApiVersions.PRODUCE);
        ProduceCall.write(request, versions.of(ApiVersions.PRODUCE), batches, settings.requestTimeoutMillis());
        send(request);
    }

    /** Reads the answer to the oldest produce request under way. */
    public ProduceCall.ProduceAnswer receiveProduce() throws IOException {
        Decoder in = receive(ApiVersions.PRODUCE, settings.requestTimeoutMillis());
        return ProduceCall.read(in, versions.of(ApiVersions.PRODUCE));
    }

    @Override
    public void close() {
        channel.close();
    }
}
