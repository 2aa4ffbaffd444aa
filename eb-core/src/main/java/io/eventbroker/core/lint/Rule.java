package io.eventbroker.core.lint;

import io.eventbroker.core.problem.Severity;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Something that should not be, why, and how to find it:
 *
 * <pre>{@code
 * static final Rule NO_ROOM = Rule.warning("replication/no-room-for-a-failure")
 *         .reason("When min.insync.replicas equals the replication factor, one broker that restarts stops all producers with acks=all.")
 *         .remedy("Lower min.insync.replicas, or raise the replication factor.")
 *         .source("https://kafka.apache.org/documentation/#brokerconfigs_min.insync.replicas")
 *         .onClusters((cluster, report) -> {
 *             if (...) {
 *                 report.finding(ConfigTarget.BROKERS, setting, "min.insync.replicas=3 is also the replication factor");
 *             }
 *         })
 *         .build();
 * }</pre>
 *
 * <p>A check is called once for each subject, in one thread, and keeps nothing between calls. What it throws becomes a
 * finding of the linter's own and does not end the lint. A rule looks at as many kinds of subjects as it has checks.
 */
public final class Rule {
    private static final Pattern ID = Pattern.compile("[a-z][a-z0-9-]*/[a-z][a-z0-9-]*");

    /**
     * Looks at a subject and reports what is wrong with it.
     *
     * @param <S> what it looks at
     */
    @FunctionalInterface
    public interface Check<S> {
        void check(S subject, Reporter report);
    }

    private final Builder parts;

    private Rule(Builder parts) {
        this.parts = parts;
    }

    /** A rule whose findings must be mended; the id is {@code family/name}, in lower case with hyphens. */
    public static Builder error(String id) {
        return new Builder(id, Severity.ERROR);
    }

    /** A rule whose findings are likely to hurt one day; the id is {@code family/name}, in lower case with hyphens. */
    public static Builder warning(String id) {
        return new Builder(id, Severity.WARNING);
    }

    /** A rule whose findings are worth knowing; the id is {@code family/name}, in lower case with hyphens. */
    public static Builder info(String id) {
        return new Builder(id, Severity.INFO);
    }

    /** {@code family/name}; what policies, suppressions and baselines know it by, so it does not change. */
    public String id() {
        return parts.id;
    }

    /** The part of the id before the slash. */
    public String family() {
        return parts.id.substring(0, parts.id.indexOf('/'));
    }

    /** Unless a policy says otherwise. */
    public Severity severity() {
        return parts.severity;
    }

    /** Why it hurts. */
    public String reason() {
        return parts.reason;
    }

    /** What to do, unless a finding says something more fitting. */
    public String remedy() {
        return parts.remedy;
    }

    /** Who says so: a KIP, the URL of documentation, or a class of Kafka. */
    public String source() {
        return parts.source;
    }

    /** What a policy may set. */
    public List<RuleSetting<?>> settings() {
        return List.copyOf(parts.settings);
    }

    Optional<Check<LintedCluster>> onClusters() {
        return Optional.ofNullable(parts.onClusters);
    }

    Optional<Check<LintedTopics>> onTopicSets() {
        return Optional.ofNullable(parts.onTopicSets);
    }

    Optional<Check<Manifest>> onManifests() {
        return Optional.ofNullable(parts.onManifests);
    }

    @Override
    public String toString() {
        return id();
    }

    /** Gathers a rule. Everything but settings is required, and at least one check. */
    public static final class Builder {
        private final String id;
        private final Severity severity;
        private String reason = "";
        private String remedy = "";
        private String source = "";
        private final List<RuleSetting<?>> settings = new ArrayList<>(0);
        private @Nullable Check<LintedCluster> onClusters;
        private @Nullable Check<LintedTopics> onTopicSets;
        private @Nullable Check<Manifest> onManifests;

        private Builder(String id, Severity severity) {
            if (!ID.matcher(id).matches()) {
                throw new IllegalArgumentException(
                        "'" + id + "' is not the id of a rule: write family/name in lower case, with hyphens");
            }
            this.id = id;
            this.severity = severity;
        }

        /** Why it hurts, in a sentence or two. */
        public Builder reason(String why) {
            this.reason = why;
            return this;
        }

        /** What to do about it, as an imperative. */
        public Builder remedy(String what) {
            this.remedy = what;
            return this;
        }

        /** Who says so: a KIP, the URL of documentation, or a class of Kafka. */
        public Builder source(String who) {
            this.source = who;
            return this;
        }

        /** Lets policies set something; the check reads it with {@link Reporter#setting}. */
        public Builder setting(RuleSetting<?> setting) {
            settings.add(setting);
            return this;
        }

        /** Looks at each cluster of a platform. */
        public Builder onClusters(Check<LintedCluster> check) {
            this.onClusters = Objects.requireNonNull(check);
            return this;
        }

        /** Looks at each {@code TopicSet} of a platform. */
        public Builder onTopicSets(Check<LintedTopics> check) {
            this.onTopicSets = Objects.requireNonNull(check);
            return this;
        }

        /** Looks at each document that is not ours, such as a Kubernetes resource. */
        public Builder onManifests(Check<Manifest> check) {
            this.onManifests = Objects.requireNonNull(check);
            return this;
        }

        public Rule build() {
            if (onClusters == null && onTopicSets == null && onManifests == null) {
                throw new IllegalArgumentException(
                        "rule " + id + " checks nothing: add onClusters, onTopicSets or" + " onManifests");
            }
            return own();
        }

        /** A rule of the linter's own, which checks nothing by itself. */
        Rule own() {
            for (String needed : List.of(reason, remedy, source)) {
                if (needed.isBlank()) {
                    throw new IllegalArgumentException("rule " + id + " needs a reason, a remedy and a source");
                }
            }
            return new Rule(this);
        }
    }
}
