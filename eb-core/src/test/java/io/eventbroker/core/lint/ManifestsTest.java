package io.eventbroker.core.lint;

import static org.assertj.core.api.Assertions.assertThat;

import io.eventbroker.core.source.Sources;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Documents of others as rules see them. */
class ManifestsTest {
    private static List<String> refs(String source, String text) {
        return Manifests.of(Sources.parse(source, text)).asList().stream()
                .map(manifest -> manifest.ref().toString())
                .toList();
    }

    @Test
    void namesThemByKindNamespaceAndName() {
        assertThat(refs("a.yaml", """
                        apiVersion: apps/v1
                        kind: StatefulSet
                        metadata: {name: kafka, namespace: events}
                        ---
                        apiVersion: v1
                        kind: Service
                        metadata: {name: kafka}
                        ---
                        apiVersion: v1
                        kind: Pod
                        metadata: {generateName: probe-}
                        """)).containsExactly("StatefulSet/events/kafka", "Service/kafka", "Pod/probe-");
    }

    @Test
    void takesListsApartAndLeavesOursOut() {
        assertThat(refs("a.yaml", """
                        apiVersion: v1
                        kind: List
                        items:
                          - {apiVersion: v1, kind: ConfigMap, metadata: {name: one}}
                          - {apiVersion: v1, kind: ConfigMap, metadata: {name: two}}
                        ---
                        apiVersion: eventbroker.io/v1
                        kind: TopicSet
                        metadata: {name: ours}
                        """)).containsExactly("ConfigMap/one", "ConfigMap/two");
    }

    @Test
    void acceptsWhatIsNoResourceAtAll() {
        assertThat(refs("main.tf.json", "{\"resource\": {\"aws_msk_cluster\": {}}}"))
                .containsExactly("Terraform/main.tf.json");
        assertThat(refs("values.yaml", "replicas: 3\n---\n- a\n---\nkind: ''\nmetadata: [broken]\n---\nkind: a/b\n"))
                .containsExactly("Document/values.yaml", "Document/values.yaml", "Document/values.yaml");
    }

    @Test
    void findsWhatOneRefersTo() {
        // Given
        Manifests all = Manifests.of(Sources.parse("a.yaml", """
                {apiVersion: autoscaling/v2, kind: HorizontalPodAutoscaler, metadata: {name: h, namespace: b}}
                ---
                {apiVersion: apps/v1, kind: StatefulSet, metadata: {name: kafka, namespace: a}}
                ---
                {apiVersion: apps/v1, kind: StatefulSet, metadata: {name: kafka, namespace: b}}
                """));
        Manifest from = all.asList().get(0);

        // Then
        assertThat(all.find(from, "StatefulSet", "kafka")).contains(all.asList().get(2));
        assertThat(all.find(from, "StatefulSet", "zookeeper")).isEmpty();
        assertThat(all.find(from, "Deployment", "kafka")).isEmpty();
        assertThat(from.apiGroup()).isEqualTo("autoscaling");
        assertThat(from.all()).isSameAs(all);
    }

    @Test
    void findsOutOnceWhatManyRulesAskFor() {
        // Given
        Manifests all = Manifests.of(Sources.parse("a.yaml", """
                apiVersion: apps/v1
                kind: StatefulSet
                metadata: {name: kafka}
                spec:
                  template:
                    spec:
                      containers:
                        - {name: kafka, image: "apache/kafka:4.3.1", command: [kafka-server-start.sh, /config/server.properties]}
                      volumes:
                        - {name: config, configMap: {name: config}}
                ---
                apiVersion: v1
                kind: ConfigMap
                metadata: {name: config}
                data: {server.properties: "process.roles=broker"}
                ---
                apiVersion: v1
                kind: ConfigMap
                metadata: {name: other}
                data: {server.properties: "process.roles=broker"}
                """));
        Manifest config = all.asList().get(1);
        Pods pods = Pods.of(all.asList().get(0)).orElseThrow();

        // Then
        assertThat(Pods.of(all.asList().get(0)).orElseThrow()).isSameAs(pods);
        assertThat(pods.containers()).isSameAs(pods.containers());
        assertThat(pods.configMaps()).containsExactly(config).isSameAs(pods.configMaps());
        assertThat(pods.texts()).contains("process.roles=broker").isSameAs(pods.texts());
        assertThat(ServerConfig.of(config)).hasSize(1).isSameAs(ServerConfig.of(config));
        assertThat(all.readers(config)).containsExactly(pods);
        assertThat(all.readers(all.asList().get(2))).isEmpty();
    }
}
