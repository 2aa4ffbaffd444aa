package io.eventbroker.core.lint;

import java.util.List;
import java.util.stream.Stream;

/** The SDK's own rules, family by family. */
final class StandardRules {
    static final List<Rule> ALL = Stream.of( //
                    ReplicationRules.ALL, //
                    ResourceRules.ALL, //
                    StorageRules.ALL, //
                    CapacityRules.ALL, //
                    RetentionRules.ALL, //
                    PlacementRules.ALL, //
                    VersionRules.ALL, //
                    TopicRules.ALL, //
                    TopicPropertyRules.ALL, //
                    EnvironmentRules.ALL, //
                    ImageRules.ALL, //
                    MonitoringRules.ALL, //
                    NetworkRules.ALL)
            .flatMap(List::stream)
            .toList();

    private StandardRules() {}
}
