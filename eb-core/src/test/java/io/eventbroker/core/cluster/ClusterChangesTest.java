package io.eventbroker.core.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eventbroker.core.BrokerId;
import io.eventbroker.core.Deadline;
import io.eventbroker.core.DeadlineExceededException;
import io.eventbroker.core.TopicName;
import io.eventbroker.core.cluster.ClusterState.Part;
import io.eventbroker.testkit.kafka.EmbeddedKafka;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeLogDirsOptions;
import org.apache.kafka.clients.admin.DescribeLogDirsResult;
import org.apache.kafka.clients.admin.ForwardingAdmin;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.Test;

/** What happens to the cluster while it is read. */
class ClusterChangesTest {

    /** Stops a broker between the question who is there and those to each. */
    private static final class Stopping extends ForwardingAdmin {
        private final EmbeddedKafka kafka;
        private boolean stopped;

        Stopping(EmbeddedKafka kafka) {
            super(Map.of("bootstrap.servers", kafka.bootstrapServers()));
            this.kafka = kafka;
        }

        @Override
        public DescribeLogDirsResult describeLogDirs(Collection<Integer> brokers, DescribeLogDirsOptions options) {
            if (!stopped) {
                stopped = true;
                kafka.stopBroker(2);
            }
            return super.describeLogDirs(brokers, options);
        }

        /** Otherwise it would wait for the question to the broker that is gone, for as long as the reading had. */
        @Override
        public void close(Duration timeout) {
            super.close(Duration.ofSeconds(1));
        }
    }

    @Test
    void aBrokerThatStopsMeanwhileIsAGapAndTheRestIsThere() throws Exception {
        try (EmbeddedKafka kafka = EmbeddedKafka.builder().brokers(3).start();
                Admin admin = kafka.admin();
                Admin stopping = new Stopping(kafka)) {
            admin.createTopics(List.of(new NewTopic("orders", Map.of(0, List.of(0, 2), 1, List.of(2, 1)))))
                    .all()
                    .get();

            ClusterState state =
                    ClusterState.read(stopping, Deadline.after(Duration.ofMinutes(2)), Set.of(Part.SIZES, Part.GROUPS));

            assertThat(state.gaps()).singleElement().satisfies(gap -> {
                assertThat(gap.part()).isEqualTo(Part.SIZES);
                assertThat(gap.reason()).isEqualTo(Gap.Reason.BROKER_GONE);
                assertThat(gap.resources()).containsExactly("broker 2");
            });
            assertThat(state.logDirs()).containsOnlyKeys(BrokerId.of(0), BrokerId.of(1));
            PartitionState partition = state.topic(TopicName.of("orders"))
                    .orElseThrow()
                    .partitions()
                    .get(0);
            assertThat(partition.sizeOn(BrokerId.of(0))).isZero();
            assertThat(partition.sizeOn(BrokerId.of(2))).isEqualTo(-1);

            ClusterState after = ClusterState.read(admin, Deadline.after(Duration.ofSeconds(60)), Set.of(Part.OFFSETS));
            assertThat(state.diff(after).of(StateDiff.Kind.BROKERS_LEFT))
                    .extracting(StateDiff.Change::subject)
                    .containsExactly("broker 2");
            assertThat(state.diff(after).of(StateDiff.Kind.LEADERS_MOVED))
                    .contains(new StateDiff.Change("orders-1", "2 → 1"));
        }
    }

    @Test
    void aClusterThatDoesNotAnswerEndsAtTheDeadline() {
        try (EmbeddedKafka kafka = EmbeddedKafka.builder().throughProxies().start();
                Admin admin = Admin.create(kafka.clientProperties())) {
            ClusterState.read(admin, Deadline.after(Duration.ofSeconds(60)), Set.of());
            kafka.proxy(0).stall();

            assertThatThrownBy(() -> ClusterState.read(admin, Deadline.after(Duration.ofSeconds(3))))
                    .isInstanceOf(DeadlineExceededException.class)
                    .hasMessageContaining("gave up waiting to describe the cluster");
        }
    }
}
