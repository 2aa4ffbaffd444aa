package io.eventbroker.provisioning.manifest;

/**
 * Names a Kubernetes object.
 *
 * @param apiVersion group and version, or only the version in the core group: {@code apps/v1}, {@code v1}
 * @param kind such as {@code StatefulSet}
 * @param namespace empty for what belongs to the cluster as a whole
 * @param name of the object
 */
public record ObjectRef(String apiVersion, String kind, String namespace, String name)
        implements Comparable<ObjectRef> {
    public ObjectRef {
        if (apiVersion.isBlank() || kind.isBlank() || name.isBlank()) {
            throw new IllegalArgumentException("a Kubernetes object needs apiVersion, kind and metadata.name, found '"
                    + apiVersion + "', '" + kind + "' and '" + name + "'");
        }
    }

    /** {@code apps/v1/StatefulSet/namespace/name}, with an empty namespace for cluster-wide objects. */
    public String path() {
        return apiVersion + "/" + kind + "/" + namespace + "/" + name;
    }

    /** Reads what {@link #path} wrote. */
    public static ObjectRef parse(String path) {
        String[] parts = path.split("/", -1);
        if (parts.length < 4 || parts.length > 5) {
            throw new IllegalArgumentException(
                    "expected apiVersion/kind/namespace/name of a Kubernetes object, found '" + path + "'");
        }
        int kind = parts.length - 3;
        return new ObjectRef(
                parts.length == 4 ? parts[0] : parts[0] + "/" + parts[1],
                parts[kind],
                parts[kind + 1],
                parts[kind + 2]);
    }

    @Override
    public int compareTo(ObjectRef other) {
        return path().compareTo(other.path());
    }

    /** For people: {@code StatefulSet namespace/name}. */
    @Override
    public String toString() {
        return kind + " " + (namespace.isEmpty() ? name : namespace + "/" + name);
    }
}
