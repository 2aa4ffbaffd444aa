package io.eventbroker.core.config;

import io.eventbroker.core.kind.Violation;
import io.eventbroker.core.problem.Nearest;
import io.eventbroker.core.topology.Version;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a release of Kafka says about one key; from its {@code ConfigDef}.
 *
 * @param name such as {@code min.insync.replicas}
 * @param defaultValue as it would be written; empty if there is none, or if it is null
 * @param required whether it must be set for lack of a default
 * @param min the least number, if there is one
 * @param max the greatest number, if there is one
 * @param allowed the values that may stand there, or in the list; empty for any
 * @param anyCase whether upper and lower case are the same in those
 * @param notEmpty whether empty text is refused
 * @param forControllers whether controllers read it too; what the definitions of group, transaction and share
 *     coordinators, tiered storage and the log cleaner hold is for brokers only
 * @param brokerKeys of a topic's key: the brokers' keys that hold where the topic says nothing, first come first served
 * @param since the first catalogued release that has it; it may be older if that is the oldest one
 * @param removedIn the first catalogued release that has it no more
 */
public record ConfigKey(
        ConfigScope scope,
        String name,
        Type type,
        Optional<String> defaultValue,
        boolean required,
        Optional<BigDecimal> min,
        Optional<BigDecimal> max,
        List<String> allowed,
        boolean anyCase,
        boolean notEmpty,
        UpdateMode updateMode,
        Importance importance,
        boolean forControllers,
        List<String> brokerKeys,
        Version since,
        Optional<Version> removedIn,
        Optional<Deprecation> deprecation) {

    /** Kafka's types of values. */
    public enum Type {
        BOOLEAN("true or false"),
        STRING("text"),
        INT("a whole number"),
        SHORT("a whole number"),
        LONG("a whole number"),
        DOUBLE("a number"),
        LIST("a list"),
        CLASS("the name of a class"),
        PASSWORD("a password");

        private final String words;

        Type(String words) {
            this.words = words;
        }
    }

    /** How much Kafka makes of a key. */
    public enum Importance {
        HIGH,
        MEDIUM,
        LOW
    }

    public ConfigKey {
        allowed = List.copyOf(allowed);
        brokerKeys = List.copyOf(brokerKeys);
    }

    /** Whether values are secrets: never shown, and written in files as references only. */
    public boolean sensitive() {
        return type == Type.PASSWORD;
    }

    /**
     * Says what is wrong with a value, as Kafka would when it starts: its type, its range, the values that are allowed.
     * What Kafka checks beyond that, such as whether a class exists, is not checked. A reference
     * ({@link ConfigReference}) is taken for right. The violation does not show the values of sensitive keys.
     */
    public Optional<Violation> check(String value) {
        if (ConfigReference.isIn(value)) {
            return Optional.empty();
        }
        String text = value.trim();
        boolean fits = switch (type) {
            case BOOLEAN -> text.equalsIgnoreCase("true") || text.equalsIgnoreCase("false");
            case INT -> within(text, Integer.MIN_VALUE, Integer.MAX_VALUE);
            case SHORT -> within(text, Short.MIN_VALUE, Short.MAX_VALUE);
            case LONG -> within(text, Long.MIN_VALUE, Long.MAX_VALUE);
            case DOUBLE -> number(text).filter(this::inRange).isPresent();
            case LIST -> allowed.isEmpty() || items(text).allMatch(this::isAllowed);
            case STRING -> (allowed.isEmpty() || isAllowed(text)) && !(notEmpty && text.isEmpty());
            case CLASS, PASSWORD -> true;
        };
        return fits
                ? Optional.empty()
                : Optional.of(new Violation(name, "expected " + expected() + ", found '" + value + "'", remedy(text)));
    }

    private String remedy(String text) {
        boolean list = type == Type.LIST && !allowed.isEmpty();
        Optional<String> near = (list ? items(text) : Stream.of(text))
                .filter(item -> !allowed.isEmpty() && !isAllowed(item))
                .findFirst()
                .flatMap(item -> Nearest.to(item, allowed));
        if (near.isPresent()) {
            return "did you mean '" + near.get() + "'?";
        }
        if (list) {
            return "write one text with commas, such as '"
                    + allowed.stream().limit(2).collect(Collectors.joining(",")) + "'";
        }
        return "write " + example().map(good -> "a value such as " + good).orElse(expected());
    }

    /** What may stand there, in words: {@code a whole number from 1}. */
    public String expected() {
        if (!allowed.isEmpty()) {
            return (type == Type.LIST ? "a list of " : "one of ") + String.join(", ", allowed);
        }
        String range = min.map(least -> " from " + least.toPlainString()).orElse("")
                + max.map(most -> (min.isPresent() ? " to " : " up to ") + most.toPlainString())
                        .orElse("");
        return (notEmpty ? "non-empty text" : type.words) + range;
    }

    private Optional<String> example() {
        return type == Type.BOOLEAN || (type == Type.LIST && !allowed.isEmpty())
                ? Optional.empty()
                : defaultValue
                        .filter(text -> !text.isBlank() && text.length() <= 20)
                        .or(() -> min.map(BigDecimal::toPlainString))
                        .or(() -> allowed.stream().findFirst());
    }

    /**
     * The one way of writing a value that means the same to Kafka: without blanks around it or around the items of a
     * list, numbers and booleans as Kafka prints them. Lists of which only some values are allowed are sets to Kafka and
     * are sorted. Values that do not fit stay as they are.
     */
    public String normalised(String value) {
        if (ConfigReference.isIn(value) || check(value).isPresent()) {
            return value;
        }
        String text = value.trim();
        return switch (type) {
            case BOOLEAN -> text.toLowerCase(Locale.ROOT);
            case INT, SHORT, LONG -> Long.toString(Long.parseLong(text));
            case DOUBLE -> Double.toString(Double.parseDouble(text));
            case LIST ->
                (allowed.isEmpty() ? items(text) : items(text).distinct().sorted()).collect(Collectors.joining(","));
            case STRING, CLASS -> text;
            case PASSWORD -> value;
        };
    }

    private boolean isAllowed(String text) {
        return allowed.stream().anyMatch(word -> anyCase ? word.equalsIgnoreCase(text) : word.equals(text));
    }

    private boolean within(String text, long least, long most) {
        try {
            long number = Long.parseLong(text);
            return number >= least && number <= most && inRange(BigDecimal.valueOf(number));
        } catch (NumberFormatException e) {
            return false;
        }
    }

    private boolean inRange(BigDecimal number) {
        return min.map(least -> number.compareTo(least) >= 0).orElse(true)
                && max.map(most -> number.compareTo(most) <= 0).orElse(true);
    }

    private static Optional<BigDecimal> number(String text) {
        try {
            return Optional.of(new BigDecimal(text));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    private static Stream<String> items(String text) {
        return text.isEmpty()
                ? Stream.empty()
                : new ArrayList<>(Arrays.asList(text.split(",", -1))).stream().map(String::trim);
    }
}
