package io.eventbroker.core.spec;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Samples changed in ways that parsers and checks get wrong most easily: bytes, words, lines, and whole structures. */
final class Fuzz {
    static final List<String> SMALL = List.of("""
            apiVersion: eventbroker.io/v1
            kind: TopicSet
            metadata: {name: orders, labels: {team: &team checkout}}
            spec:
              defaults: &d {partitions: 12, replicationFactor: 3, configs: {retention.ms: 604800000}}
              topics:
                - name: orders.order.placed
                  owner: *team
                  configs: {min.insync.replicas: 2, cleanup.policy: "compact,delete"}
                - {name: payments, partitions: ${env:P}}
              retired: [orders.legacy]
            """, """
            {"apiVersion": "eventbroker.io/v1", "kind": "TopicSet", "metadata": {"name": "orders"},
             "spec": {"topics": [{"name": "a", "partitions": 3, "configs": {"retention.ms": "1000"}}, {"name": "b"}]}}
            """, """
            apiVersion: eventbroker.io/v1
            kind: Environment
            metadata: {name: small-production}
            spec: {purpose: 'Production of a small site', minBrokers: 3, maxBrokers: 9, minZones: 3}
            ---
            apiVersion: eventbroker.io/v1
            kind: ConfigLayer
            metadata: {name: layer}
            spec:
              environment: small-production
              brokers: {num.io.threads: 8, ssl.key.password: '${secret:a/b}', log.retention.hours: ${env:H}}
              topics: {compression.type: producer}
            """);

    private static final List<String> WORDS = List.of(
            "&a ",
            "*a",
            "*d",
            "<<: *d",
            "<<",
            "!!str ",
            "!!binary ",
            "!x ",
            "? ",
            ": ",
            "- ",
            "|\n",
            ">-\n",
            "%YAML 1.1\n",
            "---\n",
            "...\n",
            "{",
            "}",
            "[",
            "]",
            "\"",
            "'",
            "#",
            ",",
            "~",
            "null",
            "true",
            "yes",
            "NaN",
            ".inf",
            "1e999",
            "-0",
            "0x7fffffffffffffff",
            "99999999999999999999999999999999999999999",
            "1e-400",
            "2147483648",
            "\u0000",
            "\u0085",
            "\u2028",
            "\uFEFF",
            "\uD83D\uDE00",
            "\u202E",
            "\uFFFF",
            "é",
            "\t",
            "\r\n",
            "\\",
            "\\UFFFFFFFF",
            "\\x",
            "${env:A}",
            "${env:LONG}",
            "$${env:A}",
            "${secret:a/b}",
            "${env:",
            "${",
            "$$",
            "${configMap:x/y}",
            "@",
            "`",
            "name",
            "spec",
            "metadata",
            "kind",
            "apiVersion",
            "eventbroker.io/v1",
            "TopicSet",
            "Topology",
            "ConfigLayer",
            "MultiRegion",
            "Environment",
            "type",
            "configs",
            "1Gi",
            "9999999999999999999Ei",
            "P1D",
            "30s");

    /** One in so many inputs comes from a large sample, for whose mistakes the reader takes a hundred times as long. */
    private static final int RARELY = 200;

    private final List<byte[]> small;
    private final List<byte[]> large;

    Fuzz(List<byte[]> small, List<byte[]> large) {
        this.small = small;
        this.large = large;
    }

    /** The input of this number, always the same. */
    byte[] input(long number) {
        Random random = new Random(number * 0x9E3779B97F4A7C15L + 1);
        byte[] input = any(random);
        for (int changes = 1 + random.nextInt(random.nextInt(8) + 1); changes > 0; changes--) {
            input = changed(input, random);
        }
        return input;
    }

    private byte[] any(Random random) {
        List<byte[]> samples = random.nextInt(RARELY) == 0 ? large : small;
        return samples.get(random.nextInt(samples.size()));
    }

    private byte[] changed(byte[] input, Random random) {
        int at = random.nextInt(input.length + 1);
        int length = Math.min(input.length - at, 1 + random.nextInt(random.nextInt(40) + 1));
        return switch (random.nextInt(14)) {
            case 0 -> replaced(input, at, length, new byte[0]);
            case 1 -> replaced(input, at, 0, bytes(random, 1 + random.nextInt(4)));
            case 2 -> replaced(input, at, Math.min(1, length), bytes(random, 1));
            case 3 -> replaced(input, at, 0, copy(input, at, length));
            case 4, 5, 6 -> replaced(input, at, random.nextInt(length + 1), word(random));
            case 7 -> copy(input, 0, at);
            case 8 -> spliced(input, random);
            case 9 -> lines(input, random);
            case 10 -> nested(input, at, random);
            case 11 -> replaced(input, at, 0, copy(any(random), 0, 200));
            case 12 -> replaced(input, at, 0, repeated(word(random), 1 + random.nextInt(200)));
            default -> value(input, random);
        };
    }

    private static byte[] bytes(Random random, int many) {
        byte[] bytes = new byte[many];
        random.nextBytes(bytes);
        return bytes;
    }

    private static byte[] word(Random random) {
        return WORDS.get(random.nextInt(WORDS.size())).getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] copy(byte[] input, int from, int length) {
        int start = Math.min(from, input.length);
        return Arrays.copyOfRange(input, start, Math.min(input.length, start + length));
    }

    private static byte[] replaced(byte[] input, int at, int length, byte[] by) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(input.length + by.length);
        out.write(input, 0, at);
        out.writeBytes(by);
        out.write(input, at + length, input.length - at - length);
        return out.toByteArray();
    }

    private byte[] spliced(byte[] input, Random random) {
        byte[] other = any(random);
        int from = random.nextInt(other.length);
        return replaced(input, random.nextInt(input.length + 1), 0, copy(other, from, 1 + random.nextInt(300)));
    }

    /** A line moved, doubled, or at another depth. */
    private static byte[] lines(byte[] input, Random random) {
        String[] lines = new String(input, StandardCharsets.ISO_8859_1).split("\n", -1);
        int line = random.nextInt(lines.length);
        int other = random.nextInt(lines.length);
        switch (random.nextInt(3)) {
            case 0 -> lines[line] = lines[other];
            case 1 -> lines[line] = lines[line] + "\n" + lines[line];
            default -> lines[line] = " ".repeat(random.nextInt(6)) + lines[line].stripLeading();
        }
        return String.join("\n", lines).getBytes(StandardCharsets.ISO_8859_1);
    }

    private static byte[] nested(byte[] input, int at, Random random) {
        String open = List.of("[", "{a: ", "- ", "? ", "\n - ", "{\"a\":").get(random.nextInt(6));
        int depth = 1 << random.nextInt(9);
        return replaced(input, at, 0, open.repeat(depth).getBytes(StandardCharsets.UTF_8));
    }

    private static byte[] repeated(byte[] word, int times) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(word.length * times);
        for (int i = 0; i < times; i++) {
            out.writeBytes(word);
        }
        return out.toByteArray();
    }

    /** What stands after a colon becomes a word. */
    private static byte[] value(byte[] input, Random random) {
        String text = new String(input, StandardCharsets.ISO_8859_1);
        int colon = text.indexOf(": ", random.nextInt(text.length() + 1));
        if (colon < 0) {
            return input;
        }
        int end = colon + 2;
        while (end < text.length() && ",}\n".indexOf(text.charAt(end)) < 0) {
            end++;
        }
        return replaced(input, colon + 2, end - colon - 2, word(random));
    }
}
