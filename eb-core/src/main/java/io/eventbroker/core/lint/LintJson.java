package io.eventbroker.core.lint;

import io.eventbroker.core.json.CanonicalJson;
import io.eventbroker.core.problem.Severity;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** A report as JSON, in the form that {@link LintReport#toJson} documents. */
final class LintJson {
    private static final int VERSION = 1;

    private record Root(
            int version,
            Summary summary,
            List<Found> findings,
            SortedMap<String, Described> rules,
            List<Baseline.Entry> mended,
            List<String> notes) {}

    private record Summary(long errors, long warnings, long infos, int suppressed, int known, int mended) {}

    private record Found(
            String rule,
            String severity,
            String status,
            String file,
            int line,
            int column,
            String document,
            String path,
            String message,
            String remedy,
            Optional<Acceptance> suppression) {}

    private record Acceptance(String reason, String until) {}

    private record Described(String severity, String reason, String remedy, String source) {}

    private LintJson() {}

    static String write(LintReport report) {
        List<Found> all = new ArrayList<>();
        report.findings().forEach(finding -> all.add(found(finding, "new", Optional.empty())));
        report.known().forEach(finding -> all.add(found(finding, "known", Optional.empty())));
        report.suppressed()
                .forEach(one -> all.add(found(
                        one.finding(),
                        "suppressed",
                        Optional.of(new Acceptance(
                                one.by().reason(), one.by().until().toString())))));
        SortedMap<String, Described> rules = new TreeMap<>();
        for (Found finding : all) {
            Rule rule = report.rule(finding.rule());
            rules.put(
                    rule.id(),
                    new Described(LintWords.of(rule.severity()), rule.reason(), rule.remedy(), rule.source()));
        }
        Summary summary = new Summary(
                report.count(Severity.ERROR),
                report.count(Severity.WARNING),
                report.count(Severity.INFO),
                report.suppressed().size(),
                report.known().size(),
                report.mended().size());
        return CanonicalJson.write(new Root(VERSION, summary, all, rules, report.mended(), report.notes()));
    }

    private static Found found(Finding finding, String status, Optional<Acceptance> suppression) {
        return new Found(
                finding.rule(),
                LintWords.of(finding.severity()),
                status,
                finding.location().source(),
                finding.location().line(),
                finding.location().column(),
                finding.document().toString(),
                finding.path(),
                finding.message(),
                finding.remedy(),
                suppression);
    }
}
