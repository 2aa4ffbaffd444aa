package io.eventbroker.core.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.eventbroker.core.problem.Problem;
import io.eventbroker.core.spec.InvalidSpecException;
import io.eventbroker.core.spec.Specs;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The way from ZooKeeper to KRaft, state by state. */
class KraftMigrationTest {
    private static final String CLUSTER = """
            apiVersion: eventbroker.io/v1
            kind: Topology
            metadata: {name: kafka-old}
            spec:
              environment: development
              distribution: {type: apache, version: 3.9.1}
              zones: [az-a]
              brokers:
                replicas: 3
                image: {application: apache/kafka:3.9.1}
                resources:
                  requests: {cpu: 1, memory: 2Gi}
                  limits: {cpu: 2, memory: 4Gi}
                jvm: &jvm {heap: {min: 1Gi, max: 1Gi}}
                storage: &storage {data: {size: 10Gi}, logs: {size: 10Gi}}
                listeners: [{name: internal, port: 9092, authentication: mtls}]
              zooKeeper:
                replicas: 3
                image: {application: zookeeper:3.8.4}
                resources:
                  requests: {cpu: 1, memory: 2Gi}
                  limits: {cpu: 2, memory: 4Gi}
                jvm: *jvm
                storage: *storage
            """;
    private static final String CONTROLLERS = "  controllers: *quorum\n";

    @Test
    void goesOnAndBackStepByStepUntilItIsFinished() {
        assertThat(KraftMigration.NOT_STARTED.steps()).containsExactly(KraftMigration.CONTROLLERS_STARTED);
        assertThat(KraftMigration.DUAL_WRITE.steps())
                .isEqualTo(Set.of(KraftMigration.BROKERS_REGISTERED, KraftMigration.FINISHED));
        assertThat(KraftMigration.FINISHED.steps()).isEmpty();
        List<KraftMigration> all = List.of(KraftMigration.values());
        for (KraftMigration state : all) {
            assertThat(state.steps())
                    .allSatisfy(next -> assertThat(Math.abs(all.indexOf(next) - all.indexOf(state)))
                            .isEqualTo(1));
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = KraftMigration.class,
            names = {"CONTROLLERS_STARTED", "BROKERS_REGISTERED", "DUAL_WRITE"})
    void runsBothWhileItGoesOn(KraftMigration state) {
        Topology topology = read(state, CONTROLLERS);

        assertThat(topology.migration()).isEqualTo(state);
        assertThat(topology.componentsByKey().keySet()).containsExactly("zooKeeper", "controllers", "brokers");
        assertThat(topology.dependencies())
                .extracting(needed -> needed.from().key() + " → " + needed.to().key())
                .contains("controllers → zooKeeper");
        assertThat(topology.dependencies().stream()
                        .anyMatch(needed -> needed.from().key().equals("brokers")
                                && needed.to().key().equals("zooKeeper")))
                .isEqualTo(state.brokersUseZooKeeper());
        assertThat(topology.dependencies().stream()
                        .anyMatch(needed -> needed.from().key().equals("brokers")
                                && needed.to().key().equals("controllers")))
                .isEqualTo(state.brokersKnowControllers());
    }

    @Test
    void beginsWithZooKeeperAlone() {
        Topology topology = read(KraftMigration.NOT_STARTED, "");

        assertThat(topology.migration()).isEqualTo(KraftMigration.NOT_STARTED);
        assertThat(problems(written(KraftMigration.NOT_STARTED, CONTROLLERS)))
                .containsExactly(
                        "spec.zooKeeper: both 'controllers' and 'zooKeeper' would coordinate the brokers; keep one,"
                                + " or say with zooKeeper.migration how far the migration is");
    }

    @Test
    void needsTheControllersThatItLeadsTo() {
        assertThat(problems(written(KraftMigration.DUAL_WRITE, "")))
                .containsExactly("spec.zooKeeper.migration: a migration needs the controllers that it leads to;"
                        + " describe 'controllers', or write 'not-started'");
    }

    @Test
    void leavesNothingForZooKeeperToDo() {
        assertThat(problems(written(KraftMigration.FINISHED, CONTROLLERS)))
                .containsExactly("spec.zooKeeper.migration: a finished migration leaves nothing for ZooKeeper to do;"
                        + " remove 'zooKeeper'");
    }

    @ParameterizedTest
    @CsvSource({
        "'apache, version: 3.6.1', Apache Kafka 3.6.1 does not migrate in production; 3.6.2 is the first that does",
        "'confluent, version: 7.6.0', Confluent Platform 7.6.0 does not migrate in production; 7.6.1 is the first that does"
    })
    void wantsAReleaseThatMigratesInProduction(String distribution, String reason) {
        String text =
                written(KraftMigration.BROKERS_REGISTERED, CONTROLLERS).replace("apache, version: 3.9.1", distribution);

        assertThat(problems(text)).containsExactly("spec.zooKeeper.migration: " + reason + "; upgrade first");
    }

    @Test
    void isNotPossibleWhereThereIsNoZooKeeperAnyMore() {
        String text = written(KraftMigration.DUAL_WRITE, CONTROLLERS).replace("version: 3.9.1", "version: 4.0.0");

        assertThat(problems(text))
                .containsExactly(
                        "spec.zooKeeper: Apache Kafka 4.0.0 has no ZooKeeper any more (the last was Kafka 3.9);"
                                + " describe 'controllers' instead");
    }

    private static String written(KraftMigration state, String controllers) {
        String name = state.name().toLowerCase(Locale.ROOT).replace('_', '-');
        return CLUSTER + "    migration: " + name + "\n" + controllers.replace("*quorum", "\n" + quorum());
    }

    private static String quorum() {
        return """
                    replicas: 3
                    image: {application: apache/kafka:3.9.1}
                    resources:
                      requests: {cpu: 1, memory: 2Gi}
                      limits: {cpu: 2, memory: 4Gi}
                    jvm: *jvm
                    storage: *storage
                """;
    }

    private static Topology read(KraftMigration state, String controllers) {
        return Specs.standard().parse("old.yaml", written(state, controllers)).topology("kafka-old");
    }

    private static List<String> problems(String text) {
        InvalidSpecException refused = catchThrowableOfType(
                InvalidSpecException.class, () -> Specs.standard().parse("old.yaml", text));
        return refused.problems().asList().stream()
                .map((Problem problem) -> problem.path() + ": " + problem.message() + "; " + problem.remedy())
                .toList();
    }
}
