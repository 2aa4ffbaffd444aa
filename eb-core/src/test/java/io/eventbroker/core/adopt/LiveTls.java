package io.eventbroker.core.adopt;

import static org.assertj.core.api.Assertions.assertThat;

import io.eventbroker.testkit.kafka.TlsFiles;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.concurrent.TimeUnit;

/** One self-signed certificate for all nodes, from the JDK's keytool, in a store that is its own trust store. */
record LiveTls(Path store) {
    private static final String PASSWORD = "planted-store";

    static LiveTls in(Path folder) throws Exception {
        Path store = folder.resolve("node.p12");
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        "node",
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=node",
                        "-ext",
                        "san=dns:localhost,ip:127.0.0.1",
                        "-storetype",
                        "PKCS12",
                        "-storepass",
                        PASSWORD,
                        "-keystore",
                        store.toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("keytool.log").toFile())
                .start();
        assertThat(keytool.waitFor(60, TimeUnit.SECONDS)).isTrue();
        KeyStore keys = KeyStore.getInstance(store.toFile(), PASSWORD.toCharArray());
        KeyStore trust = KeyStore.getInstance("PKCS12");
        trust.load(null, null);
        trust.setCertificateEntry("node", keys.getCertificate("node"));
        try (java.io.OutputStream out = java.nio.file.Files.newOutputStream(folder.resolve("trust.p12"))) {
            trust.store(out, PASSWORD.toCharArray());
        }
        return new LiveTls(store);
    }

    TlsFiles files(int node) {
        return new TlsFiles(store, PASSWORD, store.resolveSibling("trust.p12"), PASSWORD);
    }
}
