package io.eventbroker.core.lint;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Resources in Terraform's JSON, in which a block may stand as a map or as a list of maps. */
record Terraform(String name, Spot spec) {
    static boolean is(Manifest manifest) {
        return manifest.isKind("Terraform");
    }

    /** The resources of a type. */
    static List<Terraform> resources(Manifest manifest, String type) {
        List<Terraform> found = new ArrayList<>();
        if (is(manifest)) {
            for (Spot resources : blocks(Spot.of(manifest), "resource")) {
                for (Spot named : blocks(resources, type)) {
                    named.fields()
                            .forEach(
                                    (name, value) -> each(value).forEach(spec -> found.add(new Terraform(name, spec))));
                }
            }
        }
        return found;
    }

    /** The first block of a name; empty if there is none. */
    static Optional<Spot> block(Spot in, String name) {
        return blocks(in, name).stream().findFirst();
    }

    Optional<Spot> block(String name) {
        return block(spec, name);
    }

    /** A block in blocks, each the first of its name. */
    Optional<Spot> block(String outer, String inner) {
        return block(outer).flatMap(found -> block(found, inner));
    }

    private static List<Spot> blocks(Spot in, String name) {
        return in.at(name).map(Terraform::each).orElse(List.of());
    }

    private static List<Spot> each(Spot spot) {
        return spot.items().isEmpty() ? List.of(spot) : spot.items();
    }
}
