package io.eventbroker.core.adopt;

import io.eventbroker.core.problem.Problem;
import io.eventbroker.core.problem.SourceLocation;
import io.eventbroker.core.source.Node;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;

/** What became of every node of the source. Belongs to one adoption. */
final class Ledger {
    private final NavigableSet<String> settled = new TreeSet<>();
    private final NavigableSet<NotCarried> notCarried = new TreeSet<>();
    private final List<Problem> errors = new ArrayList<>();

    void carried(Found found) {
        settled.add(found.id());
    }

    /** The subtree is settled with an entry in the list; what of it was carried stays carried. */
    void note(NotCarried.Kind kind, Found found, String why, String remedy) {
        note(kind, found, found.shown(), why, remedy);
    }

    void note(NotCarried.Kind kind, Found found, String shown, String why, String remedy) {
        settled.add(found.id());
        note(new NotCarried(kind, found.location(), found.path(), shown, why, remedy));
    }

    void note(NotCarried entry) {
        notCarried.add(entry);
    }

    void error(SourceLocation at, String path, String message, String remedy) {
        errors.add(Problem.error(at, path, message, remedy));
    }

    List<Problem> errors() {
        return errors;
    }

    NavigableSet<NotCarried> notCarried() {
        return notCarried;
    }

    /** Writes whatever nobody settled into the list, the largest parts first. */
    void sweep(Found found, Words words) {
        if (settled.contains(found.id())) {
            return;
        }
        boolean scalar = found.node() instanceof Node.Text
                || (found.node() instanceof Node.Fields map && map.fields().isEmpty())
                || (found.node() instanceof Node.Items list && list.items().isEmpty());
        if (scalar || !(found.path().isEmpty() || isTouchedBelow(found) || words.saysMoreBelow(found))) {
            Words.Saying saying = words.of(found.path());
            note(saying.kind(), found, saying.why(), saying.remedy());
        } else if (found.node() instanceof Node.Fields) {
            found.fields().values().forEach(child -> sweep(child, words));
        } else {
            found.items().forEach(child -> sweep(child, words));
        }
    }

    private boolean isTouchedBelow(Found found) {
        return startsWith(found.id() + ".") || startsWith(found.id() + "[");
    }

    private boolean startsWith(String prefix) {
        String next = settled.ceiling(prefix);
        return next != null && next.startsWith(prefix);
    }
}
