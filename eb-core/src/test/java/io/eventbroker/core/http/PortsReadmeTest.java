package io.eventbroker.core.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.eventbroker.core.Deadline;
import io.eventbroker.core.connect.ConnectCluster;
import io.eventbroker.core.connect.Connector;
import io.eventbroker.core.connect.ConnectorOffset;
import io.eventbroker.core.crypto.DataKey;
import io.eventbroker.core.crypto.EncryptionContext;
import io.eventbroker.core.crypto.KeyId;
import io.eventbroker.core.crypto.KeyRing;
import io.eventbroker.core.crypto.WrappedKey;
import io.eventbroker.core.law.Readme;
import io.eventbroker.core.registry.RegistryContents;
import io.eventbroker.core.registry.RegistryMode;
import io.eventbroker.core.registry.SchemaRegistry;
import io.eventbroker.core.registry.SchemaVersion;
import io.eventbroker.core.registry.Subject;
import io.eventbroker.core.secret.Secret;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the README shows of ports compiles; that of keys also runs. */
class PortsReadmeTest {
    @TempDir
    Path folder;

    @Test
    void showsHowKeysAreWrapped() throws Exception {
        Path file = folder.resolve("keys");
        Deadline soon = Deadline.after(Duration.ofSeconds(10));
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        byte[] nonce = new byte[12];
        WrappedKey keep;
        KeyRing.create(file, KeyId.of("2026-05")); // readable by its owner alone; keep a copy where the data is not
        KeyRing.rotate(file, KeyId.of("2026-11")); // wraps from now on, the old one still unwraps
        EncryptionContext context = EncryptionContext.of(Map.of("archive", "prod", "segment", "orders-0"));
        try (KeyRing keys = KeyRing.read(file);
                DataKey key = keys.generateDataKey(context, soon)) { // overwritten at the end
            cipher.init(Cipher.ENCRYPT_MODE, key.key(), new GCMParameterSpec(128, nonce));
            keep = key.wrapped(); // key id and ciphertext, for the data's manifest
        }
        try (KeyRing keys = KeyRing.read(file)) {
            keys.unwrap(keep, context, soon).close(); // TamperedKeyException for any other context
            keep = keys.rewrap(keep, context, soon); // after a rotation; the data stays as it is
        }
        assertThat(keep.keyId()).isEqualTo(KeyId.of("2026-11"));
    }

    /** Compiled only: {@code SchemaRegistryTest} and {@code RegistryProtocolTest} do this against servers. */
    static void registry(HttpClient http, Secret password, SchemaVersion version, StringBuilder out, Deadline soon) {
        RestEndpoint endpoint = RestEndpoint.at(http, URI.create("https://registry.example:8081"))
                .basic("backup", password);
        SchemaRegistry registry = SchemaRegistry.on(endpoint);
        RegistryContents contents = registry.read(subject -> subject.startsWith("orders."), soon);
        for (Subject subject : contents.subjects()) {
            subject.versions().forEach(one -> out.append(one.id()).append('\n')); // also softly deleted ones
        }
        registry.setMode("orders.placed-value", RegistryMode.IMPORT, soon);
        registry.importVersion(version, soon); // under the id and version that it had elsewhere
        registry.clearMode("orders.placed-value", soon);
    }

    /** Compiled only: {@code ConnectClusterTest} does this against a worker. */
    static void connect(HttpClient http, Map<String, String> config, StringBuilder out, Deadline soon) {
        ConnectCluster connect = ConnectCluster.on(RestEndpoint.at(http, URI.create("https://connect.example:8083")));
        for (Connector connector : connect.connectors(soon).values()) {
            SortedSet<String> secret =
                    connect.secretKeys(connector.config(), soon); // mask these before you keep the rest
            out.append(connector.name()).append(secret).append('\n');
        }
        connect.stop("orders-sink", soon); // returns when its tasks are gone
        List<ConnectorOffset> offsets = connect.offsets("orders-sink", soon);
        connect.createStopped("orders-sink-2", config, soon); // so that offsets are set before it runs
        connect.alterOffsets("orders-sink-2", offsets, soon);
        connect.resume("orders-sink-2", soon);
    }

    @Test
    void snippetsAreTheSameAsHere() {
        Readme readme = Readme.of(PortsReadmeTest.class);

        assertThat(readme.blocks()).hasSize(3);
        readme.assertShowsCode(readme.blocks().toArray(String[]::new));
    }
}
