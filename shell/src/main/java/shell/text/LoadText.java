package shell.text;

import java.io.PrintStream;
import java.util.Locale;
import java.util.function.Function;
import workbench.load.Damage;
import workbench.load.LoadInterval;
import workbench.load.LoadStatus;

/** The state of a load, for people. */
public final class LoadText {
  private static final double NANOS_PER_MICRO = 1000;

  private LoadText() {}

  /**
   * Prints a table, and what went wrong.
   *
   * @param status the state
   * @param out where to
   */
  public static void print(LoadStatus status, PrintStream out) {
    Table table = new Table("load", ">since start", ">since mark");
    table.row("state", status.state().label(), "");
    row(table, status, "seconds", at -> String.format(Locale.ROOT, "%.1f", at.seconds()));
    row(table, status, "operations", at -> Sizes.count(at.operations()));
    row(table, status, "ops/s", at -> Sizes.count(Math.round(at.operationsPerSecond())));
    row(table, status, "failures", at -> Sizes.count(at.failures()));
    row(table, status, "corruptions", at -> Sizes.count(at.corruptions()));
    table.row("live blocks", Sizes.count(status.liveBlocks()), "");
    table.row("live bytes", Sizes.bytes(status.liveBytes()), "");
    row(table, status, "p50 us", at -> micros(at.p50()));
    row(table, status, "p99 us", at -> micros(at.p99()));
    row(table, status, "p99.9 us", at -> micros(at.p999()));
    row(table, status, "max us", at -> micros(at.max()));
    table.print(out);
    out.printf(
        "%d threads; latencies %s%n",
        status.threads(),
        status.paced()
            ? "from the moment at which a call was due"
            : "corrected for calls that a waiting thread did not make");
    wrong(status, out);
  }

  private static void row(
      Table table, LoadStatus status, String name, Function<LoadInterval, String> figure) {
    table.row(name, figure.apply(status.sinceStart()), figure.apply(status.sinceMark()));
  }

  private static String micros(long nanos) {
    return String.format(Locale.ROOT, "%,.2f", nanos / NANOS_PER_MICRO);
  }

  private static void wrong(LoadStatus status, PrintStream out) {
    for (String failure : status.firstFailures()) {
      Wrap.print("failed: ", "   ", failure, out);
    }
    for (Damage damage : status.firstDamages()) {
      Wrap.print("damaged: ", "   ", damage.toString(), out);
    }
    if (!status.goesOn() && status.liveBlocks() > 0) {
      out.println(Sizes.count(status.liveBlocks()) + " blocks could not be freed");
    }
  }
}
