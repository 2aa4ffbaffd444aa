package io.eventbroker.core.adopt;

import io.eventbroker.core.BrokerId;
import io.eventbroker.core.DataSize;
import io.eventbroker.core.TopicName;
import io.eventbroker.core.config.ConfigLayer;
import io.eventbroker.core.config.ConfigTarget;
import io.eventbroker.core.source.Node;
import io.eventbroker.core.topic.TopicDefaults;
import io.eventbroker.core.topic.TopicSet;
import io.eventbroker.core.topic.TopicSpec;
import io.eventbroker.core.topology.KafkaBrokers;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** A running cluster, as {@link LiveReader} read it. */
final class LiveAdopter implements Adopter {
    private static final Words WORDS = new Words("a Topology does not say it", "")
            .of("clusterId", "a Topology has a name, not an id", "keep the id where plans are bound to a cluster")
            .of(
                    "features",
                    "what the cluster has finalised follows from its release and its upgrades",
                    "compare distribution.version with it")
            .of("brokers.*.host brokers.*.port", "advertised names and ports follow from pods and listeners", "")
            .of(
                    "brokers.*.volumes",
                    "Kafka tells the size of file systems, not that of the volumes that were asked for",
                    "compare brokers.storage with it")
            .of("quorum", "the controllers are described by number, first id and listener", "")
            .of("internalTopics", "they are Kafka's own topics", "their settings are properties of the brokers")
            .of(
                    "topics.*.fewerReplicas",
                    "a topic is described with one replication factor",
                    "give all partitions the same")
            .of("notRead", "it could not be read", "give the client's principal the right, and adopt again");

    private static final Set<String> SETTLED = Set.of(
            "listeners",
            "listener.security.protocol.map",
            "inter.broker.listener.name",
            "controller.listener.names",
            "advertised.listeners");

    private final Found live;

    LiveAdopter(Found live) {
        this.live = live;
    }

    @Override
    public Words words() {
        return WORDS;
    }

    @Override
    public void adopt(Draft draft, Beside beside) {
        draft.begin(live.location());
        live.at("apiVersion").ifPresent(Found::carried);
        List<Found> brokers = live.items("brokers");
        List<Integer> ids = ids(brokers);
        if (ids.isEmpty()) {
            live.error("no broker is alive", "start them");
            return;
        }
        brokers(draft, brokers, ids);
        zones(draft, brokers, ids);
        Map<String, Found> config = live.fields("config");
        new KafkaListeners(draft, key -> first(config, key)).carry();
        Optional.ofNullable(config.get("listeners"))
                .filter(found -> found.node() instanceof Node.Fields)
                .ifPresent(found -> found.doubtful(
                        "brokers listen at different ports; those of broker " + ids.get(0) + " were carried over",
                        "let all of them listen at the same"));
        controllers(draft, ids, config);
        config(draft, config, ids, beside);
        topics(beside);
        Parts.minimumTls(draft, first(config, "ssl.enabled.protocols").map(Parts.Argument::text));
        Parts.noAuthorization(draft);
    }

    private static List<Integer> ids(List<Found> nodes) {
        return nodes.stream()
                .map(node -> Integer.parseInt(node.text("id").orElse("-1")))
                .toList();
    }

    /** Whether the ids follow each other, as those of a component do. */
    private static boolean inARow(List<Integer> ids) {
        return ids.get(ids.size() - 1) - ids.get(0) == ids.size() - 1;
    }

    private void brokers(Draft draft, List<Found> brokers, List<Integer> ids) {
        if (!inARow(ids)) {
            live.at("brokers")
                    .ifPresent(all -> draft.ledger()
                            .error(
                                    all.location(),
                                    all.path(),
                                    "the brokers have the ids " + ids
                                            + ", and in a Topology ids follow each other without a gap",
                                    "start those that are missing, or remove the last ones first"));
        }
        brokers.forEach(broker -> broker.at("id").ifPresent(Found::carried));
        Found first = brokers.get(0);
        draft.plain("spec.brokers.replicas", first.at("id").orElse(first), Integer.toString(ids.size()));
        draft.plain("spec.brokers.firstId", first.at("id").orElse(first), Integer.toString(ids.get(0)));
        long most = 0;
        for (Found broker : brokers) {
            long bytes = broker.items("volumes").stream()
                    .flatMap(volume -> volume.text("totalBytes").stream())
                    .mapToLong(Long::parseLong)
                    .sum();
            most = Math.max(most, bytes);
        }
        if (most > 0) {
            draft.usual(
                    "spec.brokers.storage.data.size",
                    new Node.Text(live.location(), DataSize.ofBytes(most).toString(), false),
                    "it is the size of the file systems that Kafka's log directories are on",
                    "write the size that volumes should have");
        }
    }

    /** Zones in the order in which brokers were dealt out to them, as far as there is one. */
    private static void zones(Draft draft, List<Found> brokers, List<Integer> ids) {
        List<String> zones = new ArrayList<>();
        for (Found broker : brokers) {
            broker.at("rack").ifPresent(rack -> {
                String zone = rack.carried().text().orElse("");
                if (!zones.contains(zone)) {
                    zones.add(zone);
                    draft.add("spec.zones", rack.node(), rack.path());
                }
            });
        }
        for (int i = 0; i < brokers.size() && !zones.isEmpty(); i++) {
            String planned = zones.get(i % zones.size());
            Found broker = brokers.get(i);
            if (!broker.text("rack").equals(Optional.of(planned))) {
                Found at = broker.at("rack").orElse(broker);
                at.changed(
                        "broker " + ids.get(i) + " is in "
                                + broker.text("rack")
                                        .map(rack -> "'" + rack + "'")
                                        .orElse("no rack")
                                + "; dealt out in turn it would be in '" + planned + "'",
                        "do not move it without its data: partitions are spread by racks as they are");
            }
        }
    }

    private static Optional<Parts.Argument> first(Map<String, Found> config, String key) {
        return Optional.ofNullable(config.get(key))
                .flatMap(found -> found.node() instanceof Node.Fields map
                        ? map.fields().values().stream()
                                .findFirst()
                                .map(field -> new Parts.Argument(found, ((Node.Text) field.value()).text()))
                        : found.text().map(text -> new Parts.Argument(found, text)));
    }

    private void controllers(Draft draft, List<Integer> brokers, Map<String, Found> config) {
        Optional.ofNullable(config.get("zookeeper.connect"))
                .ifPresent(connect -> connect.leftOut(
                        "it names the ZooKeeper that coordinates the brokers, but not how that runs",
                        "describe it as 'zooKeeper'"));
        List<Found> voters = live.items("quorum.voters");
        if (voters.isEmpty()) {
            return;
        }
        List<Integer> ids = ids(voters);
        Found quorum = live.at("quorum").orElse(live);
        if (ids.stream().anyMatch(brokers::contains)) {
            quorum.leftOut(Draft.COMBINED + " (voters " + ids + ")", Draft.COMBINED_REMEDY);
            draft.combined("the voters " + ids + " of the quorum are brokers");
            return;
        }
        if (!inARow(ids)) {
            draft.ledger()
                    .error(
                            quorum.location(),
                            quorum.path(),
                            "the controllers have the ids " + ids
                                    + ", and in a Topology ids follow each other without a gap",
                            "describe the quorum that is to be");
        }
        Found first = voters.get(0);
        voters.forEach(voter -> voter.at("id").ifPresent(Found::carried));
        draft.plain("spec.controllers.replicas", first.at("id").orElse(first), Integer.toString(ids.size()));
        draft.plain("spec.controllers.firstId", first.at("id").orElse(first), Integer.toString(ids.get(0)));
        first.at("port").flatMap(Found::text).ifPresent(port -> {
            first.at("port").ifPresent(Found::carried);
            new KafkaListeners(draft, key -> first(config, key)).controllers(port);
        });
        draft.ledger()
                .note(new NotCarried(
                        NotCarried.Kind.ASSUMED,
                        quorum.location(),
                        quorum.path(),
                        "",
                        "brokers do not tell the properties of controllers, so they have none of their own",
                        "add those of the controllers' file to controllers.config"));
    }

    private void config(Draft draft, Map<String, Found> config, List<Integer> ids, Beside beside) {
        SortedMap<Integer, SortedMap<String, String>> own = new TreeMap<>();
        Properties properties = new Properties(draft, ConfigTarget.BROKERS);
        config.forEach((key, found) -> {
            if (SETTLED.contains(key) || key.equals("zookeeper.connect")) {
                return;
            }
            if (KafkaBrokers.isModelled(key) || !(found.node() instanceof Node.Fields)) {
                properties.carry(
                        found, key, first(config, key).map(Parts.Argument::text).orElse(""));
                return;
            }
            Map<Integer, String> each = new TreeMap<>();
            found.fields()
                    .forEach((id, value) ->
                            each.put(Integer.parseInt(id), value.text().orElse("")));
            String common = each.size() == ids.size() ? mostCommon(each) : null;
            if (common != null) {
                properties.carry(found, key, common);
            }
            found.carried();
            each.forEach((id, value) -> {
                if (!value.equals(common)) {
                    own.computeIfAbsent(id, any -> new TreeMap<>())
                            .put(key, withoutSecret(draft, found, id, key, value));
                }
            });
        });
        for (Found secret : live.items("secrets")) {
            String key = secret.text().orElse("");
            String reference = reference(draft, "brokers", key);
            draft.set(
                    "spec.brokers.config[" + key + "]",
                    new Node.Text(live.location(), reference, false),
                    secret.path());
            secret.changed(
                    "Kafka does not tell the values of secrets: " + reference + " stands for it",
                    "put the value where the reference is resolved");
        }
        own.forEach((id, values) -> beside.layer(cluster -> new ConfigLayer(
                cluster + "-broker-" + id,
                Optional.empty(),
                Optional.of(cluster),
                Set.of(BrokerId.of(id)),
                values,
                new TreeMap<>(),
                new TreeMap<>(),
                new TreeMap<>(),
                new TreeMap<>(),
                new TreeMap<>(),
                new TreeMap<>(),
                new TreeMap<>(),
                new TreeMap<>(),
                new TreeMap<>())));
    }

    private static String withoutSecret(Draft draft, Found found, int id, String key, String value) {
        if (!Hidden.isSecret(ConfigTarget.BROKERS, key, value)) {
            return value;
        }
        String reference = reference(draft, "broker-" + id, key);
        found.secret(
                "'" + key + "' has a secret in it: " + reference + " stands for it",
                "put the value where it is resolved");
        return reference;
    }

    private static String reference(Draft draft, String owner, String key) {
        return "${secret:" + draft.text("metadata.name").orElse("kafka") + "-" + owner + "/" + key + "}";
    }

    private static String mostCommon(Map<Integer, String> each) {
        Map<String, Integer> counts = new HashMap<>();
        each.values().forEach(value -> counts.merge(value, 1, Integer::sum));
        String best = "";
        for (String value : each.values()) {
            if (best.isEmpty() || counts.getOrDefault(value, 0) > counts.getOrDefault(best, 0)) {
                best = value;
            }
        }
        return best;
    }

    private void topics(Beside beside) {
        if (live.at("topics").isEmpty()) {
            return;
        }
        List<TopicSpec> specs = new ArrayList<>();
        for (Found topic : live.items("topics")) {
            topic.at("name").ifPresent(Found::carried);
            SortedMap<String, String> configs = new TreeMap<>();
            topic.fields("configs")
                    .forEach((key, value) ->
                            configs.put(key, value.carried().text().orElse("")));
            specs.add(new TopicSpec(
                    TopicName.of(topic.text("name").orElse("")),
                    number(topic, "partitions"),
                    number(topic, "replicationFactor"),
                    Optional.empty(),
                    configs));
        }
        beside.topics(cluster -> new TopicSet(
                cluster,
                Optional.of(cluster),
                new TopicDefaults(Optional.empty(), Optional.empty(), new TreeMap<>()),
                specs,
                Set.of()));
    }

    private static Optional<Integer> number(Found topic, String key) {
        return topic.at(key).map(Found::carried).flatMap(Found::text).map(Integer::parseInt);
    }
}
