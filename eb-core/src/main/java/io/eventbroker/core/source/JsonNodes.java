package io.eventbroker.core.source;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import io.eventbroker.core.problem.Problem;
import io.eventbroker.core.problem.SourceLocation;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** JSON text to nodes: one document, several after each other, or an array of documents. */
final class JsonNodes {
    private static final JsonFactory JSON = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(Limits.DEPTH)
                    .maxDocumentLength(Limits.FILE_BYTES)
                    .maxStringLength(Limits.FILE_BYTES)
                    .build())
            .build();

    private final String source;
    private final JsonParser parser;
    private final Consumer<Problem> problems;
    private long nodes;

    private JsonNodes(String source, JsonParser parser, Consumer<Problem> problems) {
        this.source = source;
        this.parser = parser;
        this.problems = problems;
    }

    static List<Node> read(String source, String text, Consumer<Problem> problems) throws UnreadableException {
        try (JsonParser parser = JSON.createParser(text)) {
            JsonNodes reader = new JsonNodes(source, parser, problems);
            List<Node> documents = new ArrayList<>();
            while (parser.nextToken() != null) {
                Node node = reader.node();
                if (node instanceof Node.Items list) {
                    documents.addAll(list.items());
                } else {
                    documents.add(node);
                }
            }
            return documents;
        } catch (JsonProcessingException e) {
            JsonLocation at = e.getLocation();
            throw new UnreadableException(Problem.error(
                    at == null || at.getLineNr() < 1
                            ? SourceLocation.of(source)
                            : new SourceLocation(source, at.getLineNr(), Math.max(1, at.getColumnNr())),
                    "",
                    "not valid JSON: " + Node.shorten(e.getOriginalMessage()),
                    "correct the syntax; this file was not checked"));
        } catch (IOException e) {
            throw new UnreadableException(
                    Problem.error(SourceLocation.of(source), "", "cannot be read: " + e.getMessage(), ""));
        }
    }

    private Node node() throws IOException, UnreadableException {
        SourceLocation at = here();
        if (++nodes > Limits.NODES) {
            throw new UnreadableException(
                    Problem.error(at, "", "more than " + Limits.NODES + " values in one file", "split the file"));
        }
        JsonToken token = parser.currentToken();
        if (token == JsonToken.START_OBJECT) {
            Map<String, Node.Field> fields = new LinkedHashMap<>();
            while (parser.nextToken() != JsonToken.END_OBJECT) {
                SourceLocation keyAt = here();
                String key = parser.currentName();
                parser.nextToken();
                YamlNodes.add(fields, key, new Node.Field(keyAt, node()), problems);
            }
            return new Node.Fields(at, fields);
        }
        if (token == JsonToken.START_ARRAY) {
            List<Node> items = new ArrayList<>();
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                items.add(node());
            }
            return new Node.Items(at, items);
        }
        return new Node.Text(at, parser.getText(), token != JsonToken.VALUE_STRING);
    }

    private SourceLocation here() {
        JsonLocation at = parser.currentTokenLocation();
        return new SourceLocation(source, at.getLineNr(), at.getColumnNr());
    }
}
