package io.eventbroker.testkit.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eventbroker.testkit.TestKitException;
import io.eventbroker.testkit.internal.ChildProcess;
import io.eventbroker.testkit.junit.EventBrokerExtension;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(EventBrokerExtension.class)
class EmbeddedSchemaRegistryTest {
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private static String send(URI address, String body) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(address).header("Content-Type", "application/json");
        if (!body.isEmpty()) {
            request.POST(HttpRequest.BodyPublishers.ofString(body));
        }
        return HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString()).body();
    }

    @Test
    void keepsSchemasAndEndsWhenKilled(EmbeddedSchemaRegistry registry) throws Exception {
        send(URI.create(registry.endpoint() + "/subjects/orders/versions"), "{\"schema\":\"\\\"int\\\"\"}");
        assertThat(send(URI.create(registry.endpoint() + "/subjects"), "")).isEqualTo("[\"orders\"]");

        registry.kill();

        assertThat(registry.isRunning()).isFalse();
        assertThatThrownBy(() -> send(registry.endpoint(), "")).isInstanceOf(IOException.class);
    }

    @Test
    void saysWhatIsMissing(@TempDir Path empty) {
        assertThatThrownBy(() -> ChildProcess.folder("no.such.property", "the folder of a server"))
                .isInstanceOf(TestKitException.class)
                .hasMessageContaining("no.such.property is not set");
        System.setProperty("names.no.folder", empty.resolve("nothing").toString());
        assertThatThrownBy(() -> ChildProcess.folder("names.no.folder", "the folder of a server"))
                .isInstanceOf(TestKitException.class)
                .hasMessageContaining("which is no folder");
        System.clearProperty("names.no.folder");
    }
}
