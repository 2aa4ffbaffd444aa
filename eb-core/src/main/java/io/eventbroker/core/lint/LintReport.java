package io.eventbroker.core.lint;

import io.eventbroker.core.problem.Severity;
import io.eventbroker.core.problem.internal.Counted;
import io.eventbroker.core.source.Sources;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;

/**
 * What a lint found, by place. Immutable. Lines of files are shown only by {@link #printTo}, without what looks like a
 * secret.
 */
public final class LintReport {
    /** The message of an exception is no place for thousands of findings. */
    private static final int LISTED = 100;

    private final Known findings;
    private final List<Suppressed> suppressed;
    private final List<String> notes;
    private final Map<String, Rule> rules;
    private final Sources sources;

    LintReport(
            Known findings, List<Suppressed> suppressed, List<String> notes, Map<String, Rule> rules, Sources sources) {
        this.findings = findings;
        this.suppressed = suppressed;
        this.notes = notes;
        this.rules = Map.copyOf(rules);
        this.sources = sources;
    }

    /** What was found and is neither suppressed nor known from the baseline. */
    public List<Finding> findings() {
        return findings.added();
    }

    /** What was found and is known from the baseline. */
    public List<Finding> known() {
        return findings.known();
    }

    /** What was found and is accepted for a while. */
    public List<Suppressed> suppressed() {
        return suppressed;
    }

    /** What the baseline knows and is there no more. Meaningful if the baseline was made of the same files. */
    public List<Baseline.Entry> mended() {
        return findings.mended();
    }

    /** What readers must know of how the findings came about, such as a release whose properties are not catalogued. */
    public List<String> notes() {
        return notes;
    }

    /** How many of {@link #findings} have this severity. */
    public long count(Severity severity) {
        return findings().stream()
                .filter(finding -> finding.severity() == severity)
                .count();
    }

    /** The rule of a finding. */
    public Rule rule(Finding finding) {
        return rule(finding.rule());
    }

    Rule rule(String id) {
        Rule rule = rules.get(id);
        if (rule == null) {
            throw new IllegalArgumentException("no rule " + id + " took part in this lint");
        }
        return rule;
    }

    boolean comparedWithBaseline() {
        return findings.compared();
    }

    Map<String, Rule> rules() {
        return rules;
    }

    Sources sources() {
        return sources;
    }

    /**
     * Prints for people, as compilers do: place, severity, rule and message, then the line with a caret; the rule's reason
     * and source where it occurs first; and a line that counts.
     *
     * @return this
     * @throws UncheckedIOException if the target fails
     */
    public LintReport printTo(Appendable out) {
        try {
            new LintText(this).print(out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return this;
    }

    /**
     * Canonical JSON for tools. Stable: keys may be added, and none changes its meaning without another {@code version}.
     *
     * <pre>{@code
     * version    1
     * summary    errors, warnings, infos (of new findings), suppressed, known, mended: numbers
     * findings   by place, new ones first, then known, then suppressed:
     *              rule, severity (error, warning, info), status (new, known, suppressed),
     *              file, line and column (from 1; 0 where none is known), document (Kind/name), path, message, remedy,
     *              suppression: null, or reason and until (a date)
     * rules      of these findings, by id: severity (the rule's own), reason, remedy, source
     * mended     rule, document, path
     * notes      texts
     * }</pre>
     */
    public String toJson() {
        return LintJson.write(this);
    }

    /**
     * SARIF 2.1.0 (OASIS), for code scanning. Files are named as the host named them, those with an absolute path by a
     * {@code file:} URI; findings are recognised again by {@code partialFingerprints}, which do not depend on lines; what
     * is suppressed has {@code suppressions}, and with a baseline each has its {@code baselineState}. Listed are the rules that
     * found something; what is wrong with a policy that the host made has no file.
     */
    public String toSarif() {
        return Sarif.write(this);
    }

    /**
     * Ends here if something bad was found.
     *
     * @param least the mildest that matters
     * @return this, if no finding is that bad
     * @throws LintFailedException if one is; the message lists them
     */
    public LintReport requireNone(Severity least) {
        List<Finding> bad = findings().stream()
                .filter(finding -> finding.severity().compareTo(least) >= 0)
                .toList();
        if (bad.isEmpty()) {
            return this;
        }
        StringBuilder message = new StringBuilder("lint: ").append(Counted.of(bad.size(), "finding"));
        message.append(" of severity ").append(LintWords.of(least)).append(least == Severity.ERROR ? "" : " or worse");
        bad.stream()
                .limit(LISTED)
                .forEach(finding -> message.append('\n')
                        .append(finding)
                        .append("; ")
                        .append(LintWords.continued(finding.remedy())));
        if (bad.size() > LISTED) {
            message.append("\nand ").append(bad.size() - LISTED).append(" more");
        }
        throw new LintFailedException(message.toString(), this);
    }
}
