package io.eventbroker.core.cluster;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Questions of one kind: a few are out at a time, answers are taken in the order of the questions. What bounds the memory
 * of a read is that an answer is only asked for when there is room for it here. Not for several threads.
 */
final class Lane {
    static final int IN_FLIGHT = 4;

    private final Deque<Supplier<Runnable>> waiting = new ArrayDeque<>();
    private final Deque<Runnable> open = new ArrayDeque<>();

    /** Adds a question: the supplier sends it and returns what waits for its answer and takes it. */
    void add(Supplier<Runnable> question) {
        waiting.add(question);
    }

    /** Adds questions about the items, so many in each. */
    <T, F> void addBatches(List<T> items, int size, Function<List<T>, F> ask, Consumer<F> take) {
        for (int from = 0; from < items.size(); from += size) {
            List<T> batch = items.subList(from, Math.min(items.size(), from + size));
            add(() -> {
                F asked = ask.apply(batch);
                return () -> take.accept(asked);
            });
        }
    }

    private void send() {
        while (open.size() < IN_FLIGHT && !waiting.isEmpty()) {
            open.add(waiting.remove().get());
        }
    }

    private boolean takeOne() {
        Runnable oldest = open.poll();
        if (oldest != null) {
            oldest.run();
        }
        return oldest != null;
    }

    /** Sends and takes, all lanes side by side, until nothing is left; what is taken may add questions. */
    static void run(Lane... lanes) {
        List<Lane> busy = new ArrayList<>(Arrays.asList(lanes));
        while (!busy.isEmpty()) {
            busy.forEach(Lane::send);
            busy.removeIf(lane -> !lane.takeOne() && lane.waiting.isEmpty());
            // What one lane took may have given another, which was done, something to do.
            for (Lane lane : lanes) {
                if (!busy.contains(lane) && !lane.waiting.isEmpty()) {
                    busy.add(lane);
                }
            }
        }
    }
}
