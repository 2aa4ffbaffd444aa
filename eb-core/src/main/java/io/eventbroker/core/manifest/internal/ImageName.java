package io.eventbroker.core.manifest.internal;

import io.eventbroker.core.topology.Version;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The parts of an image reference.
 *
 * @param registry {@code docker.io} where none is written, as container engines take it
 * @param repository without the registry
 */
public record ImageName(String registry, String repository, Optional<String> tag, Optional<String> digest) {
    private static final Pattern VERSION = Pattern.compile("v?(\\d{1,4})\\.(\\d{1,4})(?:\\.(\\d{1,4}))?(?:[.-].*)?");
    /** Strimzi's tags name its own version first. */
    private static final Pattern KAFKA_VERSION =
            Pattern.compile(".*-kafka-(\\d{1,4})\\.(\\d{1,4})(?:\\.(\\d{1,4}))?(?:[.-].*)?");

    public static ImageName parse(String reference) {
        int at = reference.indexOf('@');
        String named = at < 0 ? reference : reference.substring(0, at);
        int colon = named.lastIndexOf(':');
        boolean tagged = colon > named.lastIndexOf('/');
        String path = tagged ? named.substring(0, colon) : named;
        int slash = path.indexOf('/');
        String first = slash < 0 ? "" : path.substring(0, slash);
        boolean hasRegistry = first.contains(".") || first.contains(":") || first.equals("localhost");
        return new ImageName(
                hasRegistry ? first : "docker.io",
                hasRegistry ? path.substring(slash + 1) : path,
                tagged ? Optional.of(named.substring(colon + 1)) : Optional.empty(),
                at < 0 ? Optional.empty() : Optional.of(reference.substring(at + 1)));
    }

    /** Empty for what is filled in later, such as {@code {{ .Values.image }}}. */
    public static Optional<ImageName> find(String text) {
        return text.isBlank() || text.indexOf('{') >= 0 || text.indexOf('$') >= 0
                ? Optional.empty()
                : Optional.of(parse(text));
    }

    /** Whether it may be another image tomorrow, without anybody's doing: it has no tag, or one such as {@code latest}. */
    public boolean isFloating() {
        return digest.isEmpty() && tag.map(name -> name.startsWith("latest")).orElse(true);
    }

    /** The last part of the repository, such as {@code cp-server}. */
    public String name() {
        return repository.substring(repository.lastIndexOf('/') + 1);
    }

    /** Whether it is called as Confluent's are, wherever it is kept: {@code cp-server}. */
    public boolean isOfConfluent() {
        return name().startsWith("cp-");
    }

    /** Whether it is called as Apache Kafka's are, wherever it is kept: {@code apache/kafka}. */
    public boolean isOfApache() {
        return repository.equals("apache/kafka")
                || repository.equals("apache/kafka-native")
                || repository.endsWith("/apache/kafka")
                || repository.endsWith("/apache/kafka-native");
    }

    /** The version that the tag begins with, if it does, patch 0 if it names none; for Strimzi's images that of Kafka. */
    public Optional<Version> version() {
        return match().map(found -> new Version(
                Integer.parseInt(found.group(1)),
                Integer.parseInt(found.group(2)),
                found.group(3) == null ? 0 : Integer.parseInt(found.group(3))));
    }

    /** Whether the tag names a version with its patch number. */
    public boolean namesPatch() {
        return match().map(found -> found.group(3) != null).orElse(false);
    }

    private Optional<Matcher> match() {
        return tag.map(KAFKA_VERSION::matcher)
                .filter(Matcher::matches)
                .or(() -> tag.map(VERSION::matcher).filter(Matcher::matches));
    }
}
