package io.eventbroker.core.lint;

import java.util.List;
import java.util.stream.Stream;

/** The SDK's own rules, family by family. */
final class StandardRules {
    static final List<Rule> ALL = Stream.of( //
                    ReplicationRules.ALL, //
                    TopicRules.ALL)
            .flatMap(List::stream)
            .toList();

    private StandardRules() {}
}
