package io.eventbroker.core.registry;

import io.eventbroker.core.json.CanonicalJson;
import io.eventbroker.core.kind.Checks;
import java.util.List;
import java.util.Optional;

/**
 * What is registered.
 *
 * @param type {@code AVRO}, {@code JSON}, {@code PROTOBUF}, or another that the registry has a plug-in for
 * @param text as it was registered, character by character
 * @param metadata of a data contract, as canonical JSON; empty where the registry gave none
 * @param ruleSet of a data contract, as canonical JSON; empty where the registry gave none
 */
public record Schema(
        String type,
        String text,
        List<SchemaReference> references,
        Optional<String> metadata,
        Optional<String> ruleSet) {
    public Schema {
        references = List.copyOf(references);
        Checks.begin()
                .require(!type.isEmpty(), "type", "must not be empty", "AVRO, JSON or PROTOBUF")
                .require(!text.isBlank(), "text", "must not be empty", "")
                .end();
        metadata = metadata.map(Schema::canonical);
        ruleSet = ruleSet.map(Schema::canonical);
    }

    public static Schema avro(String text, SchemaReference... references) {
        return of("AVRO", text, references);
    }

    public static Schema json(String text, SchemaReference... references) {
        return of("JSON", text, references);
    }

    public static Schema protobuf(String text, SchemaReference... references) {
        return of("PROTOBUF", text, references);
    }

    private static Schema of(String type, String text, SchemaReference... references) {
        return new Schema(type, text, List.of(references), Optional.empty(), Optional.empty());
    }

    private static String canonical(String json) {
        return CanonicalJson.write(CanonicalJson.readTree(json));
    }
}
