package io.eventbroker.core.plan;

import java.io.IOException;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** Prints a plan for a terminal. */
final class PlanText {
    private static final int LONGEST_FACT = 100;

    private PlanText() {}

    static void print(Plan<?> plan, Appendable out) throws IOException {
        out.append("Plan ").append(plan.type().name());
        out.append(" for ").append(plan.basis().clusterId());
        if (!plan.environment().isEmpty()) {
            out.append(" (").append(plan.environment()).append(')');
        }
        out.append(": ").append(plan.isEmpty() ? "nothing to do" : count(plan));
        out.append("\n");
        for (String note : plan.notes()) {
            out.append("  ! ").append(note).append('\n');
        }
        for (Action action : plan.actions()) {
            out.append("  ").append(sign(action.risk())).append(' ').append(action.summary());
            if (!action.reason().isEmpty()) {
                out.append("  (").append(action.reason()).append(')');
            }
            out.append('\n');
        }
        for (Map.Entry<String, String> fact : plan.facts().entrySet()) {
            if (isForMachines(fact.getValue())) {
                continue;
            }
            out.append("  ")
                    .append(fact.getKey())
                    .append(": ")
                    .append(shortened(fact.getValue()))
                    .append('\n');
        }
        out.append("  hash ").append(plan.hash().abbreviated()).append('\n');
    }

    /** JSON, which a module keeps for itself. */
    private static boolean isForMachines(String value) {
        return value.startsWith("[") || value.startsWith("{");
    }

    private static String shortened(String value) {
        return value.length() <= LONGEST_FACT ? value : value.substring(0, LONGEST_FACT) + "…";
    }

    private static String count(Plan<?> plan) {
        Map<Risk, Integer> byRisk = new EnumMap<>(Risk.class);
        plan.actions().forEach(action -> byRisk.merge(action.risk(), 1, Integer::sum));
        int total = plan.actions().size();
        return total + (total == 1 ? " action" : " actions") + " ("
                + byRisk.entrySet().stream()
                        .map(e -> e.getValue() + " " + e.getKey().name().toLowerCase(Locale.ROOT))
                        .collect(Collectors.joining(", "))
                + ")";
    }

    private static char sign(Risk risk) {
        return switch (risk) {
            case SAFE -> '+';
            case DISRUPTIVE -> '~';
            case DESTRUCTIVE -> '-';
        };
    }
}
