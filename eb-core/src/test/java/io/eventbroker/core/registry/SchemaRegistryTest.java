package io.eventbroker.core.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eventbroker.core.Deadline;
import io.eventbroker.core.RetryableException;
import io.eventbroker.core.http.RestEndpoint;
import io.eventbroker.testkit.fault.FaultProxy;
import io.eventbroker.testkit.registry.EmbeddedSchemaRegistry;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Against a real registry. It knows no modes and gives no content of deleted versions, which is part of the test. */
class SchemaRegistryTest {
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static EmbeddedSchemaRegistry embedded;
    private static SchemaRegistry registry;

    @BeforeAll
    static void start() {
        embedded = EmbeddedSchemaRegistry.start();
        registry = SchemaRegistry.on(RestEndpoint.at(HTTP, embedded.endpoint()));
    }

    @AfterAll
    static void stop() {
        embedded.close();
    }

    private static Deadline soon() {
        return Deadline.after(Duration.ofSeconds(60));
    }

    private static Schema record(String name, String field) {
        return Schema.avro("{\"type\":\"record\",\"name\":\"" + name + "\",\"fields\":[{\"name\":\"" + field
                + "\",\"type\":\"int\",\"default\":0}]}");
    }

    @Test
    void readsBackWhatWasRegistered() {
        String subject = "orders/placed: v1-value";
        Schema first = record("Placed", "a");
        Schema second = record("Placed", "b");
        int firstId = registry.register(subject, first, soon());
        int secondId = registry.register(subject, second, soon());
        assertThat(registry.register(subject, first, soon())).isEqualTo(firstId);

        Subject read = registry.findSubject(subject, soon()).orElseThrow();

        assertThat(read.versions())
                .containsExactly(
                        new SchemaVersion(subject, 1, firstId, first, false),
                        new SchemaVersion(subject, 2, secondId, second, false));
        assertThat(read.deleted()).isFalse();
        assertThat(read.mode()).isEmpty();
        assertThat(registry.findVersion(subject, 2, soon()))
                .contains(read.versions().get(1));
        assertThat(registry.findVersion(subject, 3, soon())).isEmpty();
        assertThat(registry.findSchema(firstId, soon())).contains(first);
        assertThat(registry.findSchema(4711, soon())).isEmpty();
        assertThat(registry.findSubject("nobody", soon())).isEmpty();
        assertThat(registry.contexts(soon())).isNotEmpty();
    }

    @Test
    void keepsReferences() {
        registry.register("address-value", record("Address", "zip"), soon());
        Schema customer = Schema.avro(
                "{\"type\":\"record\",\"name\":\"Customer\",\"fields\":[{\"name\":\"home\",\"type\":\"Address\"}]}",
                new SchemaReference("Address", "address-value", 1));

        registry.register("customer-value", customer, soon());

        assertThat(registry.findVersion("customer-value", 1, soon())
                        .orElseThrow()
                        .schema())
                .isEqualTo(customer);
    }

    @Test
    void setsReadsAndClearsCompatibility() {
        registry.register("prices-value", record("Price", "a"), soon());
        assertThat(registry.compatibility("nobody", soon())).isEmpty();

        registry.setCompatibility("prices-value", Compatibility.FULL_TRANSITIVE, soon());

        assertThat(registry.compatibility("prices-value", soon())).contains(Compatibility.FULL_TRANSITIVE);
        Schema breaking = Schema.avro(
                "{\"type\":\"record\",\"name\":\"Price\",\"fields\":[{\"name\":\"a\",\"type\":\"string\"}]}");
        assertThatThrownBy(() -> registry.register("prices-value", breaking, soon()))
                .isInstanceOf(SchemaRegistryException.class)
                .hasMessageContaining("prices-value")
                .hasMessageContaining("not compatible")
                .extracting(e -> ((SchemaRegistryException) e).errorCode())
                .isEqualTo(409);
        registry.clearCompatibility("prices-value", soon());
        registry.clearCompatibility("prices-value", soon());
        // This registry says NONE of whatever has none of its own.
        assertThat(registry.compatibility("prices-value", soon())).contains(Compatibility.NONE);
        registry.register("prices-value", breaking, soon());

        Compatibility before = registry.compatibility(soon());
        registry.setCompatibility(Compatibility.FORWARD, soon());
        assertThat(registry.compatibility(soon())).isEqualTo(Compatibility.FORWARD);
        registry.setCompatibility(before, soon());
    }

    @Test
    void listsDeletedSubjectsAndSaysWhatIsWithheld() {
        registry.register("gone-value", record("Gone", "a"), soon());
        registry.register("kept-value", record("Kept", "a"), soon());

        registry.deleteSubject("gone-value", soon());
        registry.deleteSubject("gone-value", soon());

        assertThat(registry.subjects(soon())).contains("kept-value").doesNotContain("gone-value");
        assertThat(registry.subjectsWithDeleted(soon())).contains("kept-value", "gone-value");
        RegistryContents contents = registry.read(name -> name.startsWith("gone"), soon());
        assertThat(contents.subjects()).singleElement().satisfies(subject -> {
            assertThat(subject.deleted()).isTrue();
            assertThat(subject.versions()).isEmpty();
            assertThat(subject.withheld()).containsExactly(1);
        });

        registry.purgeSubject("gone-value", soon());
        assertThat(registry.findSubject("gone-value", soon())).isEmpty();
    }

    @Test
    void deletesOneVersion() {
        registry.register("two-value", record("Two", "a"), soon());
        registry.register("two-value", record("Two", "b"), soon());

        registry.deleteVersion("two-value", 1, soon());
        registry.deleteVersion("two-value", 1, soon());
        registry.deleteVersion("two-value", 9, soon());

        assertThat(registry.findVersion("two-value", 1, soon())).isEmpty();
        assertThat(registry.findVersion("two-value", 2, soon())).isPresent();
    }

    @Test
    void readsManySubjectsSideBySide() {
        List<String> names = IntStream.range(0, 60)
                .mapToObj(i -> String.format("many-%02d", i))
                .toList();
        names.forEach(name -> registry.register(name, record("Many", "f"), soon()));

        RegistryContents contents = registry.read(name -> name.startsWith("many-"), soon());

        assertThat(contents.subjects()).extracting(Subject::name).containsExactlyElementsOf(names);
        assertThat(contents.subjects()).allMatch(subject -> subject.versions().size() == 1);
        assertThat(contents.mode()).isEmpty();
    }

    @Test
    void saysThatThisRegistryHasNoModes() {
        registry.register("plain-value", record("Plain", "a"), soon());
        SchemaVersion wanted = new SchemaVersion("plain-value", 3, 77, record("Plain", "z"), false);

        assertThatThrownBy(() -> registry.setMode(RegistryMode.IMPORT, soon()))
                .isInstanceOf(SchemaRegistryException.class)
                .hasMessageContaining("has no modes");
        assertThatThrownBy(() -> registry.setMode("plain-value", RegistryMode.IMPORT, soon()))
                .hasMessageContaining("has no modes");
        assertThatThrownBy(() -> registry.importVersion(wanted, soon()))
                .isInstanceOf(SchemaRegistryException.class)
                .hasMessageContaining("has no modes");
        assertThat(registry.findSubject("plain-value", soon()).orElseThrow().versions())
                .hasSize(1);
    }

    @Test
    void putsRefusalsInWords() {
        assertThatThrownBy(() -> registry.register("bad-value", Schema.avro("{\"type\":\"nonsense\"}"), soon()))
                .isInstanceOf(SchemaRegistryException.class)
                .hasMessageContaining("register a schema as bad-value")
                .hasMessageContaining("422");
        SchemaRegistry elsewhere = SchemaRegistry.on(
                RestEndpoint.at(HTTP, URI.create(embedded.endpoint().resolve("/") + "nowhere")));
        assertThatThrownBy(() -> elsewhere.subjects(soon()))
                .isInstanceOf(SchemaRegistryException.class)
                .hasMessageContaining("no such path");
    }

    @Test
    void goesOnAfterTheConnectionWasCut() {
        registry.register("cut-value", record("Cut", "a"), soon());
        InetSocketAddress address = new InetSocketAddress(
                InetAddress.getLoopbackAddress(), embedded.endpoint().getPort());
        try (FaultProxy proxy = FaultProxy.to(address)) {
            SchemaRegistry behind = SchemaRegistry.on(RestEndpoint.at(
                    HTTP,
                    URI.create("http://127.0.0.1:" + proxy.port()
                            + embedded.endpoint().getPath())));
            assertThat(behind.subjects(soon())).contains("cut-value");

            proxy.reset();
            assertThat(behind.findSubject("cut-value", soon())).isPresent();

            proxy.refuse();
            proxy.reset();
            assertThatThrownBy(() -> behind.read(name -> true, soon())).isInstanceOf(RetryableException.class);

            proxy.heal();
            assertThat(behind.read(name -> name.equals("cut-value"), soon()).subjects())
                    .hasSize(1);
        }
    }
}
