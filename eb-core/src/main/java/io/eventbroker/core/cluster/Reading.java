package io.eventbroker.core.cluster;

import io.eventbroker.core.BrokerId;
import io.eventbroker.core.Deadline;
import io.eventbroker.core.DeadlineExceededException;
import io.eventbroker.core.EventBrokerException;
import io.eventbroker.core.cluster.ClusterState.Part;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeClusterOptions;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.errors.UnsupportedVersionException;

/** What all readers of one state share: client, deadline, and the gaps that were found. Not for several threads. */
final class Reading {
    /** How long an answer is waited for before the caller looks whether it can still come. */
    static final Duration PATIENCE = Duration.ofSeconds(2);

    final Admin admin;
    final Deadline deadline;
    private final Map<GapKey, SortedSet<String>> gaps = new LinkedHashMap<>();

    private record GapKey(Part part, Gap.Reason reason, String detail) {}

    /** Which part is read, of what, and the right that this needs, for messages. */
    record Question(Part part, String resource, String doing, String right) {}

    /**
     * An answer, or why there is none.
     *
     * @param gone true if what was asked about is not there any more
     */
    record Answer<T>(Optional<T> value, boolean gone) {}

    Reading(Admin admin, Deadline deadline) {
        this.admin = admin;
        this.deadline = deadline;
    }

    /** The time that is left, for Kafka's options. */
    int millis() {
        return Math.max(1, deadline.remainingMillis());
    }

    /** Waits for an answer. A missing right or an old broker leaves a gap; everything else that fails is thrown. */
    <T> Answer<T> answer(KafkaFuture<T> future, Question question) {
        return answer(future, question, deadline);
    }

    <T> Answer<T> answer(KafkaFuture<T> future, Question question, Deadline until) {
        try {
            return new Answer<>(Optional.of(AdminCalls.read(future, question.doing(), until)), false);
        } catch (EventBrokerException e) {
            Throwable cause = e.getCause();
            if (cause instanceof UnknownTopicOrPartitionException || cause instanceof GroupIdNotFoundException) {
                return new Answer<>(Optional.empty(), true);
            }
            if (cause instanceof AuthorizationException) {
                gap(question, Gap.Reason.NOT_AUTHORIZED, "the client's principal lacks the right " + question.right());
            } else if (cause instanceof UnsupportedVersionException) {
                notSupported(question, cause);
            } else {
                throw e;
            }
            return new Answer<>(Optional.empty(), false);
        }
    }

    private void notSupported(Question question, Throwable cause) {
        String why = cause.getMessage();
        gap(
                question,
                Gap.Reason.NOT_SUPPORTED,
                "the brokers' version cannot tell" + (why == null ? "" : " (" + why + ")"));
    }

    /** Waits for what only one broker can tell, as long as it is there; if it has left, that is a gap. */
    <T> Optional<T> answerOf(BrokerId broker, KafkaFuture<T> future, Question question) {
        while (true) {
            try {
                return answer(future, question, deadline.atMost(PATIENCE)).value();
            } catch (DeadlineExceededException e) {
                if (deadline.hasPassed()) {
                    throw e;
                }
                if (liveNodes().stream().noneMatch(node -> node.id() == broker.value())) {
                    gap(question, Gap.Reason.BROKER_GONE, "the broker left while it was asked; read again");
                    return Optional.empty();
                }
            }
        }
    }

    /**
     * Asks a question that goes to every broker and is only answered once all have: again if some time has passed
     * without, since the client only learns that a broker has left when it starts anew. Each time takes twice as long.
     */
    <T> Answer<T> untilAnswered(Supplier<KafkaFuture<T>> ask, Question question) {
        for (Duration patience = PATIENCE; ; patience = patience.multipliedBy(2)) {
            try {
                return answer(ask.get(), question, deadline.atMost(patience));
            } catch (DeadlineExceededException e) {
                if (deadline.hasPassed()) {
                    throw e;
                }
            }
        }
    }

    List<Node> liveNodes() {
        return List.copyOf(AdminCalls.read(
                admin.describeCluster(new DescribeClusterOptions().timeoutMs(millis()))
                        .nodes(),
                "describe the cluster",
                deadline));
    }

    void gap(Question question, Gap.Reason reason, String detail) {
        gaps.computeIfAbsent(new GapKey(question.part(), reason, detail), key -> new TreeSet<>())
                .add(question.resource());
    }

    List<Gap> gaps() {
        List<Gap> all = new ArrayList<>();
        gaps.forEach((key, resources) -> all.add(new Gap(key.part(), key.reason(), key.detail(), resources)));
        all.sort(Comparator.comparing(Gap::part).thenComparing(Gap::reason).thenComparing(Gap::detail));
        return all;
    }
}
