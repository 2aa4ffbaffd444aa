package io.eventbroker.core.lint;

import java.util.List;
import java.util.stream.Stream;

/** The SDK's own rules, family by family. */
final class StandardRules {
    private static final List<List<Rule>> OF_PLATFORMS = List.of(
            ReplicationRules.ALL,
            InternalTopicRules.ALL,
            DurabilityRules.ALL,
            QuorumRules.ALL,
            ListenerRules.ALL,
            TlsRules.ALL,
            AuthorizationRules.ALL,
            ServiceAccessRules.ALL,
            HeapRules.ALL,
            JvmOptionRules.ALL,
            ResourceRules.ALL,
            StorageRules.ALL,
            CapacityRules.ALL,
            RetentionRules.ALL,
            PlacementRules.ALL,
            VersionRules.ALL,
            TopicRules.ALL,
            TopicPropertyRules.ALL,
            EnvironmentRules.ALL,
            ImageRules.ALL,
            MonitoringRules.ALL,
            NetworkRules.ALL);

    private static final List<List<Rule>> OF_MANIFESTS = List.of(
            ApiVersionRules.ALL,
            AutoscalerRules.ALL,
            ConfluentRules.ALL,
            ConfluentListenerRules.ALL,
            ContainerImageRules.ALL,
            EnvRules.ALL,
            ProcessHeapRules.ALL,
            MskRules.ALL,
            PodRules.ALL,
            PodSecurityRules.ALL,
            ProbeRules.ALL,
            PropertyRules.ALL,
            ServerPropertyRules.ALL,
            ServiceRules.ALL,
            SpreadRules.ALL,
            StrimziRules.ALL,
            VolumeRules.ALL);

    static final List<Rule> ALL = Stream.concat(OF_PLATFORMS.stream(), OF_MANIFESTS.stream())
            .flatMap(List::stream)
            .toList();

    private StandardRules() {}
}
