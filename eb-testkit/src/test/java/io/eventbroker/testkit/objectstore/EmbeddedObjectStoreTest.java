package io.eventbroker.testkit.objectstore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.async.AsyncRequestBody;
import software.amazon.awssdk.core.async.AsyncResponseTransformer;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.retries.DefaultRetryStrategy;
import software.amazon.awssdk.services.s3.S3AsyncClient;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.S3Object;

class EmbeddedObjectStoreTest {

    private static EmbeddedObjectStore store;
    private static S3AsyncClient withoutRetries;

    @BeforeAll
    static void start() {
        store = EmbeddedObjectStore.start();
        withoutRetries = store.asyncClientBuilder()
                .overrideConfiguration(config -> config.retryStrategy(DefaultRetryStrategy.doNotRetry()))
                .build();
    }

    @AfterAll
    static void stop() {
        withoutRetries.close();
        store.close();
    }

    @AfterEach
    void noFaults() {
        store.faults().clear();
    }

    @Test
    void givesBackWhatWasPutAndPartsOfIt() {
        // Given
        String bucket = store.bucket();
        byte[] content = randomBytes(3_000_000);

        // When
        store.asyncClient()
                .putObject(put -> put.bucket(bucket).key("a/b c+ü.log"), AsyncRequestBody.fromBytes(content))
                .join();

        // Then
        assertThat(get(bucket, "a/b c+ü.log", null)).isEqualTo(content);
        assertThat(get(bucket, "a/b c+ü.log", "bytes=1000-1999")).isEqualTo(Arrays.copyOfRange(content, 1000, 2000));
        assertThat(get(bucket, "a/b c+ü.log", "bytes=-10"))
                .isEqualTo(Arrays.copyOfRange(content, content.length - 10, content.length));
    }

    @Test
    void joinsThePartsOfAnUpload() {
        String bucket = store.bucket();
        byte[] content = randomBytes(11 * 1024 * 1024);
        S3Client client = store.client();
        String upload = client.createMultipartUpload(
                        create -> create.bucket(bucket).key("big"))
                .uploadId();
        List<CompletedPart> parts = new ArrayList<>();
        int partSize = 5 * 1024 * 1024;
        for (int part = 1; (part - 1) * partSize < content.length; part++) {
            int number = part;
            byte[] bytes =
                    Arrays.copyOfRange(content, (part - 1) * partSize, Math.min(content.length, part * partSize));
            String tag = client.uploadPart(
                            request -> request.bucket(bucket)
                                    .key("big")
                                    .uploadId(upload)
                                    .partNumber(number),
                            RequestBody.fromBytes(bytes))
                    .eTag();
            parts.add(CompletedPart.builder().partNumber(part).eTag(tag).build());
        }

        client.completeMultipartUpload(complete ->
                complete.bucket(bucket).key("big").uploadId(upload).multipartUpload(done -> done.parts(parts)));

        assertThat(get(bucket, "big", null)).isEqualTo(content);
    }

    @Test
    void letsOneOfManyConditionalPutsWin() {
        String bucket = store.bucket();

        List<CompletableFuture<Boolean>> puts = IntStream.range(0, 8)
                .mapToObj(writer -> store.asyncClient()
                        .putObject(
                                put -> put.bucket(bucket).key("manifest").ifNoneMatch("*"),
                                AsyncRequestBody.fromString("writer " + writer))
                        .handle((done, failure) -> {
                            if (failure != null) {
                                assertThat(failure.getCause())
                                        .isInstanceOfSatisfying(
                                                S3Exception.class,
                                                e -> assertThat(e.statusCode()).isIn(409, 412));
                            }
                            return failure == null;
                        }))
                .toList();

        assertThat(puts.stream().filter(CompletableFuture::join)).hasSize(1);
        assertThat(new String(get(bucket, "manifest", null), StandardCharsets.UTF_8))
                .startsWith("writer ");
    }

    @Test
    void listsInPages() {
        String bucket = store.bucket();
        Set<String> keys = IntStream.range(0, 25)
                .mapToObj(i -> "topic/%02d.log".formatted(i))
                .collect(Collectors.toSet());
        keys.forEach(key -> store.client().putObject(put -> put.bucket(bucket).key(key), RequestBody.fromString(key)));

        var pages =
                store
                        .client()
                        .listObjectsV2Paginator(
                                list -> list.bucket(bucket).prefix("topic/").maxKeys(10))
                        .stream()
                        .toList();

        assertThat(pages).hasSize(3);
        assertThat(pages.stream().flatMap(page -> page.contents().stream()).map(S3Object::key))
                .isSorted()
                .containsExactlyInAnyOrderElementsOf(keys);
    }

    @Test
    void refusesAWrongSecretAndAnUnknownKey() {
        String bucket = store.bucket();
        for (AwsBasicCredentials wrong : List.of(
                AwsBasicCredentials.create(store.accessKey(), "wrong"),
                AwsBasicCredentials.create("unknown", store.secretKey()))) {
            try (S3AsyncClient stranger = store.asyncClientBuilder()
                    .credentialsProvider(StaticCredentialsProvider.create(wrong))
                    .build()) {
                assertThatThrownBy(() -> stranger.listObjectsV2(list -> list.bucket(bucket))
                                .join())
                        .cause()
                        .isInstanceOfSatisfying(
                                S3Exception.class,
                                e -> assertThat(e.statusCode()).isEqualTo(403));
            }
        }
    }

    @Test
    void refusesCountedRequestsAndDoesNothing() {
        String bucket = store.bucket();
        store.faults().refuseNext(2);

        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(() -> put(bucket, "k")).cause().isInstanceOfSatisfying(S3Exception.class, e -> {
                assertThat(e.statusCode()).isEqualTo(503);
                assertThat(e.awsErrorDetails().errorCode()).isEqualTo("SlowDown");
            });
        }

        assertThatThrownBy(() -> get(bucket, "k", null)).hasCauseInstanceOf(NoSuchKeyException.class);
        put(bucket, "k");
        assertThat(get(bucket, "k", null)).isNotEmpty();
    }

    @Test
    void aConditionalPutThatIsRefusedSucceedsWhenItIsTriedAgain() {
        // Given
        String bucket = store.bucket();
        store.faults().refuseNext(1);

        // When
        assertThatThrownBy(() -> putIfAbsent(bucket))
                .cause()
                .isInstanceOfSatisfying(
                        S3Exception.class, e -> assertThat(e.statusCode()).isEqualTo(503));
        putIfAbsent(bucket);

        // Then
        assertThat(get(bucket, "manifest", null)).hasSize(1);
        assertThatThrownBy(() -> putIfAbsent(bucket))
                .cause()
                .isInstanceOfSatisfying(
                        S3Exception.class, e -> assertThat(e.statusCode()).isEqualTo(412));
    }

    private static void putIfAbsent(String bucket) {
        withoutRetries
                .putObject(put -> put.bucket(bucket).key("manifest").ifNoneMatch("*"), AsyncRequestBody.fromString("x"))
                .join();
    }

    @Test
    void isRetriedByTheSdkByDefault() {
        String bucket = store.bucket();
        store.faults().refuseNext(2);

        store.asyncClient()
                .putObject(put -> put.bucket(bucket).key("k"), AsyncRequestBody.fromString("x"))
                .join();

        assertThat(get(bucket, "k", null)).isEqualTo(new byte[] {'x'});
    }

    @Test
    void refusesAShareOfTheRequests() {
        String bucket = store.bucket();
        store.faults().refuseFraction(0.5, 42);

        long failures = IntStream.range(0, 60)
                .filter(i -> {
                    try {
                        put(bucket, "k" + i);
                        return false;
                    } catch (CompletionException e) {
                        return true;
                    }
                })
                .count();

        assertThat(failures).isBetween(15L, 45L);
    }

    @Test
    void carriesOutTheWriteWhoseAnswerIsLost() {
        String bucket = store.bucket();
        store.faults().loseNextAnswers(1);

        assertThatThrownBy(() -> put(bucket, "k"))
                .cause()
                .isInstanceOfSatisfying(
                        S3Exception.class, e -> assertThat(e.statusCode()).isEqualTo(500));

        assertThat(get(bucket, "k", null)).isNotEmpty();
    }

    @Test
    void keepsTheFolderOfTheCaller(@TempDir Path folder) {
        Path objects = folder.resolve("with a space");
        try (EmbeddedObjectStore first = EmbeddedObjectStore.startIn(objects)) {
            first.client()
                    .putObject(put -> put.bucket(first.bucket("kept")).key("k"), RequestBody.fromString("still here"));
        }

        try (EmbeddedObjectStore second = EmbeddedObjectStore.startIn(objects)) {
            assertThat(second.client()
                            .getObjectAsBytes(get -> get.bucket("kept").key("k"))
                            .asUtf8String())
                    .isEqualTo("still here");
        }
    }

    @Test
    void leavesNoThreadsAndNoFilesBehind() {
        Set<Thread> before = Thread.getAllStackTraces().keySet();
        EmbeddedObjectStore own = EmbeddedObjectStore.start();
        own.client().putObject(put -> put.bucket(own.bucket()).key("k"), RequestBody.fromString("x"));

        own.close();
        own.close();

        assertThat(Files.exists(own.folder())).isFalse();
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(newThreads(before)).isEmpty());
        assertThatThrownBy(own::client).hasMessageContaining("is closed");
    }

    private static Stream<String> newThreads(Set<Thread> before) {
        // Threads of the JVM and of the SDK's process-wide helpers are daemons and no store's own.
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> !before.contains(thread) && thread.isAlive() && !thread.isDaemon())
                .map(Thread::getName)
                .filter(name -> !name.startsWith("awaitility"));
    }

    private static void put(String bucket, String key) {
        withoutRetries
                .putObject(put -> put.bucket(bucket).key(key), AsyncRequestBody.fromString("content"))
                .join();
    }

    private static byte[] get(String bucket, String key, String range) {
        return withoutRetries
                .getObject(get -> get.bucket(bucket).key(key).range(range), AsyncResponseTransformer.toBytes())
                .join()
                .asByteArray();
    }

    private static byte[] randomBytes(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }
}
