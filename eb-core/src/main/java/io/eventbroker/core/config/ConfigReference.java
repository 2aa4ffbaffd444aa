package io.eventbroker.core.config;

import io.eventbroker.core.secret.SecretRef;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a file writes in place of a value that lives elsewhere: {@code ${secret:kafka-tls/keystore-password}},
 * {@code ${configMap:kafka-tuning/num.io.threads}}, or any other {@code ${provider:path}}, which Kafka's own
 * configuration providers understand. Layers, plans and reports carry the reference; the value behind it is never read
 * here.
 *
 * @param provider {@code secret}, {@code configMap}, or the name of one of Kafka's configuration providers
 * @param path what it finds the value by: for the first two, the name of the object, {@code /} and its key
 */
public record ConfigReference(String provider, String path) {
    private static final Pattern FORM = Pattern.compile("\\$\\{([A-Za-z][A-Za-z0-9._-]*):([^{}\\s][^{}]*)}");

    /** The reference that the text is, if it is one and nothing else. */
    public static Optional<ConfigReference> parse(String text) {
        Matcher matcher = FORM.matcher(text.trim());
        return matcher.matches()
                ? Optional.of(new ConfigReference(matcher.group(1), matcher.group(2)))
                : Optional.empty();
    }

    /** Whether the text is, or holds, a reference. */
    static boolean isIn(String text) {
        return text.indexOf('$') >= 0 && FORM.matcher(text).find();
    }

    /** The secret that is meant, for the host's {@code SecretSource}. */
    public Optional<SecretRef> secret() {
        return provider.equals("secret") ? Optional.of(new SecretRef(path)) : Optional.empty();
    }

    @Override
    public String toString() {
        return "${" + provider + ":" + path + "}";
    }
}
