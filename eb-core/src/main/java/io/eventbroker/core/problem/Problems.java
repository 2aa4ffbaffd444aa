package io.eventbroker.core.problem;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.stream.Collectors;

/** Every {@link Problem} that was found, each once, in the order of their places. Immutable. */
public final class Problems implements Iterable<Problem> {
    private static final Comparator<Problem> BY_PLACE =
            Comparator.comparing(Problem::location).thenComparing(Problem::path);
    private static final Problems NONE = new Problems(List.of());

    private final List<Problem> all;

    private Problems(List<Problem> sorted) {
        this.all = sorted;
    }

    public static Problems none() {
        return NONE;
    }

    public static Problems of(Collection<Problem> problems) {
        List<Problem> sorted = new ArrayList<>(new LinkedHashSet<>(problems));
        sorted.sort(BY_PLACE);
        return new Problems(List.copyOf(sorted));
    }

    public List<Problem> asList() {
        return all;
    }

    public boolean isEmpty() {
        return all.isEmpty();
    }

    public int size() {
        return all.size();
    }

    public boolean hasErrors() {
        return all.stream().anyMatch(problem -> problem.severity() == Severity.ERROR);
    }

    public Problems and(Problems others) {
        List<Problem> both = new ArrayList<>(all);
        both.addAll(others.all);
        return of(both);
    }

    @Override
    public Iterator<Problem> iterator() {
        return all.iterator();
    }

    /**
     * Prints each problem on a line of its own; nothing if there are none.
     *
     * @throws UncheckedIOException if it cannot be written to
     */
    public void printTo(Appendable out) {
        try {
            for (Problem problem : all) {
                out.append(problem.toString()).append('\n');
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** One problem a line. */
    @Override
    public String toString() {
        return all.stream().map(Problem::toString).collect(Collectors.joining("\n"));
    }
}
