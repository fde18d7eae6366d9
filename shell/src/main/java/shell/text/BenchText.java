package shell.text;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
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
    out.println(generator.description());
    out.println("Source: " + generator.source());
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

  private void counted(List<BenchResult> results) {
    Set<String> names = new TreeSet<>();
    results.forEach(result -> names.addAll(result.counts().keySet()));
    out.println("counted:");
    List<String> head = new ArrayList<>(List.of("stack"));
    names.forEach(name -> head.add(">" + name));
    head.add("requests");
    Table table = new Table(head.toArray(String[]::new));
    for (BenchResult result : results) {
      List<Object> row = new ArrayList<>(List.of(result.stack()));
      names.forEach(name -> row.add(shown(name, result.counts().getOrDefault(name, 0L))));
      row.add("%08x".formatted((int) result.digest())); // enough to see whether they are equal
      table.row(row.toArray());
    }
    table.print(out);
  }

  private static String shown(String name, long value) {
    boolean bytes = name.equals("peak footprint") || name.equals("address span");
    return bytes ? Sizes.bytes(value) : Sizes.count(value);
  }

  private static String million(double perSecond) {
    return String.format(Locale.ROOT, "%.2f", perSecond / MILLION);
  }
}
