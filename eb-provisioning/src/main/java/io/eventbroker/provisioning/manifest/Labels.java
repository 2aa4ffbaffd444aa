package io.eventbroker.provisioning.manifest;

import io.eventbroker.core.topology.Component;
import io.eventbroker.core.topology.Topology;
import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.LabelSelectorBuilder;
import java.util.LinkedHashMap;
import java.util.Map;

/** The labels of what is rendered, and what finds it by them. */
final class Labels {
    private Labels() {}

    static Map<String, String> of(Topology topology, NodeSet nodes) {
        Map<String, String> labels = new LinkedHashMap<>(topology.labels());
        labels.putAll(selector(nodes.component()));
        labels.put("app.kubernetes.io/component", nodes.role());
        labels.put(Manifests.PLATFORM, topology.name());
        return labels;
    }

    /** By which the pods of a component are found; must never change. */
    static Map<String, String> selector(Component component) {
        Map<String, String> selector = new LinkedHashMap<>();
        selector.put("app.kubernetes.io/name", "kafka");
        selector.put("app.kubernetes.io/instance", component.name());
        return selector;
    }

    /** As {@link #selector}, for what selects by more than labels. */
    static LabelSelector matching(Component component) {
        return new LabelSelectorBuilder().withMatchLabels(selector(component)).build();
    }
}
