package io.eventbroker.testkit.objectstore;

import java.util.concurrent.CompletableFuture;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.scheme.AwsV4AuthScheme;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4FamilyHttpSigner;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.AsyncSignRequest;
import software.amazon.awssdk.http.auth.spi.signer.AsyncSignedRequest;
import software.amazon.awssdk.http.auth.spi.signer.SignRequest;
import software.amazon.awssdk.http.auth.spi.signer.SignedRequest;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;
import software.amazon.awssdk.identity.spi.IdentityProvider;
import software.amazon.awssdk.identity.spi.IdentityProviders;

/**
 * Signs requests as if they went over TLS, that is without a hash of their content. In plain text the SDK insists on the
 * hash, and the embedded server would hold the whole content in memory to check it.
 */
final class UnsignedPayload implements AwsV4AuthScheme {
    private final AwsV4HttpSigner signer = new OverTls(AwsV4HttpSigner.create());

    @Override
    public IdentityProvider<AwsCredentialsIdentity> identityProvider(IdentityProviders providers) {
        return providers.identityProvider(AwsCredentialsIdentity.class);
    }

    @Override
    public AwsV4HttpSigner signer() {
        return signer;
    }

    @Override
    public String schemeId() {
        return SCHEME_ID;
    }

    private static final class OverTls implements AwsV4HttpSigner {
        private final AwsV4HttpSigner v4;

        OverTls(AwsV4HttpSigner v4) {
            this.v4 = v4;
        }

        @Override
        public SignedRequest sign(SignRequest<? extends AwsCredentialsIdentity> request) {
            SignedRequest signed = v4.sign(request.copy(r -> r.request(as("https", request.request()))
                    .putProperty(AwsV4FamilyHttpSigner.PAYLOAD_SIGNING_ENABLED, false)));
            return signed.copy(r -> r.request(as("http", signed.request())));
        }

        @Override
        public CompletableFuture<AsyncSignedRequest> signAsync(
                AsyncSignRequest<? extends AwsCredentialsIdentity> request) {
            return v4.signAsync(request.copy(r -> r.request(as("https", request.request()))
                            .putProperty(AwsV4FamilyHttpSigner.PAYLOAD_SIGNING_ENABLED, false)))
                    .thenApply(signed -> signed.copy(r -> r.request(as("http", signed.request()))));
        }

        /** The port is kept, and a port that is not the protocol's own is in the signed Host header either way. */
        private static SdkHttpRequest as(String protocol, SdkHttpRequest request) {
            return request.toBuilder().protocol(protocol).port(request.port()).build();
        }
    }
}
