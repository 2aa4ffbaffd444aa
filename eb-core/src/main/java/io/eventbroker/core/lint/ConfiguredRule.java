package io.eventbroker.core.lint;

import io.eventbroker.core.problem.Severity;
import java.util.Map;

/**
 * A rule as it runs: with what policies say.
 *
 * @param settings parsed, for each of the rule's settings
 */
record ConfiguredRule(Rule rule, Severity severity, Map<RuleSetting<?>, Object> settings) {}
