package io.eventbroker.core.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What is different between two states of a cluster. Empty exactly if they are equal.
 *
 * @param changes by kind, only kinds that have some
 */
public record StateDiff(SortedMap<Kind, List<Change>> changes) {
    private static final int LISTED = 10;
    private static final int SUMMED_UP = 5;

    /** What changed, in the order in which it is printed. */
    public enum Kind {
        CLUSTER("another cluster"),
        READ("what was read"),
        BROKERS_JOINED("brokers joined"),
        BROKERS_LEFT("brokers left"),
        BROKERS_CHANGED("brokers changed"),
        BROKER_CONFIGS("broker properties changed"),
        FEATURES("features changed"),
        QUORUM("quorum"),
        LOG_DIRS("log directories"),
        TOPICS_CREATED("topics created"),
        TOPICS_DELETED("topics deleted"),
        TOPICS_RECREATED("topics deleted and created again"),
        PARTITIONS("topics with another number of partitions"),
        LEADERS_MOVED("leaders moved"),
        REPLICAS_MOVED("replicas moved"),
        ISR_SHRUNK("replicas fell out of sync"),
        ISR_GROWN("replicas came into sync"),
        ELIGIBLE_LEADERS("eligible leaders changed"),
        TOPIC_CONFIGS("topic properties changed"),
        SIZES("topics whose size changed"),
        OFFSETS("topics whose offsets changed"),
        GROUPS_CREATED("groups created"),
        GROUPS_DELETED("groups deleted"),
        GROUPS_CHANGED("groups changed"),
        GROUP_OFFSETS("groups whose positions changed"),
        ACLS("access rules"),
        QUOTAS("quotas"),
        SCRAM_USERS("SCRAM users");

        private final String title;

        Kind(String title) {
            this.title = title;
        }

        /** In words. */
        public String title() {
            return title;
        }
    }

    /**
     * One change.
     *
     * @param subject what changed: {@code orders-3}, {@code broker 2}, {@code group billing}
     * @param text how, such as {@code 1 → 2}; empty if the kind says all
     */
    public record Change(String subject, String text) {
        @Override
        public String toString() {
            return text.isEmpty() ? subject : subject + ": " + text;
        }
    }

    public StateDiff {
        SortedMap<Kind, List<Change>> copy = new TreeMap<>();
        changes.forEach((kind, some) -> {
            if (!some.isEmpty()) {
                copy.put(kind, List.copyOf(some));
            }
        });
        changes = Collections.unmodifiableSortedMap(copy);
    }

    public boolean isEmpty() {
        return changes.isEmpty();
    }

    /** The changes of a kind; none if there are none. */
    public List<Change> of(Kind kind) {
        return changes.getOrDefault(kind, List.of());
    }

    /**
     * Prints a heading for each kind, and under it each change, or, where there are more than ten, the most frequent ones
     * with how often they occur. So it is short however much has changed.
     *
     * @throws UncheckedIOException if it cannot be written to
     */
    public void printTo(Appendable out) {
        try {
            out.append(toString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public String toString() {
        if (isEmpty()) {
            return "no difference\n";
        }
        StringBuilder out = new StringBuilder();
        changes.forEach((kind, some) -> {
            out.append(kind.title()).append(": ").append(count(some.size())).append('\n');
            if (some.size() <= LISTED) {
                some.forEach(change -> out.append("  ").append(change).append('\n'));
            } else {
                sumUp(some, out);
            }
        });
        return out.toString();
    }

    private static void sumUp(List<Change> some, StringBuilder out) {
        Map<String, List<Change>> alike =
                some.stream().collect(Collectors.groupingBy(Change::text, LinkedHashMap::new, Collectors.toList()));
        List<List<Change>> often = alike.values().stream()
                .sorted(Comparator.comparing((List<Change> those) -> -those.size()))
                .limit(SUMMED_UP)
                .toList();
        int shown = 0;
        for (List<Change> those : often) {
            Change first = those.get(0);
            shown += those.size();
            out.append("  ");
            if (those.size() == 1) {
                out.append(first);
            } else {
                out.append(first.subject())
                        .append(" and ")
                        .append(count(those.size() - 1))
                        .append(" more");
                out.append(first.text().isEmpty() ? "" : ": " + first.text());
            }
            out.append('\n');
        }
        if (shown < some.size()) {
            out.append("  and ").append(count(some.size() - shown)).append(" more\n");
        }
    }

    private static String count(int number) {
        return String.format(Locale.ROOT, "%,d", number);
    }
}
