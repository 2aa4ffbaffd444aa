package io.eventbroker.core.topology;

import io.eventbroker.core.kind.Checks;
import java.util.Optional;

/**
 * How the platform is reached from outside, as intent.
 *
 * @param externalDomain the DNS domain below which external listeners get their names; empty if there are none
 */
public record Network(Optional<String> externalDomain) {
    public Network {
        Checks.begin()
                .require(
                        externalDomain.isEmpty()
                                || externalDomain
                                        .get()
                                        .matches(
                                                "(?=.{1,253}$)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*"),
                        "externalDomain",
                        "'" + externalDomain.orElse("") + "' is not a DNS domain",
                        "write lower-case labels with dots, such as kafka.example.com")
                .end();
    }
}
