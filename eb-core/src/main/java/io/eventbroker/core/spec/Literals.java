package io.eventbroker.core.spec;

import io.eventbroker.core.config.ConfigCatalogue;
import io.eventbroker.core.config.ConfigKey;
import io.eventbroker.core.config.ConfigScope;
import io.eventbroker.core.kind.Kind;
import io.eventbroker.core.kind.internal.Shape;
import io.eventbroker.core.source.Node;
import io.eventbroker.core.topology.Environment;
import io.eventbroker.core.topology.Environments;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Texts that are no secret: those that files hold literally, and the words that the SDK's own messages are made of, such
 * as keys, allowed values and names of environments. Gathered when the first is asked for. Threadsafe.
 */
final class Literals {
    private final Set<Kind<?>> kinds = new HashSet<>();
    private final List<Node> documents = new ArrayList<>();
    private @Nullable Set<String> known;

    synchronized void add(Collection<Kind<?>> more, List<Node> written) {
        kinds.addAll(more);
        documents.addAll(written);
        known = null;
    }

    synchronized boolean have(String text) {
        Set<String> all = known;
        if (all == null) {
            all = new HashSet<>();
            for (Environment environment : Environments.standard()) {
                all.add(environment.name());
            }
            properties(all);
            for (Kind<?> kind : kinds) {
                all.add(kind.name());
                words(Shape.of(kind.type()), all);
            }
            for (Node document : documents) {
                texts(document, all);
            }
            known = all;
        }
        return all.contains(text);
    }

    private static void properties(Set<String> all) {
        ConfigCatalogue.versions().forEach(version -> {
            ConfigCatalogue catalogue = ConfigCatalogue.of(version);
            for (ConfigScope scope : ConfigScope.values()) {
                for (ConfigKey key : catalogue.keys(scope).values()) {
                    all.add(key.name());
                    all.addAll(key.allowed());
                }
            }
        });
    }

    private static void words(Shape shape, Set<String> all) {
        if (shape instanceof Shape.Scalar scalar) {
            all.addAll(Arrays.asList(scalar.expected().split(" ", -1)));
            all.addAll(scalar.examples());
        } else if (shape instanceof Shape.Choice choice) {
            choice.byName().forEach((name, constant) -> {
                all.add(name);
                all.add(((Enum<?>) constant).name());
            });
        } else if (shape instanceof Shape.Listed listed) {
            words(listed.item(), all);
        } else if (shape instanceof Shape.Mapped mapped) {
            words(mapped.value(), all);
        } else if (shape instanceof Shape.Maybe maybe) {
            words(maybe.present(), all);
        } else if (shape instanceof Shape.OneOf oneOf) {
            oneOf.byType().forEach((type, struct) -> {
                all.add(type);
                words(struct, all);
            });
        } else if (shape instanceof Shape.Struct struct) {
            for (Shape.Part part : struct.parts()) {
                all.add(part.name());
                words(part.shape(), all);
            }
        }
    }

    private static void texts(Node node, Set<String> all) {
        if (node instanceof Node.Text text) {
            if (!References.mayBeIn(text.text())) {
                all.add(text.text());
            }
        } else if (node instanceof Node.Items list) {
            list.items().forEach(item -> texts(item, all));
        } else if (node instanceof Node.Fields map) {
            map.fields().forEach((key, field) -> {
                all.add(key);
                texts(field.value(), all);
            });
        }
    }
}
