package io.eventbroker.core.adopt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.eventbroker.core.source.Sources;
import io.eventbroker.core.spec.InvalidSpecException;
import io.eventbroker.core.topology.Distribution;
import io.eventbroker.core.topology.Environment;
import io.eventbroker.core.topology.Version;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What keeps a source from becoming a topology is said at once, and where. */
class AdoptionErrorsTest {
    private static String refused(Adoption adoption) {
        return catchThrowableOfType(InvalidSpecException.class, adoption::adopt).getMessage();
    }

    private static String refused(String text) {
        return refused(Adoption.of(Sources.parse("in.yaml", text)));
    }

    @Test
    void saysAllThatIsMissing() throws Exception {
        // Given the samples as they are, without a word about them
        StringBuilder all = new StringBuilder();
        for (String sample : Samples.ALL) {
            // When
            all.append(refused(Adoption.of(Sources.parse(sample, Samples.text(sample)))))
                    .append("\n\n");
        }

        // Then
        AdoptionGoldenTest.compare("missing.golden.txt", all.toString());
    }

    @Test
    void refusesWhatIsNoCluster() throws Exception {
        // Given
        List<String> garbage = List.of(
                "",
                "just text",
                "- a\n- list",
                "a: [unclosed",
                "kind: Kafka\nspec: {}",
                "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: some}",
                "apiVersion: platform.confluent.io/v1beta1\nkind: KafkaTopic\nmetadata: {name: orders}",
                "apiVersion: platform.confluent.io/v1beta1\nkind: Kafka\nmetadata: {name: kafka}",
                "apiVersion: platform.confluent.io/v1beta1\nkind: Kafka\nmetadata: {name: kafka}\nspec: text",
                "apiVersion: platform.confluent.io/v1beta1\nkind: Kafka\nmetadata: {name: kafka}\n"
                        + "spec: {replicas: [3], listeners: 5, configOverrides: {server: {num.partitions: 3}, jvm: -Xmx1g},"
                        + " image: cp-server, dataVolumeCapacity: {size: 1}}",
                "apiVersion: apps/v1\nkind: StatefulSet\nmetadata: {name: db}\nspec: {template: {spec: {containers:"
                        + " [{name: db, image: 'postgres:16'}]}}}",
                "apiVersion: apps/v1\nkind: StatefulSet\nmetadata: {name: kafka}",
                "apiVersion: kafka.strimzi.io/v1\nkind: Kafka\nmetadata: {name: kafka}\nspec: {}",
                "{\"resource\": {\"aws_msk_cluster\": {}}}",
                "{\"resource\": {\"aws_msk_cluster\": {\"a\": [{}, {}]}}}",
                "{\"resource\": {\"aws_instance\": {\"a\": {}}}}");
        StringBuilder all = new StringBuilder();
        for (String text : garbage) {
            // When
            all.append("# ")
                    .append(text.replace("\n", "\n# "))
                    .append('\n')
                    .append(refused(text))
                    .append("\n\n");
        }

        // Then
        AdoptionGoldenTest.compare("garbage.golden.txt", all.toString());
    }

    @ParameterizedTest
    @MethodSource("io.eventbroker.core.adopt.Samples#all")
    void refusesTwoClustersInOneFile(String sample) {
        // Given
        Sources one = Sources.parse(sample, Samples.text(sample));
        Sources another = Sources.parse("another-" + sample, Samples.text(sample));

        // When
        String message = refused(Adoption.of(one.and(another)).assuming(Samples.assumed(sample)));

        // Then
        assertThat(message)
                .contains("2 clusters are described, at " + sample, "another-" + sample, "adopt one at a time");
    }

    @Test
    void refusesTwoClustersInOneTerraformFile() {
        // When
        String message = refused("{\"resource\": {\"aws_msk_cluster\": {\"a\": {}, \"b\": {}}}}");

        // Then
        assertThat(message).contains("in.yaml:1:49 resource.aws_msk_cluster.b: 2 clusters are described");
    }

    @Test
    void refusesTwoServicesOfOneKind() {
        // Given
        String registry = """

                ---
                apiVersion: platform.confluent.io/v1beta1
                kind: SchemaRegistry
                metadata: {name: another}
                spec: {replicas: 1}
                """;

        // When
        String message = refused(
                Samples.adoption("confluent-platform.yaml", Samples.text("confluent-platform.yaml") + registry));

        // Then
        assertThat(message).contains("there is already a SchemaRegistry at confluent-platform.yaml:");
    }

    @Test
    void saysAtThePlaceInTheSourceWhatATopologyCannotBe() {
        // Given six brokers, in an environment that asks for twelve
        Adoption adoption = Adoption.of(Sources.parse("msk.tf.json", Samples.text("msk-sample.tf.json")))
                .environment("production")
                .assuming(Samples.assumed("msk-sample.tf.json"));

        // When
        String message = refused(adoption);

        // Then
        assertThat(message)
                .isEqualTo("1 error in 1 file\n"
                        + "msk.tf.json:7:35 resource.aws_msk_cluster.kafka_cluster.number_of_broker_nodes: as"
                        + " spec.brokers.replicas of the Topology: 6 brokers do not suit the environment 'production',"
                        + " which asks for 12 or more; change the number, choose another environment, or describe one"
                        + " (kind: Environment)");
    }

    @Test
    void takesAnEnvironmentOfTheCallersOwn() {
        // Given
        Environment small = new Environment("small-production", "A small site", 6, Optional.empty(), 3, false);

        // When
        Adopted adopted = Adoption.of(Sources.parse("msk.tf.json", Samples.text("msk-sample.tf.json")))
                .environment(small)
                .zones("a", "b", "c")
                .distribution(new Distribution.Apache(Version.of(4, 1)))
                .assuming(Samples.assumed("msk-sample.tf.json"))
                .adopt();

        // Then
        assertThat(adopted.topology().environment()).isEqualTo("small-production");
        assertThat(adopted.topology().distribution()).isEqualTo(new Distribution.Apache(Version.of(4, 1)));
        assertThat(adopted.topology().zones()).hasToString("[a, b, c]");
        assertThat(adopted.toYaml()).startsWith("apiVersion: eventbroker.io/v1\nkind: Environment\n");
        assertThat(adopted.toString()).contains("assumed.yaml:2:16 spec.environment: not used 'qa'");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "replicas: 12 | replicas: \"many\" | as spec.brokers.replicas of the Topology: expected a whole number",
                "1Ti | lots | as spec.brokers.storage.data.size of the Topology: 'lots' is not a size",
                "-Xmx12g | -Xmx4g | as spec.brokers.jvm.heap.max of the Topology: the maximum of 4Gi is below the start",
                "type: plain | type: digest | as spec.brokers.listeners[1].authentication of the Topology: expected one of",
                "type: rbac | type: abac | as spec.security.authorization of the Topology: expected one of",
                "kafka-prod | Kafka_Prod | 'Kafka_Prod' is not a name",
                "min.insync.replicas=2 | min.insync.replicas=4 | 4 in-sync replicas can never be reached",
                "num.partitions=12 | num.partitions=few | expected a whole number from 1, found 'few'",
            })
    void saysWhatIsWrongWithValues(String was, String is, String message) {
        // Given
        String text = Samples.text("confluent-sample.yaml");
        assertThat(text).contains(was);

        // When
        String refused = refused(Samples.adoption("confluent-sample.yaml", text.replace(was, is)));

        // Then
        assertThat(refused).contains("confluent-sample.yaml:", message);
    }

    @Test
    void refusesAssumptionsThatAreNone() {
        // Given
        Adoption adoption = Samples.adoption("confluent-sample.yaml")
                .assuming(
                        Sources.parse("wrong.yaml", "kind: TopicSet\n---\n[1, 2]\n---\nspec: {brokers: {replica: 3}}"));

        // When
        String message = refused(adoption);

        // Then
        assertThat(message).contains("wrong.yaml:1:1: expected a part of a Topology, found TopicSet", "found a list");
    }

    @Test
    void refusesWhatNoTopologyKnowsAmongTheAssumptions() {
        // Given
        Adoption adoption = Samples.adoption("confluent-sample.yaml")
                .assuming(Sources.parse("wrong.yaml", "spec: {brokers: {replica: 3}}"));

        // When
        String message = refused(adoption);

        // Then
        assertThat(message).contains("wrong.yaml:1:27 spec.brokers.replica: unknown key 'replica'");
    }

    @Test
    void takesWhatKubectlPrints() {
        // Given
        String sample = Samples.text("confluent-sample.yaml").replace("\n", "\n    ");
        String list = "apiVersion: v1\nkind: List\nitems:\n  -\n    " + sample.stripTrailing() + "\n";

        // When
        Adopted adopted = Samples.adoption("confluent-sample.yaml", list).adopt();

        // Then
        assertThat(adopted.topology())
                .isEqualTo(Samples.adoption("confluent-sample.yaml").adopt().topology());
    }

    @Test
    void assumptionsCompleteEachOther() {
        // Given one after the other, each with a part of the same map
        Adoption adoption = Adoption.of(Sources.parse("in.yaml", Samples.text("statefulset-kraft.yaml")))
                .assuming(Sources.parse("one.yaml", "spec: {controllers: {jvm: {heap: {min: 1Gi}}}}"))
                .assuming(Sources.parse("two.yaml", "spec: {controllers: {jvm: {heap: {max: 1536Mi}}}}"))
                .assuming(Samples.assumed("statefulset-kraft.yaml"));

        // When
        Adopted adopted = adoption.adopt();

        // Then
        assertThat(adopted.topology().controllers().orElseThrow().jvm().arguments())
                .containsExactly("-Xms1g", "-Xmx1536m");
    }

    @Test
    void saysThatAnAssumptionIsNotNeededHoweverLateItDiffers() {
        // Given lists that begin alike
        String options = "[" + "'-Dsome.option=of-many-letters', ".repeat(4) + "'-Dlast=%s']";
        String text = Samples.text("strimzi-pools.yaml");
        Sources first =
                Sources.parse("first.yaml", "spec: {brokers: {jvm: {options: " + options.formatted("one") + "}}}");
        Sources second =
                Sources.parse("second.yaml", "spec: {brokers: {jvm: {options: " + options.formatted("two") + "}}}");

        // When
        Adopted adopted = Samples.adoption("strimzi-pools.yaml", text)
                .assuming(first)
                .assuming(second)
                .adopt();

        // Then
        assertThat(adopted.notCarried()).anySatisfy(entry -> {
            assertThat(entry.at().source()).isEqualTo("second.yaml");
            assertThat(entry.kind()).isEqualTo(NotCarried.Kind.UNUSED_ASSUMPTION);
        });
    }
}
