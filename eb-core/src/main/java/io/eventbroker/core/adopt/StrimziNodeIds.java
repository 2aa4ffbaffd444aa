package io.eventbroker.core.adopt;

import io.eventbroker.core.source.Node;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The ids of the nodes of one role. Strimzi deals them out from one range over all pools, in the order in which nodes come
 * about, so a file tells them only in the status of a pool, or in an annotation that pins them.
 */
final class StrimziNodeIds {
    private static final String ANNOTATION = "strimzi.io/next-node-ids";
    private static final Pattern RANGE = Pattern.compile("([0-9]{1,9})(?:\\s*-\\s*([0-9]{1,9}))?");

    private final Draft draft;
    private final String component;
    private final List<Found> pools;

    StrimziNodeIds(Draft draft, String component, List<Found> pools) {
        this.draft = draft;
        this.component = component;
        this.pools = pools;
    }

    void carry() {
        if (pools.isEmpty()) {
            return;
        }
        SortedSet<Integer> ids = new TreeSet<>();
        List<Found> from = new ArrayList<>();
        List<Found> unknown = new ArrayList<>();
        for (Found pool : pools) {
            Optional<Found> source = ofStatus(pool, ids).or(() -> ofAnnotation(pool, ids));
            source.ifPresentOrElse(from::add, () -> unknown.add(pool));
        }
        String path = "spec." + component + ".firstId";
        if (!unknown.isEmpty()) {
            Found first = unknown.get(0);
            String least = ids.isEmpty() ? (component.equals("brokers") ? "0" : "9990") : Integer.toString(ids.first());
            draft.usual(
                    path,
                    new Node.Text(first.location(), least, true),
                    "Strimzi deals out the ids of all pools from one range, and the file does not say which the nodes of "
                            + names(unknown) + " have",
                    "read them from the running cluster (status.nodeIds of the KafkaNodePool) and assume " + path
                            + " before planning against it");
            return;
        }
        Found first = from.get(0);
        draft.plain(path, first, Integer.toString(ids.first()));
        from.forEach(Found::carried);
        int replicas = number(draft.text("spec." + component + ".replicas"));
        if (ids.last() - ids.first() != ids.size() - 1 || ids.size() != replicas) {
            first.changed(
                    "the " + component + " have the ids " + ids + "; those of a Topology follow each other without a"
                            + " gap, here from " + ids.first() + " to " + (ids.first() + replicas - 1),
                    "do not plan against the running cluster by these ids until they do");
        } else {
            from.stream()
                    .filter(found -> found.path().contains(ANNOTATION))
                    .forEach(found -> found.assumed(
                            "it says which ids new nodes get, and was taken for those of all; nodes that are older keep"
                                    + " theirs",
                            "compare " + path + " with status.nodeIds of the running KafkaNodePool"));
        }
    }

    private static Optional<Found> ofStatus(Found pool, SortedSet<Integer> ids) {
        List<Integer> listed = new ArrayList<>();
        Optional<Found> all = pool.at("status.nodeIds").filter(found -> found.node() instanceof Node.Items);
        for (Found id : all.map(Found::items).orElse(List.of())) {
            Optional<String> text = id.text().filter(one -> one.matches("[0-9]{1,9}"));
            if (text.isEmpty()) {
                return Optional.empty();
            }
            listed.add(Integer.parseInt(text.get()));
        }
        ids.addAll(listed);
        return all.filter(found -> !listed.isEmpty());
    }

    /** The first of the ids that are pinned, as many as there are nodes; written like {@code [0, 1, 10-19]}. */
    private static Optional<Found> ofAnnotation(Found pool, SortedSet<Integer> ids) {
        Optional<Found> annotation =
                Optional.ofNullable(pool.fields("metadata.annotations").get(ANNOTATION));
        int replicas = number(pool.text("spec.replicas"));
        String text = annotation.flatMap(Found::text).orElse("").trim();
        if (replicas == 0 || text.length() < 2 || text.charAt(0) != '[' || !text.endsWith("]")) {
            return Optional.empty();
        }
        List<Integer> pinned = new ArrayList<>();
        for (String part : text.substring(1, text.length() - 1).split(",", -1)) {
            Matcher range = RANGE.matcher(part.trim());
            if (!range.matches()) {
                return Optional.empty();
            }
            int begin = Integer.parseInt(range.group(1));
            int end = range.group(2) == null ? begin : Integer.parseInt(range.group(2));
            int step = begin <= end ? 1 : -1;
            for (int id = begin; pinned.size() < replicas && id != end + step; id += step) {
                pinned.add(id);
            }
        }
        if (pinned.size() < replicas) {
            return Optional.empty();
        }
        ids.addAll(pinned);
        return annotation;
    }

    private static String names(List<Found> pools) {
        return String.join(
                ", ",
                pools.stream()
                        .map(pool -> "'" + pool.text("metadata.name").orElse("?") + "'")
                        .toList());
    }

    private static int number(Optional<String> text) {
        return text.filter(one -> one.matches("[0-9]{1,6}"))
                .map(Integer::parseInt)
                .orElse(0);
    }
}
