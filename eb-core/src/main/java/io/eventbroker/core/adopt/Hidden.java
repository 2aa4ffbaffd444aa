package io.eventbroker.core.adopt;

import io.eventbroker.core.config.ConfigCatalogue;
import io.eventbroker.core.config.ConfigReference;
import io.eventbroker.core.config.ConfigScope;
import io.eventbroker.core.config.ConfigTarget;
import io.eventbroker.core.manifest.internal.SecretWords;
import io.eventbroker.core.source.Node;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** Tells secrets by their names and by what they look like. It rather hides too much. */
final class Hidden {
    static final String SHOWN = "[hidden]";

    private static final Pattern NAME = Pattern.compile(
            SecretWords.ALTERNATIVES
                    + "|secret|credential|jaas|passw|pwd|keystore.?key$|user.?info$|license$|last-applied",
            Pattern.CASE_INSENSITIVE);

    /** Of these, the names of secrets, and where they are asked for, are none. */
    private static final Pattern REFERENCE =
            Pattern.compile("(ref|refs|name|names|uri|url|type|class|ids)$", Pattern.CASE_INSENSITIVE);

    private static final Pattern VALUE = Pattern.compile(
            "(passw(or)?d|pwd|secret|token|credentials?|api.?key)\\w*[\"']?\\s*[=:]|loginmodule\\s+\\w+\\s+\\w+\\s*="
                    + "|://[^/@\\s]+:[^/@\\s]+@|-----begin|^eyj[a-z0-9_-]{8,}|^akia[a-z0-9]{12,}",
            Pattern.CASE_INSENSITIVE);

    private static final ConfigCatalogue NEWEST = ConfigCatalogue.of(
            ConfigCatalogue.versions().get(ConfigCatalogue.versions().size() - 1));

    private Hidden() {}

    static boolean isSecretName(String name) {
        return NAME.matcher(name).find() && !REFERENCE.matcher(name).find();
    }

    /** Whether the text looks like a secret, or has one in it. */
    static boolean looksSecret(String text) {
        return VALUE.matcher(text).find();
    }

    /** As {@link #looksSecret}; also whether it sets something that sounds like a secret. */
    private static boolean showsSecret(String text) {
        int equals = text.indexOf('=');
        return looksSecret(text)
                || (equals > 0 && isSecretName(text.substring(0, equals).trim()));
    }

    /** Whether a property must not be carried as it stands; references may. */
    static boolean isSecret(ConfigTarget target, String key, String value) {
        if (value.isEmpty() || ConfigReference.parse(value).isPresent()) {
            return false;
        }
        ConfigScope scope = target.scope().orElse(ConfigScope.CONSUMER);
        boolean named = NEWEST.find(scope, key).isPresent()
                ? NEWEST.isSensitive(scope, key)
                : NEWEST.isSensitive(scope, key) || isSecretName(key);
        return named || looksSecret(value);
    }

    /** What stands there, for messages; secrets, and the values of annotations and Secrets, are hidden. */
    static String shown(Node node, String path) {
        return Node.shorten(text(node, isHidden(node, path)));
    }

    private static boolean isHidden(Node node, String path) {
        List<String> segments = Node.segments(path);
        return segments.stream().anyMatch(Hidden::isAnnotations)
                || (node instanceof Node.Text
                        && !segments.isEmpty()
                        && isSecretName(segments.get(segments.size() - 1)));
    }

    private static boolean isAnnotations(String key) {
        return key.toLowerCase(Locale.ROOT).endsWith("annotations");
    }

    private static String text(Node node, boolean hidden) {
        if (node instanceof Node.Text text) {
            return hidden || showsSecret(text.text()) ? SHOWN : "'" + text.text() + "'";
        }
        List<String> parts = new ArrayList<>();
        if (node instanceof Node.Items list) {
            list.items().forEach(item -> parts.add(text(item, hidden)));
            return "[" + String.join(", ", parts) + "]";
        }
        if (node instanceof Node.Fields map) {
            boolean named = map.get("name") instanceof Node.Text name && isSecretName(name.text());
            boolean isSecret =
                    map.get("kind") instanceof Node.Text kind && kind.text().equals("Secret");
            map.fields().forEach((key, field) -> {
                boolean secret = isAnnotations(key)
                        || (isSecret && (key.equals("data") || key.equals("stringData")))
                        || (isSecretName(key) && field.value() instanceof Node.Text)
                        || (named && key.equals("value"));
                parts.add(key + ": " + text(field.value(), hidden || secret));
            });
        }
        return "{" + String.join(", ", parts) + "}";
    }
}
