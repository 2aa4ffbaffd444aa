package io.eventbroker.core.lint;

import io.eventbroker.core.DataSize;
import java.util.List;
import java.util.OptionalLong;

/** How long topics keep records, and in what pieces. */
final class RetentionRules {
    private static final String TOPICS = "https://kafka.apache.org/documentation/#topicconfigs_";
    private static final String TIME = "retention.ms";
    private static final String SIZE = "retention.bytes";
    private static final String POLICY = "cleanup.policy";
    private static final String SEGMENT = "segment.bytes";
    private static final String ROLL = "segment.ms";

    static final Rule UNLIMITED = TopicProperties.check(
                    Rule.warning("storage/unlimited-retention")
                            .reason(
                                    "Records that neither time nor size removes fill any volume one day, and a broker with"
                                            + " a full volume stops.")
                            .remedy(
                                    "Set retention.ms or retention.bytes; keep what must stay for ever by compaction or in"
                                            + " tiered storage.")
                            .source(TOPICS + "retention.ms"),
                    List.of(TIME, SIZE, POLICY),
                    (topics, report) -> {
                        if (topics.isDeleted()
                                && isUnlimited(topics.number(TIME))
                                && isUnlimited(topics.number(SIZE))
                                && !"true".equals(topics.text("remote.storage.enable"))) {
                            topics.report(report, "records are kept for ever, of any size", TIME, SIZE, POLICY);
                        }
                    })
            .build();

    static final Rule SEGMENT_TIME = TopicProperties.check(
                    Rule.info("storage/segment-outlives-retention")
                            .reason(
                                    "A segment is removed as a whole, when its newest record is too old. One that is rolled"
                                            + " later than the retention keeps records for longer than asked.")
                            .remedy(
                                    "Set segment.ms to a fraction of retention.ms, unless the topic fills segments faster.")
                            .source(TOPICS + "segment.ms"),
                    List.of(TIME, ROLL, POLICY),
                    (topics, report) -> {
                        OptionalLong kept = topics.number(TIME);
                        OptionalLong rolled = topics.number(ROLL);
                        if (topics.isDeleted()
                                && kept.isPresent()
                                && kept.getAsLong() >= 0
                                && rolled.isPresent()
                                && rolled.getAsLong() > kept.getAsLong()) {
                            topics.report(
                                    report,
                                    "retention.ms is " + Numbers.time(kept.getAsLong())
                                            + ", but a segment is rolled only after "
                                            + Numbers.time(rolled.getAsLong()),
                                    TIME,
                                    ROLL,
                                    POLICY);
                        }
                    })
            .build();

    static final Rule SEGMENT_SIZE = TopicProperties.check(
                    Rule.info("storage/segment-exceeds-retention")
                            .reason(
                                    "The active segment of a partition stays until it is rolled, so that each partition keeps"
                                            + " more than retention.bytes allows.")
                            .remedy("Set segment.bytes to a fraction of retention.bytes.")
                            .source(TOPICS + "segment.bytes"),
                    List.of(SIZE, SEGMENT, POLICY),
                    (topics, report) -> {
                        OptionalLong kept = topics.number(SIZE);
                        OptionalLong segment = topics.number(SEGMENT);
                        if (topics.isDeleted()
                                && kept.isPresent()
                                && kept.getAsLong() >= 0
                                && segment.isPresent()
                                && segment.getAsLong() > kept.getAsLong()) {
                            topics.report(
                                    report,
                                    "retention.bytes is " + Numbers.size(kept.getAsLong())
                                            + ", but a segment has up to " + Numbers.size(segment.getAsLong()),
                                    SIZE,
                                    SEGMENT,
                                    POLICY);
                        }
                    })
            .build();

    private static final RuleSetting<DataSize> LEAST_SIZE =
            new RuleSetting<>("leastBytes", "16Mi", "the least segment.bytes", DataSize::parse);
    private static final RuleSetting<Integer> LEAST_MINUTES =
            new RuleSetting<>("leastMinutes", "10", "the least segment.ms, in minutes", Numbers::positive);

    static final Rule TINY_SEGMENTS = TopicProperties.check(
                    Rule.warning("storage/tiny-segments")
                            .reason(
                                    "Every segment has open files and memory maps of its index. Many small ones exhaust the"
                                            + " limits of the process, and make restarts slow.")
                            .remedy("Raise segment.bytes, or segment.ms.")
                            .source("https://kafka.apache.org/documentation/#os")
                            .setting(LEAST_SIZE)
                            .setting(LEAST_MINUTES),
                    List.of(SEGMENT, ROLL),
                    (topics, report) -> {
                        if (topics.isDevelopment()) {
                            return;
                        }
                        OptionalLong segment = topics.number(SEGMENT);
                        DataSize least = report.setting(LEAST_SIZE);
                        if (topics.says(SEGMENT) && segment.isPresent() && segment.getAsLong() < least.bytes()) {
                            topics.report(
                                    report,
                                    "segments have up to " + Numbers.size(segment.getAsLong()) + "; expected at least "
                                            + least.forPeople(),
                                    SEGMENT);
                        }
                        OptionalLong rolled = topics.number(ROLL);
                        long minutes = report.setting(LEAST_MINUTES);
                        if (topics.says(ROLL) && rolled.isPresent() && rolled.getAsLong() < minutes * 60_000) {
                            topics.report(
                                    report,
                                    "a segment is rolled after " + Numbers.time(rolled.getAsLong())
                                            + "; expected at least " + minutes + " min",
                                    ROLL);
                        }
                    })
            .build();

    static final List<Rule> ALL = List.of(UNLIMITED, SEGMENT_TIME, SEGMENT_SIZE, TINY_SEGMENTS);

    private RetentionRules() {}

    private static boolean isUnlimited(OptionalLong limit) {
        return limit.isPresent() && limit.getAsLong() < 0;
    }
}
