package io.eventbroker.testkit.kubernetes;

import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.mockwebserver.MockWebServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.URI;
import java.time.Clock;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A Kubernetes API server on a free port of the loopback interface, for tests. It stores objects, it runs nothing:
 * there are no pods behind a StatefulSet.
 *
 * <p>Create, read, list, watch, replace, JSON patch, merge patch and delete (with preconditions) work on the kinds that
 * a Kafka platform is made of and on {@linkplain #customResource registered custom resources}; so does
 * <em>server-side apply</em>: field managers in {@code metadata.managedFields}, conflicts, force, removal of fields
 * that their manager no longer applies, lists merged by key, dry runs. The server fills in the defaults that matter to
 * whoever compares objects, refuses changes to the immutable fields of a StatefulSet and objects in namespaces that do
 * not exist. It has no strategic merge patch, no admission webhooks and no schemas.
 *
 * <pre>{@code
 * try (EmbeddedKubernetes kubernetes = EmbeddedKubernetes.start()) {
 *     kubernetes.customResource("platform.confluent.io/v1beta1", "Kafka", "kafkas");
 *     kubernetes.client().resource(configMap).fieldManager("me").serverSideApply();
 * }
 * }</pre>
 *
 * <p>Safe for use by several threads. {@link #close()} closes the client and ends the server's threads.
 */
public final class EmbeddedKubernetes implements AutoCloseable {

    private final KubernetesFaults faults = new KubernetesFaults();
    private final ApiServer api = new ApiServer(faults, Clock.systemUTC());
    private final MockWebServer server = new MockWebServer();
    private final String clusterId;
    private @Nullable KubernetesClient client;
    private boolean closed;

    private EmbeddedKubernetes() {
        server.setDispatcher(api);
        server.start(InetAddress.getLoopbackAddress(), 0);
        for (String namespace : new String[] {"default", "kube-system"}) {
            client().resource(new NamespaceBuilder()
                            .withNewMetadata()
                            .withName(namespace)
                            .endMetadata()
                            .build())
                    .create();
        }
        clusterId = client().namespaces()
                .withName("kube-system")
                .get()
                .getMetadata()
                .getUid();
    }

    /** Starts a server with the namespaces {@code default} and {@code kube-system}. */
    public static EmbeddedKubernetes start() {
        return new EmbeddedKubernetes();
    }

    /** Makes a namespaced custom resource known, as its definition would; without a schema, so lists are atomic. */
    public EmbeddedKubernetes customResource(String apiVersion, String kind, String plural) {
        if (!apiVersion.contains("/") || !plural.equals(plural.toLowerCase(Locale.ROOT))) {
            throw new IllegalArgumentException("expected group/version, kind and lower-case plural, found " + apiVersion
                    + ", " + kind + ", " + plural);
        }
        api.add(new ResourceType(apiVersion, kind, plural, true));
        return this;
    }

    /** The address of the server. */
    public URI url() {
        return URI.create("http://127.0.0.1:" + server.getPort());
    }

    /** The UID of the namespace {@code kube-system}, by which clusters are told apart. */
    public String clusterId() {
        return clusterId;
    }

    /** Configuration of a client of this server, for hosts that build their own; who builds the client closes it. */
    public Config config() {
        return new ConfigBuilder(Config.empty())
                .withMasterUrl(url().toString())
                .withNamespace("default")
                .withOauthToken("embedded")
                .withHttp2Disable(true)
                .build();
    }

    /** A client of this server, the same at each call, closed with the server. */
    public synchronized KubernetesClient client() {
        if (closed) {
            throw new IllegalStateException("the embedded Kubernetes API on " + url() + " is closed");
        }
        KubernetesClient existing = client;
        if (existing == null) {
            existing = new KubernetesClientBuilder().withConfig(config()).build();
            client = existing;
        }
        return existing;
    }

    /** What this server does wrong on purpose. */
    public KubernetesFaults faults() {
        return faults;
    }

    /** Closes the client and ends the server; a second call does nothing. */
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        if (client != null) {
            client.close();
        }
        try {
            server.close();
        } catch (IOException e) {
            throw new UncheckedIOException("the embedded Kubernetes API did not stop", e);
        }
    }
}
