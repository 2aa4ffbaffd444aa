package io.eventbroker.core.lint;

import io.eventbroker.core.manifest.internal.ImageName;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** A container of pods. */
record Container(Pods pods, Spot spot) {
    /** Its name, or how else to tell it. */
    String name() {
        return spot.text("name").orElse("the container");
    }

    Role role() {
        return Role.of(this);
    }

    Optional<ImageName> image() {
        return spot.text("image").flatMap(ImageName::find);
    }

    Optional<Release> release() {
        return image().flatMap(Release::of);
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
