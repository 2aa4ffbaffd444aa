package io.eventbroker.backup.store;

import io.eventbroker.core.EventBrokerException;
import io.eventbroker.core.RetryableException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.async.AsyncRequestBody;
import software.amazon.awssdk.core.async.AsyncResponseTransformer;
import software.amazon.awssdk.core.async.SdkPublisher;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.s3.S3AsyncClient;
import software.amazon.awssdk.services.s3.model.AbortMultipartUploadResponse;
import software.amazon.awssdk.services.s3.model.ChecksumAlgorithm;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.MultipartUpload;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.S3Exception;

/**
 * Objects in an S3 bucket. The client is the host's: its credentials, endpoint, proxy and time-outs apply, and it is
 * not closed here.
 *
 * <p>Every object and part carries its CRC-32C, computed once here and checked by S3 on arrival. Requests that fail for
 * a reason that may pass (5xx, 429, a broken connection) are tried again for about eight seconds beyond what the client
 * itself does. Rights needed: {@code s3:GetObject} and {@code s3:ListBucket}; to write, also {@code s3:PutObject} and
 * {@code s3:AbortMultipartUpload}; to go on with a backup that was killed, also {@code s3:ListBucketMultipartUploads} and
 * {@code s3:DeleteObject}.
 */
public final class S3Store implements ObjectStore {
    private static final Logger log = LoggerFactory.getLogger(S3Store.class);
    private static final int ATTEMPTS = 6;
    private static final int PRECONDITION_FAILED = 412;
    private static final int FIRST_BACKOFF_MILLIS = 250;

    private final S3AsyncClient s3;
    private final String bucket;
    private final String prefix;

    private S3Store(S3AsyncClient s3, String bucket, String prefix) {
        this.s3 = s3;
        this.bucket = bucket;
        this.prefix = prefix;
    }

    /** A store at the root of that bucket, which must exist. */
    public static S3Store bucket(S3AsyncClient s3, String bucket) {
        return new S3Store(s3, bucket, "");
    }

    /** The same bucket, with all names below {@code prefix/}. */
    public S3Store prefix(String below) {
        String trimmed = below.replaceAll("^/+|/+$", "");
        return new S3Store(s3, bucket, prefix + (trimmed.isEmpty() ? "" : trimmed + "/"));
    }

    private String key(String name) {
        return prefix + name;
    }

    private static String crc32c(ByteBuffer content) {
        CRC32C crc = new CRC32C();
        crc.update(content.duplicate());
        return Base64.getEncoder()
                .encodeToString(
                        ByteBuffer.allocate(4).putInt((int) crc.getValue()).array());
    }

    private static AsyncRequestBody body(ByteBuffer content) {
        return AsyncRequestBody.fromByteBufferUnsafe(content.slice());
    }

    private <T extends @Nullable Object> CompletableFuture<T> attempt(
            String what, Supplier<CompletableFuture<T>> request) {
        return attempt(what, request, 1);
    }

    private <T extends @Nullable Object> CompletableFuture<T> attempt(
            String what, Supplier<CompletableFuture<T>> request, int number) {
        return request.get().exceptionallyCompose(failure -> {
            EventBrokerException translated = translate(what, failure);
            if (!(translated instanceof RetryableException) || number == ATTEMPTS) {
                return CompletableFuture.failedFuture(translated);
            }
            log.debug("{} failed, trying again", what, failure);
            return new CompletableFuture<@Nullable Void>()
                    .completeOnTimeout(null, (long) FIRST_BACKOFF_MILLIS << (number - 1), TimeUnit.MILLISECONDS)
                    .thenCompose(waited -> attempt(what, request, number + 1));
        });
    }

    private EventBrokerException translate(String what, Throwable failure) {
        Throwable cause = failure;
        while (cause instanceof CompletionException && cause.getCause() != null) {
            cause = cause.getCause();
        }
        // What our own code has found out while it read an answer comes wrapped by the client.
        for (Throwable inner = cause; inner != null; inner = inner.getCause()) {
            if (inner instanceof EventBrokerException own) {
                return own;
            }
        }
        String where = what + " in s3://" + bucket + "/" + prefix;
        if (cause instanceof NoSuchKeyException) {
            return new NoSuchObjectException(where + ": no such object", cause);
        }
        if (cause instanceof S3Exception) {
            int status = ((S3Exception) cause).statusCode();
            if (status == 404 || status == 416) {
                return new NoSuchObjectException(where + ": no such object, range or bucket", cause);
            }
            if (status >= 500 || status == 429 || status == 409 || status == 408) {
                return new RetryableException(where + ": the store is not available: " + cause.getMessage(), cause);
            }
            return new EventBrokerException(where + " was refused: " + cause.getMessage(), cause);
        }
        if (cause instanceof SdkClientException) {
            return new RetryableException(where + ": the store cannot be reached: " + cause.getMessage(), cause);
        }
        return new EventBrokerException(where + " failed: " + cause, cause);
    }

    @Override
    public CompletableFuture<Void> put(String name, ByteBuffer content) {
        String crc = crc32c(content);
        return attempt(
                "writing " + name,
                () -> s3.putObject(r -> r.bucket(bucket).key(key(name)).checksumCRC32C(crc), body(content))
                        .thenAccept(response -> {}));
    }

    @Override
    public CompletableFuture<Boolean> putIfAbsent(String name, ByteBuffer content) {
        String crc = crc32c(content);
        return attempt(
                "writing " + name,
                () -> s3.putObject(
                                r -> r.bucket(bucket)
                                        .key(key(name))
                                        .ifNoneMatch("*")
                                        .checksumCRC32C(crc),
                                body(content))
                        .thenApply(response -> true)
                        .exceptionallyCompose(failure -> {
                            Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
                            return cause instanceof S3Exception refused && refused.statusCode() == PRECONDITION_FAILED
                                    // It may be our own, written by an attempt whose answer was lost.
                                    ? holds(name, content)
                                    : CompletableFuture.failedFuture(failure);
                        }));
    }

    private CompletableFuture<Boolean> holds(String name, ByteBuffer content) {
        return s3.headObject(r -> r.bucket(bucket).key(key(name))).thenCompose(head -> {
            if (head.contentLength() != content.remaining()) {
                return CompletableFuture.completedFuture(false);
            }
            ByteBuffer there = ByteBuffer.allocate(content.remaining());
            return read(name, 0, there).thenApply(done -> there.equals(content));
        });
    }

    @Override
    public Upload upload(String name) {
        return new PartedUpload(name);
    }

    private final class PartedUpload implements Upload {
        private final String name;
        private final CompletableFuture<String> id;
        private final List<CompletableFuture<CompletedPart>> parts = new ArrayList<>();
        private final List<Integer> sizes = new ArrayList<>();
        private volatile boolean completed;

        PartedUpload(String name) {
            this.name = name;
            this.id = attempt(
                    "starting " + name,
                    () -> s3.createMultipartUpload(
                                    r -> r.bucket(bucket).key(key(name)).checksumAlgorithm(ChecksumAlgorithm.CRC32_C))
                            .thenApply(response -> response.uploadId()));
        }

        @Override
        public CompletableFuture<Void> write(ByteBuffer part) {
            int number = parts.size() + 1;
            String crc = crc32c(part);
            CompletableFuture<CompletedPart> written = id.thenCompose(uploadId -> attempt(
                    "writing part " + number + " of " + name,
                    () -> s3.uploadPart(
                                    r -> r.bucket(bucket)
                                            .key(key(name))
                                            .uploadId(uploadId)
                                            .partNumber(number)
                                            .checksumCRC32C(crc),
                                    body(part))
                            .thenApply(response -> CompletedPart.builder()
                                    .partNumber(number)
                                    .eTag(response.eTag())
                                    .checksumCRC32C(crc)
                                    .build())));
            parts.add(written);
            sizes.add(part.remaining());
            return written.thenAccept(done -> {});
        }

        @Override
        public CompletableFuture<Void> complete() {
            return CompletableFuture.allOf(parts.toArray(CompletableFuture[]::new))
                    .thenCompose(all -> id)
                    .thenCompose(uploadId -> attempt(
                            "completing " + name,
                            () -> s3.completeMultipartUpload(r -> r.bucket(bucket)
                                            .key(key(name))
                                            .uploadId(uploadId)
                                            .multipartUpload(m -> m.parts(parts.stream()
                                                    .map(CompletableFuture::join)
                                                    .toList())))
                                    .<@Nullable Void>thenApply(response -> null)
                                    .exceptionallyCompose(this::unlessCompleted)))
                    .thenAccept(done -> completed = true);
        }

        /** An upload that is not there any more may have been completed by an attempt whose answer was lost. */
        private CompletableFuture<@Nullable Void> unlessCompleted(Throwable failure) {
            if (!isNotFound(failure)) {
                return CompletableFuture.failedFuture(failure);
            }
            return holdsAllParts().exceptionally(unreadable -> false).thenCompose(whole -> {
                log.debug("{}: its upload is gone, the object is {}", name, whole ? "whole" : "not the one written");
                return whole
                        ? CompletableFuture.<@Nullable Void>completedFuture(null)
                        : CompletableFuture.failedFuture(failure);
            });
        }

        /** Reads the object back: what stores tell of an object's checksum differs, and this is rare. */
        private CompletableFuture<Boolean> holdsAllParts() {
            long size = sizes.stream().mapToLong(Integer::longValue).sum();
            CompletableFuture<Boolean> same =
                    s3.headObject(r -> r.bucket(bucket).key(key(name))).thenApply(head -> head.contentLength() == size);
            long offset = 0;
            for (int i = 0; i < sizes.size(); i++) {
                long from = offset;
                int length = sizes.get(i);
                String crc = parts.get(i).join().checksumCRC32C();
                same = same.thenCompose(
                        soFar -> soFar ? holds(from, length, crc) : CompletableFuture.completedFuture(false));
                offset += length;
            }
            return same;
        }

        private CompletableFuture<Boolean> holds(long from, int length, String crc) {
            ByteBuffer there = ByteBuffer.allocate(length);
            return read(name, from, there).thenApply(done -> crc32c(there).equals(crc));
        }

        @Override
        public void close() {
            if (completed) {
                return;
            }
            var unused = id.thenCompose(uploadId -> s3.abortMultipartUpload(
                            r -> r.bucket(bucket).key(key(name)).uploadId(uploadId)))
                    .whenComplete((response, failure) -> {
                        if (failure != null) {
                            log.warn("the unfinished upload of {} stays behind; a life-cycle rule removes it", name);
                        }
                    });
        }
    }

    @Override
    public CompletableFuture<Void> read(String name, long offset, ByteBuffer into) {
        if (!into.hasRemaining()) {
            return CompletableFuture.completedFuture(null);
        }
        String range = "bytes=" + offset + "-" + (offset + into.remaining() - 1);
        return attempt(
                "reading " + name,
                () -> s3.getObject(r -> r.bucket(bucket).key(key(name)).range(range), new Filling(name, into)));
    }

    /** Copies what arrives straight into the caller's buffer. */
    private static final class Filling implements AsyncResponseTransformer<GetObjectResponse, @Nullable Void> {
        private final String name;
        private final ByteBuffer into;
        private CompletableFuture<@Nullable Void> done = new CompletableFuture<>();

        Filling(String name, ByteBuffer into) {
            this.name = name;
            this.into = into;
        }

        @Override
        public CompletableFuture<@Nullable Void> prepare() {
            done = new CompletableFuture<>();
            return done;
        }

        @Override
        public void onResponse(GetObjectResponse response) {}

        @Override
        public void onStream(SdkPublisher<ByteBuffer> publisher) {
            ByteBuffer rest = into.duplicate();
            CompletableFuture<@Nullable Void> current = done;
            publisher.subscribe(new Subscriber<>() {
                @Override
                public void onSubscribe(Subscription subscription) {
                    subscription.request(Long.MAX_VALUE);
                }

                @Override
                public void onNext(ByteBuffer chunk) {
                    if (chunk.remaining() > rest.remaining()) {
                        current.completeExceptionally(new EventBrokerException(
                                "reading " + name + ": the store sent more than was asked for"));
                        return;
                    }
                    rest.put(chunk);
                }

                @Override
                public void onError(Throwable failure) {
                    current.completeExceptionally(failure);
                }

                @Override
                public void onComplete() {
                    if (rest.hasRemaining()) {
                        current.completeExceptionally(new NoSuchObjectException(
                                "reading " + name + ": the object ends " + rest.remaining() + " bytes early", null));
                    } else {
                        current.complete(null);
                    }
                }
            });
        }

        @Override
        public void exceptionOccurred(Throwable failure) {
            done.completeExceptionally(failure);
        }
    }

    @Override
    public CompletableFuture<Long> size(String name) {
        return attempt(
                "asking for " + name,
                () -> s3.headObject(r -> r.bucket(bucket).key(key(name))).thenApply(head -> head.contentLength()));
    }

    @Override
    public CompletableFuture<List<StoredObject>> list(String namePrefix) {
        return attempt("listing " + namePrefix, () -> {
            List<StoredObject> found = new ArrayList<>();
            return s3.listObjectsV2Paginator(r -> r.bucket(bucket).prefix(key(namePrefix)))
                    .contents()
                    .subscribe(o -> found.add(new StoredObject(o.key().substring(prefix.length()), o.size())))
                    .thenApply(done -> {
                        found.sort(Comparator.comparing(StoredObject::name));
                        return found;
                    });
        });
    }

    @Override
    public CompletableFuture<Void> delete(String name) {
        return attempt(
                "deleting " + name,
                () -> s3.deleteObject(r -> r.bucket(bucket).key(key(name))).thenAccept(response -> {}));
    }

    @Override
    public CompletableFuture<Void> discardUnfinished(String namePrefix) {
        return attempt("clearing " + namePrefix, () -> {
            List<MultipartUpload> found = new ArrayList<>();
            return s3.listMultipartUploadsPaginator(r -> r.bucket(bucket).prefix(key(namePrefix)))
                    .uploads()
                    .subscribe(found::add)
                    .thenCompose(listed -> CompletableFuture.allOf(
                            found.stream().map(this::abort).toArray(CompletableFuture[]::new)));
        });
    }

    private CompletableFuture<AbortMultipartUploadResponse> abort(MultipartUpload upload) {
        return s3.abortMultipartUpload(r -> r.bucket(bucket).key(upload.key()).uploadId(upload.uploadId()))
                .exceptionallyCompose(S3Store::unlessGone);
    }

    /** An upload that ended between the listing and its turn is as good as discarded. */
    private static CompletableFuture<AbortMultipartUploadResponse> unlessGone(Throwable failure) {
        return isNotFound(failure)
                ? CompletableFuture.completedFuture(
                        AbortMultipartUploadResponse.builder().build())
                : CompletableFuture.failedFuture(failure);
    }

    private static boolean isNotFound(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        return cause instanceof S3Exception refused && refused.statusCode() == 404;
    }

    @Override
    public String toString() {
        return "s3://" + bucket + "/" + prefix;
    }
}
