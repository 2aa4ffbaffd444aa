package io.eventbroker.core.cluster;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import org.apache.kafka.common.acl.AclBinding;

/**
 * The access rules of a cluster.
 *
 * @param enforced false on a cluster without an authorizer: everyone may do everything
 * @param bindings in a stable order; none if they are not enforced
 */
public record Acls(boolean enforced, List<AclBinding> bindings) {
    private static final Comparator<AclBinding> ORDER = Comparator.comparing(
                    (AclBinding binding) -> binding.pattern().resourceType())
            .thenComparing(binding -> binding.pattern().name())
            .thenComparing(binding -> binding.pattern().patternType())
            .thenComparing(binding -> binding.entry().principal())
            .thenComparing(binding -> binding.entry().host())
            .thenComparing(binding -> binding.entry().operation())
            .thenComparing(binding -> binding.entry().permissionType());

    public Acls {
        bindings = bindings.stream().distinct().sorted(ORDER).toList();
        if (!enforced && !bindings.isEmpty()) {
            throw new IllegalArgumentException(
                    "a cluster without an authorizer has no rules, there were " + bindings.size());
        }
    }

    static Acls of(Collection<AclBinding> bindings) {
        return new Acls(true, List.copyOf(bindings));
    }

    static Acls withoutAuthorizer() {
        return new Acls(false, List.of());
    }
}
