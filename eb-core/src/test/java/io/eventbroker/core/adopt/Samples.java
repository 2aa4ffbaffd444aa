package io.eventbroker.core.adopt;

import io.eventbroker.core.source.Sources;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What there is to adopt, each with what is assumed about it. */
final class Samples {
    static final List<String> ALL = List.of(
            "confluent-sample.yaml",
            "confluent-platform.yaml",
            "statefulset-sample.yaml",
            "statefulset-kraft.yaml",
            "msk-sample.tf.json",
            "msk-configured.tf.json",
            "strimzi-pools.yaml",
            "strimzi-zookeeper.yaml");

    private Samples() {}

    static List<String> all() {
        return ALL;
    }

    static Path file(String name) {
        return Path.of("src/test/resources/adopt").resolve(name);
    }

    static String text(String name) {
        try {
            return Files.readString(file(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The name without its ending. */
    static String base(String name) {
        return name.substring(0, name.indexOf('.'));
    }

    static Sources assumed(String name) {
        String file = base(name) + ".assumed.yaml";
        return Sources.parse(file, text(file));
    }

    static Adoption adoption(String name) {
        return adoption(name, text(name));
    }

    /** As the sample of the name, with another text. */
    static Adoption adoption(String name, String text) {
        return Adoption.of(Sources.parse(name, text)).assuming(assumed(name));
    }
}
