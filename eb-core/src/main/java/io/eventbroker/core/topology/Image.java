package io.eventbroker.core.topology;

import io.eventbroker.core.kind.Checks;
import io.eventbroker.core.kind.Description;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The container images of a component.
 *
 * @param application such as {@code confluentinc/cp-server:7.9.2}
 * @param init the init container's, which Confluent for Kubernetes needs
 */
public record Image(
        @Description("The image, such as confluentinc/cp-server:7.9.2")
        String application,

        @Description("The init container's image, which Confluent for Kubernetes needs")
        Optional<String> init) {
    private static final Pattern REFERENCE = Pattern.compile("[a-zA-Z0-9][a-zA-Z0-9._:/@-]{0,510}");

    public Image {
        Checks.begin()
                .require(REFERENCE.matcher(application).matches(), "application", notOne(application), FORM)
                .require(
                        init.isEmpty() || REFERENCE.matcher(init.get()).matches(),
                        "init",
                        notOne(init.orElse("")),
                        FORM)
                .end();
    }

    private static final String FORM = "write registry/repository:tag";

    private static String notOne(String text) {
        return "'" + text + "' is not an image reference";
    }
}
