package io.eventbroker.testkit.kubernetes;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.File;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** The contract against the API server of a kubeconfig file; it makes and deletes namespaces of its own there. */
@EnabledIfSystemProperty(
        named = "eb.kubeconfig",
        matches = ".+",
        disabledReason = "needs an API server: -Deb.kubeconfig=FILE")
class RealServerSideApplyTest extends ServerSideApplyContract {

    private static KubernetesClient client;

    @BeforeAll
    static void connect() {
        client = new KubernetesClientBuilder()
                .withConfig(new ConfigBuilder(Config.fromKubeconfig(new File(System.getProperty("eb.kubeconfig"))))
                        .withRequestRetryBackoffLimit(0)
                        .build())
                .build();
    }

    @AfterAll
    static void disconnect() {
        client.close();
    }

    @Override
    KubernetesClient client() {
        return client;
    }
}
