package io.eventbroker.core.spec;

import io.eventbroker.core.kind.Kind;
import io.eventbroker.core.problem.Problem;
import io.eventbroker.core.problem.SourceLocation;
import io.eventbroker.core.source.Node;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * What must not be in messages, and what stands there instead. A text that a file has literally, and a word of the SDK's
 * own, is no secret: it is hidden only where it is quoted as what was found at the place of the reference. Filled by one
 * thread, then for use by any.
 */
final class Mask {
    private static final Pattern WORDS = Pattern.compile("[^\\p{L}\\p{N}_-]+");
    private static final String AROUND = " \n\t'\",;()[]{}=";
    /** Longer values are no lists that messages take apart. */
    private static final int LOOKED_THROUGH = 10_000;

    private final int shortest;
    private final Map<String, String> everywhere = new HashMap<>();
    private final Map<SourceLocation, Map<String, String>> atPlace = new HashMap<>();
    private final Literals literals = new Literals();

    Mask(int shortest) {
        this.shortest = shortest;
    }

    /** What stands in these, or is a word of these kinds, may be shown. */
    void show(Collection<Kind<?>> kinds, List<Node> documents) {
        literals.add(kinds, documents);
    }

    void hide(String value, String reference, SourceLocation at) {
        String instead = Node.shorten(reference);
        Map<String, String> here = atPlace.computeIfAbsent(at, place -> new HashMap<>());
        if (value.length() <= shortest) {
            here.putIfAbsent(value, instead);
            return;
        }
        // what is said of an item of a list, or of a part of an address, stands at the place of the whole
        WORDS.splitAsStream(value.substring(0, Math.min(value.length(), LOOKED_THROUGH)))
                .filter(word -> word.length() > shortest)
                .forEach(word -> here.putIfAbsent(word, instead));
        here.put(value, instead);
        everywhere.putIfAbsent(value, instead);
        String shown = Node.shorten(value);
        // as messages show long values, and those with line breaks
        everywhere.putIfAbsent(
                shown.length() < value.length() ? shown.substring(0, shown.length() - 3) : shown, instead);
    }

    Problem over(Problem problem) {
        if (everywhere.isEmpty() && atPlace.isEmpty()) {
            return problem;
        }
        Map<String, String> all = new TreeMap<>(
                (a, b) -> a.length() != b.length() ? Integer.compare(b.length(), a.length()) : a.compareTo(b));
        String said = problem.message() + '\n' + problem.remedy();
        everywhere.forEach((value, reference) -> {
            if (said.contains(value)) {
                all.put(value, reference);
            }
        });
        Map<String, String> here = atPlace.getOrDefault(problem.location(), Map.of());
        all.putAll(here);
        all.remove("");
        if (all.isEmpty()) {
            return problem;
        }
        return new Problem(
                problem.severity(),
                problem.location(),
                problem.path(),
                without(all, here, problem.message()),
                without(all, here, problem.remedy()));
    }

    /** One pass, longest values first at each place, so that nothing is replaced within a replacement. */
    private String without(Map<String, String> values, Map<String, String> here, String text) {
        StringBuilder masked = new StringBuilder(text.length());
        int i = 0;
        while (i < text.length()) {
            Map.Entry<String, String> hidden = null;
            for (Map.Entry<String, String> value : values.entrySet()) {
                if (text.startsWith(value.getKey(), i)
                        && stands(text, i, value.getKey().length())
                        && !mayBeShown(text, i, value.getKey(), here)) {
                    hidden = value;
                    break;
                }
            }
            masked.append(hidden == null ? text.substring(i, i + 1) : hidden.getValue());
            i += hidden == null ? 1 : hidden.getKey().length();
        }
        return masked.toString();
    }

    /** Whether what stands there comes from a file or from the SDK, as far as anybody can tell. */
    private boolean mayBeShown(String text, int start, String value, Map<String, String> here) {
        int from = start;
        while (from > 0 && AROUND.indexOf(text.charAt(from - 1)) < 0) {
            from--;
        }
        int to = start + value.length();
        while (to < text.length() && AROUND.indexOf(text.charAt(to)) < 0) {
            to++;
        }
        boolean quoted = from > 0 && "'\"".indexOf(text.charAt(from - 1)) >= 0;
        if (here.containsKey(value) && (quoted || value.length() <= shortest)) {
            return false;
        }
        return literals.have(value) || literals.have(text.substring(from, to));
    }

    /** Short values count as words of their own only: "in" is not a part of "within". */
    private static boolean stands(String text, int start, int length) {
        int end = start + length;
        return length > 7
                || ((start == 0 || !Character.isLetterOrDigit(text.charAt(start - 1)))
                        && (end == text.length() || !Character.isLetterOrDigit(text.charAt(end))));
    }
}
