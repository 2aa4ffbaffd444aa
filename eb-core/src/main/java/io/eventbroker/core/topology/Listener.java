package io.eventbroker.core.topology;

import io.eventbroker.core.kind.Checks;
import io.eventbroker.core.kind.Default;
import io.eventbroker.core.kind.Description;
import io.eventbroker.core.kind.Range;

/**
 * Where clients or brokers connect. Encrypted and internal unless the file says otherwise.
 *
 * @param name lower-case letters, digits and {@code -}; unique among a broker's listeners
 * @param port 1 to 65535, unique among a broker's listeners
 * @param exposure who can reach it
 * @param tls whether it is encrypted
 * @param authentication how the other side proves who it is
 */
public record Listener(
        @Description("1 to 15 lower-case letters, digits and '-', such as internal")
        String name,

        @Range(min = 1, max = 65535) @Description("The TCP port")
        int port,

        @Default("internal") Exposure exposure,
        @Default("true") boolean tls,
        @Default("none") Authentication authentication) {

    /** Who can reach a listener. */
    public enum Exposure {
        /** Only what runs beside the brokers. */
        INTERNAL,
        /** Clients outside, over a load balancer or a private link. */
        EXTERNAL
    }

    /** How a client proves who it is. */
    public enum Authentication {
        NONE,
        /** A client certificate. */
        MTLS,
        /** SASL PLAIN: name and password, so only over TLS. */
        PLAIN,
        SCRAM_SHA_256,
        SCRAM_SHA_512,
        /** A token from an identity provider. */
        OAUTHBEARER;

        public boolean isSasl() {
            return this != NONE && this != MTLS;
        }
    }

    public Listener {
        Checks.begin()
                .require(
                        name.matches("[a-z]([a-z0-9-]{0,13}[a-z0-9])?"),
                        "name",
                        "'" + name + "' is not a listener name",
                        "use 1 to 15 lower-case letters, digits and '-', beginning with a letter")
                .require(
                        port >= 1 && port <= 65535,
                        "port",
                        "must lie between 1 and 65535, was " + port,
                        "write a free port such as 9092")
                .require(
                        tls || (authentication != Authentication.MTLS),
                        "authentication",
                        "mtls needs TLS, which is switched off",
                        "remove 'tls: false'")
                .require(
                        tls || (authentication != Authentication.PLAIN && authentication != Authentication.OAUTHBEARER),
                        "authentication",
                        "this mechanism would send its secret unencrypted",
                        "remove 'tls: false', or use scram-sha-512")
                .end();
    }

    /** Kafka's name for the combination: {@code PLAINTEXT}, {@code SSL}, {@code SASL_PLAINTEXT} or {@code SASL_SSL}. */
    public String securityProtocol() {
        if (authentication.isSasl()) {
            return tls ? "SASL_SSL" : "SASL_PLAINTEXT";
        }
        return tls ? "SSL" : "PLAINTEXT";
    }
}
