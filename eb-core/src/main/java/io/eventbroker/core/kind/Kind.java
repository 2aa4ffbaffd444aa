package io.eventbroker.core.kind;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.regex.Pattern;

/**
 * A kind of document, such as {@code Topology}: the name that stands after {@code kind:}, the record that its
 * {@code metadata} and {@code spec} become, and checks beyond that record.
 *
 * <pre>{@code
 * public static final Kind<AccessPolicy> KIND = Kind.of("AccessPolicy", AccessPolicy.class)
 *         .withCheck((document, findings) -> ...)
 *         .withCheckAcross((policies, all, findings) -> ...);
 * }</pre>
 *
 * <p>Components of the record are written under their own names and may be: text, {@code int}, {@code long},
 * {@code double}, {@code boolean}, enums (in kebab-case), {@code Duration} ({@code 7d}, {@code 30s}, ISO-8601), records,
 * sealed interfaces of records (chosen by {@code type:}, the record's name in kebab-case), {@code Optional},
 * {@code List}, {@code Set} and {@code Map} with text keys of any of these, and value types: a class with a static
 * {@code parse(String)} whose {@code toString()} it reads back, or a record with a single component called
 * {@code value}.
 *
 * @param <T> the record
 */
public final class Kind<T extends Record> {
    private static final Pattern NAME = Pattern.compile("[A-Z][A-Za-z0-9]{0,62}");

    /**
     * A check across all documents of a kind, and of others. Depends on nothing else, for it may run several times on one
     * reading ({@link Documents#documents}).
     *
     * @param <T> the record of the kind
     */
    @FunctionalInterface
    public interface CheckAcross<T extends Record> {
        /**
         * Adds what is wrong to the findings.
         *
         * @param ofThisKind by name
         * @param all every document, for references to other kinds
         * @param findings takes what is wrong
         */
        void check(List<Document<T>> ofThisKind, Documents all, Findings findings);
    }

    private final String name;
    private final Class<T> type;
    private final List<CheckAcross<T>> checks;

    private Kind(String name, Class<T> type, List<CheckAcross<T>> checks) {
        this.name = name;
        this.type = type;
        this.checks = checks;
    }

    public static <T extends Record> Kind<T> of(String name, Class<T> type) {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("'" + name + "' is not the name of a kind: write it LikeThis");
        }
        return new Kind<>(name, type, List.of());
    }

    /** The same kind with a check of each document by itself. */
    public Kind<T> withCheck(BiConsumer<Document<T>, Findings> check) {
        return withCheckAcross((ofThisKind, all, findings) -> {
            for (Document<T> document : ofThisKind) {
                check.accept(document, findings);
            }
        });
    }

    /** The same kind with a check across documents. */
    public Kind<T> withCheckAcross(CheckAcross<T> check) {
        List<CheckAcross<T>> more = new ArrayList<>(checks);
        more.add(check);
        return new Kind<>(name, type, List.copyOf(more));
    }

    public String name() {
        return name;
    }

    public Class<T> type() {
        return type;
    }

    /** Runs all checks of this kind. */
    public void check(Documents all, Findings findings) {
        List<Document<T>> ofThisKind = all.documents(this);
        for (CheckAcross<T> check : checks) {
            check.check(ofThisKind, all, findings);
        }
    }

    /** Kinds are the same if name and record are; checks do not count. */
    @Override
    public boolean equals(Object other) {
        return other instanceof Kind<?> kind && name.equals(kind.name) && type.equals(kind.type);
    }

    @Override
    public int hashCode() {
        return name.hashCode();
    }

    @Override
    public String toString() {
        return name;
    }
}
