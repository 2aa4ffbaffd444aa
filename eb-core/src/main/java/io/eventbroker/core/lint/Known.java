package io.eventbroker.core.lint;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Findings held against a baseline.
 *
 * @param compared whether there was one
 * @param added findings that it does not have
 * @param known findings that it has
 * @param mended what it has and was not found, though its rule ran; as often as it is gone
 */
record Known(boolean compared, List<Finding> added, List<Finding> known, List<Baseline.Entry> mended) {

    static Known of(
            Optional<Baseline> baseline,
            List<Finding> findings,
            List<Suppressed> suppressed,
            List<ConfiguredRule> active) {
        if (baseline.isEmpty()) {
            return new Known(false, List.copyOf(findings), List.of(), List.of());
        }
        Map<Baseline.Entry, Integer> left = new HashMap<>(baseline.get().counts());
        List<Finding> added = new ArrayList<>();
        List<Finding> known = new ArrayList<>();
        for (Finding finding : findings) {
            boolean isKnown = !OwnRules.isOwn(finding) && take(left, finding);
            (isKnown ? known : added).add(finding);
        }
        suppressed.forEach(one -> take(left, one.finding())); // it is still there
        Set<String> ran = new HashSet<>();
        active.forEach(rule -> ran.add(rule.rule().id()));
        List<Baseline.Entry> mended = new ArrayList<>();
        baseline.get().counts().keySet().stream()
                .filter(entry -> ran.contains(entry.rule()))
                .forEach(entry -> {
                    for (int i = 0; i < left.getOrDefault(entry, 0); i++) {
                        mended.add(entry);
                    }
                });
        return new Known(true, List.copyOf(added), List.copyOf(known), List.copyOf(mended));
    }

    private static boolean take(Map<Baseline.Entry, Integer> left, Finding finding) {
        Baseline.Entry entry = Baseline.Entry.of(finding);
        int count = left.getOrDefault(entry, 0);
        if (count > 0) {
            left.put(entry, count - 1);
        }
        return count > 0;
    }
}
