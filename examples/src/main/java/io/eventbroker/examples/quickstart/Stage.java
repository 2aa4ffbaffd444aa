package io.eventbroker.examples.quickstart;

import io.eventbroker.core.DataSize;
import io.eventbroker.core.Deadline;
import io.eventbroker.core.EventBrokerException;
import io.eventbroker.core.plan.Plan;
import io.eventbroker.core.run.Journal;
import io.eventbroker.core.run.RunOptions;
import io.eventbroker.core.topology.Topology;
import io.eventbroker.core.topology.Zone;
import io.eventbroker.testkit.kafka.EmbeddedKafka;
import io.eventbroker.testkit.kafka.KafkaListener;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.jspecify.annotations.Nullable;

/**
 * What the story has of its own, as a host application has: a cluster and connections to it, a folder for journals, and
 * somebody to talk to. The cluster is lost and started again on the way.
 */
final class Stage {
    static final String OPERATOR = "platform-operator";

    private final Narration narration;
    private final Path work;
    private volatile @Nullable EmbeddedKafka running;

    /** @param work the folder of this run */
    Stage(Narration narration, Path work) {
        this.narration = narration;
        this.work = work;
    }

    Narration narration() {
        return narration;
    }

    Path work() {
        return work;
    }

    void startCluster(Topology topology, Certificates certificates) {
        List<String> racks = topology.zones().stream().map(Zone::value).toList();
        KafkaListener clients =
                KafkaListener.mutualTls("INTERNAL", certificates::broker).property("ssl.enabled.protocols", "TLSv1.3");
        running = EmbeddedKafka.builder()
                .brokers(topology.brokers().replicas())
                .racks(racks.toArray(String[]::new))
                .listener(clients)
                .authorizer(
                        "User:CN=" + OPERATOR,
                        "User:CN=" + certificates.brokerName(topology.brokers().replicas()))
                .property("num.io.threads", "4")
                .property("num.network.threads", "2")
                .property("num.replica.fetchers", "2")
                .property("offsets.topic.replication.factor", "3")
                .property("default.replication.factor", "3")
                .property("min.insync.replicas", "2")
                .start();
        narration.say(
                "%d brokers in %s, mutual TLS 1.3, authorizer on",
                topology.brokers().replicas(), racks);
    }

    EmbeddedKafka cluster() {
        EmbeddedKafka cluster = running;
        if (cluster == null) {
            throw new IllegalStateException("the cluster has not been started");
        }
        return cluster;
    }

    /** Ends the cluster if there is one. */
    void closeCluster() {
        EmbeddedKafka cluster = running;
        if (cluster != null) {
            cluster.close();
        }
    }

    Map<String, Object> connect(Certificates certificates, String name) {
        Map<String, Object> properties =
                new HashMap<>(certificates.client(name, cluster().bootstrapServers()));
        properties.put("client.id", name);
        return properties;
    }

    /** A client of the platform's operator. */
    Admin operator(Certificates certificates) {
        return admin(connect(certificates, OPERATOR));
    }

    static Admin admin(Map<String, Object> properties) {
        return Admin.create(properties);
    }

    RunOptions options(String run) {
        return RunOptions.defaults()
                .journal(Journal.file(work.resolve("journals").resolve(run + ".journal")))
                .listener(narration.progress());
    }

    static String printed(Plan<?> plan) {
        StringBuilder text = new StringBuilder();
        plan.printTo(text);
        return text.toString();
    }

    static String size(long bytes) {
        return DataSize.ofBytes(bytes).forPeople();
    }

    static Deadline soon() {
        return Deadline.after(Duration.ofMinutes(1));
    }

    static Deadline later() {
        return Deadline.after(Duration.ofMinutes(10));
    }

    static void require(boolean condition, String otherwise) {
        if (!condition) {
            throw new EventBrokerException(
                    otherwise + "; this should not happen: please report it with the report folder");
        }
    }
}
