package io.eventbroker.testkit.kafka.internal;

import org.apache.kafka.common.security.auth.AuthenticationContext;
import org.apache.kafka.common.security.auth.KafkaPrincipal;
import org.apache.kafka.common.security.authenticator.DefaultKafkaPrincipalBuilder;

/**
 * Gives nodes that talk to each other over a plaintext loopback listener a name of their own. Without it they would be
 * {@code User:ANONYMOUS}, and making that a super user would open every other plaintext listener.
 */
public final class LoopbackPrincipalBuilder extends DefaultKafkaPrincipalBuilder {
    /** The principal of every node on such a listener. */
    public static final String PRINCIPAL = "User:eventbroker-node";

    private static final KafkaPrincipal NODE = new KafkaPrincipal(KafkaPrincipal.USER_TYPE, "eventbroker-node");

    /** Made by Kafka, by name. */
    @SuppressWarnings("NullAway") // Kafka's base class takes null for mappers that plaintext listeners do not use.
    public LoopbackPrincipalBuilder() {
        super(null, null);
    }

    @Override
    public KafkaPrincipal build(AuthenticationContext context) {
        return NODE;
    }
}
