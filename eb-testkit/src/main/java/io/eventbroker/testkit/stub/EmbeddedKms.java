package io.eventbroker.testkit.stub;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.eventbroker.testkit.TestKitException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.protocols.jsoncore.JsonNode;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.kms.KmsClient;

/**
 * AWS KMS as far as data keys go, behind its protocol: GenerateDataKey, Decrypt and ReEncrypt with real AES-256-GCM over
 * the encryption context, so that what was wrapped unwraps, and what was altered does not.
 *
 * <pre>{@code
 * try (EmbeddedKms kms = EmbeddedKms.start()) {
 *     String arn = kms.createKey();
 *     kms.throttleNext(2);          // the next two requests are answered 400 ThrottlingException
 *     kms.client().generateDataKey(request -> request.keyId(arn).keySpec(DataKeySpec.AES_256));
 * }
 * }</pre>
 *
 * <p>Signatures are not checked, and there are no aliases, grants or policies. Safe for use by several threads.
 */
public final class EmbeddedKms implements AutoCloseable {
    private static final int THREADS = 4;

    private final KmsKeys keys = new KmsKeys();
    private final AtomicInteger throttled = new AtomicInteger();
    private final AtomicInteger failing = new AtomicInteger();
    private final AtomicInteger late = new AtomicInteger();
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private final HttpServer server;
    private final ExecutorService threads;
    private volatile Duration delay = Duration.ZERO;

    private EmbeddedKms(HttpServer server, ExecutorService threads) {
        this.server = server;
        this.threads = threads;
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
    }

    /** Starts one without keys. */
    public static EmbeddedKms start() {
        AtomicInteger number = new AtomicInteger();
        try {
            return new EmbeddedKms(
                    HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0),
                    Executors.newFixedThreadPool(THREADS, task -> {
                        Thread thread = new Thread(task, "embedded-kms-" + number.incrementAndGet());
                        thread.setDaemon(true);
                        return thread;
                    }));
        } catch (IOException e) {
            throw new TestKitException("the embedded KMS has no port: " + e.getMessage(), e);
        }
    }

    /** The address to set as endpoint override. */
    public URI endpoint() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    /** A new client of it, with the SDK's default retries; the caller closes it. */
    public KmsClient client() {
        return KmsClient.builder()
                .endpointOverride(endpoint())
                .region(Region.EU_CENTRAL_1)
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("test", "test")))
                .build();
    }

    /** Makes a symmetric key and returns its ARN. */
    public String createKey() {
        return keys.create();
    }

    /** The key refuses with DisabledException until it is enabled. */
    public void disable(String arn) {
        keys.state(arn, KmsKeys.State.DISABLED);
    }

    /** The key refuses with AccessDeniedException until it is enabled. */
    public void deny(String arn) {
        keys.state(arn, KmsKeys.State.DENIED);
    }

    /** The key refuses with KMSInvalidStateException until it is enabled. */
    public void scheduleDeletion(String arn) {
        keys.state(arn, KmsKeys.State.PENDING_DELETION);
    }

    /** The key works again. */
    public void enable(String arn) {
        keys.state(arn, KmsKeys.State.ENABLED);
    }

    /** The key is gone, and all that it wraps with it. */
    public void delete(String arn) {
        keys.delete(arn);
    }

    /** Answers the next requests 400 ThrottlingException; a client's own retries count. */
    public void throttleNext(int count) {
        throttled.set(count);
    }

    /** Answers the next requests 500 KMSInternalException; a client's own retries count. */
    public void failNext(int count) {
        failing.set(count);
    }

    /** Answers the next requests so much later. */
    public void delayNext(int count, Duration by) {
        delay = by;
        late.set(count);
    }

    /** The operations asked for so far, each with the key ids that the request named: {@code Decrypt arn:…}. */
    public List<String> requests() {
        return List.copyOf(requests);
    }

    private static boolean takeOne(AtomicInteger left) {
        return left.getAndUpdate(count -> Math.max(0, count - 1)) > 0;
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            String target = String.valueOf(exchange.getRequestHeaders().getFirst("X-Amz-Target"));
            JsonNode body = JsonNode.parser().parse(exchange.getRequestBody().readAllBytes());
            if (takeOne(late)) {
                TimeUnit.NANOSECONDS.sleep(delay.toNanos());
            }
            try {
                answer(exchange, 200, carryOut(target.substring(target.indexOf('.') + 1), body));
            } catch (KmsKeys.Refusal e) {
                String json = "{\"__type\":\"" + e.code() + "\",\"message\":\"" + e.getMessage() + "\"}";
                answer(exchange, e.status(), json);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private String carryOut(String operation, JsonNode body) throws KmsKeys.Refusal {
        requests.add(operation + named(body, "KeyId") + named(body, "SourceKeyId") + named(body, "DestinationKeyId"));
        if (takeOne(throttled)) {
            throw new KmsKeys.Refusal(400, "ThrottlingException", "Rate exceeded");
        }
        if (takeOne(failing)) {
            throw new KmsKeys.Refusal(500, "KMSInternalException", "an internal error");
        }
        return keys.carryOut(operation, body);
    }

    private static String named(JsonNode body, String key) {
        return body.field(key).map(value -> " " + value.asString()).orElse("");
    }

    private static void answer(HttpExchange exchange, int status, String json) throws IOException {
        byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/x-amz-json-1.1");
        exchange.sendResponseHeaders(status, bytes.length);
        try (OutputStream out = exchange.getResponseBody()) {
            out.write(bytes);
        }
    }

    /** Stops answering; a second call does nothing. */
    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }

    /** Where it listens. */
    @Override
    public String toString() {
        return "EmbeddedKms[" + endpoint() + "]";
    }
}
