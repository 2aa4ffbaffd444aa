package io.eventbroker.backup.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eventbroker.core.EventBrokerException;
import io.eventbroker.testkit.objectstore.EmbeddedObjectStore;
import java.nio.ByteBuffer;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.SdkRequest;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.http.SdkHttpResponse;
import software.amazon.awssdk.services.s3.S3AsyncClient;
import software.amazon.awssdk.services.s3.model.CompleteMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.ListMultipartUploadsRequest;

class S3StoreTest extends ObjectStoreContract {
    /** Has the store list two uploads at a time. */
    private static final class SmallPages implements ExecutionInterceptor {
        @Override
        public SdkRequest modifyRequest(Context.ModifyRequest context, ExecutionAttributes attributes) {
            return context.request() instanceof ListMultipartUploadsRequest list
                    ? list.toBuilder().maxUploads(2).build()
                    : context.request();
        }
    }

    /** Answers a completed upload as a second attempt is answered after the first one's answer was lost. */
    private static final class CompletionsForgotten implements ExecutionInterceptor {
        @Override
        public SdkHttpResponse modifyHttpResponse(Context.ModifyHttpResponse context, ExecutionAttributes attributes) {
            return context.request() instanceof CompleteMultipartUploadRequest
                    ? context.httpResponse().toBuilder().statusCode(404).build()
                    : context.httpResponse();
        }
    }

    private static S3AsyncClient client(ExecutionInterceptor interceptor) {
        return s3.asyncClientBuilder()
                .overrideConfiguration(c -> c.addExecutionInterceptor(interceptor))
                .build();
    }

    private static final AtomicInteger TESTS = new AtomicInteger();
    private static String bucket;
    private static EmbeddedObjectStore s3;
    private String prefix;

    @BeforeAll
    static void start() {
        s3 = EmbeddedObjectStore.start();
        bucket = s3.bucket();
    }

    @AfterAll
    static void stop() {
        s3.close();
    }

    @BeforeEach
    void freshPrefix() {
        prefix = "test-" + TESTS.incrementAndGet();
    }

    @AfterEach
    void noFaults() {
        s3.faults().clear();
    }

    @Override
    protected ObjectStore store() {
        return S3Store.bucket(s3.asyncClient(), bucket).prefix(prefix);
    }

    @Test
    void triesAgainWhenTheStoreIsBusy() {
        s3.faults().refuseNext(3);
        store().put("busy", ByteBuffer.wrap(new byte[] {1, 2})).join();

        assertThat(store().list("busy").join()).hasSize(1);
    }

    @Test
    void knowsItsOwnUploadWhoseCompletionWasAnsweredTooLate() {
        byte[] content = new byte[(5 << 20) + 7];
        new Random(7).nextBytes(content);
        try (S3AsyncClient forgetful = client(new CompletionsForgotten())) {
            ObjectStore store = S3Store.bucket(forgetful, bucket).prefix(prefix);
            try (ObjectStore.Upload upload = store.upload("completed")) {
                upload.write(ByteBuffer.wrap(content, 0, 5 << 20)).join();
                upload.write(ByteBuffer.wrap(content, 5 << 20, 7)).join();
                upload.complete().join();
            }
        }
        ByteBuffer read = ByteBuffer.allocate(content.length);
        store().read("completed", 0, read).join();

        assertThat(read.array()).isEqualTo(content);
    }

    @Test
    void outlastsALostAnswerToACompletion() {
        try (ObjectStore.Upload upload = store().upload("lost/completion")) {
            upload.write(ByteBuffer.wrap(new byte[] {1, 2, 3})).join();
            s3.faults().loseNextAnswers(1);
            upload.complete().join();
        }

        assertThat(store().list("lost/completion").join()).hasSize(1);
    }

    @Test
    void doesNotTakeAnotherObjectForItsOwnUpload() {
        store().put("replaced", ByteBuffer.allocate(7)).join();
        try (ObjectStore.Upload upload = store().upload("replaced")) {
            upload.write(ByteBuffer.wrap(new byte[] {1, 2, 3, 4, 5, 6, 7})).join();
            store().discardUnfinished("replaced").join();

            assertThatThrownBy(() -> upload.complete().join()).hasCauseInstanceOf(EventBrokerException.class);
        }
    }

    @Test
    void discardsMoreUploadsThanOnePageLists() {
        try (S3AsyncClient smallPages = client(new SmallPages())) {
            ObjectStore paged = S3Store.bucket(smallPages, bucket).prefix(prefix);
            for (int i = 0; i < 5; i++) {
                paged.upload("left/" + i).write(ByteBuffer.allocate(10)).join();
            }
            paged.discardUnfinished("left/").join();

            assertThat(smallPages
                            .listMultipartUploads(r -> r.bucket(bucket).prefix(prefix + "/left/"))
                            .join()
                            .uploads())
                    .isEmpty();
        }
    }

    @Test
    void knowsItsOwnWriteWhoseAnswerWasLost() {
        s3.faults().loseNextAnswers(1);

        assertThat(store().putIfAbsent("lost", ByteBuffer.wrap(new byte[] {1, 2}))
                        .join())
                .isTrue();
    }
}
