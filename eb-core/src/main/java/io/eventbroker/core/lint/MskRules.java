package io.eventbroker.core.lint;

import io.eventbroker.core.topology.Version;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Clusters of Amazon MSK in Terraform. */
final class MskRules {
    private static final String CLUSTER =
            "https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/msk_cluster";
    private static final String GUIDE = "https://docs.aws.amazon.com/msk/latest/developerguide/";
    private static final String BROKERS = "broker_node_group_info";

    /** The oldest whose support has not ended, as of November 2026: that of 3.7 did on 1 September. */
    private static final Version FIRST_SUPPORTED = Version.of(3, 8);

    static final Rule ENDED = Rule.warning("msk/ended-version")
            .reason(
                    "MSK upgrades a cluster by itself, at any time, once the support of its version has ended; new clusters"
                            + " cannot be created with it.")
            .remedy("Upgrade to a version that MSK recommends, when it suits you.")
            .source(GUIDE + "supported-kafka-versions.html")
            .onManifests((manifest, report) -> clusters(
                    manifest,
                    cluster -> cluster.spec()
                            .text("kafka_version")
                            .filter(text -> MskConfig.version(text)
                                    .filter(version -> version.isBefore(FIRST_SUPPORTED))
                                    .isPresent())
                            .ifPresent(text -> report.finding(
                                    cluster.spec().path("kafka_version"),
                                    "MSK's support of Kafka " + text + " has ended"))))
            .build();

    static final Rule VOLUME = Rule.error("msk/volume-size-moved")
            .reason("Version 5 of the AWS provider removed ebs_volume_size: Terraform refuses the file.")
            .remedy("Write storage_info { ebs_storage_info { volume_size = … } }.")
            .source("https://registry.terraform.io/providers/hashicorp/aws/latest/docs/guides/version-5-upgrade")
            .onManifests((manifest, report) -> clusters(
                    manifest,
                    cluster -> cluster.block(BROKERS)
                            .filter(group -> group.has("ebs_volume_size"))
                            .ifPresent(group -> report.finding(
                                    group.path("ebs_volume_size"), "ebs_volume_size is not an argument any more"))))
            .build();

    static final Rule PLAINTEXT = Rule.error("msk/plaintext")
            .reason("What clients and brokers send can be read by everybody on the way, passwords included.")
            .remedy("Set client_broker to TLS and in_cluster to true.")
            .source(GUIDE + "msk-encryption.html")
            .onManifests((manifest, report) -> clusters(
                    manifest,
                    cluster -> cluster.block("encryption_info", "encryption_in_transit")
                            .ifPresent(transit -> {
                                transit.text("client_broker")
                                        .filter(mode -> mode.equals("PLAINTEXT") || mode.equals("TLS_PLAINTEXT"))
                                        .ifPresent(mode -> report.finding(
                                                transit.path("client_broker"),
                                                "clients may connect without TLS (" + mode + ")"));
                                if (transit.is("in_cluster", "false")) {
                                    report.finding(
                                            transit.path("in_cluster"), "brokers talk to each other without TLS");
                                }
                            })))
            .build();

    static final Rule ANYBODY = Rule.warning("msk/no-authentication")
            .reason(
                    "Whoever reaches the brokers may read, write and delete everything; without authentication there is nobody"
                            + " whom access could be given to.")
            .remedy("Add client_authentication with sasl { iam = true }, scram, or tls.")
            .source(GUIDE + "kafka_apis_iam.html")
            .onManifests((manifest, report) -> clusters(manifest, cluster -> {
                Optional<Spot> authentication = cluster.block("client_authentication");
                if (authentication.isEmpty()) {
                    report.finding(cluster.spec().path("client_authentication"), "clients need not say who they are");
                } else if (authentication.get().is("unauthenticated", "true")) {
                    report.finding(
                            authentication.get().path("unauthenticated"),
                            "clients may connect without saying who they are");
                }
            }))
            .build();

    static final Rule COUNT = Rule.error("msk/broker-count")
            .reason("MSK spreads brokers evenly over the subnets and refuses another number.")
            .remedy("Make number_of_broker_nodes a multiple of the number of client_subnets.")
            .source(CLUSTER)
            .onManifests((manifest, report) -> clusters(manifest, cluster -> {
                long subnets = cluster.block(BROKERS)
                        .map(group -> group.items("client_subnets").size())
                        .orElse(0);
                cluster.spec()
                        .number("number_of_broker_nodes")
                        .filter(brokers -> subnets > 1 && brokers % subnets != 0)
                        .ifPresent(brokers -> report.finding(
                                cluster.spec().path("number_of_broker_nodes"),
                                brokers + " brokers cannot be spread evenly over " + subnets + " subnets"));
            }))
            .build();

    static final Rule STORAGE = Rule.info("msk/no-storage-autoscaling")
            .reason("A full disk stops a broker. MSK can enlarge its disks by itself, and never makes them smaller.")
            .remedy(
                    "Add an aws_appautoscaling_target for kafka:broker-storage:VolumeSize with a policy, and ignore changes of"
                            + " the volume's size in the cluster's lifecycle.")
            .source(GUIDE + "msk-autoexpand.html")
            .onManifests((manifest, report) -> clusters(manifest, cluster -> {
                // whose storage grows by itself
                boolean express = cluster.block(BROKERS)
                        .flatMap(group -> group.text("instance_type"))
                        .filter(type -> type.startsWith("express."))
                        .isPresent();
                boolean there = manifest.all().asList().stream()
                        .flatMap(other -> Terraform.resources(other, "aws_appautoscaling_target").stream())
                        .anyMatch(target -> target.spec().is("scalable_dimension", "kafka:broker-storage:VolumeSize"));
                if (!there && !express) {
                    report.finding(cluster.spec().path(BROKERS), "nothing enlarges the disks of " + cluster.name());
                }
            }))
            .build();

    static final Rule MONITORING = Rule.info("msk/little-monitoring")
            .reason(
                    "At the DEFAULT level MSK gives metrics of the cluster and few of the brokers, and none of topics and"
                            + " partitions; lag and skew cannot be seen.")
            .remedy(
                    "Set enhanced_monitoring to PER_TOPIC_PER_BROKER or more, or switch on open_monitoring for Prometheus.")
            .source(GUIDE + "monitoring.html")
            .onManifests((manifest, report) -> clusters(manifest, cluster -> {
                String level = cluster.spec().text("enhanced_monitoring").orElse("DEFAULT");
                if (level.equals("DEFAULT") && cluster.block("open_monitoring").isEmpty()) {
                    report.finding(
                            cluster.spec().path("enhanced_monitoring"),
                            cluster.name() + " is monitored at the DEFAULT level");
                }
            }))
            .build();

    static final Rule LOGS = Rule.warning("msk/no-broker-logs")
            .reason("Nobody can log in to a broker of MSK: what it does not deliver of its logs, nobody sees.")
            .remedy("Add logging_info with broker_logs to CloudWatch, S3 or Firehose.")
            .source(GUIDE + "msk-logging.html")
            .onManifests((manifest, report) -> clusters(manifest, cluster -> {
                boolean enabled = cluster.block("logging_info", "broker_logs").stream()
                        .flatMap(logs -> List.of("cloudwatch_logs", "s3", "firehose").stream()
                                .flatMap(where -> Terraform.block(logs, where).stream()))
                        .anyMatch(where -> !where.is("enabled", "false"));
                if (!enabled) {
                    report.finding(cluster.spec().path("logging_info"), "the brokers' logs go nowhere");
                }
            }))
            .build();

    static final Rule PUBLIC = Rule.warning("msk/public-access")
            .reason("The brokers have addresses on the Internet.")
            .remedy("Set public_access { type = \"DISABLED\" } and connect through private links.")
            .source(GUIDE + "public-access.html")
            .onManifests((manifest, report) -> clusters(
                    manifest,
                    cluster -> cluster.block(BROKERS)
                            .flatMap(group -> Terraform.block(group, "connectivity_info"))
                            .flatMap(info -> Terraform.block(info, "public_access"))
                            .filter(access -> access.is("type", "SERVICE_PROVIDED_EIPS"))
                            .ifPresent(access -> report.finding(
                                    access.path("type"), "the brokers can be reached from the Internet"))))
            .build();

    static final Rule DESTROY = Rule.info("msk/may-be-destroyed")
            .reason(
                    "Some changes, such as of the name or the subnets, replace the cluster; Terraform then destroys it with all"
                            + " its data, if the plan is approved in a hurry.")
            .remedy("Add lifecycle { prevent_destroy = true }.")
            .source("https://developer.hashicorp.com/terraform/language/meta-arguments/lifecycle")
            .onManifests((manifest, report) -> clusters(manifest, cluster -> {
                if (cluster.block("lifecycle")
                        .filter(block -> block.is("prevent_destroy", "true"))
                        .isEmpty()) {
                    report.finding(
                            cluster.spec().path("lifecycle"),
                            "nothing keeps Terraform from destroying " + cluster.name());
                }
            }))
            .build();

    static final Rule REVISION = Rule.info("msk/fixed-revision")
            .reason(
                    "A change of the configuration is a new revision; a cluster that names a number stays with the old one.")
            .remedy("Refer to latest_revision of the aws_msk_configuration.")
            .source("https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/msk_configuration")
            .onManifests((manifest, report) -> clusters(
                    manifest,
                    cluster -> cluster.block("configuration_info")
                            .filter(info -> info.number("revision").isPresent()
                                    && info.text("arn")
                                            .filter(arn -> arn.contains("aws_msk_configuration."))
                                            .isPresent())
                            .ifPresent(info -> report.finding(
                                    info.path("revision"),
                                    "the cluster stays with revision "
                                            + info.text("revision").orElse("")))))
            .build();

    static final Rule BURSTABLE = Rule.warning("msk/burstable-instance")
            .reason("A burstable instance slows down when its credits are used up, which they are under steady load.")
            .remedy("Use kafka.m7g.large or larger, except for trying things out.")
            .source(GUIDE + "bestpractices.html")
            .onManifests((manifest, report) -> clusters(
                    manifest,
                    cluster -> cluster.block(BROKERS)
                            .filter(group -> group.text("instance_type")
                                    .filter(type -> type.startsWith("kafka.t"))
                                    .isPresent())
                            .ifPresent(group -> report.finding(
                                    group.path("instance_type"),
                                    group.text("instance_type").orElse("") + " is a burstable instance"))))
            .build();

    static final List<Rule> ALL = List.of(
            ENDED, VOLUME, PLAINTEXT, ANYBODY, COUNT, STORAGE, MONITORING, LOGS, PUBLIC, DESTROY, REVISION, BURSTABLE);

    private MskRules() {}

    private static void clusters(Manifest manifest, Consumer<Terraform> check) {
        Terraform.resources(manifest, "aws_msk_cluster").forEach(check);
    }
}
