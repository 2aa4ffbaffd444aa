package io.eventbroker.backup.internal.wire;

import io.eventbroker.backup.internal.wire.FetchCall.FetchFrom;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.Uuid;

/**
 * What a broker remembers of the fetches over one connection (KIP-227): only what has changed since the last one is asked
 * for, and only partitions with something new are answered. Where the broker gives no session, or has forgotten it, all is
 * asked for each time. One fetch at a time.
 */
final class FetchSession {
    private static final int NONE = 0;
    private static final int FIRST_EPOCH = 0;

    private int id = NONE;
    private int epoch = FIRST_EPOCH;
    private final Map<Key, Known> known = new LinkedHashMap<>();

    /** A partition of a topic. */
    record Key(Uuid topicId, int partition) {
        static Key of(FetchFrom position) {
            return new Key(position.topicId(), position.partition());
        }
    }

    private record Known(FetchFrom position, int maxBytes) {}

    /**
     * What one fetch says.
     *
     * @param positions that the broker does not know yet; all of them if the session is a new one
     * @param forgotten that it need not remember any more
     */
    record Request(int id, int epoch, List<FetchFrom> positions, List<Key> forgotten) {}

    /** The next request of the session, after which the broker knows these positions and no others. */
    Request next(List<FetchFrom> positions, int maxBytesPerPartition) {
        if (id == NONE) {
            known.clear();
        }
        Set<Key> wanted = new HashSet<>();
        List<FetchFrom> changed = new ArrayList<>();
        for (FetchFrom position : positions) {
            Key key = Key.of(position);
            Known now = new Known(position, maxBytesPerPartition);
            wanted.add(key);
            if (!now.equals(known.put(key, now))) {
                changed.add(position);
            }
        }
        List<Key> forgotten =
                known.keySet().stream().filter(key -> !wanted.contains(key)).toList();
        known.keySet().retainAll(wanted);
        return new Request(id, epoch, changed, forgotten);
    }

    /**
     * Learns from an answer how the session goes on.
     *
     * @return whether the broker has lost the session, so that the answer holds nothing and all is to be asked for again
     */
    boolean answered(int error, int session) {
        boolean lost = error == KafkaError.FETCH_SESSION_ID_NOT_FOUND
                || error == KafkaError.INVALID_FETCH_SESSION_EPOCH
                || error == KafkaError.FETCH_SESSION_TOPIC_ID_ERROR;
        if (lost || session == NONE) {
            id = NONE;
            epoch = FIRST_EPOCH;
        } else {
            id = session;
            epoch = epoch == Integer.MAX_VALUE ? FIRST_EPOCH + 1 : epoch + 1;
        }
        return lost;
    }
}
