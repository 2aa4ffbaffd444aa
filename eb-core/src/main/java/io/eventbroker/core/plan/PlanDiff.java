package io.eventbroker.core.plan;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/**
 * What differs between two plans of one kind: what has changed since the earlier one was approved.
 *
 * @param added in the later plan only, one summary each, with its risk unless it is safe
 * @param removed in the earlier plan only, likewise
 * @param changed in both under the same id, but with other content: the later summary, the earlier one where it was
 *     another, and the risk where that was another
 * @param reordered true if the same actions stand in another order
 * @param otherBasis true if the plans were made from another state, or for another cluster or environment
 * @param otherRemarks true if facts or notes differ
 */
public record PlanDiff(
        List<String> added,
        List<String> removed,
        List<String> changed,
        boolean reordered,
        boolean otherBasis,
        boolean otherRemarks) {
    public PlanDiff {
        added = List.copyOf(added);
        removed = List.copyOf(removed);
        changed = List.copyOf(changed);
    }

    static PlanDiff between(Plan<?> earlier, Plan<?> later) {
        Map<ActionId, Action> before = byId(earlier);
        Map<ActionId, Action> after = byId(later);
        List<String> added = new ArrayList<>();
        List<String> changed = new ArrayList<>();
        after.forEach((id, action) -> {
            Action old = before.get(id);
            if (old == null) {
                added.add(withRisk(action));
            } else if (!old.equals(action)) {
                changed.add(change(old, action));
            }
        });
        List<String> removed = before.entrySet().stream()
                .filter(e -> !after.containsKey(e.getKey()))
                .map(e -> withRisk(e.getValue()))
                .toList();
        boolean reordered = added.isEmpty()
                && removed.isEmpty()
                && !List.copyOf(before.keySet()).equals(List.copyOf(after.keySet()));
        return new PlanDiff(
                added,
                removed,
                changed,
                reordered,
                !earlier.basis().equals(later.basis()) || !Objects.equals(earlier.environment(), later.environment()),
                !earlier.facts().equals(later.facts()) || !earlier.notes().equals(later.notes()));
    }

    private static String withRisk(Action action) {
        return action.summary()
                + (action.risk() == Risk.SAFE ? "" : " (" + action.risk().name().toLowerCase(Locale.ROOT) + ")");
    }

    private static String change(Action old, Action now) {
        return now.summary()
                + (old.summary().equals(now.summary()) ? "" : " (was: " + old.summary() + ")")
                + (old.risk() == now.risk() ? "" : " (risk: " + old.risk() + " → " + now.risk() + ")");
    }

    private static Map<ActionId, Action> byId(Plan<?> plan) {
        Map<ActionId, Action> actions = new LinkedHashMap<>();
        plan.actions().forEach(action -> actions.put(action.id(), action));
        return actions;
    }

    /** True if both plans would do the same. They may still have been made from other states. */
    public boolean sameActions() {
        return added.isEmpty() && removed.isEmpty() && changed.isEmpty() && !reordered;
    }

    /** For a terminal, one line a difference, in words: the signs of a printed plan stand for risks. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        added.forEach(line -> text.append("  added: ").append(line).append('\n'));
        changed.forEach(line -> text.append("  changed: ").append(line).append('\n'));
        removed.forEach(line -> text.append("  removed: ").append(line).append('\n'));
        if (reordered) {
            text.append("  the same actions in another order\n");
        }
        if (otherBasis) {
            text.append("  made from another state, or for another cluster or environment\n");
        }
        if (otherRemarks) {
            text.append("  other facts or notes\n");
        }
        return text.isEmpty() ? "  no difference\n" : text.toString();
    }
}
