package io.eventbroker.testkit.kafka;

/** How clients of a SASL listener prove who they are. */
public enum SaslMechanism {
    /** User and password in the clear (RFC 4616); over TLS only, outside of a test. */
    PLAIN("PLAIN"),
    /** Salted challenge and response with SHA-256 (RFC 5802, RFC 7677). */
    SCRAM_SHA_256("SCRAM-SHA-256"),
    /** Salted challenge and response with SHA-512. */
    SCRAM_SHA_512("SCRAM-SHA-512"),
    /**
     * Tokens of an OIDC server (RFC 7628). The host sets the listener's validator with {@link KafkaListener#property};
     * {@link EmbeddedKafkaBuilder#user} does not apply.
     */
    OAUTHBEARER("OAUTHBEARER");

    private final String kafkaName;

    SaslMechanism(String kafkaName) {
        this.kafkaName = kafkaName;
    }

    /** The mechanism's name in Kafka's configuration. */
    public String kafkaName() {
        return kafkaName;
    }

    boolean isScram() {
        return this == SCRAM_SHA_256 || this == SCRAM_SHA_512;
    }

    /** The JAAS login of a client that knows a user's password. */
    String loginOf(String user, String password) {
        String module = this == PLAIN
                ? "org.apache.kafka.common.security.plain.PlainLoginModule"
                : "org.apache.kafka.common.security.scram.ScramLoginModule";
        return module + " required username=" + quoted(user) + " password=" + quoted(password) + ";";
    }

    static String quoted(String value) {
        return '"' + value.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }
}
