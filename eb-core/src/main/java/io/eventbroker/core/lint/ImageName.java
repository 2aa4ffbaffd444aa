package io.eventbroker.core.lint;

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
record ImageName(String registry, String repository, Optional<String> tag, Optional<String> digest) {
    private static final Pattern RELEASE = Pattern.compile("(\\d{1,4}\\.\\d{1,4}(\\.\\d{1,4})?)(?:[.-].*)?");

    static ImageName parse(String reference) {
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

    /** The release that the tag begins with, if it does; patch 0 if it names none. */
    Optional<Version> release() {
        return tag.map(RELEASE::matcher).filter(Matcher::matches).map(found -> Version.parse(found.group(1)));
    }

    /** Whether the tag begins with a release and its patch number. */
    boolean namesPatch() {
        return tag.map(RELEASE::matcher)
                .filter(Matcher::matches)
                .map(found -> found.group(2) != null)
                .orElse(false);
    }

    /** Whether it is called as Confluent's are, wherever it is kept: {@code cp-server}. */
    boolean isOfConfluent() {
        return lastPart().startsWith("cp-");
    }

    /** Whether it is called as Apache Kafka's are, wherever it is kept: {@code apache/kafka}. */
    boolean isOfApache() {
        return repository.equals("apache/kafka")
                || repository.equals("apache/kafka-native")
                || repository.endsWith("/apache/kafka")
                || repository.endsWith("/apache/kafka-native");
    }

    private String lastPart() {
        return repository.substring(repository.lastIndexOf('/') + 1);
    }
}
