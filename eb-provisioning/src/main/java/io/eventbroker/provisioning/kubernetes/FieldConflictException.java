package io.eventbroker.provisioning.kubernetes;

import io.eventbroker.core.EventBrokerException;
import io.eventbroker.provisioning.manifest.ObjectRef;
import java.util.List;
import java.util.stream.Collectors;

/** An apply that was refused because it would change what other managers own. Nothing was changed. */
public class FieldConflictException extends EventBrokerException {
    private static final long serialVersionUID = 1L;

    private final transient List<FieldConflict> conflicts;

    FieldConflictException(ObjectRef object, List<FieldConflict> conflicts, Throwable cause) {
        super(object + ": " + describe(conflicts), cause);
        this.conflicts = List.copyOf(conflicts);
    }

    static String describe(List<FieldConflict> conflicts) {
        return conflicts.stream().map(FieldConflict::toString).collect(Collectors.joining(", "))
                + "; leave the field out of the manifest, have its owner give it up, or take it over with"
                + " Provisioner.takingOver";
    }

    /** Every field in conflict, with its owner. */
    public List<FieldConflict> conflicts() {
        return conflicts;
    }
}
