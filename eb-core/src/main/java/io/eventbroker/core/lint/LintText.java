package io.eventbroker.core.lint;

import io.eventbroker.core.problem.Severity;
import io.eventbroker.core.problem.SourceLocation;
import io.eventbroker.core.problem.internal.Counted;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Prints a report for a terminal. */
final class LintText {
    private final LintReport report;
    private final Map<String, Optional<SourceLines>> lines = new HashMap<>();
    private final Set<String> explained = new HashSet<>();

    LintText(LintReport report) {
        this.report = report;
    }

    void print(Appendable out) throws IOException {
        for (Finding finding : report.findings()) {
            print(finding, out);
        }
        for (Baseline.Entry entry : report.mended()) {
            out.append("mended: ").append(LintWords.printable(entry.toString())).append('\n');
        }
        for (String note : report.notes()) {
            out.append("note: ").append(note).append('\n');
        }
        out.append(summary()).append('\n');
    }

    private void print(Finding finding, Appendable out) throws IOException {
        out.append(LintWords.printable(finding.toString())).append('\n');
        SourceLocation at = finding.location();
        Optional<SourceLines> source = lines.computeIfAbsent(
                at.source(), name -> report.sources().text(name).map(text -> new SourceLines(name, text)));
        if (source.isPresent() && at.line() > 0) {
            out.append(Excerpt.of(source.get(), finding).map(Excerpt::toString).orElse(""));
        }
        Rule rule = report.rule(finding);
        boolean first = explained.add(rule.id());
        if (first) {
            out.append("  reason: ").append(rule.reason()).append('\n');
        }
        out.append("  remedy: ").append(LintWords.printable(finding.remedy())).append('\n');
        if (first) {
            out.append("  source: ").append(rule.source()).append('\n');
        }
        out.append('\n');
    }

    private String summary() {
        List<String> parts = new ArrayList<>();
        parts.add(Counted.of(report.count(Severity.ERROR), "error"));
        parts.add(Counted.of(report.count(Severity.WARNING), "warning"));
        long infos = report.count(Severity.INFO);
        if (infos > 0) {
            parts.add(Counted.of(infos, "info"));
        }
        if (!report.suppressed().isEmpty()) {
            parts.add(report.suppressed().size() + " suppressed");
        }
        if (report.comparedWithBaseline()) {
            parts.add(report.known().size() + " known from the baseline");
        }
        if (!report.mended().isEmpty()) {
            parts.add(report.mended().size() + " mended");
        }
        return String.join(", ", parts);
    }
}
