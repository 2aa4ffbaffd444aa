package io.eventbroker.core.lint.policy;

import io.eventbroker.core.kind.Checks;
import io.eventbroker.core.kind.Metadata;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
 * <p>Hosts say the same in Java; each method returns a new policy:
 *
 * <pre>{@code
 * LintPolicy.named("house-rules")
 *         .severity("jvm/*", RuleLevel.OFF)
 *         .setting("topics/naming", "pattern", "[a-z]+\\.[a-z]+")
 *         .suppress(Suppression.of("replication/*", DocumentRef.parse("Topology/kafka-dev"))
 *                 .path("spec.brokers.config")
 *                 .until(LocalDate.of(2027, 3, 31), "Two brokers until the new rack is there."));
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

    /** A policy that says nothing yet. */
    public static LintPolicy named(String name) {
        return new LintPolicy(name, Collections.emptySortedMap(), List.of());
    }

    /**
     * How bad the findings of a rule are held to be.
     *
     * @param rule the id, or {@code family/*}
     */
    public LintPolicy severity(String rule, RuleLevel level) {
        return with(rule, new RulePolicy(Optional.of(level), of(rule).settings()));
    }

    /**
     * Sets something of a rule.
     *
     * @param rule the id
     * @param setting the name that the rule gives it
     */
    public LintPolicy setting(String rule, String setting, String value) {
        SortedMap<String, String> settings = new TreeMap<>(of(rule).settings());
        settings.put(setting, value);
        return with(rule, new RulePolicy(of(rule).severity(), settings));
    }

    /** Accepts this as well. */
    public LintPolicy suppress(Suppression accepted) {
        List<Suppression> more = new ArrayList<>(suppressions);
        more.add(accepted);
        return new LintPolicy(name, rules, more);
    }

    private RulePolicy of(String rule) {
        return rules.getOrDefault(rule, new RulePolicy(Optional.empty(), Collections.emptySortedMap()));
    }

    private LintPolicy with(String rule, RulePolicy policy) {
        SortedMap<String, RulePolicy> all = new TreeMap<>(rules);
        all.put(rule, policy);
        return new LintPolicy(name, all, suppressions);
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
