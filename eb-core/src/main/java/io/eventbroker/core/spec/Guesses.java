package io.eventbroker.core.spec;

import io.eventbroker.core.kind.internal.Shape;
import java.time.DateTimeException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What may stand for values that could not be read. A check that refuses every one of many different guesses refuses
 * something else, so its problem is real; one that minds only some of them would vanish with the mending, so it is kept
 * back. Guesses are drawn at random from small to large, always in the same way, and text and numbers hardly repeat, so
 * that two guesses are not taken for a duplicate.
 */
final class Guesses {
    private static final List<Integer> LIST_SIZES = List.of(0, 1, 3, 8);
    /** Enough for a check to accept at least one of them if it depends on the value at all. */
    static final int CASES = 64;
    /** With fewer that a record accepts, a problem around it may come from the guess. */
    private static final int FEW = 8;
    /** How often a record gets other guesses when it accepts too few. */
    private static final int ROUNDS = 8;
    /** After so many rounds, what was refused every time is taken for wrong whatever the guess. */
    private static final int CONVINCING = 3;
    /** Lists longer than this are tried with {@link #FEW} guesses only. */
    private static final int LONG = 5_000;

    private static final List<Integer> NUMBERS = List.of(1, 2, 3, 5, 12, 100, 9_000, 30_000, 100_000);

    private final Random random = new Random(1);
    private final List<String> words;
    private int drawn;

    /** Every other text is one of these words, if there are any. */
    Guesses(Set<String> words) {
        this.words = List.copyOf(words);
    }

    /** For what records refuse. Where guesses are words of the document, messages change with them. */
    Refusals refusals() {
        return new Refusals(!words.isEmpty());
    }

    /** Guesses of the shape; none if nobody knows what its text looks like. */
    Unread of(Shape shape) {
        List<Object> possible = new ArrayList<>();
        for (int i = 0; i < CASES; i++) {
            Object guess = guess(shape);
            if (guess != null) {
                possible.add(guess);
            }
        }
        return new Unread(possible);
    }

    /** The map without one of its entries, or with something else in its place. */
    Unread ofEntry(Map<?, ?> map, Object key, Shape shape) {
        List<Object> possible = new ArrayList<>();
        for (int i = 0; i < CASES; i++) {
            possible.add(otherEntry(map, key, shape));
        }
        return new Unread(possible);
    }

    /** One map that may be meant: without the entry, or with something else in its place. */
    Object otherEntry(Map<?, ?> map, Object key, Shape shape) {
        TreeMap<Object, Object> other = new TreeMap<>(map);
        Object guess = random.nextBoolean() ? guess(shape) : null;
        if (guess == null) {
            other.remove(key);
        } else {
            other.put(key, guess);
        }
        return Collections.unmodifiableSortedMap(other);
    }

    /** The value, or a guess. */
    Unread either(Object value, Shape shape) {
        List<Object> possible = new ArrayList<>();
        Shape present = shape instanceof Shape.Maybe maybe ? maybe.present() : shape;
        for (int i = 0; i < CASES; i++) {
            Object guess = random.nextBoolean() ? guess(present) : null;
            if (guess != null) {
                possible.add(shape instanceof Shape.Maybe ? Optional.of(guess) : guess);
            } else if (!(value instanceof Unread unread)) {
                possible.add(value);
            } else {
                some(unread.possible()).forEach(possible::add);
            }
        }
        return new Unread(possible);
    }

    /** The values with a guess for each unread one, in many combinations; none if nothing is known of one of them. */
    List<List<Object>> cases(List<Object> values) {
        boolean sure = true;
        for (Object value : values) {
            if (value instanceof Unread unread) {
                sure = false;
                if (unread.possible().isEmpty()) {
                    return List.of();
                }
            }
        }
        if (sure) {
            return List.of(values);
        }
        List<List<Object>> cases = new ArrayList<>();
        int many = values.size() > LONG ? FEW : CASES;
        for (int i = 0; i < many; i++) {
            List<Object> chosen = new ArrayList<>(values.size());
            for (Object value : values) {
                chosen.add(value instanceof Unread unread ? any(unread.possible()) : value);
            }
            cases.add(List.copyOf(chosen));
        }
        return cases;
    }

    /** What the values can make together with a guess for each unread one; none if too few guesses fit together. */
    Unread made(List<Object> values, Function<List<Object>, Object> make, Refusals refusals) {
        boolean sure = values.stream().noneMatch(Unread.class::isInstance);
        List<Object> made = new ArrayList<>();
        for (int round = 0; round < (sure ? 1 : ROUNDS) && made.size() < FEW; round++) {
            if (round >= CONVINCING && !refusals.always().isEmpty()) {
                break;
            }
            for (List<Object> chosen : cases(values)) {
                try {
                    made.add(make.apply(chosen));
                    refusals.accepted();
                } catch (IllegalArgumentException | ArithmeticException | DateTimeException e) {
                    refusals.add(e);
                }
            }
        }
        return sure || made.size() >= FEW ? new Unread(made) : new Unread(List.of());
    }

    /** What stands there in one of the cases. */
    static <T> T one(List<T> possible, int number) {
        return possible.get(number % possible.size());
    }

    private @Nullable Object guess(Shape shape) {
        if (shape instanceof Shape.Scalar scalar) {
            return scalar(scalar);
        }
        if (shape instanceof Shape.Choice choice) {
            return any(List.copyOf(choice.byName().values()));
        }
        if (shape instanceof Shape.Maybe maybe) {
            Object present = random.nextBoolean() ? guess(maybe.present()) : null;
            return Optional.ofNullable(present);
        }
        if (shape instanceof Shape.Listed listed) {
            // none, one, some or many: there are checks for too few and for too many
            int size = listed.item() instanceof Shape.Scalar ? any(LIST_SIZES) : random.nextInt(3);
            Set<Object> items = new LinkedHashSet<>();
            for (int i = 0; i < size; i++) {
                Object item = guess(listed.item());
                if (item != null) {
                    items.add(item);
                }
            }
            return listed.distinct() ? Set.copyOf(items) : List.copyOf(items);
        }
        if (shape instanceof Shape.OneOf oneOf) {
            return struct(any(List.copyOf(oneOf.byType().values())));
        }
        return shape instanceof Shape.Struct struct
                ? struct(struct)
                : Collections.unmodifiableSortedMap(new TreeMap<>());
    }

    private @Nullable Object struct(Shape.Struct struct) {
        List<Object> values = new ArrayList<>();
        for (Shape.Part part : struct.parts()) {
            Object value = guess(part.shape());
            if (value == null) {
                return null;
            }
            values.add(value);
        }
        try {
            return struct.construct(values.toArray());
        } catch (IllegalArgumentException | ArithmeticException | DateTimeException e) {
            return null;
        }
    }

    private @Nullable Object scalar(Shape.Scalar scalar) {
        drawn++;
        String number = Integer.toString(any(NUMBERS) + (random.nextInt(4) == 0 ? 0 : drawn % 97));
        String word = words.isEmpty() || random.nextBoolean() ? "a" + drawn : any(words);
        List<String> texts = !scalar.examples().isEmpty()
                ? List.of(any(scalar.examples()))
                : random.nextBoolean() ? List.of(word, number) : List.of(number, word);
        for (String text : texts) {
            try {
                return scalar.parse().apply(text);
            } catch (IllegalArgumentException | ArithmeticException | DateTimeException e) {
                // this type's text looks otherwise
            }
        }
        return null;
    }

    /** One of them at random, if there is any. */
    <T> Stream<T> some(List<T> possible) {
        return possible.isEmpty() ? Stream.of() : Stream.of(any(possible));
    }

    private <T> T any(List<T> all) {
        return all.get(random.nextInt(all.size()));
    }
}
