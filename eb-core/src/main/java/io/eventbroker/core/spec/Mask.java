package io.eventbroker.core.spec;

import io.eventbroker.core.problem.Problem;
import io.eventbroker.core.problem.SourceLocation;
import io.eventbroker.core.source.Node;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** What must not be in messages, and what stands there instead. Filled by one thread, then for use by any. */
final class Mask {
    private static final Pattern WORDS = Pattern.compile("[^\\p{L}\\p{N}_-]+");
    /** Longer values are no lists that messages take apart. */
    private static final int LOOKED_THROUGH = 10_000;

    private final int shortest;
    private final Map<String, String> everywhere = new HashMap<>();
    private final Map<SourceLocation, Map<String, String>> atPlace = new HashMap<>();

    Mask(int shortest) {
        this.shortest = shortest;
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
        all.putAll(atPlace.getOrDefault(problem.location(), Map.of()));
        all.remove("");
        if (all.isEmpty()) {
            return problem;
        }
        return new Problem(
                problem.severity(),
                problem.location(),
                problem.path(),
                without(all, problem.message()),
                without(all, problem.remedy()));
    }

    /** One pass, longest values first at each place, so that nothing is replaced within a replacement. */
    private static String without(Map<String, String> values, String text) {
        StringBuilder masked = new StringBuilder(text.length());
        int i = 0;
        while (i < text.length()) {
            Map.Entry<String, String> here = null;
            for (Map.Entry<String, String> value : values.entrySet()) {
                if (text.startsWith(value.getKey(), i)
                        && stands(text, i, value.getKey().length())) {
                    here = value;
                    break;
                }
            }
            masked.append(here == null ? text.substring(i, i + 1) : here.getValue());
            i += here == null ? 1 : here.getKey().length();
        }
        return masked.toString();
    }

    /** Short values count as words of their own only: "in" is not a part of "within". */
    private static boolean stands(String text, int start, int length) {
        int end = start + length;
        return length > 7
                || ((start == 0 || !Character.isLetterOrDigit(text.charAt(start - 1)))
                        && (end == text.length() || !Character.isLetterOrDigit(text.charAt(end))));
    }
}
