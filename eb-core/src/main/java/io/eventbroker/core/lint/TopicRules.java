package io.eventbroker.core.lint;

import java.util.List;
import java.util.regex.Pattern;

/** Topics as they are described in files. */
final class TopicRules {
    private static final RuleSetting<Pattern> PATTERN = new RuleSetting<>(
            "pattern",
            "[a-z][a-z0-9-]*(\\.[a-z][a-z0-9-]*){2,}",
            "the regular expression that a name must match as a whole",
            Pattern::compile);

    static final Rule NAMING = Rule.warning("topics/naming")
            .reason("Names that follow one form tell whose topic it is, and let rights be given by prefix.")
            .remedy("Name it <domain>.<entity>.<event>, such as orders.order.placed.")
            .source("https://kafka.apache.org/documentation/#multitenancy-topic-naming")
            .setting(PATTERN)
            .onTopicSets((set, report) -> {
                Pattern pattern = report.setting(PATTERN);
                for (LintedTopics.Topic topic : set.topics()) {
                    String name = topic.name().toString();
                    if (!pattern.matcher(name).matches()) {
                        report.finding(topic.path("name"), "'" + name + "' does not match " + pattern);
                    }
                }
            })
            .build();

    static final List<Rule> ALL = List.of(NAMING);

    private TopicRules() {}
}
