package io.eventbroker.core.lint;

import io.eventbroker.core.manifest.internal.ImageName;
import io.eventbroker.core.topology.Version;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** The images that containers and resources name. */
final class ContainerImageRules {
    /** Whose Platinum support has ended, as of November 2026. */
    private static final Version FIRST_SUPPORTED_CONFLUENT = Version.of(7, 6);

    private static final Version FIRST_SUPPORTED_KAFKA = Version.of(3, 9);

    /** An image and where it is named. */
    private record Named(Spot spot, ImageName image, boolean platform) {}

    static final Rule ENDED = Rule.warning("images/ended-release")
            .reason("A release whose support has ended gets no more corrections, those of security included.")
            .remedy("Upgrade step by step to a release that is supported.")
            .source("https://docs.confluent.io/platform/current/installation/versions-interoperability.html;"
                    + " https://kafka.apache.org/community/downloads/")
            .onManifests((manifest, report) -> images(manifest).stream()
                    .filter(Named::platform)
                    .forEach(named -> Release.of(named.image())
                            .filter(ContainerImageRules::isEnded)
                            .ifPresent(release ->
                                    report.finding(named.spot().path(), "the support of " + release + " has ended"))))
            .build();

    static final List<Rule> ALL = List.of(ENDED);

    private ContainerImageRules() {}

    static void latest(Manifest manifest, Reporter report) {
        for (Named named : images(manifest)) {
            if (named.image().isFloating()) {
                report.finding(
                        named.spot().path(),
                        ImageRules.floats(named.spot().text().orElse(""), named.image()));
            }
        }
    }

    /** Once for an image that several containers share. */
    static void noDigest(Manifest manifest, Reporter report) {
        if (isForProduction(manifest)) {
            Set<ImageName> seen = new HashSet<>();
            for (Named named : images(manifest)) {
                if (named.platform() && named.image().digest().isEmpty() && seen.add(named.image())) {
                    report.finding(
                            named.spot().path(),
                            "'" + named.spot().text().orElse("") + "' has no digest, in what seems to be production");
                }
            }
        }
    }

    static boolean isEnded(Release release) {
        return release.version().isBefore(release.confluent() ? FIRST_SUPPORTED_CONFLUENT : FIRST_SUPPORTED_KAFKA);
    }

    private static boolean isForProduction(Manifest manifest) {
        List<String> said = new ArrayList<>();
        said.add(manifest.name());
        manifest.namespace().ifPresent(said::add);
        said.addAll(Spot.of(manifest).labels("metadata.labels").values());
        return said.stream().anyMatch(text -> {
            String lower = text.toLowerCase(Locale.ROOT);
            return lower.matches("(.*[^a-z])?(prod|production)([^a-z].*)?") && !lower.matches(".*(pre|non)[-_]?prod.*");
        });
    }

    private static List<Named> images(Manifest manifest) {
        List<Named> found = new ArrayList<>();
        Pods.of(manifest).ifPresent(pods -> {
            for (Container container : pods.containers()) {
                add(container.spot().at("image"), isPlatformImage(container), found);
            }
            pods.template().items("spec.initContainers").forEach(container -> add(container.at("image"), false, found));
        });
        Confluent.of(manifest).ifPresent(resource -> add(resource.spec().at("image.application"), true, found));
        Strimzi.of(manifest).ifPresent(cluster -> add(cluster.spec().at("kafka.image"), false, found));
        return found;
    }

    /** Also ZooKeeper's, whose own versions count otherwise, unless they come with Confluent Platform. */
    private static boolean isPlatformImage(Container container) {
        return container.role().isPlatform()
                && (container.role() != Role.ZOOKEEPER
                        || container.image().filter(ImageName::isOfConfluent).isPresent());
    }

    private static void add(Optional<Spot> spot, boolean platform, List<Named> found) {
        spot.ifPresent(
                at -> at.text().flatMap(ImageName::find).ifPresent(image -> found.add(new Named(at, image, platform))));
    }
}
