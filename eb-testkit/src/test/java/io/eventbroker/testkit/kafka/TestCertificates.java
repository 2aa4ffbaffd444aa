package io.eventbroker.testkit.kafka;

import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Self-signed certificates from the JDK's keytool, all trusted by one trust store. */
final class TestCertificates {
    static final String PASSWORD = "a test's password";

    private final Path directory;
    private final Map<String, Path> stores = new LinkedHashMap<>();

    TestCertificates(Path directory, String... commonNames) throws Exception {
        this.directory = directory;
        KeyStore trust = KeyStore.getInstance("PKCS12");
        trust.load(null, null);
        for (String name : commonNames) {
            Path store = directory.resolve(name + ".p12");
            keytool(name, store);
            KeyStore keys = KeyStore.getInstance("PKCS12");
            try (InputStream in = Files.newInputStream(store)) {
                keys.load(in, PASSWORD.toCharArray());
            }
            trust.setCertificateEntry(name, keys.getCertificate(name));
            stores.put(name, store);
        }
        try (OutputStream out = Files.newOutputStream(directory.resolve("trust.p12"))) {
            trust.store(out, PASSWORD.toCharArray());
        }
    }

    TlsFiles of(String commonName) {
        return new TlsFiles(stores.get(commonName), PASSWORD, directory.resolve("trust.p12"), PASSWORD);
    }

    private static void keytool(String name, Path store) throws Exception {
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        name,
                        "-keyalg",
                        "EC",
                        "-groupname",
                        "secp256r1",
                        "-dname",
                        "CN=" + name + ",O=Event Broker",
                        "-ext",
                        "san=dns:localhost,ip:127.0.0.1",
                        "-validity",
                        "2",
                        "-storetype",
                        "PKCS12",
                        "-storepass",
                        PASSWORD,
                        "-keystore",
                        store.toString())
                .redirectErrorStream(true)
                .start();
        String output = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (!keytool.waitFor(30, TimeUnit.SECONDS) || keytool.exitValue() != 0) {
            throw new IllegalStateException("keytool: " + output);
        }
    }
}
