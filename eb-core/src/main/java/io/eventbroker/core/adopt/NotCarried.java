package io.eventbroker.core.adopt;

import io.eventbroker.core.problem.SourceLocation;
import java.util.Comparator;

/**
 * Something in the source that the {@code Topology} does not say in the same way. Stands for everything below its path.
 *
 * @param kind what became of it
 * @param at where it stands
 * @param path the element within its document, such as {@code spec.rack.topology}
 * @param found what stands there, on one line, without secrets; empty where the source says nothing
 * @param why the reason
 * @param remedy what to do, as an imperative; may be empty if nothing needs to be done
 */
public record NotCarried(Kind kind, SourceLocation at, String path, String found, String why, String remedy)
        implements Comparable<NotCarried> {
    /** In place of a file, for what the caller assumed in code. */
    static final String CALLER = "assumed";

    private static final Comparator<NotCarried> ORDER = Comparator.comparing(NotCarried::at)
            .thenComparing(NotCarried::path)
            .thenComparing(NotCarried::kind)
            .thenComparing(NotCarried::why);

    /** What became of it. */
    public enum Kind {
        /** It is nowhere in the result. */
        LEFT_OUT("left out"),
        /** The result says something else, or only a part of it. */
        CHANGED("changed"),
        /** The source does not say it; the result holds what the caller said, or what is usual. */
        ASSUMED("assumed"),
        /** The caller assumed it, but the source, or an earlier assumption, says something else, which holds. */
        UNUSED_ASSUMPTION("not used"),
        /** It was carried over as it stands, but can hardly work as it is meant. */
        DOUBTFUL("doubtful");

        private final String words;

        Kind(String words) {
            this.words = words;
        }

        @Override
        public String toString() {
            return words;
        }
    }

    @Override
    public int compareTo(NotCarried other) {
        return ORDER.compare(this, other);
    }

    /** Without a place for what the caller assumed in code: {@code kafka.yaml:28:5 spec.rack: left out {topology: …}: why; remedy}. */
    @Override
    public String toString() {
        String place = at.source().equals(CALLER) && at.line() == 0 ? path : at + (path.isEmpty() ? "" : " " + path);
        return place + ": " + kind + (found.isEmpty() ? "" : " " + found) + ": " + why
                + (remedy.isEmpty() ? "" : "; " + remedy);
    }
}
