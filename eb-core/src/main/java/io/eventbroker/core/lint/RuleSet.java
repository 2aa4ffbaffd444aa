package io.eventbroker.core.lint;

import io.eventbroker.core.kind.Document;
import io.eventbroker.core.lint.policy.DocumentRef;
import io.eventbroker.core.lint.policy.LintPolicy;
import io.eventbroker.core.lint.policy.RuleLevel;
import io.eventbroker.core.lint.policy.RulePolicy;
import io.eventbroker.core.problem.Nearest;
import io.eventbroker.core.problem.Severity;
import io.eventbroker.core.problem.SourceLocation;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Consumer;

/**
 * Rules and what policies say of them. An id wins over its family; among both, the host's policies win over the
 * platform's, and later ones over earlier ones.
 */
final class RuleSet {
    /** A policy and where it stands. */
    record Policy(LintPolicy value, Place place) {
        static Policy of(Document<LintPolicy> document) {
            return new Policy(document.value(), Place.of(document));
        }

        /** One that stands in no file. */
        static Policy of(LintPolicy value) {
            DocumentRef ref = new DocumentRef("LintPolicy", value.name());
            return new Policy(value, new Place() {
                @Override
                public DocumentRef ref() {
                    return ref;
                }

                @Override
                public SourceLocation locate(String path) {
                    return SourceLocation.of(ref.toString());
                }

                @Override
                public String named(String path) {
                    return path;
                }
            });
        }
    }

    private final List<Policy> policies; // the strongest first
    private final Consumer<Finding> findings;
    private final List<ConfiguredRule> active = new ArrayList<>();
    private final Map<String, RuleLevel> own = new HashMap<>();

    RuleSet(List<Rule> rules, List<Policy> policies, Consumer<Finding> findings) {
        this.policies = policies;
        this.findings = findings;
        Map<String, Rule> byId = new HashMap<>();
        rules.forEach(rule -> byId.put(rule.id(), rule));
        OwnRules.ALL.forEach(rule -> {
            byId.put(rule.id(), rule);
            own.put(rule.id(), level(rule));
        });
        policies.forEach(policy -> checkIds(policy, byId));
        for (Rule rule : rules) {
            level(rule)
                    .severity()
                    .ifPresent(severity -> active.add(new ConfiguredRule(rule, severity, settings(rule))));
        }
    }

    /** The rules that run. */
    List<ConfiguredRule> active() {
        return active;
    }

    /** Something that the linter itself has to say. */
    void report(Rule ownRule, Place place, String path, String message) {
        report(ownRule, place, path, message, ownRule.remedy());
    }

    private void report(Rule ownRule, Place place, String path, String message, String remedy) {
        Optional<Severity> severity =
                own.getOrDefault(ownRule.id(), RuleLevel.OFF).severity();
        if (severity.isPresent()) {
            ConfiguredRule configured = new ConfiguredRule(ownRule, severity.get(), Map.of());
            new Reporter(configured, place, findings).finding(path, message, remedy);
        }
    }

    private RuleLevel level(Rule rule) {
        for (String id : List.of(rule.id(), rule.family() + "/*")) {
            for (Policy policy : policies) {
                RulePolicy found = policy.value().rules().get(id);
                if (found != null && found.severity().isPresent()) {
                    return found.severity().get();
                }
            }
        }
        return RuleLevel.valueOf(rule.severity().name());
    }

    private Map<RuleSetting<?>, Object> settings(Rule rule) {
        Map<RuleSetting<?>, Object> values = new HashMap<>();
        for (RuleSetting<?> setting : rule.settings()) {
            values.put(setting, value(rule, setting));
        }
        for (Policy policy : policies) {
            RulePolicy found = policy.value().rules().get(rule.id());
            if (found != null) {
                found.settings().keySet().forEach(name -> checkSetting(rule, name, policy));
            }
        }
        return values;
    }

    private Object value(Rule rule, RuleSetting<?> setting) {
        for (Policy policy : policies) {
            RulePolicy found = policy.value().rules().get(rule.id());
            String text = found == null ? null : found.settings().get(setting.name());
            if (text != null) {
                try {
                    return setting.parse().apply(text);
                } catch (IllegalArgumentException e) {
                    report(
                            OwnRules.SETTING,
                            policy.place(),
                            settingPath(rule, setting.name()),
                            "'" + setting.name() + "' of " + rule + " cannot be used: " + firstLine(e));
                }
            }
        }
        return setting.parse().apply(setting.otherwise());
    }

    private void checkSetting(Rule rule, String name, Policy policy) {
        List<String> known = rule.settings().stream().map(RuleSetting::name).toList();
        if (!known.contains(name)) {
            report(
                    OwnRules.SETTING,
                    policy.place(),
                    settingPath(rule, name),
                    rule + " has no setting '" + name + "'",
                    known.isEmpty() ? "remove it; the rule has none" : Nearest.remedy(name, known, "its settings"));
        }
    }

    private static String settingPath(Rule rule, String name) {
        return "spec.rules[" + rule.id() + "].settings[" + name + "]";
    }

    private static String firstLine(IllegalArgumentException e) {
        String text = String.valueOf(e.getMessage());
        return text.lines().findFirst().orElse(text);
    }

    private void checkIds(Policy policy, Map<String, Rule> byId) {
        policy.value().rules().keySet().forEach(id -> checkId(id, policy, "spec.rules[" + id + "]", byId));
        for (int i = 0; i < policy.value().suppressions().size(); i++) {
            checkId(policy.value().suppressions().get(i).rule(), policy, "spec.suppressions[" + i + "].rule", byId);
        }
    }

    private void checkId(String id, Policy policy, String path, Map<String, Rule> byId) {
        if (byId.keySet().stream().noneMatch(known -> LintPolicy.matches(id, known))) {
            TreeSet<String> known = new TreeSet<>(byId.keySet());
            byId.values().forEach(rule -> known.add(rule.family() + "/*"));
            report(
                    OwnRules.UNKNOWN_RULE,
                    policy.place(),
                    path,
                    "there is no rule '" + id + "'",
                    Nearest.to(id, known)
                            .map(near -> "did you mean '" + near + "'?")
                            .orElse("remove it; Linter.rules() has those that there are"));
        }
    }
}
