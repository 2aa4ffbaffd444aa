package io.eventbroker.core.lint.policy;

import io.eventbroker.core.kind.Checks;
import io.eventbroker.core.kind.Metadata;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * How to lint:
 *
 * <pre>{@code
 * kind: LintPolicy
 * metadata: {name: house-rules}
 * spec:
 *   rules:
 *     topics/naming: {severity: error, settings: {pattern: "[a-z]+\\.[a-z]+"}}
 *     jvm/*: {severity: off}            # an id wins over its family
 *   suppressions:
 *     - rule: replication/min-insync
 *       at: Topology/kafka-dev
 *       path: spec.brokers.config       # without it, the whole document
 *       reason: Two brokers until the new rack is there.
 *       until: 2027-03-31
 * }</pre>
 *
 * <p>Whether the rules exist is known to the linter alone, for hosts add theirs; it reports those that do not.
 *
 * @param name of the policy
 * @param rules by id, or by {@code family/*}
 * @param suppressions findings that are accepted for a while
 */
public record LintPolicy(@Metadata String name, SortedMap<String, RulePolicy> rules, List<Suppression> suppressions) {
    private static final Pattern RULE = Pattern.compile("[a-z][a-z0-9-]*/([a-z][a-z0-9-]*|\\*)");

    public LintPolicy {
        rules = Collections.unmodifiableSortedMap(new TreeMap<>(rules));
        suppressions = List.copyOf(suppressions);
        Checks checks = Checks.begin();
        for (Map.Entry<String, RulePolicy> rule : rules.entrySet()) {
            String id = rule.getKey();
            checks.require(
                            isRule(id),
                            "rules[" + id + "]",
                            "'" + id + "' is not a rule's id",
                            "write family/name or family/*")
                    .require(
                            !id.endsWith("*") || rule.getValue().settings().isEmpty(),
                            "rules[" + id + "].settings",
                            "settings belong to a single rule",
                            "name the rule");
        }
        checks.end();
    }

    static boolean isRule(String id) {
        return RULE.matcher(id).matches();
    }

    /** Whether an id, or {@code family/*}, means the rule. */
    public static boolean matches(String idOrFamily, String ruleId) {
        return idOrFamily.endsWith("/*")
                ? ruleId.startsWith(idOrFamily.substring(0, idOrFamily.length() - 1))
                : idOrFamily.equals(ruleId);
    }
}
