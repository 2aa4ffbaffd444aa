package io.eventbroker.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What {@code mvn -q -Pbench verify -Dbench=NAME} runs: measures NAME and writes {@code target/results/NAME.json}, or,
 * for the name {@code docs}, writes {@code docs/benchmarks.md} from the results that were accepted.
 */
public final class BenchmarkMain {
    private static final String DOCS = "docs";

    private BenchmarkMain() {}

    /**
     * Runs a benchmark.
     *
     * @param args the module's folder, and the benchmark's name, which may be missing or empty
     */
    public static void main(String[] args) throws Exception {
        if (args.length == 0) {
            throw new IllegalArgumentException("expected the folder of eb-benchmarks and the name of a benchmark");
        }
        String name = args.length > 1 ? args[1].trim() : "";
        System.exit(run(Path.of(args[0]), name, System.out, System.err));
    }

    /** Returns the exit code. */
    static int run(Path module, String name, Appendable out, Appendable err) throws IOException, InterruptedException {
        if (name.equals(DOCS)) {
            BenchmarksDocument document = BenchmarksDocument.of(module.resolve("results"));
            document.writeTo(module.resolveSibling("docs"));
            out.append("wrote docs/benchmarks.md\n");
            return 0;
        }
        Benchmark benchmark = Benchmarks.named(name).orElse(null);
        if (benchmark == null) {
            err.append(name.isEmpty() ? "No benchmark was named" : "There is no benchmark '" + name + "'")
                    .append("; add -Dbench=NAME with one of\n")
                    .append(Benchmarks.listed())
                    .append("\n  " + DOCS + ": writes docs/benchmarks.md from the accepted results.\n");
            return 1;
        }
        Result result = benchmark.run();
        Path file = module.resolve("target").resolve("results").resolve(name + ".json");
        Files.createDirectories(file.getParent());
        Files.writeString(file, result.toJson());
        out.append(result.toJson());
        out.append(result.met() ? "target met: " : "TARGET NOT MET: ").append(result.target());
        out.append("\nTo accept, copy eb-benchmarks/target/results/" + name
                + ".json to eb-benchmarks/results and run -Dbench=docs.\n");
        return 0;
    }
}
