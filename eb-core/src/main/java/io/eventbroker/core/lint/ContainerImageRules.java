package io.eventbroker.core.lint;

import io.eventbroker.core.manifest.internal.ImageName;
import io.eventbroker.core.topology.Version;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The images that containers and resources name. */
final class ContainerImageRules {
    /** Whose Platinum support has ended, as of November 2026. */
    private static final Version FIRST_SUPPORTED_CONFLUENT = Version.of(7, 6);

    private static final Version FIRST_SUPPORTED_KAFKA = Version.of(3, 9);

    /** An image and where it is named. */
    private record Named(Spot spot, ImageName image, boolean platform) {}

    static final Rule LATEST = Rule.warning("images/moving-tag")
            .reason(
                    "A tag that moves gives each pod what is newest when it starts: brokers of one cluster run different"
                            + " releases, and a restart is an upgrade.")
            .remedy("Name the release, such as confluentinc/cp-server:7.9.2.")
            .source("https://kubernetes.io/docs/concepts/containers/images/")
            .onManifests((manifest, report) -> images(manifest).stream()
                    .filter(named -> named.image().digest().isEmpty())
                    .filter(named ->
                            named.image().tag().map(tag -> tag.equals("latest")).orElse(true))
                    .forEach(named -> report.finding(
                            named.spot().path(),
                            named.spot().text().orElse("")
                                    + (named.image().tag().isPresent() ? " moves" : " has no tag, so it is latest"))))
            .build();

    static final Rule NO_DIGEST = Rule.info("images/tag-only")
            .reason("A tag can be pushed again; only a digest says which image runs, now and after a restart.")
            .remedy("Add the digest, such as confluentinc/cp-server:7.9.2@sha256:….")
            .source("https://kubernetes.io/docs/concepts/containers/images/")
            .onManifests((manifest, report) -> images(manifest).stream()
                    .filter(named -> named.platform() && isForProduction(manifest))
                    .filter(named -> named.image().digest().isEmpty())
                    .forEach(named -> report.finding(
                            named.spot().path(),
                            named.spot().text().orElse("") + " has no digest, in what seems to be production")))
            .build();

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

    static final List<Rule> ALL = List.of(LATEST, NO_DIGEST, ENDED);

    private ContainerImageRules() {}

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
