package io.eventbroker.security.access;

import io.eventbroker.core.kind.Examples;
import io.eventbroker.core.kind.TextPattern;
import java.util.Locale;
import java.util.Map;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.Resource;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;

/**
 * What a right is for: one topic, all groups with a prefix, the cluster.
 *
 * @param type of Kafka's resource types
 * @param pattern {@link PatternType#LITERAL} or {@link PatternType#PREFIXED}
 * @param name the name or prefix; the literal {@code *} stands for all of the type
 */
@TextPattern("cluster|(topic|group|transactionalId|delegationToken):[\\s\\S]+")
@Examples({"topic:a", "topic:b.*", "group:c", "transactionalId:*", "cluster"})
public record AccessResource(ResourceType type, PatternType pattern, String name)
        implements Comparable<AccessResource> {

    private static final Map<ResourceType, String> FILE_NAMES = Map.of(
            ResourceType.TOPIC, "topic",
            ResourceType.GROUP, "group",
            ResourceType.TRANSACTIONAL_ID, "transactionalId",
            ResourceType.DELEGATION_TOKEN, "delegationToken");

    private static final String ALL = ResourcePattern.WILDCARD_RESOURCE;

    public AccessResource {
        if (name.isEmpty()) {
            throw new IllegalArgumentException(
                    type + " resource: the name is empty, which as a prefix would match everything; say '*' for all");
        }
    }

    public static AccessResource topic(String name) {
        return literal(ResourceType.TOPIC, name);
    }

    public static AccessResource topicsStartingWith(String prefix) {
        return prefixed(ResourceType.TOPIC, prefix);
    }

    public static AccessResource group(String name) {
        return literal(ResourceType.GROUP, name);
    }

    public static AccessResource groupsStartingWith(String prefix) {
        return prefixed(ResourceType.GROUP, prefix);
    }

    public static AccessResource transactionalId(String id) {
        return literal(ResourceType.TRANSACTIONAL_ID, id);
    }

    public static AccessResource transactionalIdsStartingWith(String prefix) {
        return prefixed(ResourceType.TRANSACTIONAL_ID, prefix);
    }

    public static AccessResource cluster() {
        return new AccessResource(ResourceType.CLUSTER, PatternType.LITERAL, Resource.CLUSTER_NAME);
    }

    static AccessResource all(ResourceType type) {
        return new AccessResource(type, PatternType.LITERAL, ALL);
    }

    /**
     * Reads the form of policy files: {@code topic:orders.placed}, {@code topic:orders.*} (a trailing asterisk makes a
     * prefix), {@code group:*} (all), {@code transactionalId:…}, {@code delegationToken:*}, {@code cluster}.
     */
    public static AccessResource parse(String text) {
        if (text.equals("cluster")) {
            return cluster();
        }
        int colon = text.indexOf(':');
        String name = text.substring(colon + 1);
        String kind = colon < 0 ? "" : text.substring(0, colon);
        ResourceType type = FILE_NAMES.entrySet().stream()
                .filter(known -> known.getValue().equals(kind))
                .map(Map.Entry::getKey)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("resource '" + text
                        + "': expected topic:NAME, group:NAME, transactionalId:NAME or cluster; a trailing * makes a"
                        + " prefix"));
        if (name.equals(ALL)) {
            return all(type);
        }
        return name.endsWith(ALL) ? prefixed(type, name.substring(0, name.length() - 1)) : literal(type, name);
    }

    private static AccessResource literal(ResourceType type, String name) {
        return new AccessResource(type, PatternType.LITERAL, name);
    }

    private static AccessResource prefixed(ResourceType type, String prefix) {
        if (prefix.contains(ALL)) {
            throw new IllegalArgumentException(
                    "prefix '" + prefix + "': Kafka has no wildcards within names; an asterisk stands at the end only");
        }
        return new AccessResource(type, PatternType.PREFIXED, prefix);
    }

    /** Whether everything that this matches is matched by the other too. */
    boolean isWithin(AccessResource other) {
        if (type != other.type) {
            return false;
        }
        if (other.pattern == PatternType.LITERAL) {
            return other.name.equals(ALL) || (pattern == PatternType.LITERAL && name.equals(other.name));
        }
        return !isAll() && name.startsWith(other.name);
    }

    /** Whether there can be a name that both match. */
    boolean overlaps(AccessResource other) {
        return isWithin(other) || other.isWithin(this);
    }

    private boolean isAll() {
        return pattern == PatternType.LITERAL && name.equals(ALL);
    }

    ResourcePattern toPattern() {
        return new ResourcePattern(type, name, pattern);
    }

    @Override
    public int compareTo(AccessResource other) {
        int byType = type.compareTo(other.type);
        int byName = byType != 0 ? byType : name.compareTo(other.name);
        return byName != 0 ? byName : pattern.compareTo(other.pattern);
    }

    /** As {@link #parse} reads it. */
    @Override
    public String toString() {
        if (type == ResourceType.CLUSTER) {
            return "cluster";
        }
        return FILE_NAMES.getOrDefault(type, type.name()) + ":" + name + (pattern == PatternType.PREFIXED ? ALL : "");
    }

    /** In words: {@code topics orders.*}, {@code group billing}, {@code all topics}, {@code the cluster}. */
    String inWords() {
        if (type == ResourceType.CLUSTER) {
            return "the cluster";
        }
        String what = type.name().toLowerCase(Locale.ROOT).replace('_', ' ');
        if (isAll()) {
            return "all " + what + "s";
        }
        return pattern == PatternType.PREFIXED ? what + "s " + name + "*" : what + " " + name;
    }
}
