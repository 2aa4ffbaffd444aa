package io.eventbroker.core.lint;

import io.eventbroker.core.kind.Document;
import io.eventbroker.core.lint.policy.DocumentRef;
import io.eventbroker.core.lint.policy.LintPolicies;
import io.eventbroker.core.lint.policy.LintPolicy;
import io.eventbroker.core.problem.Problem;
import io.eventbroker.core.problem.SourceLocation;
import io.eventbroker.core.source.Sources;
import io.eventbroker.core.spec.Platform;
import io.eventbroker.core.topic.TopicSet;
import io.eventbroker.core.topic.TopicSets;
import io.eventbroker.core.topology.Topologies;
import io.eventbroker.core.topology.Topology;
import java.time.Clock;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One lint: subjects, then rules over them, then what is accepted and what is known. Used once, by one thread. */
final class LintRun {
    private static final Logger LOG = LoggerFactory.getLogger(Linter.class);

    private final List<Rule> rules;
    private final List<RuleSet.Policy> policies = new ArrayList<>();
    private final Optional<Baseline> baseline;
    private final LocalDate today;
    private final List<LintedCluster> clusters = new ArrayList<>();
    private final List<LintedTopics> topicSets = new ArrayList<>();
    private final List<Manifest> manifests = new ArrayList<>();
    private final List<Problem> unreadable = new ArrayList<>();
    private final Set<String> notes = new LinkedHashSet<>();
    private final List<Finding> findings = new ArrayList<>();
    private boolean ours;
    private boolean theirs;
    private Sources sources = Sources.none();
    /** Puts references in place of what they were resolved to. */
    private UnaryOperator<Problem> mask = UnaryOperator.identity();

    LintRun(List<Rule> rules, List<LintPolicy> policies, Optional<Baseline> baseline, Clock clock) {
        this.rules = rules;
        this.baseline = baseline;
        this.today = LocalDate.now(clock);
        policies.forEach(policy -> this.policies.add(RuleSet.Policy.of(policy)));
    }

    LintRun platform(Platform platform) {
        ours = true;
        mask = platform::masked;
        sources = sources.and(platform.sources());
        platform.documents(LintPolicies.KIND).forEach(policy -> policies.add(RuleSet.Policy.of(policy)));
        Map<String, List<Document<TopicSet>>> byCluster = new HashMap<>();
        for (Document<TopicSet> set : platform.documents(TopicSets.KIND)) {
            byCluster
                    .computeIfAbsent(set.value().cluster().orElse(""), name -> new ArrayList<>())
                    .add(set);
        }
        for (Document<Topology> document : platform.documents(Topologies.KIND)) {
            List<Document<TopicSet>> sets = byCluster.getOrDefault(document.name(), List.of());
            LintedCluster cluster = new LintedCluster(
                    document, platform.environment(document.value()), platform.config(document.name()), sets, platform);
            clusters.add(cluster);
            cluster.config().catalogue().note().ifPresent(notes::add);
            topicSets.addAll(cluster.topicSets());
        }
        byCluster.getOrDefault("", List.of()).forEach(set -> topicSets.add(new LintedTopics(set, Optional.empty())));
        return this;
    }

    LintRun manifests(Sources read) {
        theirs = true;
        sources = sources.and(read);
        manifests.addAll(Manifests.of(read).asList());
        unreadable.addAll(read.problems().asList());
        return this;
    }

    LintReport report() {
        RuleSet set = new RuleSet(rules, policies, this::found);
        unreadable.forEach(problem ->
                set.report(OwnRules.UNREADABLE, fileOf(problem.location()), problem.path(), problem.message()));
        for (ConfiguredRule rule : set.active()) {
            rule.rule().onClusters().ifPresent(check -> run(rule, check, clusters, c -> Place.of(c.document()), set));
            rule.rule().onTopicSets().ifPresent(check -> run(rule, check, topicSets, t -> Place.of(t.document()), set));
            rule.rule().onManifests().ifPresent(check -> run(rule, check, manifests, Place::of, set));
        }
        Acceptance acceptance = new Acceptance(policies, today, rules);
        List<Suppressed> suppressed = acceptance.suppress(findings);
        acceptance.reportTo(set, ours, theirs);
        findings.sort(null);
        Known known = Known.of(baseline, findings, suppressed, set.active());
        Map<String, Rule> byId = new HashMap<>();
        rules.forEach(rule -> byId.put(rule.id(), rule));
        OwnRules.ALL.forEach(rule -> byId.put(rule.id(), rule));
        return new LintReport(known, suppressed, List.copyOf(notes), byId, sources);
    }

    private <S> void run(
            ConfiguredRule rule, Rule.Check<S> check, List<S> subjects, Function<S, Place> placeOf, RuleSet set) {
        for (S subject : subjects) {
            Place place = placeOf.apply(subject);
            try {
                check.check(subject, new Reporter(rule, place, this::found));
            } catch (RuntimeException e) {
                LOG.error("lint rule {} failed while looking at {}", rule.rule(), place.ref(), e);
                failed(rule, place, e, set);
            } catch (StackOverflowError e) { // what a regular expression may end with; its trace says nothing
                LOG.error("lint rule {} exhausted the stack while looking at {}", rule.rule(), place.ref());
                failed(rule, place, e, set);
            }
        }
    }

    private void found(Finding finding) {
        findings.add(finding.masked(mask));
    }

    private static void failed(ConfiguredRule rule, Place place, Throwable e, RuleSet set) {
        // its message may quote what it was looking at
        set.report(
                OwnRules.FAILED,
                place,
                "",
                "rule " + rule.rule() + " ended with " + e.getClass().getSimpleName());
    }

    private static Place fileOf(SourceLocation location) {
        DocumentRef ref = new DocumentRef("File", location.source().isBlank() ? "unnamed" : location.source());
        return new Place() {
            @Override
            public DocumentRef ref() {
                return ref;
            }

            @Override
            public SourceLocation locate(String path) {
                return location;
            }

            @Override
            public String named(String path) {
                return path;
            }
        };
    }
}
