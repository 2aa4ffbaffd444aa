package io.eventbroker.core.cluster;

import io.eventbroker.core.Deadline;
import io.eventbroker.core.DeadlineExceededException;
import io.eventbroker.core.EventBrokerException;
import io.eventbroker.core.RetryableException;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeClusterOptions;
import org.apache.kafka.clients.admin.DescribeMetadataQuorumOptions;
import org.apache.kafka.clients.admin.QuorumInfo;
import org.apache.kafka.common.Node;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Waits until a change that the controller has accepted is what every broker answers with. Brokers replay the
 * controller's log, each at its own pace, and the Admin client asks any of them: right after a change one may say that a
 * topic is not there, or an access rule still is.
 */
public final class BrokerMetadata {
    private static final Logger LOG = LoggerFactory.getLogger(BrokerMetadata.class);
    /** Having fetched a record is not having applied it: what is seen must be seen this many times in a row. */
    private static final int LOOKS = 4;

    private final Admin admin;

    private BrokerMetadata(Admin admin) {
        this.admin = admin;
    }

    public static BrokerMetadata of(Admin admin) {
        return new BrokerMetadata(admin);
    }

    /**
     * Blocks until every live broker has fetched all that the controller has committed by now, and then until the change
     * was seen several times in a row. Where the quorum cannot be described (a right is missing, or ZooKeeper
     * coordinates) only the looks are left.
     *
     * @param seen asks whether the change is seen; called again and again
     * @param pause waits a little between two looks; may throw to give up
     * @throws io.eventbroker.core.DeadlineExceededException if the deadline passed first
     */
    public void awaitSeen(BooleanSupplier seen, Runnable pause, Deadline deadline) {
        awaitFetched(pause, deadline);
        int inARow = 0;
        while (inARow < LOOKS) {
            inARow = seen.getAsBoolean() ? inARow + 1 : 0;
            if (inARow < LOOKS) {
                deadline.check("the change to be seen by all brokers");
                pause.run();
            }
        }
    }

    private void awaitFetched(Runnable pause, Deadline deadline) {
        Optional<QuorumInfo> quorum = describable(deadline);
        if (quorum.isEmpty()) {
            return;
        }
        long committed = quorum.get().highWatermark();
        // Who is alive is asked each time: a broker that has died meanwhile is not waited for.
        Set<Integer> behind = behind(fetched(quorum.get()), live(deadline), committed);
        while (!behind.isEmpty()) {
            deadline.check("brokers " + behind + " to fetch the controller's log up to offset " + committed);
            pause.run();
            behind = behind(fetched(quorum(deadline)), live(deadline), committed);
        }
    }

    private Optional<QuorumInfo> describable(Deadline deadline) {
        try {
            return Optional.of(quorum(deadline));
        } catch (DeadlineExceededException | RetryableException e) {
            throw e;
        } catch (EventBrokerException e) {
            LOG.debug("The metadata quorum cannot be described; looking only", e);
            return Optional.empty();
        }
    }

    private Set<Integer> live(Deadline deadline) {
        Collection<Node> nodes = AdminCalls.read(
                admin.describeCluster(new DescribeClusterOptions().timeoutMs(Math.max(1, deadline.remainingMillis())))
                        .nodes(),
                "describe the cluster",
                deadline);
        return nodes.stream().map(Node::id).collect(Collectors.toSet());
    }

    private QuorumInfo quorum(Deadline deadline) {
        return AdminCalls.read(
                admin.describeMetadataQuorum(
                                new DescribeMetadataQuorumOptions().timeoutMs(Math.max(1, deadline.remainingMillis())))
                        .quorumInfo(),
                "describe the metadata quorum",
                deadline);
    }

    /** A node that is both is listed as a voter only. */
    private static Map<Integer, Long> fetched(QuorumInfo quorum) {
        return Stream.concat(quorum.voters().stream(), quorum.observers().stream())
                .collect(Collectors.toMap(
                        QuorumInfo.ReplicaState::replicaId, QuorumInfo.ReplicaState::logEndOffset, Math::max));
    }

    /** Of whom a new leader of the quorum has not heard yet, nothing is known: it counts as behind. */
    static Set<Integer> behind(Map<Integer, Long> fetched, Set<Integer> live, long committed) {
        return live.stream()
                .filter(broker -> fetched.getOrDefault(broker, -1L) < committed)
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
