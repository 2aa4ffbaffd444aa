package io.eventbroker.testkit.junit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;
import static org.junit.platform.testkit.engine.EventConditions.event;
import static org.junit.platform.testkit.engine.EventConditions.finishedWithFailure;
import static org.junit.platform.testkit.engine.TestExecutionResultConditions.cause;
import static org.junit.platform.testkit.engine.TestExecutionResultConditions.instanceOf;
import static org.junit.platform.testkit.engine.TestExecutionResultConditions.message;

import io.eventbroker.testkit.kafka.BrokerNode;
import io.eventbroker.testkit.kafka.EmbeddedKafka;
import io.eventbroker.testkit.kafka.EmbeddedKafkaBuilder;
import io.eventbroker.testkit.kubernetes.EmbeddedKubernetes;
import io.eventbroker.testkit.objectstore.EmbeddedObjectStore;
import java.lang.reflect.AnnotatedElement;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.platform.testkit.engine.EngineExecutionResults;
import org.junit.platform.testkit.engine.EngineTestKit;

class EventBrokerExtensionTest {
    private static final Map<String, Set<EmbeddedKafka>> SEEN = new ConcurrentHashMap<>();

    @BeforeEach
    void forget() {
        SEEN.clear();
    }

    private static EngineExecutionResults run(Class<?>... classes) {
        EngineTestKit.Builder kit = EngineTestKit.engine("junit-jupiter")
                .configurationParameter("junit.jupiter.execution.parallel.enabled", "true")
                .configurationParameter("junit.jupiter.execution.parallel.mode.default", "same_thread")
                .configurationParameter("junit.jupiter.execution.parallel.mode.classes.default", "concurrent")
                .configurationParameter("junit.jupiter.execution.parallel.config.strategy", "fixed")
                .configurationParameter("junit.jupiter.execution.parallel.config.fixed.parallelism", "2");
        for (Class<?> type : classes) {
            kit.selectors(selectClass(type));
        }
        return kit.execute();
    }

    private static void saw(Object test, EmbeddedKafka kafka) {
        SEEN.computeIfAbsent(test.getClass().getSimpleName(), name -> ConcurrentHashMap.newKeySet())
                .add(kafka);
    }

    private static Collection<EmbeddedKafka> all() {
        return SEEN.values().stream().flatMap(Set::stream).toList();
    }

    @Test
    void givesEachClassAClusterOfItsOwnWhenClassesRunInParallel() {
        EngineExecutionResults results = run(First.class, Second.class);

        results.testEvents().assertStatistics(stats -> stats.succeeded(4).failed(0));
        results.containerEvents().assertStatistics(stats -> stats.failed(0));
        assertThat(SEEN.get("First")).hasSize(1);
        assertThat(SEEN.get("Second")).hasSize(1);
        assertThat(all())
                .hasSize(2)
                .allSatisfy(kafka -> assertThat(closed(kafka)).isTrue());
    }

    @Test
    void givesAFreshClusterToEachMethodAndParameterThatAsks() {
        EngineExecutionResults results = run(Fresh.class);

        results.testEvents().assertStatistics(stats -> stats.succeeded(2).failed(0));
        assertThat(all())
                .hasSize(3)
                .allSatisfy(kafka -> assertThat(closed(kafka)).isTrue());
    }

    @Test
    void failsAClassWhosePartLeavesSomethingBehind() {
        run(Leaking.class)
                .containerEvents()
                .assertThatEvents()
                .haveExactly(
                        1,
                        event(finishedWithFailure(cause(
                                instanceOf(LeftBehindException.class),
                                message(text -> text.contains("thread 'left'"))))));
    }

    @Test
    void injectsTheObjectStoreAndTheKubernetesApiOnceForAClass() {
        EngineExecutionResults results = run(WithParts.class);

        results.testEvents().assertStatistics(stats -> stats.succeeded(2).failed(0));
        results.containerEvents().assertStatistics(stats -> stats.failed(0));
    }

    @Test
    void saysWhatIsMissingWithoutTheAnnotation() {
        run(Unannotated.class)
                .testEvents()
                .assertThatEvents()
                .haveExactly(1, event(finishedWithFailure(message(text -> text.contains("has @WithKafka")))));
    }

    private static boolean closed(EmbeddedKafka kafka) {
        return kafka.brokers().stream().noneMatch(BrokerNode::running);
    }

    private static final CyclicBarrier TOGETHER = new CyclicBarrier(2);

    @WithKafka(
            brokers = 2,
            racks = {"az-a", "az-b"})
    static class First {
        @BeforeAll
        static void meetsTheOtherClass(EmbeddedKafka kafka) throws Exception {
            TOGETHER.await(60, TimeUnit.SECONDS);
        }

        @Test
        void makesATopic(EmbeddedKafka kafka, Admin admin) throws Exception {
            saw(this, kafka);
            admin.createTopics(List.of(new NewTopic("orders", 1, (short) 2)))
                    .all()
                    .get();
            assertThat(kafka.brokers())
                    .extracting(BrokerNode::rack)
                    .containsExactly(Optional.of("az-a"), Optional.of("az-b"));
        }

        @Nested
        class Inside {
            @Test
            void sharesTheClusterAround(EmbeddedKafka kafka) {
                saw(First.this, kafka);
            }
        }
    }

    @WithKafka(properties = "message.max.bytes = 4321", customizer = Second.Named.class)
    static class Second {
        static class Named implements Consumer<EmbeddedKafkaBuilder> {
            @Override
            public void accept(EmbeddedKafkaBuilder builder) {
                builder.clusterId("AAAAAAAAAAAAAAAAAAAAAQ");
            }
        }

        @BeforeAll
        static void meetsTheOtherClass(EmbeddedKafka kafka) throws Exception {
            TOGETHER.await(60, TimeUnit.SECONDS);
        }

        @Test
        void makesTheSameTopicElsewhere(EmbeddedKafka kafka, Admin admin) throws Exception {
            saw(this, kafka);
            admin.createTopics(List.of(new NewTopic("orders", 1, (short) 1)))
                    .all()
                    .get();
        }

        @Test
        void isCustomized(EmbeddedKafka kafka, Admin admin) throws Exception {
            saw(this, kafka);
            assertThat(admin.describeCluster().clusterId().get()).isEqualTo("AAAAAAAAAAAAAAAAAAAAAQ");
        }
    }

    @WithKafka(lifetime = WithKafka.Lifetime.METHOD)
    static class Fresh {
        @Test
        void first(EmbeddedKafka kafka, Admin admin) throws Exception {
            saw(this, kafka);
            assertThat(admin.listTopics().names().get()).isEmpty();
            admin.createTopics(List.of(new NewTopic("orders", 1, (short) 1)))
                    .all()
                    .get();
        }

        @Test
        void second(EmbeddedKafka kafka, @WithKafka EmbeddedKafka other, Admin admin) throws Exception {
            saw(this, kafka);
            saw(this, other);
            assertThat(other.clusterId()).isNotEqualTo(kafka.clusterId());
        }
    }

    @ExtendWith(EventBrokerExtension.class)
    static class Leaking {
        @Test
        void usesThePart(Leaky part) {
            assertThat(part).isNotNull();
        }
    }

    @ExtendWith(EventBrokerExtension.class)
    static class Unannotated {
        @Test
        void asks(EmbeddedKafka kafka) {}
    }

    /** A part of a host application. */
    static class Leaky implements AutoCloseable {
        @Override
        public void close() {}
    }

    @ExtendWith(EventBrokerExtension.class)
    static class WithParts {
        private static final Set<EmbeddedObjectStore> STORES = ConcurrentHashMap.newKeySet();

        @Test
        void uses(EmbeddedObjectStore store, EmbeddedKubernetes api) {
            STORES.add(store);
            assertThat(store.client()
                            .headBucket(r -> r.bucket(store.bucket()))
                            .sdkHttpResponse()
                            .isSuccessful())
                    .isTrue();
            assertThat(api.client().namespaces().withName("kube-system").get()).isNotNull();
        }

        @Test
        void shares(EmbeddedObjectStore store) {
            STORES.add(store);
            assertThat(STORES).hasSize(1);
        }
    }

    /** Found by the service loader. */
    public static class LeakyPart implements EmbeddedPart {
        @Override
        public Class<Leaky> type() {
            return Leaky.class;
        }

        @Override
        public Leaky start(AnnotatedElement place) {
            return new Leaky();
        }

        @Override
        public List<String> leftBehind(AutoCloseable closed) {
            return List.of("thread 'left'");
        }
    }
}
