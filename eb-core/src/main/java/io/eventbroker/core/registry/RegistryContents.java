package io.eventbroker.core.registry;

import java.util.List;
import java.util.Optional;

/**
 * What a registry holds.
 *
 * @param compatibility of all subjects that have none of their own
 * @param mode of all subjects that have none of their own; empty for a registry without modes
 * @param subjects by name
 */
public record RegistryContents(Compatibility compatibility, Optional<RegistryMode> mode, List<Subject> subjects) {
    public RegistryContents {
        subjects = List.copyOf(subjects);
    }
}
