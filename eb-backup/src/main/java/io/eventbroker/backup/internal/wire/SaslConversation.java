package io.eventbroker.backup.internal.wire;

import java.io.IOException;

/** One authentication, from the client's side: what it says, and what it says to what the broker answers. */
interface SaslConversation {
    /** The client's first message. */
    byte[] first() throws IOException;

    /**
     * Takes what the broker answered.
     *
     * @return the next message; null if the conversation is over and the broker has proved what it must
     * @throws io.eventbroker.core.EventBrokerException if the broker has not proved it
     */
    byte @org.jspecify.annotations.Nullable [] answer(byte[] challenge) throws IOException;
}
