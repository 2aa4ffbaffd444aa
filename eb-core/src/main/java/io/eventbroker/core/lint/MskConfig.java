package io.eventbroker.core.lint;

import io.eventbroker.core.config.ConfigScope;
import io.eventbroker.core.manifest.internal.ImageName;
import io.eventbroker.core.topology.Version;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The properties in {@code aws_msk_configuration}, with the clusters that refer to it. */
final class MskConfig {
    private MskConfig() {}

    static List<ServerConfig> of(Manifest manifest) {
        List<ServerConfig> found = new ArrayList<>();
        for (Terraform configuration : Terraform.resources(manifest, "aws_msk_configuration")) {
            configuration
                    .spec()
                    .at("server_properties")
                    .ifPresent(properties -> properties
                            .text()
                            .filter(text -> !text.trim().startsWith("${"))
                            .ifPresent(text -> found.add(config(configuration, properties.path(), text))));
        }
        return found;
    }

    private static ServerConfig config(Terraform configuration, String path, String text) {
        List<ServerConfig.Entry> entries = new ArrayList<>();
        for (String line : text.split("\\R", -1)) {
            int equals = line.indexOf('=');
            if (equals > 0 && !line.trim().startsWith("#")) {
                entries.add(new ServerConfig.Entry(
                        line.substring(0, equals).trim(),
                        line.substring(equals + 1).trim(),
                        path));
            }
        }
        Optional<Terraform> cluster = clusterOf(configuration);
        Optional<Version> kafka = configuration.spec().texts("kafka_versions").stream()
                .findFirst()
                .or(() -> cluster.flatMap(found -> found.spec().text("kafka_version")))
                .flatMap(MskConfig::version);
        return new ServerConfig(
                ConfigScope.BROKER,
                kafka,
                cluster.flatMap(found -> found.spec().number("number_of_broker_nodes")),
                entries,
                List.of(),
                Optional.empty());
    }

    private static Optional<Terraform> clusterOf(Terraform configuration) {
        String reference = "aws_msk_configuration." + configuration.name() + ".";
        return configuration.spec().manifest().all().asList().stream()
                .flatMap(manifest -> Terraform.resources(manifest, "aws_msk_cluster").stream())
                .filter(cluster -> cluster.block("configuration_info")
                        .flatMap(info -> info.text("arn"))
                        .filter(arn -> arn.contains(reference))
                        .isPresent())
                .findFirst();
    }

    /** {@code 3.7.x} is 3.7. */
    static Optional<Version> version(String text) {
        return ImageName.find("kafka:" + text).flatMap(ImageName::version);
    }
}
