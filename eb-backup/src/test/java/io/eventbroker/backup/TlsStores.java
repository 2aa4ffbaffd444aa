package io.eventbroker.backup;

import io.eventbroker.testkit.kafka.TlsFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A self-signed certificate that everyone has and trusts, made with the JDK's keytool. */
final class TlsStores {
    static final String PASSWORD = "changeit";

    private TlsStores() {}

    static TlsFiles make(Path directory) throws IOException, InterruptedException {
        return make(directory, "dns:localhost,ip:127.0.0.1");
    }

    /** For hosts of these names only, in keytool's form. */
    static TlsFiles make(Path directory, String names) throws IOException, InterruptedException {
        Path keyStore = directory.resolve("key.p12");
        Path trustStore = directory.resolve("trust.p12");
        Path certificate = directory.resolve("certificate.pem");
        keytool(
                "-genkeypair",
                "-alias",
                "kafka",
                "-keyalg",
                "EC",
                "-groupname",
                "secp256r1",
                "-dname",
                "CN=test",
                "-ext",
                "san=" + names,
                "-validity",
                "2",
                "-keystore",
                keyStore.toString());
        keytool(
                "-exportcert",
                "-rfc",
                "-alias",
                "kafka",
                "-file",
                certificate.toString(),
                "-keystore",
                keyStore.toString());
        keytool(
                "-importcert",
                "-noprompt",
                "-alias",
                "kafka",
                "-file",
                certificate.toString(),
                "-keystore",
                trustStore.toString());
        return new TlsFiles(keyStore, PASSWORD, trustStore, PASSWORD);
    }

    private static void keytool(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
        command.addAll(List.of(arguments));
        command.addAll(List.of("-storetype", "PKCS12", "-storepass", PASSWORD));
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        if (process.waitFor() != 0) {
            throw new IOException("keytool failed: " + command);
        }
    }
}
