package io.eventbroker.core.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.eventbroker.core.config.CatalogueFile.Line;
import io.eventbroker.core.topology.Version;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.kafka.common.utils.AppInfoParser;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class ConfigCatalogueTest {
    private final ConfigCatalogue newest = ConfigCatalogue.of(Version.of(4, 3));

    static List<Version> versions() {
        return ConfigCatalogue.versions();
    }

    @Test
    void committedCatalogueSaysOfTheReleaseOnTheClassPathWhatItSaysItself() {
        // Given
        Version release = Version.parse(AppInfoParser.getVersion());
        String minor = release.major() + "." + release.minor();

        // When
        List<Definition> definitions = new DefinitionReader(getClass().getClassLoader()).all();

        // Then
        TreeMap<Version, List<Definition>> alone = new TreeMap<>();
        alone.put(release, definitions);
        List<Line> said = CatalogueWriter.write(alone).keys();
        assertThat(said).hasSizeGreaterThan(600);
        List<Line> committed = new ArrayList<>();
        for (Line line : CatalogueFile.read().keys()) {
            boolean server = !line.scope().equals("connect") && !line.scope().equals("mirror-maker");
            if (server
                    && Version.parse(line.in().substring(line.in().indexOf(' ') + 1))
                            .equals(Version.parse(minor))) {
                committed.add(new Line(
                        line.scope(),
                        line.key(),
                        minor,
                        line.type(),
                        line.otherwise(),
                        line.min(),
                        line.max(),
                        line.allowed(),
                        line.mode(),
                        line.importance(),
                        line.flags(),
                        line.brokerKeys()));
            }
        }
        assertThat(committed)
                .as("write it anew with the profile 'catalogue', as CONTRIBUTING.md says")
                .isEqualTo(said);
    }

    @Test
    void whatIsWrittenReadsBackAndIsWhatIsCommitted() throws IOException {
        try (InputStream in = CatalogueFile.class.getResourceAsStream("catalogue.json")) {
            String committed = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            assertThat(CatalogueFile.read().toText()).isEqualTo(committed);
            assertThat(committed.length()).isLessThan(300_000);
        }
    }

    @ParameterizedTest
    @MethodSource("versions")
    void everyDefaultPassesItsOwnCheckAndMeansTheSameWhenNormalised(Version version) {
        ConfigCatalogue catalogue = ConfigCatalogue.of(version);
        for (ConfigScope scope : ConfigScope.values()) {
            assertThat(catalogue.keys(scope)).as("%s of %s", scope, version).isNotEmpty();
            catalogue
                    .keys(scope)
                    .forEach((name, key) -> key.defaultValue().ifPresent(value -> {
                        assertThat(catalogue.check(scope, name, value))
                                .as("%s of %s", name, version)
                                .isEmpty();
                        assertThat(key.check(key.normalised(value))).as(name).isEmpty();
                        assertThat(key.normalised(key.normalised(value)))
                                .as(name)
                                .isEqualTo(key.normalised(value));
                    }));
        }
    }

    @Test
    void knowsWhatAKeyIs() {
        ConfigKey key = newest.find(ConfigScope.BROKER, "num.io.threads").orElseThrow();
        assertThat(key.type()).isEqualTo(ConfigKey.Type.INT);
        assertThat(key.defaultValue()).contains("8");
        assertThat(key.min().orElseThrow().intValue()).isEqualTo(1);
        assertThat(key.updateMode()).isEqualTo(UpdateMode.CLUSTER_WIDE);
        assertThat(key.importance()).isEqualTo(ConfigKey.Importance.HIGH);
        assertThat(key.since()).isEqualTo(Version.of(3, 3));
        assertThat(key.removedIn()).isEmpty();
        assertThat(key.expected()).isEqualTo("a whole number from 1");
        assertThat(newest.updateMode(ConfigScope.BROKER, "log.dirs")).isEqualTo(UpdateMode.READ_ONLY);
        assertThat(newest.updateMode(ConfigScope.BROKER, "ssl.keystore.location"))
                .isEqualTo(UpdateMode.PER_BROKER);
        assertThat(newest.find(ConfigScope.TOPIC, "retention.ms").orElseThrow().brokerKeys())
                .containsExactly("log.retention.ms", "log.retention.minutes", "log.retention.hours");
    }

    @Test
    void tellsWhatControllersReadFromWhatOnlyBrokersRead() {
        assertThat(newest.find(ConfigScope.CONTROLLER, "controller.quorum.election.timeout.ms"))
                .isPresent();
        assertThat(newest.find(ConfigScope.CONTROLLER, "unclean.leader.election.enable"))
                .isPresent();
        assertThat(newest.find(ConfigScope.CONTROLLER, "remote.log.manager.task.interval.ms"))
                .isEmpty();
        assertThat(newest.find(ConfigScope.CONTROLLER, "group.consumer.max.size"))
                .isEmpty();
        assertThat(newest.find(ConfigScope.BROKER, "group.consumer.max.size")).isPresent();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "BROKER | num.io.threads | 0 | expected a whole number from 1, found '0'",
                "BROKER | num.io.threads | many | expected a whole number from 1, found 'many'",
                "BROKER | num.io.threads | 3000000000 | expected a whole number from 1, found '3000000000'",
                "BROKER | unclean.leader.election.enable | yes | expected true or false, found 'yes'",
                "TOPIC | cleanup.policy | delete,shred | expected a list of compact, delete, found 'delete,shred'",
                "TOPIC | message.timestamp.type | Never | expected one of CreateTime, LogAppendTime, found 'Never'",
                "TOPIC | retention.mss | 1 | Kafka 4.3 does not know 'retention.mss' of topics, and makes none that has it",
                "BROKER | listener.name.internal.ssl.client.auth | maybe"
                        + " | expected one of none, requested, required, found 'maybe'",
                "CONNECT | producer.batch.size | big | expected a whole number from 0, found 'big'",
            })
    void saysWhatIsWrongWithAValue(ConfigScope scope, String key, String value, String message) {
        assertThat(newest.check(scope, key, value).orElseThrow().message()).isEqualTo(message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "BROKER | confluent.balancer.enable | true",
                "BROKER | super.users | User:admin",
                "BROKER | listener.name.internal.scram-sha-512.sasl.jaas.config | ${secret:kafka/jaas}",
                "BROKER | num.io.threads | ${env:IO_THREADS}",
                "BROKER | num.io.threads | ' 16 '",
                "TOPIC | cleanup.policy | 'compact, delete'",
                "CONNECT | producer.compression.type | zstd",
                "MIRROR_MAKER | us->eu.topics | orders.*",
                "MIRROR_MAKER | eu.security.protocol | SSL",
                "MIRROR_MAKER | eu.west.producer.compression.type | zstd",
            })
    void acceptsPluginsPrefixesReferencesAndBlanks(ConfigScope scope, String key, String value) {
        assertThat(newest.check(scope, key, value)).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(ConfigScope.class)
    void doesNotKnowKeysOfNoDotsOrOfMany(ConfigScope scope) {
        assertThat(newest.find(scope, "nothing")).isEmpty();
        assertThat(newest.find(scope, "a.".repeat(50_000) + "a")).isEmpty();
        assertThat(newest.find(scope, ".")).isEmpty();
    }

    @Test
    void allowsThePrefixesOfTheHostsPlugins() {
        assertThat(newest.check(ConfigScope.BROKER, "acme.audit.enable", "true"))
                .isPresent();
        assertThat(newest.allowing("acme.").check(ConfigScope.BROKER, "acme.audit.enable", "true"))
                .isEmpty();
    }

    @Test
    void suggestsTheNearestKeyForATypo() {
        assertThat(newest.check(ConfigScope.BROKER, "min.insync.replica", "2")
                        .orElseThrow()
                        .remedy())
                .isEqualTo("did you mean 'min.insync.replicas'?");
    }

    @Test
    void tellsRemovedKeysAndThoseThatAreYetToComeFromUnknownOnes() {
        assertThat(newest.check(ConfigScope.BROKER, "zookeeper.connect", "zk:2181")
                        .orElseThrow())
                .hasToString("zookeeper.connect: Kafka 4.3 has no 'zookeeper.connect' any more; the last catalogued"
                        + " release with it is 3.9; use KRaft controllers instead (KIP-833)");
        assertThat(ConfigCatalogue.of(Version.of(3, 3))
                        .check(ConfigScope.BROKER, "group.consumer.max.size", "10")
                        .orElseThrow()
                        .message())
                .isEqualTo("Kafka 3.3 does not have 'group.consumer.max.size' yet; Kafka 3.9 has");
        assertThat(ConfigCatalogue.of(Version.of(3, 9))
                        .find(ConfigScope.BROKER, "zookeeper.connect")
                        .orElseThrow()
                        .removedIn())
                .contains(Version.of(4, 0));
    }

    @Test
    void knowsDeprecationFromTheReleaseOnThatSaysSo() {
        assertThat(newest.find(ConfigScope.BROKER, "log.cleaner.enable").flatMap(ConfigKey::deprecation))
                .map(Deprecation::since)
                .contains(Version.of(4, 1));
        assertThat(ConfigCatalogue.of(Version.of(4, 0))
                        .find(ConfigScope.BROKER, "log.cleaner.enable")
                        .flatMap(ConfigKey::deprecation))
                .isEmpty();
    }

    @Test
    void keepsNoDeprecationOfAKeyThatNoReleaseHas() {
        for (CatalogueFile.Kept kept : CatalogueFile.kept()) {
            String prefix = kept.key().replace("*", "");
            for (String scope : kept.scopes()) {
                assertThat(CatalogueFile.read().keys())
                        .as("%s of %s", kept.key(), scope)
                        .anyMatch(
                                line -> line.scope().equals(scope) && line.key().startsWith(prefix));
            }
        }
    }

    @Test
    void checksOtherReleasesOnlyByWhatAllReleasesShare() {
        // Given
        ConfigCatalogue between = ConfigCatalogue.of(Version.of(3, 6));

        // Then
        assertThat(between.complete()).isFalse();
        assertThat(between.note().orElseThrow())
                .isEqualTo("Kafka 3.6 is not catalogued (3.3, 3.4, 3.9, 4.0, 4.1, 4.2, 4.3 are); its properties are"
                        + " checked only by rules that hold in all of these");
        assertThat(between.check(ConfigScope.BROKER, "num.io.threads", "none")).isPresent();
        assertThat(between.check(ConfigScope.BROKER, "zookeeper.connect", "zk:2181"))
                .isEmpty();
        assertThat(between.check(ConfigScope.BROKER, "whatever", "1")).isEmpty();
        assertThat(newest.note()).isEqualTo(Optional.empty());
    }

    @Test
    void patchReleasesShareOneCatalogue() {
        assertThat(ConfigCatalogue.of(Version.parse("4.3.1"))).isSameAs(newest);
    }

    @Test
    void takesKeysForSecretsThatKafkaSaysAreAndUnknownOnesThatSoundLikeIt() {
        assertThat(newest.isSensitive(ConfigScope.BROKER, "ssl.keystore.password"))
                .isTrue();
        assertThat(newest.isSensitive(ConfigScope.BROKER, "listener.name.external.ssl.key.password"))
                .isTrue();
        assertThat(newest.isSensitive(ConfigScope.BROKER, "confluent.license.api.key"))
                .isTrue();
        assertThat(newest.isSensitive(ConfigScope.BROKER, "num.io.threads")).isFalse();
        assertThat(newest.isSensitive(ConfigScope.BROKER, "delegation.token.expiry.time.ms"))
                .isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "TOPIC | cleanup.policy | ' delete , compact' | compact,delete",
                "BROKER | num.io.threads | ' 08 ' | 8",
                "BROKER | unclean.leader.election.enable | TRUE | true",
                "BROKER | log.cleaner.min.cleanable.ratio | .50 | 0.5",
                "BROKER | metric.reporters | 'b, a' | b,a",
            })
    void normalisesWhatMeansTheSame(ConfigScope scope, String key, String written, String normal) {
        assertThat(newest.find(scope, key).orElseThrow().normalised(written)).isEqualTo(normal);
    }
}
