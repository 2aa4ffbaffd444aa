package io.eventbroker.core.lint;

import io.eventbroker.core.config.ConfigTarget;
import io.eventbroker.core.config.Setting;
import io.eventbroker.core.kind.Document;
import io.eventbroker.core.problem.SourceLocation;
import java.util.function.Consumer;

/**
 * Takes what a rule finds in the subject that it looks at. Messages say what was found and what was expected, and never
 * hold a secret: show a configured value with {@link Setting#shown()}.
 */
public final class Reporter {
    private final ConfiguredRule rule;
    private final Place subject;
    private final Consumer<Finding> findings;

    Reporter(ConfiguredRule rule, Place subject, Consumer<Finding> findings) {
        this.rule = rule;
        this.subject = subject;
        this.findings = findings;
    }

    /**
     * What a policy says, or the setting's own default.
     *
     * @throws IllegalArgumentException if the rule does not have the setting
     */
    @SuppressWarnings("unchecked") // each is what its own parser made
    public <T> T setting(RuleSetting<T> setting) {
        Object value = rule.settings().get(setting);
        if (value == null) {
            throw new IllegalArgumentException("rule " + rule.rule() + " has no setting '" + setting.name() + "'");
        }
        return (T) value;
    }

    /**
     * Something is wrong at an element of the subject's own document.
     *
     * @param path as for {@link Document#locate}; what is not written is found at the nearest element around it
     */
    public void finding(String path, String message) {
        finding(path, message, rule.rule().remedy());
    }

    /** As {@link #finding(String, String)}, with a remedy that fits better than the rule's. */
    public void finding(String path, String message, String remedy) {
        add(subject, path, subject.locate(path), message, remedy, false);
    }

    /**
     * Something is wrong with a configured value of the subject: points at the file that sets it, whichever layer that
     * is. For a default of Kafka, at where it could be set.
     */
    public void finding(ConfigTarget target, Setting setting, String message) {
        finding(target, setting, message, rule.rule().remedy());
    }

    /** As {@link #finding(ConfigTarget, Setting, String)}, with a remedy that fits better than the rule's. */
    public void finding(ConfigTarget target, Setting setting, String message, String remedy) {
        String path = configPath(target, setting.key());
        boolean written = setting.location().line() > 0;
        add(
                subject,
                path,
                written ? setting.location() : subject.locate(path),
                message,
                remedy,
                setting.sensitive() && setting.reference().isEmpty());
    }

    /** Something is wrong at an element of another document of the platform. */
    public void finding(Document<?> document, String path, String message) {
        finding(document, path, message, rule.rule().remedy());
    }

    /** As {@link #finding(Document, String, String)}, with a remedy that fits better than the rule's. */
    public void finding(Document<?> document, String path, String message, String remedy) {
        Place place = Place.of(document);
        add(place, path, place.locate(path), message, remedy, false);
    }

    /** Something is wrong at an element of another manifest. */
    public void finding(Manifest manifest, String path, String message) {
        finding(manifest, path, message, rule.rule().remedy());
    }

    /** As {@link #finding(Manifest, String, String)}, with a remedy that fits better than the rule's. */
    public void finding(Manifest manifest, String path, String message, String remedy) {
        Place place = Place.of(manifest);
        add(place, path, place.locate(path), message, remedy, false);
    }

    /** The path under which a cluster's document has, or could have, a property: {@code spec.brokers.config[key]}. */
    public static String configPath(ConfigTarget target, String key) {
        return target == ConfigTarget.TOPICS
                ? "spec.topics[" + key + "]"
                : "spec." + target.key() + ".config[" + key + "]";
    }

    private void add(
            Place place, String path, SourceLocation location, String message, String remedy, boolean sensitive) {
        findings.accept(new Finding(
                rule.rule().id(),
                rule.severity(),
                location,
                place.ref(),
                place.named(path),
                message,
                remedy,
                sensitive));
    }
}
