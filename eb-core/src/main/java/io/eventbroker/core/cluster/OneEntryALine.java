package io.eventbroker.core.cluster;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.MinimalPrettyPrinter;
import java.io.IOException;

/**
 * Line breaks where people and tools that compare lines want them: before each key outside of arrays, and before each
 * element of an array that is in no other array. Everything within such an element stays on its line, so that what changed
 * of one topic changes one line. No other white space, and always in the same places, so that equal content still has
 * equal text.
 */
final class OneEntryALine extends MinimalPrettyPrinter {
    private static final long serialVersionUID = 1;

    private int arrays;

    OneEntryALine() {
        super("");
    }

    @Override
    public void beforeObjectEntries(JsonGenerator json) throws IOException {
        line(json, 0);
    }

    @Override
    public void writeObjectEntrySeparator(JsonGenerator json) throws IOException {
        super.writeObjectEntrySeparator(json);
        line(json, 0);
    }

    @Override
    public void writeEndObject(JsonGenerator json, int entries) throws IOException {
        if (entries > 0) {
            line(json, 0);
        }
        super.writeEndObject(json, entries);
    }

    @Override
    public void writeStartArray(JsonGenerator json) throws IOException {
        super.writeStartArray(json);
        arrays++;
    }

    @Override
    public void beforeArrayValues(JsonGenerator json) throws IOException {
        line(json, 1);
    }

    @Override
    public void writeArrayValueSeparator(JsonGenerator json) throws IOException {
        super.writeArrayValueSeparator(json);
        line(json, 1);
    }

    @Override
    public void writeEndArray(JsonGenerator json, int values) throws IOException {
        if (values > 0) {
            line(json, 1);
        }
        super.writeEndArray(json, values);
        arrays--;
    }

    private void line(JsonGenerator json, int within) throws IOException {
        if (arrays == within) {
            json.writeRaw('\n');
        }
    }
}
