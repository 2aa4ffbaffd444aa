package io.eventbroker.core.kind;

import io.eventbroker.core.problem.Problem;
import io.eventbroker.core.problem.Problems;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** What the checks of documents found. */
public final class Findings {
    private final List<Problem> problems = new ArrayList<>();

    /** An error keeps the platform from being used. The path is that of {@link Document#locate}. */
    public void error(Document<?> document, String path, String message, String remedy) {
        problems.add(Problem.error(document.locate(path), path, message, remedy));
    }

    /** A warning is kept on the platform. */
    public void warning(Document<?> document, String path, String message, String remedy) {
        problems.add(Problem.warning(document.locate(path), path, message, remedy));
    }

    /** What another check found. */
    public void addAll(Collection<Problem> found) {
        problems.addAll(found);
    }

    public Problems problems() {
        return Problems.of(problems);
    }
}
