package io.eventbroker.core.lint;

import io.eventbroker.core.manifest.internal.JvmSize;
import io.eventbroker.core.topology.Component;
import io.eventbroker.core.topology.Jvm;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/** The options of a JVM as it reads them: of two that say the same thing, the later one holds. */
final class JvmOptions {
    private final List<String> options;

    JvmOptions(Jvm jvm) {
        this.options = jvm.options();
    }

    static void forEach(LintedCluster cluster, BiConsumer<Component, JvmOptions> check) {
        cluster.topology().components().forEach(component -> check.accept(component, new JvmOptions(component.jvm())));
    }

    List<String> asList() {
        return options;
    }

    /** The last one that begins like this. */
    Optional<String> find(String start) {
        return find(option -> option.startsWith(start));
    }

    Optional<String> find(Predicate<String> wanted) {
        return options.stream().filter(wanted).reduce((earlier, later) -> later);
    }

    /** What stands behind a name such as {@code -Dname=}. */
    Optional<String> value(String start) {
        return find(start).map(option -> option.substring(start.length()));
    }

    /** Whether a switch such as {@code -XX:+UseG1GC} is there, and not switched off again. */
    boolean has(String flag) {
        String off = flag.replace("-XX:+", "-XX:-");
        return find(option -> option.equals(flag) || option.equals(off))
                .filter(flag::equals)
                .isPresent();
    }

    /** A number of bytes behind a name, such as {@code -XX:MaxDirectMemorySize=2g}. */
    OptionalLong size(String start) {
        return value(start).map(JvmOptions::bytes).orElse(OptionalLong.empty());
    }

    /** A size as the JVM reads it, such as {@code 2g}; empty for what is none, and very large for what no memory is. */
    static OptionalLong bytes(String text) {
        return JvmSize.parse(text)
                .map(bytes -> OptionalLong.of(bytes.bitLength() < Long.SIZE ? bytes.longValue() : Long.MAX_VALUE >> 1))
                .orElse(OptionalLong.empty());
    }

    /** The path of the last option that begins like this. */
    String path(String component, String start) {
        int last = IntStream.range(0, options.size())
                .filter(i -> options.get(i).startsWith(start))
                .max()
                .orElse(-1);
        return "spec." + component + ".jvm" + (last < 0 ? "" : ".options[" + last + "]");
    }
}
