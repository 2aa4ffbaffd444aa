package io.eventbroker.provisioning.kubernetes;

/**
 * A field that another manager owns and that an apply would change.
 *
 * @param field such as {@code .spec.replicas}
 * @param manager who owns it, such as {@code kubectl-edit}
 */
public record FieldConflict(String field, String manager) {
    @Override
    public String toString() {
        return field + " is owned by '" + manager + "'";
    }
}
