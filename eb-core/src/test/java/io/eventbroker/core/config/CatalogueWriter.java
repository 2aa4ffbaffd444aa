package io.eventbroker.core.config;

import io.eventbroker.core.config.CatalogueFile.Line;
import io.eventbroker.core.topology.Version;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** Makes one catalogue of what the releases say: those next to each other that say the same share a line. */
final class CatalogueWriter {
    private CatalogueWriter() {}

    /** A key that all releases know by. */
    private record Id(ConfigScope scope, String key) implements Comparable<Id> {
        @Override
        public int compareTo(Id other) {
            int byScope = scope.compareTo(other.scope);
            return byScope != 0 ? byScope : key.compareTo(other.key);
        }
    }

    static CatalogueFile write(SortedMap<Version, List<Definition>> releases) {
        List<Version> versions = List.copyOf(releases.keySet());
        Map<Id, Map<Integer, Definition>> byKey = new TreeMap<>();
        for (int i = 0; i < versions.size(); i++) {
            for (Definition definition : releases.get(versions.get(i))) {
                byKey.computeIfAbsent(new Id(definition.scope(), definition.key()), id -> new TreeMap<>())
                        .put(i, definition);
            }
        }
        List<Line> lines = new ArrayList<>();
        byKey.values().forEach(defined -> {
            Set<Integer> written = new HashSet<>();
            // older releases do not tell what is for brokers only; the newest that has the key does
            boolean brokersOnly =
                    new ArrayList<>(defined.values()).get(defined.size() - 1).brokersOnly();
            Map<Integer, Line> at = new HashMap<>();
            defined.forEach((i, definition) -> at.put(i, line(definition, "", brokersOnly)));
            defined.forEach((first, definition) -> {
                if (written.contains(first)) {
                    return;
                }
                int last = first;
                while (at.get(first).equals(at.get(last + 1))) {
                    last++;
                }
                for (int i = first; i <= last; i++) {
                    written.add(i);
                }
                String in = minor(versions.get(first)) + (last == first ? "" : " " + minor(versions.get(last)));
                lines.add(line(definition, in, brokersOnly));
            });
        });
        return new CatalogueFile(versions.stream().map(Version::toString).toList(), lines);
    }

    private static String minor(Version version) {
        return version.major() + "." + version.minor();
    }

    private static Line line(Definition definition, String in, boolean brokersOnly) {
        List<String> flags = new ArrayList<>();
        if (definition.required()) {
            flags.add(Line.REQUIRED);
        }
        if (definition.anyCase()) {
            flags.add(Line.ANY_CASE);
        }
        if (definition.notEmpty()) {
            flags.add(Line.NOT_EMPTY);
        }
        if (brokersOnly) {
            flags.add(Line.BROKERS_ONLY);
        }
        return new Line(
                definition.scope().name().toLowerCase(Locale.ROOT).replace('_', '-'),
                definition.key(),
                in,
                definition.type(),
                definition.otherwise(),
                definition.min(),
                definition.max(),
                definition.allowed().isEmpty() ? null : definition.allowed(),
                definition.mode().equals("read-only") ? null : definition.mode(),
                definition.importance(),
                flags.isEmpty() ? null : flags,
                definition.brokerKeys().isEmpty() ? null : definition.brokerKeys());
    }
}
