package io.eventbroker.core.lint;

import io.eventbroker.core.json.CanonicalJson;
import io.eventbroker.core.json.Sha256;
import io.eventbroker.core.problem.Severity;
import io.eventbroker.core.problem.SourceLocation;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A report as SARIF 2.1.0 (OASIS), for code scanning. Names of properties are those of the standard. */
final class Sarif {
    private static final String SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json";
    private static final Pattern URL = Pattern.compile("https://[^\\s,;()]+");
    private static final Pattern DRIVE = Pattern.compile("[A-Za-z]:/.*");

    private final LintReport report;
    private final List<Rule> rules;
    private final Map<String, Integer> indexes = new HashMap<>();
    private final Map<Baseline.Entry, Integer> occurrences = new HashMap<>();

    private Sarif(LintReport report) {
        this.report = report;
        Set<String> found = new HashSet<>();
        report.findings().forEach(finding -> found.add(finding.rule()));
        report.known().forEach(finding -> found.add(finding.rule()));
        report.suppressed().forEach(suppressed -> found.add(suppressed.finding().rule()));
        report.mended().forEach(entry -> found.add(entry.rule()));
        SortedMap<String, Rule> all = new TreeMap<>(report.rules());
        all.keySet().retainAll(found);
        this.rules = List.copyOf(all.values());
        for (int i = 0; i < rules.size(); i++) {
            indexes.put(rules.get(i).id(), i);
        }
    }

    static String write(LintReport report) {
        return CanonicalJson.write(new Sarif(report).log());
    }

    private Map<String, Object> log() {
        Map<String, Object> driver = new HashMap<>();
        driver.put("name", "Event Broker SDK lint");
        driver.put("rules", rules.stream().map(Sarif::rule).toList());
        String version = Linter.class.getPackage().getImplementationVersion();
        if (version != null) {
            driver.put("version", version);
        }
        Map<String, Object> run = Map.of(
                "tool", Map.of("driver", driver),
                "columnKind", "unicodeCodePoints",
                "invocations", List.of(invocation()),
                "results", results());
        return Map.of("$schema", SCHEMA, "version", "2.1.0", "runs", List.of(run));
    }

    private static Map<String, Object> rule(Rule rule) {
        Map<String, Object> described = new HashMap<>();
        described.put("id", rule.id());
        described.put("name", name(rule.id()));
        described.put("shortDescription", text(rule.reason()));
        described.put("fullDescription", text(rule.reason()));
        described.put("help", text(rule.remedy() + " (" + rule.source() + ")"));
        Matcher url = URL.matcher(rule.source());
        if (url.find()) {
            described.put("helpUri", url.group());
        }
        described.put("defaultConfiguration", Map.of("level", level(rule.severity())));
        described.put("properties", Map.of("tags", List.of(rule.family()), "source", rule.source()));
        return described;
    }

    /** {@code replication/min-insync} as {@code ReplicationMinInsync}. */
    private static String name(String id) {
        StringBuilder name = new StringBuilder();
        for (String word : id.split("[/-]", -1)) {
            name.append(Character.toUpperCase(word.charAt(0))).append(word, 1, word.length());
        }
        return name.toString();
    }

    private Map<String, Object> invocation() {
        boolean whole =
                report.findings().stream().noneMatch(finding -> finding.rule().equals(OwnRules.FAILED.id()));
        return Map.of(
                "executionSuccessful",
                whole,
                "toolExecutionNotifications",
                report.notes().stream()
                        .map(note -> Map.of("level", "note", "message", text(note)))
                        .toList());
    }

    private List<Map<String, Object>> results() {
        List<Map<String, Object>> results = new ArrayList<>();
        for (Finding finding : report.findings()) {
            results.add(result(finding, "new"));
        }
        for (Finding finding : report.known()) {
            results.add(result(finding, "unchanged"));
        }
        for (Suppressed suppressed : report.suppressed()) {
            Map<String, Object> result = result(suppressed.finding(), "new");
            result.remove("baselineState"); // whether it is known does not matter as long as it is accepted
            result.put(
                    "suppressions",
                    List.of(Map.of(
                            "kind",
                            "external",
                            "status",
                            "accepted",
                            "justification",
                            suppressed.by().reason() + " (until "
                                    + suppressed.by().until() + ")")));
            results.add(result);
        }
        for (Baseline.Entry entry : report.mended()) {
            Map<String, Object> result = result(entry);
            result.put("baselineState", "absent");
            result.put("message", text(entry + " was found before and is mended"));
            result.put("locations", List.of(Map.of("logicalLocations", List.of(logical(entry)))));
            results.add(result);
        }
        return results;
    }

    private Map<String, Object> result(Finding finding, String state) {
        Baseline.Entry entry = Baseline.Entry.of(finding);
        Map<String, Object> result = result(entry);
        result.put("level", level(finding.severity()));
        result.put("message", text(sentence(finding.message()) + " " + finding.remedy()));
        if (report.comparedWithBaseline()) {
            result.put("baselineState", state);
        }
        Map<String, Object> location = new HashMap<>();
        location.put("logicalLocations", List.of(logical(entry)));
        SourceLocation at = finding.location();
        if (at.line() > 0 || report.sources().text(at.source()).isPresent()) {
            // a policy that the host made stands in no file
            location.put("physicalLocation", physical(at));
        }
        result.put("locations", List.of(location));
        return result;
    }

    private Map<String, Object> result(Baseline.Entry entry) {
        Map<String, Object> result = new HashMap<>();
        result.put("ruleId", entry.rule());
        Integer index = indexes.get(entry.rule());
        if (index != null) {
            result.put("ruleIndex", index);
        }
        int occurrence = occurrences.merge(entry, 1, Integer::sum);
        Sha256 print = Sha256.of(String.join("\n", entry.rule(), entry.document(), entry.path(), "" + occurrence));
        result.put("partialFingerprints", Map.of("eventBrokerElement/v1", print.hex()));
        return result;
    }

    private static Map<String, Object> logical(Baseline.Entry entry) {
        return Map.of(
                "kind",
                "element",
                "fullyQualifiedName",
                entry.document() + (entry.path().isEmpty() ? "" : " " + entry.path()));
    }

    private static Map<String, Object> physical(SourceLocation at) {
        Map<String, Object> physical = new HashMap<>();
        physical.put("artifactLocation", Map.of("uri", uri(at.source())));
        if (at.column() > 0) {
            physical.put("region", Map.of("startLine", at.line(), "startColumn", at.column()));
        } else if (at.line() > 0) {
            physical.put("region", Map.of("startLine", at.line()));
        }
        return physical;
    }

    /** Relative as the host named it; what is absolute becomes a {@code file:} URI. */
    private static String uri(String source) {
        String path = source.replace('\\', '/');
        if (DRIVE.matcher(path).matches()) {
            path = "/" + path;
        }
        try {
            if (path.startsWith("/")) {
                return new URI("file", "", path, null).toASCIIString();
            }
            // a colon in the first segment would read as a scheme
            return new URI(null, null, path.indexOf(':') >= 0 ? "./" + path : path, null).toASCIIString();
        } catch (URISyntaxException e) {
            return "unnamed";
        }
    }

    private static String level(Severity severity) {
        return severity == Severity.INFO ? "note" : LintWords.of(severity);
    }

    private static String sentence(String message) {
        return message.endsWith(".") ? message : message + ".";
    }

    private static Map<String, Object> text(String text) {
        return Map.of("text", text);
    }
}
