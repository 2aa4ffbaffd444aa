package io.eventbroker.core.lint;

import io.eventbroker.core.manifest.internal.ImageName;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** A container of pods. */
final class Container {
    private final Pods pods;
    private final Spot spot;
    private final Once<Role> role = new Once<>(() -> Role.of(this));

    Container(Pods pods, Spot spot) {
        this.pods = pods;
        this.spot = spot;
    }

    Pods pods() {
        return pods;
    }

    Spot spot() {
        return spot;
    }

    /** Its name, or how else to tell it. */
    String name() {
        return spot.text("name").orElse("the container");
    }

    Role role() {
        return role.get();
    }

    Optional<ImageName> image() {
        return spot.text("image").flatMap(ImageName::find);
    }

    Optional<Release> release() {
        return image().flatMap(Release::of);
    }

    /** The command and its arguments; empty if they are the image's own. */
    List<String> started() {
        return Stream.of("command", "args")
                .flatMap(field -> spot.texts(field).stream())
                .toList();
    }

    /** The environment variables; the last one of a name counts, as it does for Kubernetes. */
    Map<String, Spot> env() {
        Map<String, Spot> env = new LinkedHashMap<>();
        for (Spot item : spot.items("env")) {
            item.text("name").ifPresent(name -> env.put(name, item));
        }
        return env;
    }

    Optional<Spot> env(String name) {
        return Optional.ofNullable(env().get(name));
    }

    /** The value that stands in the manifest itself. */
    Optional<String> value(String name) {
        return env(name).flatMap(item -> item.text("value"));
    }
}
