package io.eventbroker.core.lint.policy;

import io.eventbroker.core.kind.Description;
import io.eventbroker.core.kind.Examples;

/**
 * A document by kind and name, such as {@code Topology/kafka-prod}. A Kubernetes resource that names its namespace has it
 * before its name: {@code StatefulSet/event-broker/kafka}.
 *
 * @param kind not empty
 * @param name not empty
 */
@Examples({"Topology/a", "StatefulSet/b/c"})
@Description("A document: its kind and name, such as Topology/kafka-prod")
public record DocumentRef(String kind, String name) implements Comparable<DocumentRef> {
    public DocumentRef {
        if (kind.isBlank() || kind.indexOf('/') >= 0 || name.isBlank()) {
            throw new IllegalArgumentException("'" + kind + (name.isBlank() ? "" : "/") + name
                    + "' does not name a document; write Kind/name, such as Topology/kafka-prod");
        }
    }

    /** Reads {@code Kind/name}. */
    public static DocumentRef parse(String text) {
        int slash = text.indexOf('/');
        return slash < 0
                ? new DocumentRef(text, "")
                : new DocumentRef(text.substring(0, slash), text.substring(slash + 1));
    }

    @Override
    public int compareTo(DocumentRef other) {
        int byKind = kind.compareTo(other.kind);
        return byKind != 0 ? byKind : name.compareTo(other.name);
    }

    @Override
    public String toString() {
        return kind + "/" + name;
    }
}
