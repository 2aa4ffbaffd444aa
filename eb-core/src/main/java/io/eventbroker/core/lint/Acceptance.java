package io.eventbroker.core.lint;

import io.eventbroker.core.lint.policy.LintPolicy;
import io.eventbroker.core.lint.policy.Suppression;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The suppressions of all policies: what they accept, and what is to be said of themselves. */
final class Acceptance {
    /** Kinds of ours that rules look at. */
    private static final Set<String> OURS = Set.of("Topology", "TopicSet", "ConfigLayer", "Environment", "MultiRegion");

    /** A suppression and where it stands. */
    private record Written(RuleSet.Policy policy, int position, Suppression value) {}

    private final List<Rule> rules;
    private final LocalDate today;
    private final List<Written> all = new ArrayList<>();
    private final Map<String, List<Written>> byDocument = new HashMap<>();
    private final Set<Written> used = new HashSet<>();

    Acceptance(List<RuleSet.Policy> policies, LocalDate today, List<Rule> rules) {
        this.rules = rules;
        this.today = today;
        for (RuleSet.Policy policy : policies) {
            List<Suppression> written = policy.value().suppressions();
            for (int i = 0; i < written.size(); i++) {
                Written one = new Written(policy, i, written.get(i));
                all.add(one);
                byDocument
                        .computeIfAbsent(one.value().at().toString(), at -> new ArrayList<>(1))
                        .add(one);
            }
        }
    }

    /** Takes what is accepted out of the findings. */
    List<Suppressed> suppress(List<Finding> findings) {
        List<Suppressed> suppressed = new ArrayList<>();
        List<Finding> left = new ArrayList<>(findings.size());
        for (Finding finding : findings) {
            Written by = OwnRules.isOwn(finding) ? null : covering(finding);
            if (by == null) {
                left.add(finding);
            } else {
                used.add(by);
                suppressed.add(new Suppressed(finding, by.value()));
            }
        }
        findings.clear();
        findings.addAll(left);
        suppressed.sort(Comparator.comparing(Suppressed::finding));
        return List.copyOf(suppressed);
    }

    private @Nullable Written covering(Finding finding) {
        for (Written written : byDocument.getOrDefault(finding.document().toString(), List.of())) {
            if (!written.value().until().isOver(today)
                    && written.value().covers(finding.rule(), finding.document(), finding.path())) {
                return written;
            }
        }
        return null;
    }

    /**
     * Reports suppressions that are over, and those that matched nothing, if they are about something that was looked at
     * and a rule that exists.
     */
    void reportTo(RuleSet set, boolean ours, boolean theirs) {
        for (Written written : all) {
            Suppression suppression = written.value();
            Place place = written.policy().place();
            String path = "spec.suppressions[" + written.position() + "]";
            if (suppression.rule().startsWith(OwnRules.FAMILY)) {
                set.report(
                        OwnRules.UNUSED,
                        place,
                        path + ".rule",
                        "what the linter says of itself cannot be suppressed; 'rules' can switch " + suppression.rule()
                                + " off");
            } else if (suppression.until().isOver(today)) {
                set.report(
                        OwnRules.EXPIRED,
                        place,
                        path + ".until",
                        "the suppression of " + suppression.rule() + " at " + suppression.at() + " ended on "
                                + suppression.until() + " ("
                                + suppression.reason().strip() + ")");
            } else if (!used.contains(written)
                    && (OURS.contains(suppression.at().kind()) ? ours : theirs)
                    && rules.stream().anyMatch(rule -> LintPolicy.matches(suppression.rule(), rule.id()))) {
                set.report(
                        OwnRules.UNUSED,
                        place,
                        path,
                        "the suppression of " + suppression.rule() + " at " + suppression.at()
                                + suppression.path().map(below -> " " + below).orElse("") + " matches no finding");
            }
        }
    }
}
