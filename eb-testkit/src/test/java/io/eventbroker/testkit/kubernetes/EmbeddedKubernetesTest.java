package io.eventbroker.testkit.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.GenericKubernetesResourceBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class EmbeddedKubernetesTest {

    private static EmbeddedKubernetes kubernetes;

    /** Takes the first answer, where fabric8's client would repeat what was refused. */
    private static KubernetesClient impatient;

    @BeforeAll
    static void start() {
        kubernetes = EmbeddedKubernetes.start().customResource("platform.confluent.io/v1beta1", "Kafka", "kafkas");
        impatient = new KubernetesClientBuilder()
                .withConfig(new ConfigBuilder(kubernetes.config())
                        .withRequestRetryBackoffLimit(0)
                        .build())
                .build();
    }

    @AfterAll
    static void stop() {
        impatient.close();
        kubernetes.close();
    }

    @AfterEach
    void noFaults() {
        kubernetes.faults().clear();
    }

    @Nested
    class AsARealServer extends ServerSideApplyContract {
        @Override
        KubernetesClient client() {
            return impatient;
        }
    }

    @Test
    void isToldApartByTheUidOfKubeSystem() {
        assertThat(kubernetes.clusterId())
                .isEqualTo(kubernetes
                        .client()
                        .namespaces()
                        .withName("kube-system")
                        .get()
                        .getMetadata()
                        .getUid());
        try (EmbeddedKubernetes other = EmbeddedKubernetes.start()) {
            assertThat(other.clusterId()).isNotEqualTo(kubernetes.clusterId());
        }
    }

    @Test
    void appliesCustomResourcesWithAtomicLists() {
        apply("one", kafka(Map.of("replicas", 3, "configOverrides", Map.of("server", List.of("a=1", "b=2")))));

        GenericKubernetesResource changed =
                apply("one", kafka(Map.of("replicas", 3, "configOverrides", Map.of("server", List.of("a=1")))));

        assertThat(changed.<List<String>>get("spec", "configOverrides", "server"))
                .containsExactly("a=1");
        assertThatThrownBy(() -> apply("two", kafka(Map.of("configOverrides", Map.of("server", List.of("c=1"))))))
                .hasMessageContaining(".spec.configOverrides.server");
        GenericKubernetesResource alongside = apply("two", kafka(Map.of("image", Map.of("init", "i"))));
        assertThat(alongside.<Integer>get("spec", "replicas")).isEqualTo(3);
    }

    @Test
    void refusesKindsThatNobodyRegistered() {
        GenericKubernetesResource unknown = new GenericKubernetesResourceBuilder()
                .withApiVersion("platform.confluent.io/v1beta1")
                .withKind("Zookeeper")
                .withNewMetadata()
                .withName("zk")
                .withNamespace("default")
                .endMetadata()
                .build();

        assertThatThrownBy(() -> apply("one", unknown)).isInstanceOf(KubernetesClientException.class);
    }

    @Test
    void keepsSecretsAsDataAlone() {
        var secret = kubernetes
                .client()
                .resource(new SecretBuilder()
                        .withNewMetadata()
                        .withName("credentials")
                        .withNamespace("default")
                        .endMetadata()
                        .withStringData(Map.of("password", "hidden"))
                        .build())
                .create();

        assertThat(secret.getStringData()).isNullOrEmpty();
        assertThat(secret.getData()).containsEntry("password", "aGlkZGVu");
    }

    @Test
    @SuppressWarnings("try") // the watch is only kept open
    void tellsWatchersOfAppliesAndDeletes() {
        ConcurrentLinkedQueue<String> seen = new ConcurrentLinkedQueue<>();
        try (Watch watch = kubernetes
                .client()
                .configMaps()
                .inNamespace("default")
                .withName("watched")
                .watch(new Watcher<>() {
                    @Override
                    public void eventReceived(Action action, ConfigMap map) {
                        seen.add(action + " " + map.getData());
                    }

                    @Override
                    public void onClose(WatcherException cause) {}
                })) {
            apply("one", configMap("watched", "1"));
            apply("one", configMap("watched", "1"));
            apply("one", configMap("watched", "2"));
            kubernetes.client().resource(configMap("watched", "2")).delete();

            await().atMost(Duration.ofSeconds(10))
                    .untilAsserted(
                            () -> assertThat(seen).containsExactly("ADDED {a=1}", "MODIFIED {a=2}", "DELETED {a=2}"));
        }
    }

    @Test
    void deletesOnlyTheObjectThatWasMeant() {
        ConfigMap first = apply("one", configMap("replaced", "1"));
        kubernetes.client().resource(first).delete();
        ConfigMap second = apply("one", configMap("replaced", "1"));

        assertThatThrownBy(() -> kubernetes
                        .client()
                        .resource(second)
                        .lockResourceVersion(first.getMetadata().getResourceVersion())
                        .delete())
                .isInstanceOfSatisfying(
                        KubernetesClientException.class,
                        e -> assertThat(e.getCode()).isEqualTo(409));

        assertThat(kubernetes.client().resource(second).get()).isNotNull();
    }

    @Test
    void deletesANamespaceWithItsContents() {
        kubernetes
                .client()
                .resource(new NamespaceBuilder()
                        .withNewMetadata()
                        .withName("short-lived")
                        .endMetadata()
                        .build())
                .create();
        kubernetes
                .client()
                .resource(configMap("inside", "1"))
                .inNamespace("short-lived")
                .create();

        kubernetes.client().namespaces().withName("short-lived").delete();

        assertThat(kubernetes
                        .client()
                        .configMaps()
                        .inNamespace("short-lived")
                        .list()
                        .getItems())
                .isEmpty();
    }

    @Test
    void refusesOnPurposeAndDoesNothing() {
        kubernetes.faults().refuseNextWrites(1);

        assertThatThrownBy(() -> impatient
                        .resource(configMap("refused", "1"))
                        .fieldManager("one")
                        .serverSideApply())
                .isInstanceOfSatisfying(
                        KubernetesClientException.class,
                        e -> assertThat(e.getCode()).isEqualTo(503));

        assertThat(impatient.resource(configMap("refused", "1")).get()).isNull();
    }

    @Test
    void losesAnAnswerOnPurposeAfterDoing() {
        kubernetes.faults().loseNextAnswers(1);

        assertThatThrownBy(() -> impatient
                        .resource(configMap("lost", "1"))
                        .fieldManager("one")
                        .serverSideApply())
                .isInstanceOfSatisfying(
                        KubernetesClientException.class,
                        e -> assertThat(e.getCode()).isEqualTo(504));

        assertThat(impatient.resource(configMap("lost", "1")).get()).isNotNull();
    }

    @Test
    void leavesNoThreadsBehind() {
        Set<Thread> before = Thread.getAllStackTraces().keySet();
        EmbeddedKubernetes own = EmbeddedKubernetes.start();
        own.client().resource(configMap("own", "1")).create();

        own.close();
        own.close();

        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(Thread.getAllStackTraces().keySet().stream()
                                .filter(thread -> !before.contains(thread) && thread.isAlive() && !thread.isDaemon())
                                .map(Thread::getName)
                                .filter(name -> !name.startsWith("awaitility")))
                        .isEmpty());
    }

    private static <T extends HasMetadata> T apply(String manager, T object) {
        return kubernetes.client().resource(object).fieldManager(manager).serverSideApply();
    }

    private static ConfigMap configMap(String name, String a) {
        return new ConfigMapBuilder()
                .withNewMetadata()
                .withName(name)
                .withNamespace("default")
                .endMetadata()
                .withData(Map.of("a", a))
                .build();
    }

    private static GenericKubernetesResource kafka(Map<String, Object> spec) {
        return new GenericKubernetesResourceBuilder()
                .withApiVersion("platform.confluent.io/v1beta1")
                .withKind("Kafka")
                .withNewMetadata()
                .withName("kafka")
                .withNamespace("default")
                .endMetadata()
                .addToAdditionalProperties("spec", spec)
                .build();
    }
}
