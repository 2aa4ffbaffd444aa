package io.eventbroker.examples.quickstart;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * What to run.
 *
 * @param platform the folder with {@code event-broker.yaml} and {@code overlay.yaml}
 * @param output where the report goes
 * @param records how many events to produce
 */
record Settings(Path platform, Path output, long records) {
    private static final long FEWEST_RECORDS = 1_000;
    private static final String USAGE = "--platform FOLDER, --output FOLDER and --records NUMBER";

    Settings {
        if (records < FEWEST_RECORDS) {
            throw new IllegalArgumentException(
                    "--records: at least " + FEWEST_RECORDS + " are needed to measure anything, was " + records);
        }
    }

    /**
     * Reads a command line.
     *
     * @throws IllegalArgumentException if it has anything else than the three options with a value each
     */
    static Settings of(String[] args) {
        Map<String, String> given = new HashMap<>(Map.of(
                "--platform",
                "examples/src/main/resources/quickstart",
                "--output",
                "target/quickstart",
                "--records",
                "1000000"));
        for (int i = 0; i < args.length; i += 2) {
            if (!given.containsKey(args[i])) {
                throw new IllegalArgumentException("unknown option '" + args[i] + "'; there are " + USAGE);
            }
            if (i + 1 == args.length) {
                throw new IllegalArgumentException("option " + args[i] + " has no value; write " + USAGE);
            }
            given.put(args[i], args[i + 1]);
        }
        String records = given.getOrDefault("--records", "");
        if (!records.matches("\\d{1,12}")) {
            throw new IllegalArgumentException("--records: expected a whole number, found '" + records + "'");
        }
        return new Settings(
                Path.of(given.getOrDefault("--platform", "")),
                Path.of(given.getOrDefault("--output", "")),
                Long.parseLong(records));
    }
}
