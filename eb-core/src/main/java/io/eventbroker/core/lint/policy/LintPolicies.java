package io.eventbroker.core.lint.policy;

import io.eventbroker.core.kind.Document;
import io.eventbroker.core.kind.Documents;
import io.eventbroker.core.kind.Findings;
import io.eventbroker.core.kind.Kind;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The kind that says how to lint. */
public final class LintPolicies {
    /** {@code kind: LintPolicy}. */
    public static final Kind<LintPolicy> KIND =
            Kind.of("LintPolicy", LintPolicy.class).withCheckAcross(LintPolicies::checkOnce);

    private LintPolicies() {}

    private static void checkOnce(List<Document<LintPolicy>> policies, Documents all, Findings findings) {
        Map<String, Document<LintPolicy>> first = new HashMap<>();
        for (Document<LintPolicy> policy : policies) {
            for (String rule : policy.value().rules().keySet()) {
                Document<LintPolicy> other = first.putIfAbsent(rule, policy);
                if (other != null) {
                    findings.error(
                            policy,
                            "spec.rules[" + rule + "]",
                            "'" + rule + "' is already configured by the LintPolicy '" + other.name() + "' at "
                                    + other.locate("spec.rules[" + rule + "]"),
                            "keep one of the two");
                }
            }
        }
    }
}
