package io.eventbroker.core.lint;

import io.eventbroker.core.config.ConfigTarget;
import io.eventbroker.core.config.Layer;
import io.eventbroker.core.topic.TopicDefaults;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** Properties of topics that contradict each other, or what the topics hold. */
final class TopicPropertyRules {
    private static final String TOPICS = "https://kafka.apache.org/documentation/#topicconfigs_";
    private static final String POLICY = "cleanup.policy";
    private static final String TIME = "retention.ms";
    private static final String SIZE = "retention.bytes";

    private static final RuleSetting<Map<String, Duration>> LIMITS = new RuleSetting<>(
            "limits",
            "personal=365d",
            "the longest retention of each classification, such as personal=30d,internal=400d",
            TopicPropertyRules::limits);

    static final Rule CLASSIFICATION = Rule.warning("topics/retention-over-classification")
            .reason(
                    "Data of some kinds must not be kept for longer than it is needed, and nobody looks for it in a topic.")
            .remedy(
                    "Shorten retention.ms, correct the classification, or set the limit that the organisation has agreed on.")
            .source("Regulation (EU) 2016/679, Article 5(1)(e): storage limitation")
            .setting(LIMITS)
            .onTopicSets((set, report) -> {
                Map<String, Duration> limits = report.setting(LIMITS);
                TopicDefaults defaults = set.value().defaults();
                for (LintedTopics.Topic topic : set.topics()) {
                    Optional<String> classification =
                            topic.spec().classification().or(defaults::classification);
                    Duration most = classification
                            .map(name -> limits.get(name.toLowerCase(Locale.ROOT)))
                            .orElse(null);
                    if (most == null || !topic.config(POLICY).orElse("delete").contains("delete")) {
                        continue; // what compaction keeps is removed by tombstones, not by age
                    }
                    OptionalLong kept = Numbers.whole(topic.config(TIME).orElse(null));
                    if (kept.isPresent() && (kept.getAsLong() < 0 || kept.getAsLong() > most.toMillis())) {
                        report.finding(
                                topic.configPath(TIME),
                                "topic '" + topic.name() + "' holds " + classification.orElseThrow() + " data "
                                        + (kept.getAsLong() < 0 ? "for ever" : "for " + Numbers.time(kept.getAsLong()))
                                        + "; expected at most " + Numbers.time(most.toMillis()));
                    }
                }
            })
            .build();

    static final Rule RETENTION_IGNORED = TopicProperties.check(
                    Rule.warning("topics/retention-ignored")
                            .reason(
                                    "A topic that is only compacted keeps the last record of each key, whatever its retention"
                                            + " says.")
                            .remedy("Remove the retention, or use cleanup.policy=compact,delete if old keys are to go.")
                            .source(TOPICS + "cleanup.policy"),
                    List.of(TIME, SIZE),
                    (topics, report) -> {
                        boolean limited = (topics.says(TIME)
                                        && topics.number(TIME).orElse(-1) >= 0)
                                || (topics.says(SIZE) && topics.number(SIZE).orElse(-1) >= 0);
                        if (topics.isCompacted() && !topics.isDeleted() && limited) {
                            String key = topics.says(TIME) ? TIME : SIZE;
                            topics.report(report, key + " does nothing with compaction alone", key);
                        }
                    })
            .build();

    static final Rule COMPACT_AND_DELETE = TopicProperties.check(
                    Rule.info("topics/compact-and-delete")
                            .reason(
                                    "With both policies the last record of a key is removed too when it is older than the"
                                            + " retention; readers who expect a whole table find a part of it.")
                            .remedy("Use cleanup.policy=compact if every key must stay.")
                            .source(TOPICS + "cleanup.policy"),
                    List.of(POLICY),
                    (topics, report) -> {
                        OptionalLong kept = topics.number(TIME);
                        if (topics.isCompacted() && topics.isDeleted() && kept.orElse(-1) >= 0) {
                            topics.report(
                                    report,
                                    "keys that are not written for " + Numbers.time(kept.getAsLong()) + " are lost",
                                    POLICY);
                        }
                    })
            .build();

    static final Rule NEVER_COMPACTED = TopicProperties.check(
                    Rule.warning("topics/never-compacted")
                            .reason(
                                    "The cleaner begins when more than this share of a log is dirty. It is never more than all"
                                            + " of it, so that the topic only grows.")
                            .remedy("Lower min.cleanable.dirty.ratio, or set max.compaction.lag.ms.")
                            .source(TOPICS + "min.cleanable.dirty.ratio"),
                    List.of("min.cleanable.dirty.ratio", POLICY),
                    (topics, report) -> {
                        String ratio = topics.text("min.cleanable.dirty.ratio");
                        if (topics.isCompacted()
                                && ratio != null
                                && ratio.trim().matches("1(\\.0*)?")
                                && topics.number("max.compaction.lag.ms").orElse(Long.MAX_VALUE) == Long.MAX_VALUE) {
                            topics.report(
                                    report,
                                    "min.cleanable.dirty.ratio is " + ratio.trim()
                                            + ", and no max.compaction.lag.ms begins compaction by time",
                                    "min.cleanable.dirty.ratio",
                                    POLICY);
                        }
                    })
            .build();

    private static final RuleSetting<Integer> TOMBSTONES =
            new RuleSetting<>("leastMinutes", "60", "the least delete.retention.ms, in minutes", Numbers::positive);

    static final Rule TOMBSTONES_LOST = TopicProperties.check(
                    Rule.warning("topics/tombstones-lost")
                            .reason(
                                    "A reader that begins at the start and takes longer than this misses deletes, and keeps"
                                            + " keys that exist no more.")
                            .remedy("Raise delete.retention.ms above the time that a full read takes.")
                            .source(TOPICS + "delete.retention.ms")
                            .setting(TOMBSTONES),
                    List.of("delete.retention.ms", POLICY),
                    (topics, report) -> {
                        OptionalLong kept = topics.number("delete.retention.ms");
                        long least = report.setting(TOMBSTONES);
                        if (topics.isCompacted()
                                && !topics.isDevelopment()
                                && kept.isPresent()
                                && kept.getAsLong() < least * 60_000) {
                            topics.report(
                                    report,
                                    "deletes can be read for " + Numbers.time(kept.getAsLong()) + "; expected at least "
                                            + least + " min",
                                    "delete.retention.ms",
                                    POLICY);
                        }
                    })
            .build();

    /** What Kafka's defaults for records exceed those for replication by: the head of a batch. */
    private static final int BATCH_HEAD = 12;

    static final Rule LARGE_MESSAGES = TopicProperties.check(
                    Rule.info("topics/larger-than-replica-fetch")
                            .reason(
                                    "A batch larger than replica.fetch.max.bytes is still copied, but alone in its response,"
                                            + " so that followers fall behind when many are so large.")
                            .remedy(
                                    "Raise replica.fetch.max.bytes of the brokers to max.message.bytes, or write smaller"
                                            + " records.")
                            .source("KIP-74: Add Fetch Response Size Limit in Bytes"),
                    List.of("max.message.bytes"),
                    (topics, report) -> {
                        OptionalLong message = topics.number("max.message.bytes");
                        OptionalLong fetch = topics.cluster()
                                .flatMap(cluster -> cluster.config().brokers().find("replica.fetch.max.bytes"))
                                .map(setting -> Numbers.whole(setting.value()))
                                .orElse(OptionalLong.empty());
                        if (message.isPresent()
                                && fetch.isPresent()
                                && message.getAsLong() > fetch.getAsLong() + BATCH_HEAD) {
                            topics.report(
                                    report,
                                    "batches may have " + Numbers.size(message.getAsLong())
                                            + ", but brokers fetch " + Numbers.size(fetch.getAsLong())
                                            + " of a partition at a time",
                                    "max.message.bytes");
                        }
                    })
            .build();

    private static final List<String> CODECS = List.of("gzip", "snappy", "lz4", "zstd", "uncompressed");

    static final Rule RECOMPRESSION = TopicProperties.check(
                    Rule.info("topics/recompression")
                            .reason(
                                    "Brokers compress anew whatever producers send with another codec, which costs processor"
                                            + " time for every batch.")
                            .remedy("Set compression.type to producer, and the codec at the producers.")
                            .source(TOPICS + "compression.type"),
                    List.of("compression.type"),
                    (topics, report) -> {
                        String codec = topics.text("compression.type");
                        if (codec != null && CODECS.contains(codec.trim())) {
                            topics.report(
                                    report,
                                    "compression.type is " + codec.trim() + ", so that brokers compress",
                                    "compression.type");
                        }
                    })
            .build();

    private static final String FUTURE = "message.timestamp.after.max.ms";

    static final Rule FUTURE_TIMESTAMPS = Rule.info("topics/future-timestamps")
            .reason(
                    "Retention counts from the timestamps that producers write. One record of next year keeps its segment, and"
                            + " all after it, until then.")
            .remedy("Set log.message.timestamp.after.max.ms to an hour, which is the default from Kafka 4.0 on.")
            .source("KIP-937: Improve Message Timestamp Validation; KIP-1030: Change constraints and default values for"
                    + " various configurations")
            .onClusters((cluster, report) -> cluster.config()
                    .topics()
                    .find(FUTURE)
                    .filter(setting -> cluster.isProduction())
                    .filter(setting -> Numbers.whole(setting.value()).orElse(0) == Long.MAX_VALUE)
                    .filter(setting -> cluster.config()
                            .topics()
                            .find("message.timestamp.type")
                            .map(type -> type.value().trim().equals("CreateTime"))
                            .orElse(true))
                    .ifPresent(setting -> report.finding(
                            ConfigTarget.TOPICS,
                            setting,
                            "records may have timestamps of any future"
                                    + (setting.layer() == Layer.KAFKA ? ", by Kafka's default" : ""))))
            .build();

    static final List<Rule> ALL = List.of(
            CLASSIFICATION,
            RETENTION_IGNORED,
            COMPACT_AND_DELETE,
            NEVER_COMPACTED,
            TOMBSTONES_LOST,
            LARGE_MESSAGES,
            RECOMPRESSION,
            FUTURE_TIMESTAMPS);

    private TopicPropertyRules() {}

    private static Map<String, Duration> limits(String text) {
        Map<String, Duration> limits = new HashMap<>();
        for (String part : text.split(",", -1)) {
            String item = part.trim();
            int equals = item.indexOf('=');
            if (item.isEmpty()) {
                continue;
            }
            String days = item.substring(equals + 1).trim();
            if (equals < 1 || !days.matches("[1-9][0-9]{0,5}d")) {
                throw new IllegalArgumentException(
                        "'" + item + "' is not a limit; write a classification and days, such as personal=30d");
            }
            limits.put(
                    item.substring(0, equals).trim().toLowerCase(Locale.ROOT),
                    Duration.ofDays(Long.parseLong(days.substring(0, days.length() - 1))));
        }
        return Map.copyOf(limits);
    }
}
