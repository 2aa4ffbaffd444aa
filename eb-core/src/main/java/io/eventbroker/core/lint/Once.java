package io.eventbroker.core.lint;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A value that is found out when it is first asked for, and kept. Two threads may both do so, with the same result. */
final class Once<T> implements Supplier<T> {
    private final Supplier<T> source;
    private volatile @Nullable T value;

    Once(Supplier<T> source) {
        this.source = source;
    }

    @Override
    public T get() {
        T known = value;
        if (known == null) {
            known = source.get();
            value = known;
        }
        return known;
    }
}
