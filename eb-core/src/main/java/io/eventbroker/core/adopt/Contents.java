package io.eventbroker.core.adopt;

import io.eventbroker.core.problem.SourceLocation;
import io.eventbroker.core.source.Node;
import io.eventbroker.core.source.Sources;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What is in the files: the parts of one cluster, and what is no part of it. */
final class Contents {
    private static final String EXPECTED =
            "expected one cluster: a Kafka of platform.confluent.io or kafka.strimzi.io, a"
                    + " StatefulSet, or an aws_msk_cluster in Terraform's JSON";
    private static final Words FOREIGN = new Words("it is no part of the cluster", "see whether it is still needed")
            .of("", "it is no part of the cluster", "see whether it is still needed");

    private final Ledger ledger;
    private final List<Found> own = new ArrayList<>();
    private final List<Found> foreign = new ArrayList<>();
    private @Nullable Adopter adopter;

    private Contents(Ledger ledger) {
        this.ledger = ledger;
    }

    static Contents of(Sources sources, Ledger ledger) {
        Contents contents = new Contents(ledger);
        List<Node> documents = flat(sources.documents());
        if (documents.isEmpty()) {
            if (sources.problems().isEmpty()) {
                ledger.error(
                        SourceLocation.of("sources"), "", "there is no document in them; " + EXPECTED, "name its file");
            }
            return contents;
        }
        Map<Origin, List<Found>> byOrigin = new TreeMap<>();
        for (int i = 0; i < documents.size(); i++) {
            Found found = Found.document(ledger, i, documents.get(i));
            if (found.node() instanceof Node.Fields) {
                byOrigin.computeIfAbsent(Origin.of(found), origin -> new ArrayList<>())
                        .add(found);
            } else {
                found.error(
                        "expected a resource, found " + found.node().found(), "begin with 'apiVersion:' and 'kind:'");
            }
        }
        contents.choose(byOrigin);
        return contents;
    }

    /** What {@code kubectl get -o yaml} prints is a list with the documents in it. */
    private static List<Node> flat(List<Node> documents) {
        List<Node> flat = new ArrayList<>();
        for (Node document : documents) {
            if (document.text("kind").filter("List"::equals).isPresent()
                    && !document.items("items").isEmpty()) {
                flat.addAll(flat(document.items("items")));
            } else {
                flat.add(document);
            }
        }
        return flat;
    }

    private void choose(Map<Origin, List<Found>> byOrigin) {
        List<Found> clusters = new ArrayList<>();
        byOrigin.forEach(
                (origin, found) -> found.stream().filter(origin::isCluster).forEach(clusters::add));
        List<Found> several = clusters.stream()
                .flatMap(found -> Origin.of(found) == Origin.TERRAFORM
                        ? found.fields("resource.aws_msk_cluster").values().stream()
                        : java.util.stream.Stream.of(found))
                .toList();
        if (several.size() > 1) {
            ledger.error(
                    several.get(1).location(),
                    several.get(1).path(),
                    several.size() + " clusters are described, at "
                            + several.stream()
                                    .map(found -> found.location().toString())
                                    .collect(Collectors.joining(", ")),
                    "adopt one at a time, each from files of its own");
            return;
        }
        if (clusters.isEmpty()) {
            Found first =
                    byOrigin.values().stream().flatMap(List::stream).findFirst().orElse(null);
            if (first != null) {
                String kinds = byOrigin.values().stream()
                        .flatMap(List::stream)
                        .map(Contents::name)
                        .distinct()
                        .collect(Collectors.joining(", "));
                ledger.error(first.location(), "", EXPECTED + "; found " + kinds, "name the file that describes it");
            }
            return;
        }
        Found cluster = clusters.get(0);
        Origin origin = Origin.of(cluster);
        byOrigin.forEach((other, found) -> (other == origin ? own : foreign).addAll(found));
        adopter = origin.adopter(cluster, own, foreign);
    }

    private static String name(Found document) {
        return document.text("kind")
                .orElse(document.at("resource").isPresent() ? "Terraform's resources" : "something without 'kind'");
    }

    boolean isAdoptable() {
        return adopter != null && ledger.errors().isEmpty();
    }

    void adopt(Draft draft, Adopter.Beside beside) {
        Optional.ofNullable(adopter).ifPresent(present -> present.adopt(draft, beside));
    }

    /** Lists what nobody settled. */
    void sweep() {
        Optional.ofNullable(adopter)
                .ifPresent(present -> own.stream()
                        .filter(document -> !foreign.contains(document))
                        .forEach(document -> ledger.sweep(document, present.words())));
        for (Found document : foreign) {
            Words.Saying saying = saying(document);
            document.leftOut(
                    "a " + name(document)
                            + document.text("metadata.name")
                                    .map(name -> " '" + name + "'")
                                    .orElse("") + ": " + saying.why(),
                    saying.remedy());
        }
    }

    /** Documents that act on the cluster, though they do not describe it, are told from those that have no part in it. */
    private Words.Saying saying(Found document) {
        if (document.at("spec.scaleTargetRef").isPresent() && scales(document)) {
            return new Words.Saying(
                    NotCarried.Kind.LEFT_OUT,
                    "it scales this cluster's brokers, but new brokers get no partitions, and a broker that it removes takes"
                            + " its replicas away",
                    "remove it, and plan the number of brokers with the move of their partitions");
        }
        if (document.is("kind", "KafkaTopic") && isTopic(document)) {
            return new Words.Saying(
                    NotCarried.Kind.LEFT_OUT,
                    "it is a topic of this cluster, and topics are not in the Topology",
                    "write it into a TopicSet of the cluster");
        }
        return FOREIGN.of("");
    }

    private boolean scales(Found scaler) {
        Optional<String> kind = scaler.text("spec.scaleTargetRef.kind");
        Optional<String> name = scaler.text("spec.scaleTargetRef.name");
        return own.stream()
                .filter(document -> !foreign.contains(document))
                .filter(document -> document.is("kind", "Kafka")
                        || document.is("kind", "KafkaNodePool")
                        || document.is("kind", "StatefulSet"))
                .filter(document -> isNear(document, scaler))
                .filter(document -> name.isPresent() && name.equals(document.text("metadata.name")))
                // the StatefulSet that Confluent's operator makes is called like its Kafka
                .anyMatch(document -> kind.equals(document.text("kind")) || kind.equals(Optional.of("StatefulSet")));
    }

    private boolean isTopic(Found topic) {
        Optional<String> cluster = Optional.ofNullable(
                        topic.fields("metadata.labels").get("strimzi.io/cluster"))
                .flatMap(Found::text)
                .or(() -> topic.text("spec.kafkaClusterRef.name"));
        return own.stream()
                .anyMatch(document -> document.is("kind", "Kafka")
                        && cluster.isPresent()
                        && cluster.equals(document.text("metadata.name")));
    }

    /** Not in another namespace, as far as both say theirs. */
    private static boolean isNear(Found one, Found other) {
        Optional<String> here = one.text("metadata.namespace");
        Optional<String> there = other.text("metadata.namespace");
        return here.isEmpty() || there.isEmpty() || here.equals(there);
    }

    /** Where a document belongs. */
    enum Origin {
        CONFLUENT,
        STRIMZI,
        STATEFUL_SET,
        TERRAFORM,
        LIVE,
        OTHER;

        static Origin of(Found document) {
            String group = document.text("apiVersion").orElse("");
            if (group.startsWith("platform.confluent.io/")) {
                return CONFLUENT;
            } else if (group.startsWith("kafka.strimzi.io/")) {
                return STRIMZI;
            } else if (group.startsWith("apps/") && document.is("kind", "StatefulSet")) {
                return STATEFUL_SET;
            } else if (group.equals(LiveReader.GROUP)) {
                return LIVE;
            }
            return document.at("kind").isEmpty() && document.at("resource").isPresent() ? TERRAFORM : OTHER;
        }

        boolean isCluster(Found document) {
            return switch (this) {
                case CONFLUENT, STRIMZI -> document.is("kind", "Kafka");
                case STATEFUL_SET, LIVE -> true;
                case TERRAFORM -> document.at("resource.aws_msk_cluster").isPresent();
                case OTHER -> false;
            };
        }

        /** The adopter of the cluster; documents that it has no use for go to the foreign ones. */
        Adopter adopter(Found cluster, List<Found> all, List<Found> foreign) {
            return switch (this) {
                case CONFLUENT -> new ConfluentAdopter(cluster, all, foreign);
                case STRIMZI -> new StrimziAdopter(cluster, all, foreign);
                case STATEFUL_SET -> new StatefulSetAdopter(cluster);
                case TERRAFORM -> new MskAdopter(cluster, all);
                case LIVE -> new LiveAdopter(cluster);
                case OTHER -> throw new IllegalStateException("not a cluster: " + cluster.location());
            };
        }
    }
}
