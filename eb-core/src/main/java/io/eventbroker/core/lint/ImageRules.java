package io.eventbroker.core.lint;

import io.eventbroker.core.manifest.internal.ImageName;
import io.eventbroker.core.topology.Component;
import io.eventbroker.core.topology.Distribution;
import io.eventbroker.core.topology.Image;
import io.eventbroker.core.topology.KRaftControllers;
import io.eventbroker.core.topology.KafkaBrokers;
import io.eventbroker.core.topology.MirrorMaker;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** What containers are made from. */
final class ImageRules {
    private static final String IMAGES = "https://kubernetes.io/docs/concepts/containers/images/#image-names";

    static final Rule FLOATING = Rule.warning("images/latest")
            .reason(
                    "What 'latest' means changes. Pods that start on different days run different releases, and nobody can"
                            + " go back.")
            .remedy("Write the release as the tag.")
            .source(IMAGES)
            .onClusters((cluster, report) -> {
                if (!cluster.isDevelopment()) {
                    images(cluster, (path, reference) -> {
                        ImageName image = ImageName.parse(reference);
                        if (image.isFloating()) {
                            report.finding(path, floats(reference, image));
                        }
                    });
                }
            })
            .onManifests(ContainerImageRules::latest)
            .build();

    static final Rule NO_DIGEST = Rule.info("images/no-digest")
            .reason("A tag can be moved to another image, by mistake or by an attacker; a digest cannot.")
            .remedy("Append the digest: repository:tag@sha256:….")
            .source(IMAGES)
            .onClusters((cluster, report) -> {
                if (cluster.isProduction()) {
                    images(cluster, (path, reference) -> {
                        if (ImageName.parse(reference).digest().isEmpty()) {
                            report.finding(path, "'" + reference + "' has no digest");
                        }
                    });
                }
            })
            .onManifests(ContainerImageRules::noDigest)
            .build();

    private static final RuleSetting<Set<String>> REGISTRIES = new RuleSetting<>(
            "registries",
            "",
            "the registries that images may come from, with commas between; empty for any",
            text -> Arrays.stream(text.split(",", -1))
                    .map(String::trim)
                    .filter(name -> !name.isEmpty())
                    .collect(Collectors.toUnmodifiableSet()));

    static final Rule REGISTRY = Rule.warning("images/registry")
            .reason("Images from elsewhere were not scanned, and are not there when the line to the outside is cut.")
            .remedy("Mirror the image into a registry of yours, and name that.")
            .source(IMAGES)
            .setting(REGISTRIES)
            .onClusters((cluster, report) -> {
                Set<String> allowed = report.setting(REGISTRIES);
                if (!allowed.isEmpty()) {
                    images(cluster, (path, reference) -> {
                        String registry = ImageName.parse(reference).registry();
                        if (!allowed.contains(registry)) {
                            report.finding(
                                    path,
                                    "'" + reference + "' comes from " + registry + "; expected "
                                            + allowed.stream().sorted().collect(Collectors.joining(" or ")));
                        }
                    });
                }
            })
            .build();

    static final Rule INIT_MISSING = Rule.warning("images/init-missing")
            .reason(
                    "Confluent for Kubernetes refuses a component without an init image; that others here have one says that"
                            + " it runs the platform.")
            .remedy("Name image.init, as the others do.")
            .source("https://docs.confluent.io/operator/current/co-api.html")
            .onClusters((cluster, report) -> {
                Map<String, Component> components = cluster.topology().componentsByKey();
                if (cluster.topology().distribution() instanceof Distribution.Confluent
                        && components.values().stream()
                                .anyMatch(other -> other.image().init().isPresent())) {
                    components.forEach((key, component) -> {
                        // which Confluent for Kubernetes does not run
                        if (!(component instanceof MirrorMaker)
                                && component.image().init().isEmpty()) {
                            report.finding("spec." + key + ".image.init", "has no init image, although others have");
                        }
                    });
                }
            })
            .build();

    static final Rule OTHER_DISTRIBUTION = Rule.warning("images/other-distribution")
            .reason(
                    "Checks and plans follow the distribution; the image brings other properties, tools and release numbers.")
            .remedy("Correct distribution.type, or the image.")
            .source("https://docs.confluent.io/platform/current/installation/docker/image-reference.html")
            .onClusters((cluster, report) -> cluster.topology()
                    .componentsByKey()
                    .forEach((key, component) -> {
                        ImageName image = ImageName.parse(component.image().application());
                        boolean confluent = cluster.topology().distribution() instanceof Distribution.Confluent;
                        if ((component instanceof KafkaBrokers || component instanceof KRaftControllers)
                                && (confluent ? image.isOfApache() : image.isOfConfluent())) {
                            report.finding(
                                    "spec." + key + ".image.application",
                                    "'" + component.image().application() + "' is not of "
                                            + cluster.topology().distribution());
                        }
                    }))
            .build();

    static final List<Rule> ALL = List.of(FLOATING, NO_DIGEST, REGISTRY, INIT_MISSING, OTHER_DISTRIBUTION);

    private ImageRules() {}

    static String floats(String reference, ImageName image) {
        return "'" + reference + "' has "
                + image.tag().map(tag -> "the tag " + tag).orElse("no tag, which means latest");
    }

    private interface Each {
        void image(String path, String reference);
    }

    private static void images(LintedCluster cluster, Each each) {
        cluster.topology().componentsByKey().forEach((key, component) -> {
            Image image = component.image();
            each.image("spec." + key + ".image.application", image.application());
            image.init().ifPresent(init -> each.image("spec." + key + ".image.init", init));
        });
    }
}
