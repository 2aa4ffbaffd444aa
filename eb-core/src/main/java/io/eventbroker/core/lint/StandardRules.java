package io.eventbroker.core.lint;

import java.util.List;
import java.util.stream.Stream;

/** The SDK's own rules, family by family. */
final class StandardRules {
    static final List<Rule> ALL = Stream.of( //
                    ReplicationRules.ALL, //
                    InternalTopicRules.ALL, //
                    DurabilityRules.ALL, //
                    QuorumRules.ALL, //
                    ListenerRules.ALL, //
                    TlsRules.ALL, //
                    AuthorizationRules.ALL, //
                    ServiceAccessRules.ALL, //
                    HeapRules.ALL, //
                    JvmOptionRules.ALL, //
                    TopicRules.ALL)
            .flatMap(List::stream)
            .toList();

    private StandardRules() {}
}
