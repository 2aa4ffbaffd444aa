package io.eventbroker.core.lint;

import io.eventbroker.core.lint.policy.DocumentRef;
import io.eventbroker.core.source.Node;
import java.util.List;
import java.util.Optional;

/**
 * A document that is not ours, as rules see it: a Kubernetes resource, a resource of Confluent for Kubernetes, or a
 * Terraform file in JSON. Nothing is known to be there; {@link #root} has what was written, with its places.
 */
public final class Manifest {
    private final Node.Fields root;
    private final Manifests all;
    private final DocumentRef ref;
    private final String name;
    private final Optional<String> namespace;
    /** What many rules ask for, found out once. */
    private final Once<Optional<Pods>> pods = new Once<>(() -> Pods.read(this));

    private final Once<List<ServerConfig>> servers = new Once<>(() -> ServerConfig.read(this));

    Manifest(Node.Fields root, Manifests all) {
        this.root = root;
        this.all = all;
        this.name = root.text("metadata.name").orElse(root.at().source());
        this.namespace = root.text("metadata.namespace");
        String kind = root.text("kind").orElse(isTerraform(root) ? "Terraform" : "Document");
        String shown = root.text("metadata.name")
                .or(() -> root.text("metadata.generateName"))
                .filter(text -> !text.isBlank())
                .orElse(root.at().source().isBlank() ? "unnamed" : root.at().source());
        this.ref = new DocumentRef(
                kind.isBlank() || kind.indexOf('/') >= 0 ? "Document" : kind,
                namespace.map(of -> of + "/" + shown).orElse(shown));
    }

    private static boolean isTerraform(Node.Fields root) {
        return root.get("apiVersion") == null
                && (root.get("resource") instanceof Node.Fields
                        || root.get("variable") instanceof Node.Fields
                        || root.get("module") instanceof Node.Fields
                        || root.get("terraform") instanceof Node.Fields);
    }

    /** What was written. */
    public Node.Fields root() {
        return root;
    }

    /** Every document that is linted together with this one, for references between them. */
    public Manifests all() {
        return all;
    }

    /** {@code apps/v1}; empty if it has none. */
    public String apiVersion() {
        return root.text("apiVersion").orElse("");
    }

    /** The part of the apiVersion before the slash, such as {@code apps}; empty for Kubernetes' core and without one. */
    public String apiGroup() {
        String version = apiVersion();
        int slash = version.indexOf('/');
        return slash < 0 ? "" : version.substring(0, slash);
    }

    /** {@code StatefulSet}; {@code Terraform} for a Terraform file, {@code Document} where nothing says. */
    public String kind() {
        return ref.kind();
    }

    public boolean isKind(String kind) {
        return kind().equals(kind);
    }

    /** {@code metadata.name}, or the file's where there is none. */
    public String name() {
        return name;
    }

    public Optional<String> namespace() {
        return namespace;
    }

    Optional<Pods> pods() {
        return pods.get();
    }

    List<ServerConfig> servers() {
        return servers.get();
    }

    DocumentRef ref() {
        return ref;
    }

    @Override
    public String toString() {
        return ref + " (" + root.at() + ")";
    }
}
