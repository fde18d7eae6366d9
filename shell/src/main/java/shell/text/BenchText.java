package shell.text;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import workbench.synthetic.BenchResult;
import workbench.synthetic.Generator;
import workbench.synthetic.Parameter;

/** Benchmarks: the list of generators, and what came of one, stacks one below the other. */
public final class BenchText {
  private static final double MILLION = 1e6;

  private final PrintStream out;

  /**
   * Begins.
   *
   * @param out where to print
   */
  public BenchText(PrintStream out) {
    this.out = out;
  }

  /**
   * Prints what there is.
   *
   * @param generators all generators
   */
  public void list(List<Generator<?>> generators) {
    Table table = new Table("tier", "name", "what it does");
    generators.forEach(each -> table.row(each.tier().label(), each.name(), each.description()));
    table.print(out);
    out.println("Parameters of one: bench list NAME");
  }

  /**
   * Prints all about a generator.
   *
   * @param generator the generator
   */
  public void describe(Generator<?> generator) {
    out.println(generator.name() + ", " + generator.tier().label());
    Wrap.print("", "", generator.description(), out);
    Wrap.print("Source: ", "  ", generator.source(), out);
    Table table = new Table("parameter", ">default", ">least", ">most", "what");
    for (Parameter each : generator.parameters()) {
      table.row(each.name(), each.value(), each.least(), each.most(), each.description());
    }
    table.print(out);
  }

  /**
   * Prints what came of a generator.
   *
   * @param results at least one, of one generator
   */
  public void print(List<BenchResult> results) {
    BenchResult first = results.getFirst();
    out.printf(
        "%s, %d threads; wall clock of this host: million calls per second, median of %d runs%n",
        first.generator(), first.threads(), first.wallNanos().size());
    Table clock = new Table("stack", ">calls", ">failed", ">median", ">least", ">most");
    for (BenchResult result : results) {
      clock.row(
          result.stack(),
          Sizes.count(result.calls()),
          Sizes.count(result.failures()),
          million(result.median()),
          million(result.least()),
          million(result.most()));
    }
    clock.print(out);
    counted(results);
  }

  // A row per figure: their names are long, and their number differs.
  private void counted(List<BenchResult> results) {
    Set<String> names = new TreeSet<>();
    results.forEach(result -> names.addAll(result.counts().keySet()));
    List<String> head = new ArrayList<>(List.of("counted"));
    labels(results).forEach(label -> head.add(">" + label));
    Table table = new Table(head.toArray(String[]::new));
    for (String name : names) {
      List<Object> row = new ArrayList<>(List.of(name));
      results.forEach(result -> row.add(shown(name, result.counts().getOrDefault(name, 0L))));
      table.row(row.toArray());
    }
    List<Object> requests = new ArrayList<>(List.of("requests"));
    // Half of the digest is enough to see whether two are equal.
    results.forEach(result -> requests.add("%08x".formatted((int) result.digest())));
    table.row(requests.toArray()).print(out);
  }

  /** {@return of each stack what differs from the others; all of it if there is one stack} */
  private static List<String> labels(List<BenchResult> results) {
    List<String[]> stacks = results.stream().map(result -> result.stack().split("/", -1)).toList();
    int[] differing =
        IntStream.range(0, stacks.getFirst().length)
            .filter(tier -> stacks.stream().map(stack -> stack[tier]).distinct().count() > 1)
            .toArray();
    if (differing.length == 0) {
      return results.stream().map(BenchResult::stack).toList();
    }
    return stacks.stream()
        .map(stack ->
            IntStream.of(differing).mapToObj(tier -> stack[tier]).collect(Collectors.joining("/")))
        .toList();
  }

  private static String shown(String name, long value) {
    boolean bytes = name.equals("peak footprint") || name.equals("address span");
    return bytes ? Sizes.bytes(value) : Sizes.count(value);
  }

  private static String million(double perSecond) {
    return String.format(Locale.ROOT, "%.2f", perSecond / MILLION);
  }
}
