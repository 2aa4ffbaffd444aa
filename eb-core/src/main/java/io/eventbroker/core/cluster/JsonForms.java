package io.eventbroker.core.cluster;

import io.eventbroker.core.BrokerId;
import io.eventbroker.core.TopicName;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.jspecify.annotations.Nullable;

/** What of a {@link ClusterState} has another shape in its JSON than in Java. */
final class JsonForms {
    private JsonForms() {}

    record TopicForm(String name, String id, List<PartitionState> partitions, Optional<Integer> configs) {
        TopicForm {
            partitions = List.copyOf(partitions);
        }

        static TopicForm of(TopicState topic, Optional<Integer> configs) {
            return new TopicForm(topic.name().value(), topic.id(), new ArrayList<>(topic.partitions()), configs);
        }

        TopicState topic(Optional<ConfigTable> table) {
            @Nullable ConfigTable known = table.orElse(null);
            return new TopicState(TopicName.of(name), id, partitions, known);
        }
    }

    record ConfigForm(
            Optional<String> value,
            ConfigValue.Origin origin,
            boolean sensitive,
            boolean readOnly,
            Optional<String> clusterWide) {
        static ConfigForm of(ConfigValue of) {
            return new ConfigForm(
                    Optional.ofNullable(of.value()), of.origin(), of.sensitive(), of.readOnly(), of.clusterWide());
        }

        ConfigValue configValue() {
            return new ConfigValue(value.orElse(null), origin, sensitive, readOnly, clusterWide);
        }
    }

    record BrokerConfigForm(BrokerId broker, int configs) {}

    record SupportedForm(BrokerId broker, SortedMap<String, VersionRange> features) {}

    record FeaturesForm(SortedMap<String, Integer> finalized, OptionalLong epoch, List<SupportedForm> supported) {
        FeaturesForm {
            supported = List.copyOf(supported);
        }

        static FeaturesForm of(Features features) {
            List<SupportedForm> forms = new ArrayList<>();
            features.supported().forEach((broker, ranges) -> forms.add(new SupportedForm(broker, ranges)));
            return new FeaturesForm(features.finalized(), features.epoch(), forms);
        }

        Features features() {
            SortedMap<BrokerId, SortedMap<String, VersionRange>> byBroker = new TreeMap<>();
            supported.forEach(form -> byBroker.put(form.broker(), form.features()));
            return new Features(finalized, epoch, byBroker);
        }
    }

    record LogDirsForm(BrokerId broker, List<LogDir> dirs) {
        LogDirsForm {
            dirs = List.copyOf(dirs);
        }
    }

    record OffsetForm(String topic, int partition, long offset, OptionalInt leaderEpoch, String metadata, long lag) {}

    record GroupForm(String id, String type, String state, OptionalInt members, Optional<List<OffsetForm>> committed) {
        GroupForm {
            committed = committed.map(List::copyOf);
        }

        static GroupForm of(GroupState group) {
            return new GroupForm(
                    group.id(),
                    group.type(),
                    group.state(),
                    group.members(),
                    group.committed().map(offsets -> {
                        List<OffsetForm> forms = new ArrayList<>();
                        offsets.forEach((partition, offset) -> forms.add(new OffsetForm(
                                partition.topic(),
                                partition.partition(),
                                offset.offset(),
                                offset.leaderEpoch(),
                                offset.metadata(),
                                offset.lag())));
                        return forms;
                    }));
        }

        GroupState group() {
            return new GroupState(id, type, state, members, committed.map(forms -> {
                SortedMap<TopicPartition, GroupOffset> offsets = new TreeMap<>(GroupState.BY_TOPIC);
                forms.forEach(form -> offsets.put(
                        new TopicPartition(form.topic(), form.partition()),
                        new GroupOffset(form.offset(), form.leaderEpoch(), form.metadata(), form.lag())));
                return offsets;
            }));
        }
    }

    record AclForm(
            ResourceType resourceType,
            String resource,
            PatternType patternType,
            String principal,
            String host,
            AclOperation operation,
            AclPermissionType permission) {
        static AclForm of(AclBinding binding) {
            return new AclForm(
                    binding.pattern().resourceType(),
                    binding.pattern().name(),
                    binding.pattern().patternType(),
                    binding.entry().principal(),
                    binding.entry().host(),
                    binding.entry().operation(),
                    binding.entry().permissionType());
        }

        AclBinding binding() {
            return new AclBinding(
                    new ResourcePattern(resourceType, resource, patternType),
                    new AccessControlEntry(principal, host, operation, permission));
        }
    }
}
