package io.eventbroker.examples.quickstart;

import io.eventbroker.core.run.Progress;
import io.eventbroker.core.run.RunListener;
import io.eventbroker.examples.quickstart.report.QuickStartReport;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;

/** Tells a terminal what happens: numbered steps, indented lines, and a progress line that redraws itself. */
final class Narration {
    private static final int WIDTH = 100;

    private final PrintStream out;
    private final boolean redraws;
    private final List<QuickStartReport.Step> steps = new ArrayList<>();
    private List<String> lines = new ArrayList<>();
    private boolean progressShown;
    private int nextProgressPercent;

    /**
     * @param redraws false where the output is kept in a file: progress then gets a line every quarter
     */
    Narration(PrintStream out, boolean redraws) {
        this.out = out;
        this.redraws = redraws;
    }

    /** Runs a step under its heading and notes how long it took. */
    <T> T step(String title, Callable<T> action) throws Exception {
        lines = new ArrayList<>();
        out.println();
        out.println((steps.size() + 1) + ". " + title);
        long start = System.nanoTime();
        T result = action.call();
        Duration took = Duration.ofNanos(System.nanoTime() - start);
        endProgress();
        out.printf(Locale.ROOT, "   (%.1f s)%n", took.toMillis() / 1000.0);
        steps.add(new QuickStartReport.Step(title, took.toMillis() / 1000.0, lines));
        return result;
    }

    synchronized void say(String text) {
        endProgress();
        for (String line : text.stripTrailing().lines().toList()) {
            out.println("   " + line);
            lines.add(line);
        }
    }

    void say(String format, Object... values) {
        say(String.format(Locale.ROOT, format, values));
    }

    /** At most so many lines of a longer text, and how many more there are. */
    void sayFirst(int most, CharSequence text) {
        List<String> all = text.toString().stripTrailing().lines().toList();
        for (String line : all.subList(0, Math.min(most, all.size()))) {
            say("%s", line.length() <= WIDTH ? line : line.substring(0, WIDTH - 1) + "…");
        }
        if (all.size() > most) {
            say("  … and %d lines more", all.size() - most);
        }
    }

    /** Shows a run's progress while it goes on. */
    RunListener progress() {
        return new RunListener() {
            @Override
            public void onProgress(Progress progress) {
                show(progress.fraction(), progress.toString());
            }
        };
    }

    synchronized void show(double fraction, String text) {
        if (redraws) {
            String line = "   " + bar(fraction) + " " + text;
            out.print("\r"
                    + (line.length() > WIDTH ? line.substring(0, WIDTH) : line + " ".repeat(WIDTH - line.length())));
            out.flush();
            progressShown = true;
        } else if (fraction * 100 >= nextProgressPercent) {
            out.println("   " + text);
            nextProgressPercent = ((int) (fraction * 4)) * 25 + 25;
        }
    }

    synchronized void endProgress() {
        if (progressShown) {
            out.print("\r" + " ".repeat(WIDTH) + "\r");
            progressShown = false;
        }
        nextProgressPercent = 0;
    }

    List<QuickStartReport.Step> steps() {
        return List.copyOf(steps);
    }

    private static String bar(double fraction) {
        int full = (int) Math.round(fraction * 20);
        return "[" + "#".repeat(full) + ".".repeat(20 - full) + "]";
    }
}
