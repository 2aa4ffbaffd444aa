package io.eventbroker.core.lint.policy;

import io.eventbroker.core.kind.Checks;
import java.time.LocalDate;
import java.util.Optional;

/**
 * Findings that are accepted at one place for a while. A suppression that lasts for ever is a rule that is switched off,
 * so each has an end; after it, the findings are back and the linter says why.
 *
 * @param rule the id, or {@code family/*}
 * @param at the document
 * @param path the element, with everything below it, as findings show it; empty for the whole document
 * @param reason why it is accepted, for those who read it later
 * @param until the last day on which it holds
 */
public record Suppression(String rule, DocumentRef at, Optional<String> path, String reason, Expiry until) {
    public Suppression {
        Checks.begin()
                .require(
                        LintPolicy.isRule(rule),
                        "rule",
                        "'" + rule + "' is not a rule's id",
                        "write family/name or family/*")
                .require(!reason.isBlank(), "reason", "is empty", "say why this is accepted")
                .end();
    }

    /**
     * Begins one that {@link Unending#until} completes.
     *
     * @param rule the id, or {@code family/*}
     */
    public static Unending of(String rule, DocumentRef at) {
        return new Unending(rule, at, Optional.empty());
    }

    /**
     * What is to be accepted, before it is said for how long and why.
     *
     * @param rule the id, or {@code family/*}
     * @param at the document
     * @param path the element, with everything below it; empty for the whole document
     */
    public record Unending(String rule, DocumentRef at, Optional<String> path) {
        /** Only at this element and below it, as findings show it. */
        public Unending path(String element) {
            return new Unending(rule, at, Optional.of(element));
        }

        /**
         * Accepts it for a while.
         *
         * @param lastDay on which it holds, in the time zone of the linter's clock
         * @param reason for those who read it later; not blank
         */
        public Suppression until(LocalDate lastDay, String reason) {
            return new Suppression(rule, at, path, reason, new Expiry(lastDay));
        }
    }

    /** Whether it is about an element of a document. */
    public boolean covers(String ruleId, DocumentRef document, String element) {
        return LintPolicy.matches(rule, ruleId)
                && at.equals(document)
                && path.map(prefix -> isAtOrBelow(element, prefix)).orElse(true);
    }

    private static boolean isAtOrBelow(String element, String prefix) {
        return element.startsWith(prefix)
                && (element.length() == prefix.length()
                        || element.charAt(prefix.length()) == '.'
                        || element.charAt(prefix.length()) == '[');
    }
}
