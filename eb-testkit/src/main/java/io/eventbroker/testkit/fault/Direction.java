package io.eventbroker.testkit.fault;

/** Which way bytes flow through a proxy. */
public enum Direction {
    /** From the client to the server: requests. */
    TO_SERVER,
    /** From the server to the client: responses. */
    TO_CLIENT
}
