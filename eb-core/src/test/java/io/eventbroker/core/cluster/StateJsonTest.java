package io.eventbroker.core.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eventbroker.core.EventBrokerException;
import java.io.StringReader;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StateJsonTest {
    private static final int STATES = 400;

    @Test
    void whatIsWrittenReadsBackEqualAndIsWrittenTheSame() {
        for (long seed = 0; seed < STATES; seed++) {
            ClusterState state = new StateGenerator(seed).draw();
            String json = state.toJson();

            ClusterState read = ClusterState.fromJson(json);

            assertThat(read).as("seed %d: %s", seed, json).isEqualTo(state);
            assertThat(read.toJson()).isEqualTo(json);
            assertThat(state.diff(read).isEmpty()).isTrue();
        }
    }

    @Test
    void everyEntryStandsOnALineOfItsOwn() {
        for (long seed = 0; seed < STATES; seed++) {
            ClusterState state = new StateGenerator(seed).draw();

            String json = state.toJson();

            assertThat(json).endsWith("}\n}\n");
            for (TopicState topic : state.topics().values()) {
                assertThat(json.lines()
                                .filter(line -> line.matches("\\{.*\"name\":\""
                                        + java.util.regex.Pattern.quote(
                                                topic.name().value()) + "\".*},?")))
                        .as("%s in %s", topic.name(), json)
                        .hasSize(1);
            }
        }
    }

    @Test
    void oneTopicChangedIsOneLineChanged() {
        ClusterState state = new StateGenerator(1).draw();
        TopicState topic = state.topics().values().iterator().next();

        List<String> before = new ArrayList<>(state.toJson().lines().toList());
        List<String> after = state.simulate()
                .addPartitionsUpTo(topic.name(), topic.partitions().size() + 1)
                .state()
                .toJson()
                .lines()
                .toList();

        assertThat(after).hasSameSizeAs(before);
        before.removeAll(after);
        assertThat(before).hasSize(1);
    }

    @Test
    void equalStatesHaveEqualText() {
        for (long seed = 0; seed < STATES; seed++) {
            assertThat(new StateGenerator(seed).draw().toJson())
                    .isEqualTo(new StateGenerator(seed).draw().toJson());
        }
    }

    /** Whatever stands in the text, it is a state or refused with an exception of ours. */
    @Test
    void mutatedTextIsAStateOrRefused() {
        Random random = new Random(42);
        int refused = 0;
        for (int i = 0; i < 20_000; i++) {
            StringBuilder json =
                    new StringBuilder(new StateGenerator(i % 50).draw().toJson());
            for (int m = 0; m <= random.nextInt(3); m++) {
                int at = random.nextInt(json.length());
                switch (random.nextInt(4)) {
                    case 0 -> json.deleteCharAt(at);
                    case 1 -> json.insert(at, "{}[]\",:0-enull".charAt(random.nextInt(14)));
                    case 2 -> json.setCharAt(at, (char) (32 + random.nextInt(90)));
                    default -> json.setLength(Math.max(4, at));
                }
            }
            try {
                ClusterState.fromJson(json.toString());
            } catch (EventBrokerException e) {
                refused++;
                assertThat(e.getMessage()).startsWith("cannot read the cluster state");
            }
        }
        assertThat(refused).isGreaterThan(10_000);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "[]",
                "{}",
                "{\"content\":{}}",
                "{\"clusterState\":1}",
                "{\"clusterState\":1,\"content\":{}}",
                "{\"clusterState\":1,\"content\":{\"clusterId\":\"a\",\"nonsense\":1}}",
                "{\"clusterState\":1,\"content\":{\"clusterId\":\"a\",\"topics\":[null]}}",
                "{\"clusterState\":1,\"content\":{\"clusterId\":\"a\",\"topics\":[{\"configs\":3,\"id\":\"x\",\"name\":\"t\",\"partitions\":[]}]}}",
                "{\"clusterState\":1,\"content\":{\"clusterId\":\"a\",\"topics\":[{\"configs\":null,\"id\":\"x\",\"name\":\"a/b\",\"partitions\":[]}]}}",
                "{\"clusterState\":1,\"content\":{\"clusterId\":\"a\"}} and more"
            })
    void refusesWhatIsNoState(String json) {
        assertThatThrownBy(() -> ClusterState.fromJson(json))
                .isInstanceOf(EventBrokerException.class)
                .hasMessageContaining("cannot read the cluster state");
    }

    @Test
    void refusesALaterVersionByName() {
        assertThatThrownBy(() -> ClusterState.fromJson("{\"clusterState\":2,\"content\":{\"unheardOf\":true}}"))
                .isInstanceOf(EventBrokerException.class)
                .hasMessageContaining("only version 1");
    }

    @Test
    void leavesWriterAndReaderOpen() {
        boolean[] closed = new boolean[2];
        StringWriter out = new StringWriter() {
            @Override
            public void close() {
                closed[0] = true;
            }
        };
        ClusterState state = new StateGenerator(1).draw();
        state.writeJson(out);
        StringReader in = new StringReader(out.toString()) {
            @Override
            public void close() {
                closed[1] = true;
            }
        };
        assertThat(ClusterState.readJson(in)).isEqualTo(state);
        assertThat(closed).containsOnly(false);
    }

    @Test
    void holdsNoSecret() {
        ConfigValue secret = new ConfigValue(
                "open sesame", ConfigValue.Origin.BROKER, true, false, java.util.Optional.of("open sesame"));
        assertThat(secret.toString()).doesNotContain("sesame");
        assertThat(secret.value()).isNull();
        assertThat(secret.clusterWide()).isEmpty();
    }
}
