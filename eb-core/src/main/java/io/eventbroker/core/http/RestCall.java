package io.eventbroker.core.http;

import io.eventbroker.core.json.CanonicalJson;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * One request. It must be one that may be sent twice: whoever builds a call that makes something new sees to it that the
 * second of two finds what the first has made.
 */
public final class RestCall {
    private final String method;
    private final String what;
    private final String path;
    private final String query;
    private final @Nullable String body;
    private final Predicate<RestAnswer> passing;

    private RestCall(
            String method,
            String what,
            String path,
            String query,
            @Nullable String body,
            Predicate<RestAnswer> passing) {
        this.method = method;
        this.what = what;
        this.path = path;
        this.query = query;
        this.body = body;
        this.passing = passing;
    }

    private static RestCall of(String method, String what, String... path) {
        List<String> encoded = new ArrayList<>();
        for (String segment : path) {
            encoded.add(encode(segment));
        }
        return new RestCall(method, what, "/" + String.join("/", encoded), "", null, answer -> false);
    }

    /**
     * A read.
     *
     * @param what completes "cannot …", such as {@code "read subject orders-value"}
     * @param path segments below the endpoint's address, not yet encoded
     */
    public static RestCall get(String what, String... path) {
        return of("GET", what, path);
    }

    /** A change; see {@link #get} for the parameters. */
    public static RestCall put(String what, String... path) {
        return of("PUT", what, path);
    }

    /** A change; see {@link #get} for the parameters. */
    public static RestCall post(String what, String... path) {
        return of("POST", what, path);
    }

    /** A change; see {@link #get} for the parameters. */
    public static RestCall patch(String what, String... path) {
        return of("PATCH", what, path);
    }

    /** A change; see {@link #get} for the parameters. */
    public static RestCall delete(String what, String... path) {
        return of("DELETE", what, path);
    }

    /** With a parameter, not yet encoded. */
    public RestCall query(String name, String value) {
        String parameter = encode(name) + "=" + encode(value);
        return new RestCall(
                method, what, path, query.isEmpty() ? "?" + parameter : query + "&" + parameter, body, passing);
    }

    /** With a body: a record, a collection or a tree. */
    public RestCall body(Object json) {
        return new RestCall(method, what, path, query, CanonicalJson.write(json), passing);
    }

    /** With a body that is JSON already, and whose order of keys matters to whoever reads it. */
    public RestCall text(String json) {
        return new RestCall(method, what, path, query, json, passing);
    }

    /** Sent again until the deadline while the answer is such a one: a refusal that is known to pass. */
    public RestCall waitingWhile(Predicate<RestAnswer> passing) {
        return new RestCall(method, what, path, query, body, passing);
    }

    String method() {
        return method;
    }

    /** What the call is for, to complete "cannot …". */
    public String what() {
        return what;
    }

    boolean changes() {
        return !method.equals("GET");
    }

    Optional<String> body() {
        return Optional.ofNullable(body);
    }

    boolean passes(RestAnswer answer) {
        return passing.test(answer);
    }

    URI under(URI base) {
        return URI.create(base + path + query);
    }

    private static String encode(String text) {
        // A form's encoding but for the space, which a path does not write as a plus.
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /** Method and path, without a body: it may hold what must not be logged. */
    @Override
    public String toString() {
        return method + " " + path + query;
    }
}
