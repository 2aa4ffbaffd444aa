package io.eventbroker.core.spec;

import io.eventbroker.core.config.ConfigReference;
import io.eventbroker.core.problem.Problem;
import io.eventbroker.core.problem.SourceLocation;
import io.eventbroker.core.source.Node;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What stands behind {@code ${provider:path}} in the scalars of one reading. A resolver is asked once for each path; what
 * it gives is taken as it is, without another look for references in it, and is left out of all messages.
 */
final class References {
    /** Providers of values that a model must not hold, so that no host can resolve them into one. */
    private static final Set<String> NEVER = Set.of("secret", "configMap");

    private static final Pattern PROVIDER = Pattern.compile("[A-Za-z][A-Za-z0-9._-]*");
    private static final Pattern OPEN = Pattern.compile("\\$\\{([A-Za-z][A-Za-z0-9._-]*):");
    /** Values that are as short stand in messages for other reasons too, and are left out of those of their place only. */
    private static final int SHORT = 3;
    /** Of text that follows a reference which is not closed. */
    private static final int LONGEST_SHOWN = 300;

    private final SortedMap<String, Function<String, Optional<String>>> resolvers;
    private final Map<ConfigReference, Answer> answers = new HashMap<>();
    private final Mask mask = new Mask(SHORT);
    private long resolved;

    References(SortedMap<String, Function<String, Optional<String>>> resolvers) {
        this.resolvers = resolvers;
    }

    /** A value, or what is wrong with it, in words, and what to do. */
    private record Answer(@Nullable String value, String wrong, String remedy) {
        static Answer of(String value) {
            return new Answer(value, "", "");
        }

        static Answer wrong(String wrong, String remedy) {
            return new Answer(null, wrong, remedy);
        }
    }

    /** Thrown where a scalar cannot be read; with one problem, without a path. */
    static final class UnresolvedException extends Exception {
        private static final long serialVersionUID = 1L;
        private final String remedy;

        UnresolvedException(String message, String remedy) {
            super(message, null, false, false);
            this.remedy = remedy;
        }

        Problem at(SourceLocation location, String path) {
            return Problem.error(location, path, String.valueOf(getMessage()), remedy);
        }
    }

    /**
     * Refuses what no resolver may be for.
     *
     * @throws IllegalArgumentException with the reason
     */
    static void checkProvider(String provider) {
        if (NEVER.contains(provider)) {
            throw new IllegalArgumentException("'" + provider + "' cannot be resolved into a model: what ${" + provider
                    + ":…} stands for is read where it is used, so that no plan, log or report holds it");
        }
        if (!PROVIDER.matcher(provider).matches()) {
            throw new IllegalArgumentException(
                    "'" + provider + "' is not the name of a provider: use letters, digits, '.', '_' or '-'");
        }
    }

    /** Whether the text may hold a reference, or a <code>$&#123;</code> that is written so as not to be one. */
    static boolean mayBeIn(String text) {
        return text.indexOf("${") >= 0;
    }

    /**
     * The scalar with what its references stand for. What a resolver gave counts as written without quotes, and never as
     * nothing.
     *
     * @param kept whether references that no resolver is for stay
     */
    Node.Text resolve(Node.Text scalar, boolean kept) throws UnresolvedException {
        if (!mayBeIn(scalar.text())) {
            return scalar;
        }
        Expansion expansion = expand(scalar.text(), kept, scalar.at());
        if (!expansion.resolved()) {
            return new Node.Text(scalar.at(), expansion.text(), scalar.plain());
        }
        mask.hide(expansion.text(), scalar.text(), scalar.at());
        Node.Text plain = new Node.Text(scalar.at(), expansion.text(), true);
        return plain.isNull() ? new Node.Text(scalar.at(), expansion.text(), false) : plain;
    }

    /** A key: <code>$$&#123;</code> is <code>$&#123;</code>, and references must not stand there. */
    String key(String key, SourceLocation at) throws UnresolvedException {
        if (!mayBeIn(key)) {
            return key;
        }
        if (holdsReference(key)) {
            throw new UnresolvedException(
                    "a reference cannot stand in a key, found '" + Node.shorten(key) + "'", "write the key out");
        }
        return expand(key, true, at).text();
    }

    /** How many characters were resolved so far, of which there may be no more than a limit. */
    long resolved() {
        return resolved;
    }

    /** Forgets those that were resolved since there were so many: they are about to be resolved again for the same places. */
    void countFrom(long before) {
        resolved = before;
    }

    /** The value of a scalar with references in it, as the model prints it, which may not be what stood there. */
    void hide(String printed, Node.Text scalar) {
        mask.hide(printed, scalar.text(), scalar.at());
    }

    /** What must not be in messages, of what was resolved so far. */
    Mask mask() {
        return mask;
    }

    /** Text that reads back as this one, wherever it stands. */
    static String escaped(String text) {
        return text.replace("${", "$${");
    }

    /** As {@link #escaped}, where references are kept: those that nobody can resolve stay readable. */
    static String escapedButSecrets(String text) {
        StringBuilder written = new StringBuilder(text.length() + 4);
        int from = 0;
        for (int at = text.indexOf("${"); at >= 0; at = text.indexOf("${", at + 2)) {
            ConfigReference reference = at(text, at);
            boolean dollarBefore = at > 0 && text.charAt(at - 1) == '$';
            if (reference == null || !NEVER.contains(reference.provider()) || dollarBefore) {
                written.append(text, from, at).append('$');
                from = at;
            }
        }
        return written.append(text, from, text.length()).toString();
    }

    private record Expansion(String text, boolean resolved) {}

    private Expansion expand(String text, boolean kept, SourceLocation at) throws UnresolvedException {
        StringBuilder expanded = new StringBuilder(text.length());
        boolean any = false;
        int lastBrace = text.lastIndexOf('}');
        int i = 0;
        while (i < text.length()) {
            int next = text.indexOf('$', i);
            if (next < 0) {
                break;
            }
            expanded.append(text, i, next);
            if (text.startsWith("$${", next)) {
                expanded.append("${");
                i = next + 3;
                continue;
            }
            ConfigReference reference = at(text, next);
            if (reference == null) {
                if (next > lastBrace && text.startsWith("${", next)) {
                    requireClosed(text.substring(next, Math.min(text.length(), next + LONGEST_SHOWN)), kept);
                }
                expanded.append('$');
                i = next + 1;
                continue;
            }
            i = text.indexOf('}', next) + 1;
            if (kept && !resolvers.containsKey(reference.provider())) {
                expanded.append(text, next, i);
                continue;
            }
            String value = value(reference, at);
            expanded.append(value);
            any = true;
        }
        return new Expansion(
                expanded.append(text, Math.min(i, text.length()), text.length()).toString(), any);
    }

    /** A reference that nobody closed is none, and is not what anybody means. */
    private void requireClosed(String rest, boolean kept) throws UnresolvedException {
        Matcher open = rest.indexOf('}') < 0 ? OPEN.matcher(rest) : null;
        if (open != null && open.lookingAt()) {
            String provider = open.group(1);
            if (!kept || resolvers.containsKey(provider) || NEVER.contains(provider)) {
                throw new UnresolvedException(
                        "the reference '" + Node.shorten(rest) + "' is not closed: '}' is missing",
                        "add '}', or write '$${' for text that begins so");
            }
        }
    }

    private String value(ConfigReference reference, SourceLocation at) throws UnresolvedException {
        if (!answers.containsKey(reference) && answers.size() >= Limits.REFERENCES) {
            throw new UnresolvedException(
                    "more than " + Limits.REFERENCES + " different references", "write the values out");
        }
        Answer answer = answers.computeIfAbsent(reference, this::ask);
        String value = answer.value();
        if (value == null) {
            throw new UnresolvedException(answer.wrong(), answer.remedy());
        }
        resolved += value.length();
        if (resolved > Limits.RESOLVED_CHARACTERS) {
            throw new UnresolvedException(
                    "the values of references add up to more than " + (Limits.RESOLVED_CHARACTERS >> 20)
                            + " Mi characters",
                    "resolve less");
        }
        mask.hide(value, reference.toString(), at);
        return value;
    }

    private Answer ask(ConfigReference reference) {
        String provider = reference.provider();
        String shown = "'" + Node.shorten(reference.toString()) + "'";
        Function<String, Optional<String>> resolver = resolvers.get(provider);
        if (resolver == null) {
            return NEVER.contains(provider)
                    ? Answer.wrong(
                            "the reference " + shown + " can only stand in properties, where it stays a reference",
                            "write the value, or move the setting into properties such as 'config'")
                    : Answer.wrong(
                            "nothing resolves the reference " + shown,
                            "pass a resolver with Specs.resolving(\"" + provider + "\", …), or write the value");
        }
        try {
            // one that is written without null checks may well give null
            Object given = resolver.apply(reference.path());
            if (!(given instanceof Optional<?> found)) {
                return Answer.wrong(
                        "the resolver of '" + provider + "' gave null for " + shown, "let it give an Optional");
            }
            return found.map(value -> Answer.of((String) value))
                    .orElseGet(() -> Answer.wrong(
                            "the reference " + shown + " has no value: the resolver of '" + provider
                                    + "' does not know it",
                            "set it, or write the value"));
        } catch (RuntimeException e) {
            // its message may hold the value
            return Answer.wrong(
                    "the reference " + shown + " could not be resolved: the resolver of '" + provider + "' threw "
                            + e.getClass().getName(),
                    "see to the resolver, or write the value");
        }
    }

    /** The reference that begins there. */
    private static @Nullable ConfigReference at(String text, int start) {
        int end = text.startsWith("${", start) ? text.indexOf('}', start) : -1;
        return end < 0
                ? null
                : ConfigReference.parse(text.substring(start, end + 1)).orElse(null);
    }

    private static boolean holdsReference(String text) {
        for (int i = text.indexOf("${"); i >= 0; i = text.indexOf("${", i + 2)) {
            boolean escaped = i > 0 && text.charAt(i - 1) == '$';
            if (!escaped && at(text, i) != null) {
                return true;
            }
        }
        return false;
    }

    static SortedMap<String, Function<String, Optional<String>>> and(
            SortedMap<String, Function<String, Optional<String>>> resolvers,
            String provider,
            Function<String, Optional<String>> resolver) {
        checkProvider(provider);
        SortedMap<String, Function<String, Optional<String>>> more = new TreeMap<>(resolvers);
        if (more.putIfAbsent(provider, resolver) != null) {
            throw new IllegalArgumentException("there is a resolver of '" + provider + "' already");
        }
        return more;
    }
}
