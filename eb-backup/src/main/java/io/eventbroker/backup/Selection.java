package io.eventbroker.backup;

import io.eventbroker.core.TopicName;
import java.util.ArrayList;
import java.util.List;

/** What a backup holds. Kafka's internal topics ({@code __consumer_offsets} and the like) are never part of it. */
public final class Selection {
    private final List<TopicPattern> included;
    private final List<TopicPattern> excluded;
    private final boolean groups;

    private Selection(List<TopicPattern> included, List<TopicPattern> excluded, boolean groups) {
        this.included = List.copyOf(included);
        this.excluded = List.copyOf(excluded);
        this.groups = groups;
    }

    /** The topics that match any of the patterns, without group positions. */
    public static Selection topics(TopicPattern... patterns) {
        if (patterns.length == 0) {
            throw new IllegalArgumentException(
                    "a selection needs at least one pattern; TopicPattern.glob(\"*\") is all");
        }
        return new Selection(List.of(patterns), List.of(), false);
    }

    /** Leaves out topics that match. */
    public Selection except(TopicPattern pattern) {
        List<TopicPattern> more = new ArrayList<>(excluded);
        more.add(pattern);
        return new Selection(included, more, groups);
    }

    /** Adds the positions of all consumer groups in the selected topics. */
    public Selection withGroups() {
        return new Selection(included, excluded, true);
    }

    boolean includes(TopicName topic) {
        return !topic.isInternal()
                && included.stream().anyMatch(p -> p.matches(topic))
                && excluded.stream().noneMatch(p -> p.matches(topic));
    }

    boolean includesGroups() {
        return groups;
    }

    @Override
    public String toString() {
        return included + (excluded.isEmpty() ? "" : " except " + excluded) + (groups ? " with groups" : "");
    }
}
