/**
 * Faults between a client and a server that speak TCP. Start at {@link io.eventbroker.testkit.fault.FaultProxy}. A proxy
 * has one thread that accepts and two for each connection, all daemons named after the proxy, gone when it is closed.
 */
@NullMarked
package io.eventbroker.testkit.fault;

import org.jspecify.annotations.NullMarked;
