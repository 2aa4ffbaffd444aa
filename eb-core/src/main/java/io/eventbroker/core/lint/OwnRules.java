package io.eventbroker.core.lint;

import java.util.List;

/** What the linter itself has to say, about rules and policies. */
final class OwnRules {
    /** How their ids begin. */
    static final String FAMILY = "linter/";

    private static final String SOURCE = "io.eventbroker.core.lint.Linter";

    static final Rule FAILED = Rule.error("linter/rule-failed")
            .reason("A rule that ends with an exception has not looked at everything, so there may be more to find.")
            .remedy("Look up the exception in the log, and mend the rule or report it to whom it belongs.")
            .source(SOURCE)
            .own();

    static final Rule UNREADABLE = Rule.error("linter/unreadable")
            .reason("What cannot be read, or only in part, was not looked at.")
            .remedy("Correct the syntax.")
            .source(SOURCE)
            .own();

    static final Rule UNKNOWN_RULE = Rule.error("linter/unknown-rule")
            .reason("A policy that names a rule which does not exist does nothing, without anybody noticing.")
            .remedy("Correct the id, or remove it.")
            .source(SOURCE)
            .own();

    static final Rule SETTING = Rule.error("linter/bad-setting")
            .reason("A rule whose setting cannot be used runs with its default, which is not what the policy asks for.")
            .remedy("Correct the setting.")
            .source(SOURCE)
            .own();

    static final Rule EXPIRED = Rule.warning("linter/suppression-expired")
            .reason("A suppression was a promise to be done by a day that has passed; its findings are back.")
            .remedy("Mend what was suppressed and remove the suppression, or agree on another day.")
            .source(SOURCE)
            .own();

    static final Rule UNUSED = Rule.info("linter/suppression-unused")
            .reason("A suppression that matches nothing is a leftover, or was meant for something else.")
            .remedy("Remove it, or correct its rule, document or path.")
            .source(SOURCE)
            .own();

    static final List<Rule> ALL = List.of(FAILED, UNREADABLE, UNKNOWN_RULE, SETTING, EXPIRED, UNUSED);

    private OwnRules() {}

    static boolean isOwn(Finding finding) {
        return finding.rule().startsWith(FAMILY);
    }
}
