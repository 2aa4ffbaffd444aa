package io.eventbroker.testkit.objectstore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.InputStream;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Stream;
import org.gaul.s3proxy.blobstore.BlobStore;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.services.s3.model.S3Exception;

class RefusingStoreTest {
    /** What the server asks before it comes to the point. */
    private static final Set<String> HARMLESS = Set.of(
            "close",
            "containerExists",
            "getMinimumMultipartPartSize",
            "supportsVersioning",
            "supportsBucketEncryption",
            "supportsServerSideEncryption",
            "supportsCopyMultipartPart");

    static Stream<Method> pointed() {
        return Arrays.stream(BlobStore.class.getMethods()).filter(method -> !HARMLESS.contains(method.getName()));
    }

    @ParameterizedTest
    @MethodSource("pointed")
    void refusesWhateverComesToThePoint(Method method) {
        // Given
        BlobStore untouched = (BlobStore) Proxy.newProxyInstance(
                BlobStore.class.getClassLoader(), new Class<?>[] {BlobStore.class}, (proxy, called, arguments) -> {
                    throw new AssertionError(called + " reached the store");
                });
        Object[] arguments = Arrays.stream(method.getParameterTypes())
                .map(type -> type == InputStream.class ? InputStream.nullInputStream() : null)
                .toArray();

        // When
        Throwable thrown = catchThrowable(() -> method.invoke(new RefusingStore(untouched), arguments));

        // Then
        assertThat(thrown).isInstanceOf(InvocationTargetException.class);
        assertThat(thrown.getCause())
                .isInstanceOfSatisfying(
                        S3Exception.class, e -> assertThat(e.statusCode()).isEqualTo(503));
    }
}
