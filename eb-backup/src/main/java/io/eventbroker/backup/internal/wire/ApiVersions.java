package io.eventbroker.backup.internal.wire;

import io.eventbroker.core.EventBrokerException;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.Map;

/** The requests that are made of a broker, by their numbers in Kafka's protocol, and the versions agreed on with it. */
final class ApiVersions {
    static final int PRODUCE = 0;
    static final int FETCH = 1;
    static final int LIST_OFFSETS = 2;
    static final int METADATA = 3;
    static final int SASL_HANDSHAKE = 17;
    static final int API_VERSIONS = 18;
    static final int INIT_PRODUCER_ID = 22;
    static final int SASL_AUTHENTICATE = 36;

    /** What the engine speaks: the versions that brokers 3.9 to 4.3 have in common, and newer ones that help. */
    private static final Map<Integer, int[]> SPOKEN = Map.of(
            PRODUCE, new int[] {9, 13},
            FETCH, new int[] {13, 16},
            LIST_OFFSETS, new int[] {6, 7},
            METADATA, new int[] {12, 12},
            INIT_PRODUCER_ID, new int[] {2, 4},
            SASL_AUTHENTICATE, new int[] {2, 2});

    private final InetSocketAddress broker;
    private final Map<Integer, Integer> versions = new HashMap<>();

    /** @param broker for messages */
    ApiVersions(InetSocketAddress broker) {
        this.broker = broker;
        versions.put(API_VERSIONS, 3);
    }

    /** The version to ask in. */
    int of(int api) {
        Integer version = versions.get(api);
        if (version == null) {
            throw new EventBrokerException(
                    "broker " + broker + " does not offer API " + api + "; the address may be that of a controller");
        }
        return version;
    }

    static void write(Encoder request) {
        request.compactString("eventbroker-backup").compactString("0").noTags();
    }

    /** Agrees on the newest version of each request that both sides speak. */
    void read(Decoder in) {
        int error = in.int16();
        if (error != 0) {
            throw new EventBrokerException("broker " + broker + " refused to name its versions: "
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
                    throw new EventBrokerException("broker " + broker + " speaks versions " + least + " to " + most
                            + " of API " + api + ", needed is one of " + spoken[0] + " to " + spoken[1]
                            + "; it must be Kafka 3.9 or newer");
                }
                versions.put(api, version);
            }
        }
    }
}
