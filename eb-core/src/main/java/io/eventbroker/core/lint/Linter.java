package io.eventbroker.core.lint;

import io.eventbroker.core.lint.policy.LintPolicy;
import io.eventbroker.core.source.Sources;
import io.eventbroker.core.spec.Platform;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Finds what is likely to hurt.
 *
 * <pre>{@code
 * Linter.standard()
 *         .lint(platform)
 *         .printTo(System.out)
 *         .requireNone(Severity.ERROR);
 * }</pre>
 *
 * <p>Looks at two things: a {@link Platform}, and documents that are not ours (Kubernetes resources, those of Confluent
 * for Kubernetes, Terraform in JSON), read with {@link Sources}. The {@link LintPolicy} documents of the platform say
 * which rules run, how strictly, and what is accepted for a while; so do those that the host passes, which win where both
 * say something of the same rule or family. An id wins over its family.
 *
 * <p>What reading the files warned of is in {@link Platform#warnings} and not said again.
 *
 * <p>Immutable; every method returns a new one. A lint runs in the calling thread and touches nothing but memory.
 */
public final class Linter {
    private final List<Rule> rules;
    private final List<LintPolicy> policies;
    private final Optional<Baseline> baseline;
    private final Clock clock;

    private Linter(List<Rule> rules, List<LintPolicy> policies, Optional<Baseline> baseline, Clock clock) {
        this.rules = List.copyOf(rules);
        this.policies = List.copyOf(policies);
        this.baseline = baseline;
        this.clock = clock;
        Set<String> ids = new HashSet<>();
        for (Rule rule : rules) {
            if (!ids.add(rule.id())) {
                throw new IllegalArgumentException("there are two rules with the id " + rule.id());
            }
            if (rule.family().equals("linter")) {
                throw new IllegalArgumentException(rule.id() + ": the family 'linter' is the linter's own");
            }
        }
    }

    /** All of the SDK's rules, and the clock of the machine in UTC, so that a lint is the same everywhere. */
    public static Linter standard() {
        return new Linter(StandardRules.ALL, List.of(), Optional.empty(), Clock.systemUTC());
    }

    /** No rules but these. */
    public static Linter of(Rule... rules) {
        return new Linter(Arrays.asList(rules), List.of(), Optional.empty(), Clock.systemUTC());
    }

    /**
     * More rules.
     *
     * @throws IllegalArgumentException if two rules have the same id
     */
    public Linter with(Rule... more) {
        List<Rule> all = new ArrayList<>(rules);
        all.addAll(Arrays.asList(more));
        return new Linter(all, policies, baseline, clock);
    }

    /** A policy beside those of the platform; it wins over them, and over those that were given before. */
    public Linter policy(LintPolicy policy) {
        List<LintPolicy> all = new ArrayList<>();
        all.add(policy);
        all.addAll(policies);
        return new Linter(rules, all, baseline, clock);
    }

    /** What is known already, and does not fail {@link LintReport#requireNone}. Replaces one that was given before. */
    public Linter baseline(Baseline known) {
        return new Linter(rules, policies, Optional.of(known), clock);
    }

    /** The clock, with its time zone, that says whether a suppression is over. */
    public Linter clock(Clock other) {
        return new Linter(rules, policies, baseline, other);
    }

    /** The rules, without the linter's own. */
    public List<Rule> rules() {
        return rules;
    }

    /** Looks at a platform. */
    public LintReport lint(Platform platform) {
        return new LintRun(rules, policies, baseline, clock).platform(platform).report();
    }

    /** Looks at documents that are not ours; ours among them are passed over. */
    public LintReport lint(Sources manifests) {
        return new LintRun(rules, policies, baseline, clock)
                .manifests(manifests)
                .report();
    }

    /** Looks at both, with one report. */
    public LintReport lint(Platform platform, Sources manifests) {
        return new LintRun(rules, policies, baseline, clock)
                .platform(platform)
                .manifests(manifests)
                .report();
    }
}
