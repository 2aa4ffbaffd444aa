package io.eventbroker.security.access;

import java.util.Comparator;
import java.util.Set;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourceType;

/**
 * One ACL, as Kafka keeps it.
 *
 * @param principal such as {@code User:CN=orders-service}
 * @param host the client's address, {@code *} for any
 * @param resource what it is for
 * @param operation what may be done; {@code READ}, {@code WRITE}, {@code DELETE} and {@code ALTER} imply
 *     {@code DESCRIBE}, {@code ALTER_CONFIGS} implies {@code DESCRIBE_CONFIGS}, where allowed
 * @param permission allowed or denied; any denial that matches wins
 */
public record AclRule(
        String principal, String host, AccessResource resource, AclOperation operation, AclPermissionType permission)
        implements Comparable<AclRule> {

    static final String ANY_HOST = "*";
    static final String EVERYONE = "User:*";

    /** AclAuthorizer and StandardAuthorizer agree on these. */
    private static final Set<AclOperation> IMPLY_DESCRIBE =
            Set.of(AclOperation.READ, AclOperation.WRITE, AclOperation.DELETE, AclOperation.ALTER);

    private static final Comparator<AclRule> ORDER = Comparator.comparing(AclRule::principal)
            .thenComparing(AclRule::resource)
            .thenComparing(AclRule::operation)
            .thenComparing(AclRule::permission)
            .thenComparing(AclRule::host);

    /** Leave from any host. */
    public static AclRule allow(String principal, AclOperation operation, AccessResource resource) {
        return new AclRule(principal, ANY_HOST, resource, operation, AclPermissionType.ALLOW);
    }

    static AclRule of(AclBinding binding) {
        return new AclRule(
                binding.entry().principal(),
                binding.entry().host(),
                new AccessResource(
                        binding.pattern().resourceType(),
                        binding.pattern().patternType(),
                        binding.pattern().name()),
                binding.entry().operation(),
                binding.entry().permissionType());
    }

    AclBinding toBinding() {
        return new AclBinding(resource.toPattern(), new AccessControlEntry(principal, host, operation, permission));
    }

    boolean allows() {
        return permission == AclPermissionType.ALLOW;
    }

    /** Whether leave by this rule is leave by the other as well. */
    boolean isCoveredBy(AclRule other) {
        return allows()
                && other.allows()
                && (other.principal.equals(principal) || other.principal.equals(EVERYONE))
                && (other.host.equals(host) || other.host.equals(ANY_HOST))
                && resource.isWithin(other.resource)
                && implies(other.operation, operation);
    }

    private static boolean implies(AclOperation granted, AclOperation asked) {
        return granted == asked
                || granted == AclOperation.ALL
                || (asked == AclOperation.DESCRIBE && IMPLY_DESCRIBE.contains(granted))
                || (asked == AclOperation.DESCRIBE_CONFIGS && granted == AclOperation.ALTER_CONFIGS);
    }

    /** Whether Kafka said something that this version has no word for: such a rule is left alone. */
    boolean isUnknown() {
        return operation == AclOperation.UNKNOWN
                || permission == AclPermissionType.UNKNOWN
                || resource.type() == ResourceType.UNKNOWN
                || resource.pattern() == PatternType.UNKNOWN;
    }

    @Override
    public int compareTo(AclRule other) {
        return ORDER.compare(this, other);
    }

    /** {@code READ on topics orders.*}, with what is unusual about it. */
    String right() {
        return (allows() ? "" : "DENY ") + operation + " on " + resource.inWords()
                + (host.equals(ANY_HOST) ? "" : " from " + host);
    }
}
