package io.eventbroker.core.adopt;

import io.eventbroker.core.config.ConfigTarget;
import io.eventbroker.core.source.Node;
import io.eventbroker.core.topology.Version;
import java.io.IOException;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A cluster of Amazon MSK, as Terraform's JSON says it. Blocks may be maps or lists of one map. Ports are those of the
 * <a href="https://docs.aws.amazon.com/msk/latest/developerguide/port-info.html">developer guide</a>; instances have the
 * processors and memory of EC2's types of the same name.
 */
final class MskAdopter implements Adopter {
    private static final Pattern VERSION = Pattern.compile("([0-9]+)\\.([0-9]+)\\.(x|[0-9]+)(?:\\.(kraft|tiered))?");
    private static final Pattern INSTANCE = Pattern.compile("(?:kafka|express)\\.(m5|m7g|t3)\\.([0-9]*x?large|small)");
    private static final Pattern CONFIGURATION =
            Pattern.compile("\\$\\{aws_msk_configuration\\.([A-Za-z0-9_-]+)\\..*}");

    private static final Words WORDS = new Words("it is no part of the cluster", "keep it in Terraform")
            .ofBlocks()
            .of(
                    "resource.aws_msk_configuration.*",
                    "of a configuration only its server_properties are carried over, and only if the cluster uses it",
                    "keep it in Terraform")
            .of(
                    "resource.aws_msk_cluster.*",
                    "a Topology does not say what surrounds the cluster in AWS",
                    "keep it in Terraform beside the Topology")
            .of("resource.*.*", "it is no part of the cluster", "keep it in Terraform")
            .of(
                    "resource.aws_msk_cluster.*.broker_node_group_info.security_groups",
                    "who may connect is not said by networks in a Topology",
                    "keep it in Terraform")
            .of(
                    "resource.aws_msk_cluster.*.broker_node_group_info.connectivity_info",
                    "who reaches the brokers is said by the listeners and by 'network', as intent",
                    "make listeners external that are reached from outside")
            .of(
                    "resource.aws_msk_cluster.*.broker_node_group_info.storage_info",
                    "of volumes only size, class and growth are said in a Topology",
                    "choose a storage class with the throughput")
            .of(
                    "resource.aws_msk_cluster.*.encryption_info.encryption_at_rest_kms_key_id"
                            + " resource.aws_msk_cluster.*.encryption_info.encryption_at_rest_kms_key_arn",
                    "encryption of volumes is not said in a Topology",
                    "choose a storage class whose volumes are encrypted")
            .of(
                    "resource.aws_msk_cluster.*.logging_info",
                    "where logs go is not said in a Topology",
                    "keep it in Terraform, or collect the pods' logs")
            .of(
                    "resource.aws_msk_cluster.*.open_monitoring resource.aws_msk_cluster.*.enhanced_monitoring",
                    "how the cluster is watched is said in 'monitoring', as intent",
                    "set monitoring.metrics")
            .of(
                    "resource.aws_msk_cluster.*.storage_mode",
                    "tiered storage is not said in a Topology",
                    "add remote.log.storage properties to brokers.config")
            .of(
                    "resource.aws_msk_cluster.*.tags",
                    "only Terraform can say what this expression comes to",
                    "add a label with the value that it has");

    private final Found file;
    private final List<Found> all;

    MskAdopter(Found file, List<Found> all) {
        this.file = file;
        this.all = all;
    }

    @Override
    public Words words() {
        return WORDS;
    }

    @Override
    public void adopt(Draft draft, Beside ignored) {
        Map<String, Found> clusters = file.fields("resource.aws_msk_cluster");
        if (clusters.isEmpty()) {
            file.error("there is no cluster in 'aws_msk_cluster'", "describe one");
            return;
        }
        Found cluster = block(clusters.values().iterator().next());
        draft.begin(cluster.location());
        plain(cluster, "cluster_name").ifPresent(name -> name(draft, name));
        plain(cluster, "kafka_version").ifPresent(version -> version(draft, version));
        plain(cluster, "number_of_broker_nodes").ifPresent(number -> draft.put("spec.brokers.replicas", number));
        cluster.at("broker_node_group_info").map(MskAdopter::block).ifPresent(group -> group(draft, group));
        for (String block : List.of("encryption_info", "client_authentication", "configuration_info")) {
            cluster.at(block).ifPresent(found -> block(found).fields());
        }
        listeners(draft, cluster);
        cluster.at("configuration_info").map(MskAdopter::block).ifPresent(info -> configuration(draft, info));
        cluster.fields("tags").forEach((key, tag) -> {
            if (!isExpression(tag)) {
                draft.put("metadata.labels[" + key + "]", tag);
            }
        });
        cluster.at("number_of_broker_nodes")
                .ifPresent(any -> draft.ledger()
                        .note(new NotCarried(
                                NotCarried.Kind.ASSUMED,
                                cluster.location(),
                                cluster.path(),
                                "",
                                "AWS runs what coordinates the brokers, and does not show it",
                                "describe as 'controllers' those of the cluster that is to replace it")));
        Parts.minimumTls(draft, Optional.empty());
        draft.usual(
                "spec.security.authorization",
                new Node.Text(cluster.location(), "acl", false),
                "brokers of MSK have Kafka's authorizer, which lets everyone do what no rule is about"
                        + " (allow.everyone.if.no.acl.found)",
                "see who relies on that");
    }

    /** A block of Terraform's is a map, or a list with one. */
    private static Found block(Found found) {
        if (found.node() instanceof Node.Items) {
            List<Found> items = found.items();
            if (items.size() == 1) {
                return items.get(0);
            }
            found.error("expected one block, found " + items.size(), "write one");
        }
        return found;
    }

    /** What is below, through blocks. */
    private static Optional<Found> below(Found found, String path) {
        Optional<Found> next = Optional.of(found);
        for (String segment : path.split("\\.", -1)) {
            next = next.map(MskAdopter::block).flatMap(block -> block.at(segment));
        }
        return next;
    }

    private static boolean isExpression(Found found) {
        return found.text()
                .filter(text -> text.contains("${") || text.contains("%{"))
                .isPresent();
    }

    /** The value, unless only Terraform could say what it is. */
    private static Optional<Found> plain(Found block, String path) {
        Optional<Found> found = below(block, path);
        if (found.filter(MskAdopter::isExpression).isPresent()) {
            found.get().leftOut("only Terraform can say what this expression comes to", "assume the value that it has");
            return Optional.empty();
        }
        return found;
    }

    private static void name(Draft draft, Found name) {
        String text = name.text().orElse("");
        String label = text.toLowerCase(java.util.Locale.ROOT).replaceAll("[^a-z0-9-]", "-");
        draft.text("metadata.name", name, label);
        if (!label.equals(text)) {
            name.changed("names are of lower-case letters, digits and '-': " + label, "");
        }
    }

    private static void version(Draft draft, Found found) {
        Matcher matcher = VERSION.matcher(found.text().orElse(""));
        if (!matcher.matches()) {
            found.leftOut("it is no version of the form 3.8.x", "assume a distribution");
            return;
        }
        boolean any = matcher.group(3).equals("x");
        String version = matcher.group(1) + "." + matcher.group(2) + "." + (any ? "0" : matcher.group(3));
        if (Version.parse(version).isBefore(Version.of(3, 3))) {
            found.leftOut(
                    "a Topology begins with Kafka 3.3", "upgrade, or assume the distribution that is to replace it");
            return;
        }
        draft.text("spec.distribution.type", found, "apache");
        draft.text("spec.distribution.version", found, version);
        if (any || matcher.group(4) != null) {
            found.changed(
                    "it stands for the release " + version + "; the patch is AWS's choice, and what coordinates the"
                            + " brokers is said by 'controllers' or 'zooKeeper'",
                    "");
        }
        draft.usual(
                "spec.brokers.image.application",
                new Node.Text(found.location(), "apache/kafka:" + version, false),
                "AWS runs Kafka without showing an image",
                "name the image that is to replace it");
    }

    private static void group(Draft draft, Found group) {
        group.fields();
        plain(group, "instance_type").ifPresent(type -> instance(draft, type));
        plain(group, "ebs_volume_size").ifPresent(size -> volume(draft, size));
        plain(group, "storage_info.ebs_storage_info.volume_size").ifPresent(size -> volume(draft, size));
        below(group, "client_subnets").ifPresent(subnets -> {
            String number = subnets.node() instanceof Node.Items list
                    ? list.items().size() + " subnets, each in a zone of its own"
                    : "the subnets";
            subnets.leftOut("it names " + number + ", but not the zones", "name the zones, in the subnets' order");
        });
    }

    private static void volume(Draft draft, Found size) {
        String text = size.text().orElse("");
        if (text.matches("[1-9][0-9]{0,8}")) {
            draft.text("spec.brokers.storage.data.size", size, text + "Gi");
        } else {
            draft.put("spec.brokers.storage.data.size", size);
        }
    }

    private static void instance(Draft draft, Found type) {
        Matcher matcher = INSTANCE.matcher(type.text().orElse(""));
        if (!matcher.matches()) {
            type.leftOut("the size of this type of instance is not known here", "assume resources of the brokers");
            return;
        }
        String size = matcher.group(2);
        int cores = 2;
        int gibibytes = size.equals("small") ? 2 : 8;
        if (size.endsWith("xlarge")) {
            String times = size.substring(0, size.length() - "xlarge".length());
            int factor = times.isEmpty() ? 1 : Integer.parseInt(times);
            cores = 4 * factor;
            gibibytes = 16 * factor;
        }
        for (String what : List.of("requests", "limits")) {
            draft.text("spec.brokers.resources." + what + ".cpu", type, Integer.toString(cores));
            draft.text("spec.brokers.resources." + what + ".memory", type, gibibytes + "Gi");
        }
        type.changed(
                "a Topology names no instances; these have " + cores + " processors and " + gibibytes
                        + " GiB, which were carried over",
                "leave some of it to the node's own processes");
    }

    private static void listeners(Draft draft, Found cluster) {
        Optional<Found> inTransit = below(cluster, "encryption_info.encryption_in_transit");
        Optional<Found> found = inTransit.flatMap(block -> plain(block, "client_broker"));
        String clients = found.map(Found::carried).flatMap(Found::text).orElse("TLS");
        Found at = found.orElse(cluster);
        boolean certificates = below(cluster, "client_authentication.tls").isPresent();
        below(cluster, "client_authentication.tls")
                .ifPresent(tls -> tls.changed(
                        "certificates are asked for; whose is not said in a Topology",
                        "issue them from your own authority"));
        if (clients.equals("TLS") || clients.equals("TLS_PLAINTEXT")) {
            add(draft, at, "tls", "9094", true, certificates ? "mtls" : "none");
        }
        if (clients.contains("PLAINTEXT")) {
            add(draft, at, "plaintext", "9092", false, "none");
        }
        if (!List.of("TLS", "TLS_PLAINTEXT", "PLAINTEXT").contains(clients)) {
            at.error("expected TLS, TLS_PLAINTEXT or PLAINTEXT, found " + at.shown(), "write one of them");
        }
        sasl(cluster, "scram").ifPresent(scram -> add(draft, scram, "scram", "9096", true, "scram-sha-512"));
        sasl(cluster, "iam")
                .ifPresent(iam -> iam.leftOut(
                        "a Topology knows no authentication by AWS IAM",
                        "choose another for these clients, such as mtls or oauthbearer"));
        below(cluster, "client_authentication.unauthenticated")
                .ifPresent(open ->
                        open.leftOut("it follows from the listeners", "see whether clients without a name are wanted"));
        inTransit
                .flatMap(block -> below(block, "in_cluster"))
                .ifPresent(inside -> inside.leftOut(
                        "brokers talk over their first internal listener, and it says whether that is encrypted", ""));
    }

    private static Optional<Found> sasl(Found cluster, String mechanism) {
        Optional<Found> found = below(cluster, "client_authentication.sasl." + mechanism);
        found.ifPresent(Found::carried);
        return found.filter(one -> one.text().filter("true"::equals).isPresent());
    }

    private static void add(Draft draft, Found at, String name, String port, boolean tls, String authentication) {
        draft.add("spec.brokers.listeners", Parts.listener(at, name, port, false, tls, authentication), at.path());
    }

    private void configuration(Draft draft, Found info) {
        Optional<Found> arn = info.at("arn");
        Matcher matcher = CONFIGURATION.matcher(arn.flatMap(Found::text).orElse(""));
        Optional<Found> configuration = matcher.matches()
                ? all.stream()
                        .flatMap(one -> one.at("resource.aws_msk_configuration." + matcher.group(1)).stream())
                        .findFirst()
                        .map(MskAdopter::block)
                : Optional.empty();
        Optional<Found> properties = configuration.flatMap(one -> plain(one, "server_properties"));
        properties.ifPresentOrElse(
                found -> {
                    properties(draft, found);
                    info.leftOut("the properties that it refers to were carried over", "");
                },
                () -> info.leftOut(
                        "the configuration that it refers to was not read, so no property is carried over",
                        "read the file with its aws_msk_configuration too"));
    }

    private static void properties(Draft draft, Found found) {
        java.util.Properties read = new java.util.Properties();
        try {
            read.load(new StringReader(found.text().orElse("")));
        } catch (IOException | IllegalArgumentException e) {
            found.error("these are no properties", "write key=value, one a line");
            return;
        }
        found.carried();
        Properties properties = new Properties(draft, ConfigTarget.BROKERS);
        Map<String, String> sorted = new TreeMap<>();
        read.forEach((key, value) -> sorted.put((String) key, (String) value));
        new ArrayList<>(new LinkedHashMap<>(sorted).entrySet())
                .forEach(entry -> properties.carry(found, entry.getKey(), entry.getValue()));
    }
}
