package io.eventbroker.core.config;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The catalogue as it is kept: a line for every key and every run of releases that define it alike.
 *
 * @param releases those that were read, oldest first, such as {@code 4.3.1}
 */
record CatalogueFile(List<String> releases, List<Line> keys) {
    private static final JsonMapper JSON = JsonMapper.builder()
            .configure(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES, true)
            .defaultPropertyInclusion(
                    JsonInclude.Value.construct(JsonInclude.Include.NON_NULL, JsonInclude.Include.NON_NULL))
            .enable(StreamWriteFeature.WRITE_BIGDECIMAL_AS_PLAIN)
            .build();

    CatalogueFile {
        releases = List.copyOf(releases);
        keys = List.copyOf(keys);
    }

    /**
     * One key in a run of releases. What is usual is left out.
     *
     * @param in {@code 3.3} or {@code 3.3 4.3}: the first and the last release that say the same
     * @param otherwise the default
     * @param mode how it is updated; absent if with a restart
     * @param flags what is true of it beyond that
     */
    @JsonPropertyOrder({
        "scope",
        "key",
        "in",
        "type",
        "otherwise",
        "min",
        "max",
        "allowed",
        "mode",
        "importance",
        "flags",
        "brokerKeys"
    })
    record Line(
            String scope,
            String key,
            String in,
            String type,
            @Nullable String otherwise,
            @Nullable BigDecimal min,
            @Nullable BigDecimal max,
            @Nullable List<String> allowed,
            @Nullable String mode,
            String importance,
            @Nullable List<String> flags,
            @Nullable List<String> brokerKeys) {
        static final String REQUIRED = "required";
        static final String ANY_CASE = "any-case";
        static final String NOT_EMPTY = "not-empty";
        static final String BROKERS_ONLY = "brokers-only";

        boolean is(String flag) {
            return flags != null && flags.contains(flag);
        }
    }

    /**
     * What is kept by hand beside it, for what no {@code ConfigDef} says.
     *
     * @param key may end in {@code *}
     * @param since the release that deprecated it; absent if it went without notice
     */
    record Kept(
            List<String> scopes,
            String key,
            @Nullable String since,
            @Nullable String replacement,
            String source) {}

    static CatalogueFile read() {
        return resource("catalogue.json", CatalogueFile.class);
    }

    static List<Kept> kept() {
        return List.of(resource("deprecations.json", Kept[].class));
    }

    /** The text of {@code catalogue.json}: a line a key, so that a change of one is a change of its line. */
    String toText() {
        try {
            StringBuilder text = new StringBuilder("{\"releases\":")
                    .append(JSON.writeValueAsString(releases))
                    .append(",\n\"keys\":[\n");
            for (int i = 0; i < keys.size(); i++) {
                text.append(JSON.writeValueAsString(keys.get(i))).append(i + 1 < keys.size() ? ",\n" : "\n");
            }
            return text.append("]}\n").toString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static <T> T resource(String name, Class<T> type) {
        try (InputStream in = CatalogueFile.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("eb-core lacks its own resource " + name);
            }
            return JSON.readValue(in, type);
        } catch (IOException e) {
            throw new UncheckedIOException("eb-core's own resource " + name + " cannot be read", e);
        }
    }
}
