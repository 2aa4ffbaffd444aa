package io.eventbroker.core.spec;

import io.eventbroker.core.kind.InvalidValueException;
import io.eventbroker.core.kind.Violation;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What a record has refused in every case so far. */
final class Refusals {
    private final boolean anyWords;
    private @Nullable Set<Violation> always;

    Refusals() {
        this(false);
    }

    /** If any words will do, what is refused of a component every time counts, even if it is said differently. */
    Refusals(boolean anyWords) {
        this.anyWords = anyWords;
    }

    void accepted() {
        always = new LinkedHashSet<>();
    }

    void add(RuntimeException refusal) {
        Set<Violation> found = violations(refusal);
        if (always == null) {
            always = found;
        } else if (anyWords) {
            Set<String> components = found.stream().map(Violation::component).collect(Collectors.toSet());
            always.removeIf(violation -> !components.contains(violation.component()));
        } else if (!always.isEmpty()) {
            always.retainAll(found);
        }
    }

    Set<Violation> always() {
        return always == null ? Set.of() : always;
    }

    private static Set<Violation> violations(RuntimeException refusal) {
        if (refusal instanceof InvalidValueException invalid) {
            return new LinkedHashSet<>(invalid.violations());
        }
        Said said = Said.by(refusal, "correct the values below it");
        return new LinkedHashSet<>(Set.of(new Violation("", said.message(), said.remedy())));
    }

    /** What an exception says; the part after a semicolon is the remedy. */
    record Said(String message, String remedy) {
        static Said by(RuntimeException e, String otherwise) {
            String text = e.getMessage() == null || e.getMessage().isBlank() ? "is not acceptable" : e.getMessage();
            int end = text.indexOf("; ");
            return end < 0 ? new Said(text, otherwise) : new Said(text.substring(0, end), text.substring(end + 2));
        }
    }
}
