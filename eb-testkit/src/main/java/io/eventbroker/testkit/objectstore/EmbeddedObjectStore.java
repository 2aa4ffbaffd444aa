package io.eventbroker.testkit.objectstore;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Properties;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.gaul.s3proxy.AccessGrant;
import org.gaul.s3proxy.BlobStores;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;
import org.gaul.s3proxy.blobstore.BlobStore;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3AsyncClient;
import software.amazon.awssdk.services.s3.S3AsyncClientBuilder;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;
import software.amazon.awssdk.utils.SdkAutoCloseable;

/**
 * An object store that speaks the S3 protocol on a free port of the loopback interface, for tests.
 *
 * <p>Signatures are checked, conditional writes ({@code If-None-Match: *}, {@code If-Match}), ranges, multipart
 * uploads and paged listings work as in S3; versioning, tagging, lifecycle rules and object lock do not exist. Objects
 * are files below {@link #folder()}.
 *
 * <pre>{@code
 * try (EmbeddedObjectStore store = EmbeddedObjectStore.start()) {
 *     String bucket = store.bucket("backups");
 *     store.asyncClient().putObject(put -> put.bucket(bucket).key("a"), AsyncRequestBody.fromString("x")).join();
 *     store.faults().refuseNext(2);    // the next two requests are answered 503 SlowDown
 * }
 * }</pre>
 *
 * <p>{@link #asyncClient()} signs requests without their content, as clients do over TLS: content carries a checksum.
 *
 * <p>Safe for use by several threads. {@link #close()} closes the clients that {@link #asyncClient()} and {@link
 * #client()} gave, ends the server's threads and deletes the folder if the store made it.
 */
public final class EmbeddedObjectStore implements AutoCloseable {

    private static final String REGION = "us-east-1";

    private final Path folder;
    private final boolean temporary;
    private final String accessKey = "test-" + UUID.randomUUID();
    private final String secretKey = UUID.randomUUID().toString();
    private final ObjectStoreFaults faults = new ObjectStoreFaults();
    private final AtomicInteger buckets = new AtomicInteger();
    private final Deque<AutoCloseable> opened = new ArrayDeque<>();
    private final BlobStore blobs;
    private final S3Proxy server;
    private final URI endpoint;
    private @Nullable S3AsyncClient asyncClient;
    private @Nullable S3Client client;
    private boolean closed;

    private EmbeddedObjectStore(Path folder, boolean temporary) {
        this.folder = folder;
        this.temporary = temporary;
        Properties properties = new Properties();
        properties.setProperty("jclouds.filesystem.basedir", folder.toString());
        this.blobs = BlobStores.create("filesystem-nio2", properties);
        this.server = S3Proxy.builder()
                .blobStore(blobs)
                .awsAuthentication(AuthenticationType.AWS_V2_OR_V4, accessKey, secretKey)
                .endpoint(URI.create("http://127.0.0.1:0"))
                // Waiting for open keep-alive connections would only delay the end of a test.
                .stopTimeout(0)
                .build();
        // Asked once per request.
        server.setBlobStoreLocator((identity, container, blob) -> {
            if (!accessKey.equals(identity)) {
                return null;
            }
            return new AccessGrant(secretKey, faults.forRequest(blobs));
        });
        try {
            server.start();
        } catch (Exception e) {
            stopServer();
            throw new IllegalStateException("the embedded object store on " + folder + " did not start", e);
        }
        this.endpoint = URI.create("http://127.0.0.1:" + server.getPort());
    }

    /** Starts a store in a temporary folder, which is deleted on {@link #close()}. */
    public static EmbeddedObjectStore start() {
        Path folder;
        try {
            folder = Files.createTempDirectory("eb-objects-");
        } catch (IOException e) {
            throw new UncheckedIOException("no temporary folder for the embedded object store", e);
        }
        try {
            return new EmbeddedObjectStore(folder, true);
        } catch (RuntimeException | Error e) {
            deleteTree(folder);
            throw e;
        }
    }

    /**
     * Starts a store on a folder of the caller, which stays after {@link #close()}: objects put into it are there when
     * another store is started on it.
     *
     * @param folder made if it does not exist
     */
    public static EmbeddedObjectStore startIn(Path folder) {
        try {
            return new EmbeddedObjectStore(Files.createDirectories(folder).toAbsolutePath(), false);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot make the folder " + folder + " of the embedded object store", e);
        }
    }

    /** Where the objects are kept, one sub-folder per bucket. */
    public Path folder() {
        return folder;
    }

    /** The address to set as endpoint override; use path-style access with it. */
    public URI endpoint() {
        return endpoint;
    }

    /** The only access key that is accepted; random for each store. */
    public String accessKey() {
        return accessKey;
    }

    /** The secret that belongs to {@link #accessKey()}; random for each store. */
    public String secretKey() {
        return secretKey;
    }

    /** The region to configure; any other is accepted as well. */
    public String region() {
        return REGION;
    }

    /** Makes a bucket with a name that no other bucket of this store has, and returns the name. */
    public String bucket() {
        return bucket("bucket-" + buckets.incrementAndGet());
    }

    /** Makes the bucket if it does not exist, and returns its name. */
    public String bucket(String name) {
        if (!blobs.containerExists(name)) {
            blobs.createContainer(name);
        }
        return name;
    }

    /** A client of this store, the same at each call, closed with the store. It retries as the SDK does by default. */
    public synchronized S3AsyncClient asyncClient() {
        requireOpen();
        S3AsyncClient existing = asyncClient;
        if (existing == null) {
            existing = asyncClientBuilder().build();
            opened.push(existing);
            asyncClient = existing;
        }
        return existing;
    }

    /** A blocking client of this store, the same at each call, closed with the store. */
    public synchronized S3Client client() {
        requireOpen();
        S3Client existing = client;
        if (existing == null) {
            existing = clientBuilder().build();
            opened.push(existing);
            client = existing;
        }
        return existing;
    }

    /** A builder of clients that are set up for this store; who builds the client closes it. */
    public S3AsyncClientBuilder asyncClientBuilder() {
        return S3AsyncClient.builder()
                .putAuthScheme(new UnsignedPayload())
                .endpointOverride(endpoint)
                .region(Region.of(REGION))
                .forcePathStyle(true)
                .credentialsProvider(
                        StaticCredentialsProvider.create(AwsBasicCredentials.create(accessKey, secretKey)));
    }

    private S3ClientBuilder clientBuilder() {
        return S3Client.builder()
                .endpointOverride(endpoint)
                .region(Region.of(REGION))
                .forcePathStyle(true)
                .credentialsProvider(
                        StaticCredentialsProvider.create(AwsBasicCredentials.create(accessKey, secretKey)));
    }

    /** What this store does wrong on purpose. */
    public ObjectStoreFaults faults() {
        return faults;
    }

    /** Closes the clients, ends the server and deletes the folder if the store made it; a second call does nothing. */
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        while (!opened.isEmpty()) {
            ((SdkAutoCloseable) opened.pop()).close();
        }
        stopServer();
        if (temporary) {
            deleteTree(folder);
        }
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException("the embedded object store on " + endpoint + " is closed");
        }
    }

    private void stopServer() {
        try {
            server.stop();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Exception e) {
            throw new IllegalStateException("the embedded object store on " + folder + " did not stop", e);
        } finally {
            blobs.close();
        }
    }

    private static void deleteTree(Path root) {
        try {
            Files.walkFileTree(root, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                    Files.delete(file);
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException e) throws IOException {
                    Files.delete(folder);
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException("the embedded object store left " + root + " behind", e);
        }
    }
}
