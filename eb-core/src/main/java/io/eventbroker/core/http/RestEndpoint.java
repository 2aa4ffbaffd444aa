package io.eventbroker.core.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.eventbroker.core.Deadline;
import io.eventbroker.core.DeadlineExceededException;
import io.eventbroker.core.EventBrokerException;
import io.eventbroker.core.OutcomeUnknownException;
import io.eventbroker.core.RetryableException;
import io.eventbroker.core.json.CanonicalJson;
import io.eventbroker.core.secret.Secret;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Where a service answers, and as whom it is asked. The {@link HttpClient} is the host's: its TLS context, proxy and
 * connect time-out hold, and it is never closed here.
 *
 * <pre>{@code
 * RestEndpoint endpoint = RestEndpoint.at(http, URI.create("https://registry.example:8081")).basic("backup", password);
 * }</pre>
 *
 * <p>What fails for a reason that is likely to pass (429, 500, 502, 503, 504, a broken connection, no answer within
 * {@link #patience}) is sent up to five times, a little later each time and not before {@code Retry-After}, as long as
 * the deadline allows.
 */
public final class RestEndpoint {
    private static final int ATTEMPTS = 5;
    private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);
    private static final int LARGEST_ANSWER = 64 << 20;

    private final HttpClient client;
    private final URI base;
    private final Duration patience;
    private final Supplier<Optional<String>> authorization;

    private RestEndpoint(HttpClient client, URI base, Duration patience, Supplier<Optional<String>> authorization) {
        this.client = client;
        this.base = base;
        this.patience = patience;
        this.authorization = authorization;
    }

    /**
     * A service that asks for no credentials.
     *
     * @param base {@code http} or {@code https}, with the path that the service's API begins at, if any
     * @throws IllegalArgumentException for another scheme, or an address with credentials, a query or a fragment
     */
    public static RestEndpoint at(HttpClient client, URI base) {
        String scheme = base.getScheme();
        if (!("http".equals(scheme) || "https".equals(scheme)) || base.getHost() == null) {
            throw new IllegalArgumentException("an endpoint needs an address such as https://host:8081, was a URI with"
                    + " the scheme '" + scheme + "'");
        }
        if (base.getRawUserInfo() != null || base.getRawQuery() != null || base.getRawFragment() != null) {
            throw new IllegalArgumentException("the address of " + base.getHost()
                    + " must hold no credentials, query or fragment; use basic() or bearer()");
        }
        URI trimmed = URI.create(base.toString().replaceAll("/+$", ""));
        return new RestEndpoint(client, trimmed, Duration.ofSeconds(30), Optional::empty);
    }

    /**
     * With a user and password (RFC 7617). Over plain HTTP anyone on the way reads them.
     *
     * @throws IllegalArgumentException if the user holds a colon, or the client follows redirects, which could carry
     *     the credentials to somebody else
     */
    public RestEndpoint basic(String user, Secret password) {
        if (user.indexOf(':') >= 0) {
            throw new IllegalArgumentException(
                    "a user of basic authentication cannot hold a colon, was '" + user + "'");
        }
        return with(() -> password.useBytes(bytes -> {
            byte[] name = (user + ":").getBytes(StandardCharsets.UTF_8);
            byte[] both = ByteBuffer.allocate(name.length + bytes.length)
                    .put(name)
                    .put(bytes)
                    .array();
            try {
                return "Basic " + Base64.getEncoder().encodeToString(both);
            } finally {
                Arrays.fill(both, (byte) 0);
            }
        }));
    }

    /**
     * With a token (RFC 6750), asked for anew for each request, so that the host can renew it.
     *
     * @throws IllegalArgumentException if the client follows redirects, which could carry the token to somebody else
     */
    public RestEndpoint bearer(Supplier<Secret> token) {
        return with(() -> "Bearer " + token.get().<String>use(String::new));
    }

    private RestEndpoint with(Supplier<String> header) {
        if (client.followRedirects() != HttpClient.Redirect.NEVER) {
            throw new IllegalArgumentException("the HTTP client for " + base
                    + " follows redirects, which could carry credentials to another server; build it without");
        }
        return new RestEndpoint(client, base, patience, () -> Optional.of(header.get()));
    }

    /**
     * With another time after which a request that is not answered is given up and sent again; 30 s unless set.
     *
     * @throws IllegalArgumentException if it is not positive
     */
    public RestEndpoint patience(Duration patience) {
        if (patience.isZero() || patience.isNegative()) {
            throw new IllegalArgumentException("the patience with " + base + " must be positive, was " + patience);
        }
        return new RestEndpoint(client, base, patience, authorization);
    }

    /** Where requests go, without credentials. */
    public URI base() {
        return base;
    }

    /**
     * Sends a request and waits for the answer, which may be a refusal.
     *
     * @throws RetryableException if a read went without an answer, or the service refused for a reason that is likely to
     *     pass, too often
     * @throws OutcomeUnknownException if it was a change, and may have happened although no answer said so
     * @throws DeadlineExceededException if the deadline passed before a read was answered, or before a change was sent
     * @throws EventBrokerException if the answer is not JSON, or the thread was interrupted, whose flag is then set
     */
    public RestAnswer send(RestCall call, Deadline deadline) {
        Attempts attempts = new Attempts(call, deadline);
        while (true) {
            deadline.check("an answer of " + base + " to " + call.what());
            Optional<RestAnswer> answer = attempts.next();
            if (answer.isPresent()) {
                return answer.get();
            }
        }
    }

    /** The attempts of one call, and what may have come of them. */
    private final class Attempts {
        private final RestCall call;
        private final Deadline deadline;
        private int made;
        private boolean perhapsDone;

        Attempts(RestCall call, Deadline deadline) {
            this.call = call;
            this.deadline = deadline;
        }

        /** Empty if another attempt should follow; the pause before it is over then. */
        Optional<RestAnswer> next() {
            made++;
            HttpResponse<byte[]> response;
            try {
                response = exchange();
            } catch (ExecutionException e) {
                return failed(e.getCause() == null ? e : e.getCause());
            } catch (TimeoutException e) {
                return failed(e);
            }
            int status = response.statusCode();
            RestAnswer answer = new RestAnswer(status, json(response));
            if (call.passes(answer)) {
                pause(answer, retryAfter(response), "it is still so");
                return Optional.empty();
            }
            boolean refused = status == 429 || status == 503;
            if (!refused && status != 500 && status != 502 && status != 504) {
                return Optional.of(answer);
            }
            perhapsDone |= !refused && call.changes();
            if (made >= ATTEMPTS) {
                throw gaveUp(said(answer) + ", " + made + " times", null);
            }
            pause(answer, retryAfter(response), "the deadline leaves no time to try again");
            return Optional.empty();
        }

        private HttpResponse<byte[]> exchange() throws ExecutionException, TimeoutException {
            Duration limit = deadline.remaining().compareTo(patience) < 0 ? deadline.remaining() : patience;
            HttpRequest.Builder request = HttpRequest.newBuilder(call.under(base))
                    .header("Accept", "application/json")
                    .method(
                            call.method(),
                            call.body()
                                    .map(HttpRequest.BodyPublishers::ofString)
                                    .orElseGet(HttpRequest.BodyPublishers::noBody));
            if (call.body().isPresent()) {
                request.header("Content-Type", "application/json");
            }
            authorization.get().ifPresent(value -> request.header("Authorization", value));
            // The request's own time-out ends with the headers; this one covers the body too.
            CompletableFuture<HttpResponse<byte[]>> response =
                    client.sendAsync(request.build(), info -> new LimitedBody(LARGEST_ANSWER));
            try {
                return response.get(limit.toNanos(), TimeUnit.NANOSECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                String message = "interrupted while waiting for " + base + " to " + call.what();
                throw call.changes() ? new OutcomeUnknownException(message, e) : new EventBrokerException(message, e);
            } finally {
                response.cancel(true);
            }
        }

        private Optional<RestAnswer> failed(Throwable failure) {
            if (failure instanceof LimitedBody.TooLarge) {
                throw new EventBrokerException(
                        "cannot " + call.what() + " at " + base + ": " + failure.getMessage(), failure);
            }
            boolean neverSent = failure instanceof ConnectException || failure instanceof HttpConnectTimeoutException;
            perhapsDone |= !neverSent && call.changes();
            String how = failure instanceof TimeoutException ? "no answer in time" : describe(failure);
            if (deadline.hasPassed()) {
                throw tooLate(how, failure);
            }
            if (made >= ATTEMPTS) {
                throw gaveUp(how + ", " + made + " times", failure);
            }
            sleep(backoff());
            return Optional.empty();
        }

        private void pause(RestAnswer answer, Optional<Duration> retryAfter, String late) {
            Duration pause =
                    retryAfter.filter(wanted -> wanted.compareTo(backoff()) > 0).orElseGet(this::backoff);
            if (pause.compareTo(deadline.remaining()) >= 0) {
                throw gaveUp(said(answer) + "; " + late, null);
            }
            sleep(pause);
        }

        private Duration backoff() {
            long most = FIRST_PAUSE.toMillis() << Math.min(made - 1, 10);
            long capped = Math.min(most, LONGEST_PAUSE.toMillis());
            // Jitter, so that many who were refused together do not come back together.
            return Duration.ofMillis(capped / 2 + ThreadLocalRandom.current().nextLong(capped / 2 + 1));
        }

        private void sleep(Duration pause) {
            Duration left = deadline.remaining();
            try {
                TimeUnit.NANOSECONDS.sleep(Math.min(pause.toNanos(), left.toNanos()));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                String message = "interrupted before asking " + base + " again to " + call.what();
                throw perhapsDone ? new OutcomeUnknownException(message, e) : new EventBrokerException(message, e);
            }
            if (deadline.hasPassed()) {
                throw tooLate("the deadline has passed before it could be asked again", null);
            }
        }

        private EventBrokerException gaveUp(String why, @Nullable Throwable cause) {
            return perhapsDone
                    ? new OutcomeUnknownException(unknown(why), cause)
                    : new RetryableException("cannot " + call.what() + " at " + base + ": " + why, cause);
        }

        private EventBrokerException tooLate(String why, @Nullable Throwable cause) {
            return perhapsDone
                    ? new OutcomeUnknownException(unknown(why), cause)
                    : new DeadlineExceededException(
                            "gave up waiting for " + base + " to " + call.what() + ": " + why, cause);
        }

        private String unknown(String why) {
            return "cannot tell whether " + base + " did " + call.what() + ": " + why + "; look before trying again";
        }

        private String said(RestAnswer answer) {
            return "it answered " + answer.status() + (answer.message().isEmpty() ? "" : " (" + answer.message() + ")");
        }

        private JsonNode json(HttpResponse<byte[]> response) {
            String text = new String(response.body(), StandardCharsets.UTF_8);
            if (text.isBlank()) {
                return MissingNode.getInstance();
            }
            try {
                return CanonicalJson.readTree(text);
            } catch (EventBrokerException e) {
                if (response.statusCode() >= 300) {
                    // Whoever stands in between answers with a page of its own; the status says enough.
                    return MissingNode.getInstance();
                }
                throw new EventBrokerException(
                        "cannot " + call.what() + ": " + base + " answered " + response.statusCode()
                                + " with something that is not JSON ("
                                + response.headers().firstValue("Content-Type").orElse("no content type")
                                + "); is this the address of the service, and does its path begin where the API does?",
                        e);
            }
        }
    }

    /** In seconds; the form with a date is rare here, and means the usual pause. */
    private static Optional<Duration> retryAfter(HttpResponse<?> response) {
        return response.headers()
                .firstValue("Retry-After")
                .filter(value -> value.matches("\\d{1,6}"))
                .map(value -> Duration.ofSeconds(Long.parseLong(value)));
    }

    private static String describe(Throwable failure) {
        String name = failure.getClass().getSimpleName();
        return failure.getMessage() == null ? name : name + ": " + failure.getMessage();
    }

    /** The address alone. */
    @Override
    public String toString() {
        return "RestEndpoint[" + base + "]";
    }
}
