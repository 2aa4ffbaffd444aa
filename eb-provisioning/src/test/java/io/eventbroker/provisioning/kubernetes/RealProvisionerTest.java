package io.eventbroker.provisioning.kubernetes;

import io.fabric8.kubernetes.client.Config;
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
class RealProvisionerTest extends ProvisionerContract {
    private static KubernetesClient client;

    @BeforeAll
    static void connect() {
        client = new KubernetesClientBuilder()
                .withConfig(Config.fromKubeconfig(new File(System.getProperty("eb.kubeconfig"))))
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
