package io.eventbroker.core.lint;

import java.util.List;
import java.util.stream.Stream;

/** The SDK's own rules, family by family. */
final class StandardRules {
    static final List<Rule> ALL = Stream.of( //
                    ReplicationRules.ALL, //
                    TopicRules.ALL,
                    // of manifests
                    ApiVersionRules.ALL,
                    AutoscalerRules.ALL,
                    ConfluentRules.ALL,
                    ConfluentListenerRules.ALL,
                    ContainerImageRules.ALL,
                    EnvRules.ALL,
                    ProcessHeapRules.ALL,
                    ProcessJvmRules.ALL,
                    MskRules.ALL,
                    PodRules.ALL,
                    PodSecurityRules.ALL,
                    ProbeRules.ALL,
                    PropertyRules.ALL,
                    ServiceRules.ALL,
                    SpreadRules.ALL,
                    StrimziRules.ALL,
                    VolumeRules.ALL)
            .flatMap(List::stream)
            .toList();

    private StandardRules() {}
}
