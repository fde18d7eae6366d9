package bench;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import trace.ReplayResult;
import trace.Replayer;
import trace.TraceReader;

/**
 * Replays whole traces on the default stack and on C's mallocs, in turn, and prints the ratios.
 *
 * <p>In each round every contender replays once, so that what else the host does meets all alike;
 * the figures are medians over the rounds. Parsing is in none of them.
 */
final class Traces {
  private static final String USAGE =
      "traces [--corpus DIR] [--rounds N] [--warmup N] [--preload NAME=LIBRARY] [TRACE...]";
  private static final List<Path> LIBRARIES =
      List.of(Path.of("/usr/lib/x86_64-linux-gnu"), Path.of("/usr/lib/aarch64-linux-gnu"));

  private final List<Path> traces = new ArrayList<>();
  private final Map<String, Path> preloads = new LinkedHashMap<>();
  private final PrintStream out;
  private int rounds = 5;
  private int warmup = 30;

  private Traces(PrintStream out) {
    this.out = out;
    debian("mimalloc", "libmimalloc.so.2");
    debian("jemalloc", "libjemalloc.so.2");
  }

  private void debian(String name, String file) {
    LIBRARIES.stream()
        .map(directory -> directory.resolve(file))
        .filter(Files::exists)
        .findFirst()
        .ifPresent(library -> preloads.put(name, library));
  }

  static void main(String[] args) throws IOException, InterruptedException {
    Traces run = new Traces(new PrintStream(System.out, true, StandardCharsets.UTF_8));
    run.parse(args);
    Path work = Files.createTempDirectory("quarry-bench");
    try {
      run.all(NativeReplayer.build(work));
    } finally {
      for (String file : List.of("replay.c", "replay")) {
        Files.deleteIfExists(work.resolve(file));
      }
      Files.deleteIfExists(work);
    }
  }

  private void parse(String[] args) throws IOException {
    for (int i = 0; i < args.length; i++) {
      if (!args[i].startsWith("--")) {
        traces.add(Path.of(args[i]));
      } else if (i + 1 == args.length) {
        throw new IllegalArgumentException(args[i] + ": usage: " + USAGE);
      } else {
        option(args[i], args[++i]);
      }
    }
    if (traces.isEmpty()) {
      addAll(Distribution.root().resolve("launcher/src/main/dist/samples/traces"));
    }
  }

  private void option(String name, String value) throws IOException {
    switch (name) {
      case "--corpus" -> addAll(Path.of(value));
      case "--rounds" -> rounds = Integer.parseInt(value);
      case "--warmup" -> warmup = Integer.parseInt(value);
      case "--preload" -> {
        int equals = value.indexOf('=');
        preloads.put(value.substring(0, equals), Path.of(value.substring(equals + 1)));
      }
      default -> throw new IllegalArgumentException(name + ": usage: " + USAGE);
    }
  }

  private void addAll(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      files.filter(file -> file.toString().endsWith(".trace.gz")).sorted().forEach(traces::add);
    }
  }

  private void all(Optional<Path> program) throws IOException, InterruptedException {
    out.println("ns per event, medians of " + rounds + " alternated rounds; r = quarry / glibc");
    out.println("quarry: after " + warmup + " replays in the same JVM; cold: the first of a JVM;");
    out.println("shipped: `quarry replay` with its own warm-up; kept: glibc's heap reused");
    if (program.isEmpty()) {
      out.println("no C compiler (cc, gcc, clang): without native replayers");
    }
    out.printf(Locale.ROOT, "%-24s %9s %7s", "trace", "events", "quarry");
    out.printf(Locale.ROOT, " %7s %5s %7s %5s", "glibc", "r", "kept", "r");
    preloads.keySet().forEach(name -> out.printf(Locale.ROOT, " %9s", name));
    out.printf(Locale.ROOT, " %8s %6s %8s %6s%n", "cold", "r", "shipped", "r");
    for (Path trace : traces) {
      one(trace, program);
    }
  }

  private void one(Path trace, Optional<Path> program) throws IOException, InterruptedException {
    Rounds figures = new Rounds();
    Map<String, NativeReplayer> natives = new LinkedHashMap<>();
    try {
      if (program.isPresent()) {
        natives.put("glibc", new NativeReplayer(program.get(), Optional.empty(), trace));
        for (Map.Entry<String, Path> each : preloads.entrySet()) {
          natives.put(
              each.getKey(),
              new NativeReplayer(program.get(), Optional.of(each.getValue()), trace));
        }
      }
      for (int i = 0; i < warmup; i++) {
        replay(trace);
      }
      for (int round = 0; round < rounds; round++) {
        round(trace, natives, figures);
      }
    } finally {
      for (NativeReplayer each : natives.values()) {
        each.close();
      }
    }
    print(trace, figures);
  }

  private void round(Path trace, Map<String, NativeReplayer> natives, Rounds figures)
      throws IOException, InterruptedException {
    ReplayResult result = replay(trace);
    figures.operations = result.operations();
    figures.add("quarry", result.wallNanos());
    for (Map.Entry<String, NativeReplayer> each : natives.entrySet()) {
      figures.add(each.getKey(), each.getValue().fresh());
    }
    NativeReplayer glibc = natives.get("glibc");
    if (glibc != null) {
      figures.add("kept", glibc.kept());
    }
    Distribution.replay(trace, "--no-warmup").ifPresent(nanos -> figures.add("cold", nanos));
    Distribution.replay(trace).ifPresent(nanos -> figures.add("shipped", nanos));
  }

  private static ReplayResult replay(Path trace) throws IOException {
    try (TraceReader reader = TraceReader.open(trace);
        Stack stack = new Stack()) {
      return new Replayer(stack.heap, stack.machine.cpus()).replay(reader);
    }
  }

  private void print(Path trace, Rounds figures) {
    String name = trace.getFileName().toString().replace(".trace.gz", "");
    out.printf(Locale.ROOT, "%-24s %9d %7s", name, figures.operations, figures.text("quarry"));
    out.printf(Locale.ROOT, " %7s %5s", figures.text("glibc"), figures.ratio("quarry", "glibc"));
    out.printf(Locale.ROOT, " %7s %5s", figures.text("kept"), figures.ratio("quarry", "kept"));
    preloads.keySet().forEach(each -> out.printf(Locale.ROOT, " %9s", figures.text(each)));
    out.printf(Locale.ROOT, " %8s %6s", figures.text("cold"), figures.ratio("cold", "glibc"));
    out.printf(
        Locale.ROOT, " %8s %6s%n", figures.text("shipped"), figures.ratio("shipped", "glibc"));
  }

  /** Nanoseconds of whole replays, by contender. */
  private static final class Rounds {
    private final Map<String, List<Long>> nanos = new LinkedHashMap<>();
    private long operations;

    void add(String name, long value) {
      nanos.computeIfAbsent(name, key -> new ArrayList<>()).add(value);
    }

    /** {@return the median per event, or NaN if there is none} */
    double median(String name) {
      long[] sorted =
          nanos.getOrDefault(name, List.of()).stream().mapToLong(Long::longValue).toArray();
      Arrays.sort(sorted);
      return sorted.length == 0
          ? Double.NaN
          : (double) sorted[sorted.length / 2] / Math.max(1, operations);
    }

    String text(String name) {
      return number("%.1f", median(name));
    }

    String ratio(String name, String to) {
      return number("%.2f", median(name) / median(to));
    }

    private static String number(String format, double value) {
      return Double.isNaN(value) ? "-" : String.format(Locale.ROOT, format, value);
    }
  }
}
