package io.eventbroker.core.lint;

import io.eventbroker.core.source.Node;
import io.eventbroker.core.source.Sources;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The documents of some files that are not ours, in the order of the files; those of a {@code kind: List} one by one. */
public final class Manifests {
    /** No label has such a key. */
    static final Map.Entry<String, String> ANY_LABEL = Map.entry("", "");

    private final List<Manifest> all;
    /** By kind and name, in the order of the files. */
    private final Map<String, Map<String, List<Manifest>>> byName = new HashMap<>();

    private final Map<String, List<Manifest>> byKind = new HashMap<>();
    private final Once<List<Pods>> pods = new Once<>(this::allPods);
    private final Once<Map<String, List<Pods>>> byService = new Once<>(this::podsByService);
    private final Once<Map<Map.Entry<String, String>, List<Pods>>> byLabel = new Once<>(this::podsByLabel);
    private final Map<String, Map<Map.Entry<String, String>, List<Manifest>>> bySelector = new ConcurrentHashMap<>();
    private final Once<Map<Manifest, List<Pods>>> readers = new Once<>(this::readersOfConfigMaps);

    private Manifests(Sources sources) {
        List<Manifest> found = new ArrayList<>();
        for (Node document : sources.documents()) {
            add(document, found);
        }
        this.all = List.copyOf(found);
        for (Manifest manifest : all) {
            byKind.computeIfAbsent(manifest.kind(), kind -> new ArrayList<>()).add(manifest);
            byName.computeIfAbsent(manifest.kind(), kind -> new HashMap<>())
                    .computeIfAbsent(manifest.name(), name -> new ArrayList<>())
                    .add(manifest);
        }
    }

    static Manifests of(Sources sources) {
        return new Manifests(sources);
    }

    private void add(Node document, List<Manifest> found) {
        if (!(document instanceof Node.Fields root)
                || root.text("apiVersion").orElse("").startsWith("eventbroker.io/")) {
            return;
        }
        List<Node> items = root.items("items");
        if (root.text("kind").orElse("").endsWith("List") && !items.isEmpty()) {
            items.forEach(item -> add(item, found));
        } else {
            found.add(new Manifest(root, this));
        }
    }

    public List<Manifest> asList() {
        return all;
    }

    public Stream<Manifest> ofKind(String kind) {
        return byKind.getOrDefault(kind, List.of()).stream();
    }

    /**
     * What another manifest refers to: of this kind and name, and in its own namespace, where both say which that is.
     */
    public Optional<Manifest> find(Manifest from, String kind, String name) {
        return byName.getOrDefault(kind, Map.of()).getOrDefault(name, List.of()).stream()
                .filter(manifest -> manifest.namespace().isEmpty()
                        || from.namespace().isEmpty()
                        || manifest.namespace().equals(from.namespace()))
                .findFirst();
    }

    /** The pods of all manifests. */
    List<Pods> pods() {
        return pods.get();
    }

    /** The pods that read a ConfigMap. */
    List<Pods> readers(Manifest configMap) {
        return readers.get().getOrDefault(configMap, List.of());
    }

    /** The pods that name a Service as the one that governs their set. */
    List<Pods> governedBy(String service) {
        return byService.get().getOrDefault(service, List.of());
    }

    private Map<String, List<Pods>> podsByService() {
        Map<String, List<Pods>> found = new HashMap<>();
        for (Pods governed : pods()) {
            Spot.of(governed.manifest())
                    .text("spec.serviceName")
                    .ifPresent(name -> found.computeIfAbsent(name, same -> new ArrayList<>())
                            .add(governed));
        }
        return found;
    }

    /** The pods with a label. */
    List<Pods> labelled(Map.Entry<String, String> label) {
        return byLabel.get().getOrDefault(label, List.of());
    }

    private Map<Map.Entry<String, String>, List<Pods>> podsByLabel() {
        Map<Map.Entry<String, String>, List<Pods>> found = new HashMap<>();
        for (Pods labelled : pods()) {
            labelled.labels()
                    .entrySet()
                    .forEach(label -> found.computeIfAbsent(label, same -> new ArrayList<>())
                            .add(labelled));
        }
        return found;
    }

    /**
     * Those of a kind of which the first label that they select pods by is this one, or, for {@link #ANY_LABEL}, that ask for
     * none there: only they can be for pods with the label.
     *
     * @param labels the path of the labels
     */
    List<Manifest> selectingBy(Map.Entry<String, String> label, String kind, String labels) {
        return bySelector
                .computeIfAbsent(
                        kind + " " + labels,
                        same -> ofKind(kind)
                                .collect(Collectors.groupingBy(
                                        manifest -> Spot.of(manifest).labels(labels).entrySet().stream()
                                                .findFirst()
                                                .orElse(ANY_LABEL))))
                .getOrDefault(label, List.of());
    }

    private List<Pods> allPods() {
        return all.stream().flatMap(manifest -> Pods.of(manifest).stream()).toList();
    }

    private Map<Manifest, List<Pods>> readersOfConfigMaps() {
        Map<Manifest, List<Pods>> found = new HashMap<>();
        for (Pods reader : pods()) {
            for (Manifest read : reader.configMaps()) {
                found.computeIfAbsent(read, configMap -> new ArrayList<>()).add(reader);
            }
        }
        return found;
    }
}
