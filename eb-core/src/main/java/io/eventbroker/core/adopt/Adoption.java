package io.eventbroker.core.adopt;

import io.eventbroker.core.Deadline;
import io.eventbroker.core.config.ConfigLayer;
import io.eventbroker.core.config.ConfigLayers;
import io.eventbroker.core.problem.Problem;
import io.eventbroker.core.problem.Problems;
import io.eventbroker.core.problem.Severity;
import io.eventbroker.core.problem.SourceLocation;
import io.eventbroker.core.source.Node;
import io.eventbroker.core.source.Sources;
import io.eventbroker.core.spec.InvalidSpecException;
import io.eventbroker.core.spec.Platform;
import io.eventbroker.core.spec.SpecWriter;
import io.eventbroker.core.spec.Specs;
import io.eventbroker.core.topic.TopicSet;
import io.eventbroker.core.topic.TopicSets;
import io.eventbroker.core.topology.Distribution;
import io.eventbroker.core.topology.Environment;
import io.eventbroker.core.topology.Environments;
import io.eventbroker.core.topology.Topologies;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.apache.kafka.clients.admin.Admin;

/**
 * Makes a {@code Topology} of what exists already.
 *
 * <pre>{@code
 * Adopted adopted = Adoption.of(Sources.read(Path.of("kafka.yaml")))
 *         .environment("production")
 *         .zones("us-east-1a", "us-east-1b", "us-east-1c")
 *         .assuming(Sources.read(Path.of("assumed.yaml")))
 *         .adopt();
 * Files.writeString(Path.of("platform/kafka-prod.yaml"), adopted.toYaml());
 * adopted.printTo(System.out); // everything that the result does not say as the source does
 * }</pre>
 *
 * <p>One cluster at a time, from one of
 *
 * <ul>
 *   <li>a {@code Kafka} of Confluent for Kubernetes ({@code platform.confluent.io}), with {@code KRaftController},
 *       {@code Zookeeper}, {@code SchemaRegistry}, {@code KafkaRestProxy}, {@code Connect}, {@code KsqlDB} and
 *       {@code ControlCenter} beside it, each at most once,
 *   <li>a {@code Kafka} of Strimzi ({@code kafka.strimzi.io}) with its {@code KafkaNodePool}s,
 *   <li>a {@code StatefulSet} whose container is configured by {@code KAFKA_…} variables, as the images {@code cp-kafka},
 *       {@code cp-server} and {@code apache/kafka} are,
 *   <li>an {@code aws_msk_cluster} in Terraform's JSON, with its {@code aws_msk_configuration},
 *   <li>a running cluster.
 * </ul>
 *
 * <p>Nothing is dropped silently: what of the source is not in the result as it stands is in {@link Adopted#notCarried},
 * with its place. What a {@code Topology} needs and the source does not say, such as the environment, is taken from the
 * caller and listed as assumed. Secrets are never carried, nor repeated in messages: a reference takes their place.
 *
 * <p>Immutable; every method returns a new one.
 */
public final class Adoption {
    /** A document of the kind Topology that has only what the source may not say. */
    private static final String TOPOLOGY = "Topology";
    /** Where stands what the caller says in code. */
    private static final SourceLocation CALLER = SourceLocation.of(NotCarried.CALLER);

    private final Sources sources;
    private final List<Node> assumed;
    private final List<Problem> wrong;
    private final Optional<Environment> environment;

    private Adoption(Sources sources, List<Node> assumed, List<Problem> wrong, Optional<Environment> environment) {
        this.sources = sources;
        this.assumed = List.copyOf(assumed);
        this.wrong = List.copyOf(wrong);
        this.environment = environment;
    }

    /** Of files, which may also hold documents that are no part of the cluster; these are listed as left out. */
    public static Adoption of(Sources sources) {
        return new Adoption(sources, List.of(), List.of(), Optional.empty());
    }

    /**
     * Of a running cluster, without its topics. Reads the brokers with their racks, properties and volumes, the features
     * and the quorum; a right that is missing for one of the latter three is listed. Needs {@code Describe} and
     * {@code DescribeConfigs} on the cluster. Blocks; afterwards nothing is asked any more.
     *
     * @throws io.eventbroker.core.RetryableException if a request failed for a reason that is likely to pass
     * @throws io.eventbroker.core.DeadlineExceededException if the deadline passed first
     * @throws io.eventbroker.core.EventBrokerException if a right is missing or Kafka refused otherwise
     */
    public static Adoption of(Admin admin, Deadline deadline) {
        return of(new LiveReader(admin, deadline).read());
    }

    /**
     * As {@link #of(Admin, Deadline)}, with its topics as a {@code TopicSet}: those that are not Kafka's own, with the
     * properties that were set on them. Needs {@code Describe} and {@code DescribeConfigs} on the topics as well.
     */
    public static Adoption withTopicsOf(Admin admin, Deadline deadline) {
        return of(new LiveReader(admin, deadline).withTopics().read());
    }

    /** For this environment, one of the standard ones. */
    public Adoption environment(String name) {
        return assuming("spec.environment", new Node.Text(CALLER, name, false));
    }

    /** For an environment of the caller's own, which becomes one of the documents. */
    public Adoption environment(Environment own) {
        Adoption named = environment(own.name());
        return new Adoption(named.sources, named.assumed, named.wrong, Optional.of(own));
    }

    /** Spread over these zones, in the order in which brokers are dealt out to them. */
    public Adoption zones(String... names) {
        List<Node> items = new ArrayList<>();
        for (String name : names) {
            items.add(new Node.Text(CALLER, name, false));
        }
        return assuming("spec.zones", new Node.Items(CALLER, items));
    }

    private Adoption assuming(String path, Node node) {
        Draft spec = new Draft(new Ledger());
        spec.set(path, node, "");
        return assuming(Sources.of(List.of(spec.document())));
    }

    /** Of this release, where the source tells none, or one that is too old for a {@code Topology}. */
    public Adoption distribution(Distribution distribution) {
        String type = distribution instanceof Distribution.Confluent ? "confluent" : "apache";
        return assuming(
                "spec.distribution",
                Draft.map(
                        CALLER,
                        Map.of(
                                "type", new Node.Text(CALLER, type, false),
                                "version",
                                        new Node.Text(
                                                CALLER, distribution.version().toString(), false))));
    }

    /**
     * With these parts of a {@code Topology} wherever the source does not say them: a document of that kind, of which
     * everything may be missing. What the source says is not changed by it. An earlier assumption wins over a later one.
     *
     * <pre>{@code
     * spec:
     *   brokers:
     *     jvm: {heap: {min: 6Gi, max: 6Gi}}
     * }</pre>
     */
    public Adoption assuming(Sources parts) {
        List<Node> more = new ArrayList<>(assumed);
        List<Problem> problems = new ArrayList<>(wrong);
        problems.addAll(parts.problems().asList());
        for (Node part : parts.documents()) {
            String kind = part.text("kind").orElse(TOPOLOGY);
            if (part instanceof Node.Fields && kind.equals(TOPOLOGY)) {
                more.add(part);
            } else {
                problems.add(Problem.error(
                        part.at(),
                        "",
                        "expected a part of a Topology, found " + (part instanceof Node.Fields ? kind : part.found()),
                        "begin with 'spec:'"));
            }
        }
        return new Adoption(sources, more, problems, environment);
    }

    /**
     * Makes the topology. Pure: touches nothing.
     *
     * @throws InvalidSpecException with everything that keeps the source from being one: files that cannot be read, no
     *     cluster in them or several, values that no {@code Topology} can have, and what is missing. Places are those of the
     *     source
     */
    public Adopted adopt() {
        List<Problem> problems = new ArrayList<>(sources.problems().asList());
        problems.addAll(wrong);
        Ledger ledger = new Ledger();
        Draft draft = new Draft(ledger);
        Contents contents = Contents.of(sources, ledger);
        if (!contents.isAdoptable() || !problems.isEmpty()) {
            problems.addAll(ledger.errors());
            throw new InvalidSpecException(Problems.of(problems));
        }
        List<Function<String, ConfigLayer>> layersOf = new ArrayList<>();
        List<Function<String, TopicSet>> topicsOf = new ArrayList<>();
        contents.adopt(draft, new Adopter.Beside() {
            @Override
            public void layer(Function<String, ConfigLayer> ofCluster) {
                layersOf.add(ofCluster);
            }

            @Override
            public void topics(Function<String, TopicSet> ofCluster) {
                topicsOf.add(ofCluster);
            }
        });
        if (!ledger.errors().isEmpty() && !draft.has("spec.brokers")) {
            // what is missing says nothing while there is nothing
            throw new InvalidSpecException(Problems.of(ledger.errors()));
        }
        assumed.forEach(part -> draft.assume((Node.Fields) part));
        draft.assumeUsual();
        contents.sweep();
        String name = draft.text("metadata.name").orElse("kafka");
        List<ConfigLayer> layers =
                layersOf.stream().map(layer -> layer.apply(name)).toList();
        List<TopicSet> topics = topicsOf.stream().map(set -> set.apply(name)).toList();

        Set<String> missing = new TreeSet<>();
        new Needs(draft, missing::add).check();
        problems.addAll(ledger.errors());
        List<Node> all = new ArrayList<>();
        all.add(draft.document());
        environment.ifPresent(own -> all.addAll(Sources.parse("environment", SpecWriter.write(Environments.KIND, own))
                .documents()));
        layers.forEach(layer -> all.addAll(Sources.parse("layers", SpecWriter.write(ConfigLayers.KIND, layer))
                .documents()));
        topics.forEach(set -> all.addAll(
                Sources.parse("topics", SpecWriter.write(TopicSets.KIND, set)).documents()));
        Platform platform = null;
        try {
            platform = Specs.standard().read(Sources.of(all));
        } catch (InvalidSpecException e) {
            e.problems().asList().stream()
                    .filter(problem -> problem.severity() == Severity.ERROR)
                    .filter(problem -> missing.stream().noneMatch(path -> isAround(problem.path(), path)))
                    .forEach(problem -> problems.add(inTheSource(problem, draft)));
        }
        if (platform == null || !problems.isEmpty()) {
            throw new InvalidSpecException(Problems.of(problems));
        }
        return new Adopted(
                platform.all(Topologies.KIND).get(0),
                environment,
                layers,
                topics.stream().findFirst(),
                List.copyOf(ledger.notCarried()));
    }

    /** What is missing is reported by {@link Needs} in words that suit the source. */
    private static boolean isAround(String problem, String missing) {
        return missing.equals(problem) || problem.isEmpty() || missing.startsWith(problem + ".");
    }

    private static Problem inTheSource(Problem problem, Draft draft) {
        return draft.origin(problem.path())
                .map(path -> Problem.error(
                        problem.location(),
                        path,
                        "as " + problem.path() + " of the Topology: " + problem.message(),
                        problem.remedy()))
                .orElse(problem);
    }
}
