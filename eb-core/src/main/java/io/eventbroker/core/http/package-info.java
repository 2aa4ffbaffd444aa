/**
 * JSON over HTTP, as the ports to services use it: the host's {@link java.net.http.HttpClient} and credentials, a deadline
 * for every wait, requests tried again where that is safe, and failures told apart.
 *
 * <p>Start reading at {@link io.eventbroker.core.http.RestEndpoint}, which is what a host makes; calls and answers are for
 * those who write a port. Everything here is immutable and safe for use by several threads.
 */
@NullMarked
package io.eventbroker.core.http;

import org.jspecify.annotations.NullMarked;
