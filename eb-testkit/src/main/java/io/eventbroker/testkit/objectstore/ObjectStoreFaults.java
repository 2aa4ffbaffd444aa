package io.eventbroker.testkit.objectstore;

import java.io.InputStream;
import java.util.Random;
import org.gaul.s3proxy.blobstore.BlobStore;
import org.gaul.s3proxy.blobstore.ForwardingBlobStore;
import org.gaul.s3proxy.blobstore.domain.MultipartUpload;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.services.s3.model.CompleteMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.CompleteMultipartUploadResponse;
import software.amazon.awssdk.services.s3.model.CopyObjectRequest;
import software.amazon.awssdk.services.s3.model.CopyObjectResponse;
import software.amazon.awssdk.services.s3.model.DeleteObjectRequest;
import software.amazon.awssdk.services.s3.model.DeleteObjectResponse;
import software.amazon.awssdk.services.s3.model.DeleteObjectsRequest;
import software.amazon.awssdk.services.s3.model.DeleteObjectsResponse;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.PutObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.UploadPartRequest;
import software.amazon.awssdk.services.s3.model.UploadPartResponse;

/**
 * Makes an {@link EmbeddedObjectStore} answer as a real store does on a bad day. Counted are requests as the server
 * sees them, so the retries of a client count as well. Safe for use by several threads.
 */
public final class ObjectStoreFaults {

    private int refuse;
    private int loseAnswers;
    private double fraction;
    private Random random = new Random(0);
    private long refused;

    ObjectStoreFaults() {}

    /**
     * The next requests are answered {@code 503 SlowDown} and do nothing.
     *
     * @param requests how many; 0 ends the fault
     */
    public synchronized void refuseNext(int requests) {
        if (requests < 0) {
            throw new IllegalArgumentException("requests to refuse must not be negative, was " + requests);
        }
        this.refuse = requests;
    }

    /**
     * A share of all requests is answered {@code 503 SlowDown} and does nothing, until {@link #clear()}.
     *
     * @param fraction between 0 (none) and 1 (all)
     * @param seed which of the requests; the same seed refuses the same ones in a row of requests
     */
    public synchronized void refuseFraction(double fraction, long seed) {
        if (!(fraction >= 0 && fraction <= 1)) {
            throw new IllegalArgumentException("the fraction to refuse must be between 0 and 1, was " + fraction);
        }
        this.fraction = fraction;
        this.random = new Random(seed);
    }

    /**
     * The next writes (put, copy, part, completion of an upload, delete) <em>take effect</em> and are then answered
     * {@code 500 InternalError}: to the client their outcome is unknown.
     *
     * @param writes how many; 0 ends the fault
     */
    public synchronized void loseNextAnswers(int writes) {
        if (writes < 0) {
            throw new IllegalArgumentException("answers to lose must not be negative, was " + writes);
        }
        this.loseAnswers = writes;
    }

    /** Ends all faults. */
    public synchronized void clear() {
        refuse = 0;
        loseAnswers = 0;
        fraction = 0;
    }

    /** How many requests were answered 503 or lost their answer since the store was started. */
    public synchronized long count() {
        return refused;
    }

    /** Decides on one request: the store that shall serve it. */
    synchronized BlobStore forRequest(BlobStore store) {
        boolean counted = refuse > 0;
        if (counted) {
            refuse--;
        }
        if (counted || (fraction > 0 && random.nextDouble() < fraction)) {
            refused++;
            return new RefusingStore(store);
        }
        return new LosingAnswers(store);
    }

    private synchronized <T> T answer(T result) {
        if (loseAnswers > 0) {
            loseAnswers--;
            refused++;
            throw error(500, "InternalError", "The answer was lost on purpose.");
        }
        return result;
    }

    private final class LosingAnswers extends ForwardingBlobStore {
        LosingAnswers(BlobStore store) {
            super(store);
        }

        @Override
        public PutObjectResponse putBlob(PutObjectRequest request, InputStream body) {
            return answer(super.putBlob(request, body));
        }

        @Override
        public CopyObjectResponse copyBlob(CopyObjectRequest request) {
            return answer(super.copyBlob(request));
        }

        @Override
        public UploadPartResponse uploadMultipartPart(
                MultipartUpload upload, UploadPartRequest request, InputStream body) {
            return answer(super.uploadMultipartPart(upload, request, body));
        }

        @Override
        public CompleteMultipartUploadResponse completeMultipartUpload(
                MultipartUpload upload, CompleteMultipartUploadRequest request) {
            return answer(super.completeMultipartUpload(upload, request));
        }

        @Override
        public DeleteObjectResponse removeBlob(DeleteObjectRequest request) {
            return answer(super.removeBlob(request));
        }

        @Override
        public DeleteObjectsResponse removeBlobs(DeleteObjectsRequest request) {
            return answer(super.removeBlobs(request));
        }
    }

    static RuntimeException error(int status, String code, String message) {
        return S3Exception.builder()
                .statusCode(status)
                .awsErrorDetails(AwsErrorDetails.builder()
                        .errorCode(code)
                        .errorMessage(message)
                        .build())
                .message(message)
                .build();
    }
}
