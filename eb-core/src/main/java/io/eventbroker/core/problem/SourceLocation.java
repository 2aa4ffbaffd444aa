package io.eventbroker.core.problem;

/**
 * A place in a file.
 *
 * @param source the file as the caller named it, or another name for where the text came from
 * @param line from 1; 0 if the whole source is meant
 * @param column from 1; 0 if the whole line is meant
 */
public record SourceLocation(String source, int line, int column) implements Comparable<SourceLocation> {
    public SourceLocation {
        if (line < 0 || column < 0 || (line == 0 && column > 0)) {
            throw new IllegalArgumentException("not a place in a file: line " + line + ", column " + column);
        }
    }

    /** The source as a whole. */
    public static SourceLocation of(String source) {
        return new SourceLocation(source, 0, 0);
    }

    @Override
    public int compareTo(SourceLocation other) {
        int bySource = source.compareTo(other.source);
        if (bySource != 0) {
            return bySource;
        }
        int byLine = Integer.compare(line, other.line);
        return byLine != 0 ? byLine : Integer.compare(column, other.column);
    }

    /** {@code file:line:column}, the form that terminals and editors make into a link. */
    @Override
    public String toString() {
        return line == 0 ? source : column == 0 ? source + ":" + line : source + ":" + line + ":" + column;
    }
}
