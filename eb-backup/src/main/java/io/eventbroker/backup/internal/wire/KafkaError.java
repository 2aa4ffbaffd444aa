package io.eventbroker.backup.internal.wire;

import java.util.Map;

/** The error codes of Kafka's protocol that the engine acts on; the rest are only named. */
public final class KafkaError {
    public static final int UNKNOWN_SERVER_ERROR = -1;
    public static final int NONE = 0;
    public static final int OFFSET_OUT_OF_RANGE = 1;
    public static final int CORRUPT_MESSAGE = 2;
    public static final int UNKNOWN_TOPIC_OR_PARTITION = 3;
    public static final int LEADER_NOT_AVAILABLE = 5;
    public static final int NOT_LEADER_OR_FOLLOWER = 6;
    public static final int REQUEST_TIMED_OUT = 7;
    public static final int REPLICA_NOT_AVAILABLE = 9;
    public static final int NETWORK_EXCEPTION = 13;
    public static final int COORDINATOR_LOAD_IN_PROGRESS = 14;
    public static final int COORDINATOR_NOT_AVAILABLE = 15;
    public static final int NOT_COORDINATOR = 16;
    public static final int NOT_ENOUGH_REPLICAS = 19;
    public static final int NOT_ENOUGH_REPLICAS_AFTER_APPEND = 20;
    public static final int TOPIC_AUTHORIZATION_FAILED = 29;
    public static final int CLUSTER_AUTHORIZATION_FAILED = 31;
    public static final int OUT_OF_ORDER_SEQUENCE_NUMBER = 45;
    public static final int DUPLICATE_SEQUENCE_NUMBER = 46;
    public static final int KAFKA_STORAGE_ERROR = 56;
    public static final int FETCH_SESSION_ID_NOT_FOUND = 70;
    public static final int INVALID_FETCH_SESSION_EPOCH = 71;
    public static final int FENCED_LEADER_EPOCH = 74;
    public static final int UNKNOWN_LEADER_EPOCH = 75;
    public static final int OFFSET_NOT_AVAILABLE = 78;
    public static final int THROTTLING_QUOTA_EXCEEDED = 89;
    public static final int UNKNOWN_TOPIC_ID = 100;
    public static final int INCONSISTENT_TOPIC_ID = 103;
    public static final int FETCH_SESSION_TOPIC_ID_ERROR = 106;

    private static final Map<Integer, String> NAMES = Map.ofEntries(
            Map.entry(UNKNOWN_SERVER_ERROR, "UNKNOWN_SERVER_ERROR"),
            Map.entry(OFFSET_OUT_OF_RANGE, "OFFSET_OUT_OF_RANGE"),
            Map.entry(CORRUPT_MESSAGE, "CORRUPT_MESSAGE"),
            Map.entry(UNKNOWN_TOPIC_OR_PARTITION, "UNKNOWN_TOPIC_OR_PARTITION"),
            Map.entry(LEADER_NOT_AVAILABLE, "LEADER_NOT_AVAILABLE"),
            Map.entry(NOT_LEADER_OR_FOLLOWER, "NOT_LEADER_OR_FOLLOWER"),
            Map.entry(REQUEST_TIMED_OUT, "REQUEST_TIMED_OUT"),
            Map.entry(10, "MESSAGE_TOO_LARGE"),
            Map.entry(18, "RECORD_LIST_TOO_LARGE"),
            Map.entry(NOT_ENOUGH_REPLICAS, "NOT_ENOUGH_REPLICAS"),
            Map.entry(NOT_ENOUGH_REPLICAS_AFTER_APPEND, "NOT_ENOUGH_REPLICAS_AFTER_APPEND"),
            Map.entry(TOPIC_AUTHORIZATION_FAILED, "TOPIC_AUTHORIZATION_FAILED"),
            Map.entry(CLUSTER_AUTHORIZATION_FAILED, "CLUSTER_AUTHORIZATION_FAILED"),
            Map.entry(32, "INVALID_TIMESTAMP"),
            Map.entry(33, "UNSUPPORTED_SASL_MECHANISM"),
            Map.entry(34, "ILLEGAL_SASL_STATE"),
            Map.entry(58, "SASL_AUTHENTICATION_FAILED"),
            Map.entry(35, "UNSUPPORTED_VERSION"),
            Map.entry(OUT_OF_ORDER_SEQUENCE_NUMBER, "OUT_OF_ORDER_SEQUENCE_NUMBER"),
            Map.entry(DUPLICATE_SEQUENCE_NUMBER, "DUPLICATE_SEQUENCE_NUMBER"),
            Map.entry(47, "INVALID_PRODUCER_EPOCH"),
            Map.entry(KAFKA_STORAGE_ERROR, "KAFKA_STORAGE_ERROR"),
            Map.entry(59, "UNKNOWN_PRODUCER_ID"),
            Map.entry(FENCED_LEADER_EPOCH, "FENCED_LEADER_EPOCH"),
            Map.entry(UNKNOWN_LEADER_EPOCH, "UNKNOWN_LEADER_EPOCH"),
            Map.entry(76, "UNSUPPORTED_COMPRESSION_TYPE"),
            Map.entry(OFFSET_NOT_AVAILABLE, "OFFSET_NOT_AVAILABLE"),
            Map.entry(87, "INVALID_RECORD"),
            Map.entry(UNKNOWN_TOPIC_ID, "UNKNOWN_TOPIC_ID"),
            Map.entry(INCONSISTENT_TOPIC_ID, "INCONSISTENT_TOPIC_ID"));

    private KafkaError() {}

    public static String name(int code) {
        return NAMES.getOrDefault(code, "error " + code);
    }

    /** Errors that pass once the metadata is read again, the broker has caught up or the bytes were sent again. */
    public static boolean isRetriable(int code) {
        return switch (code) {
            case CORRUPT_MESSAGE,
                    UNKNOWN_TOPIC_OR_PARTITION,
                    LEADER_NOT_AVAILABLE,
                    NOT_LEADER_OR_FOLLOWER,
                    REQUEST_TIMED_OUT,
                    REPLICA_NOT_AVAILABLE,
                    NETWORK_EXCEPTION,
                    COORDINATOR_LOAD_IN_PROGRESS,
                    COORDINATOR_NOT_AVAILABLE,
                    NOT_COORDINATOR,
                    NOT_ENOUGH_REPLICAS,
                    NOT_ENOUGH_REPLICAS_AFTER_APPEND,
                    KAFKA_STORAGE_ERROR,
                    FENCED_LEADER_EPOCH,
                    UNKNOWN_LEADER_EPOCH,
                    OFFSET_NOT_AVAILABLE,
                    THROTTLING_QUOTA_EXCEEDED,
                    UNKNOWN_TOPIC_ID,
                    INCONSISTENT_TOPIC_ID -> true;
            default -> false;
        };
    }
}
