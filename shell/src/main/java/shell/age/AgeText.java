package shell.age;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;
import shell.text.Sizes;
import shell.text.Table;
import shell.watch.Sparkline;
import workbench.age.AgeDay;
import workbench.age.AgeResult;

/** How machines aged: a column per run, days downward, and each run's course as a line of bars. */
public final class AgeText {
  private static final int[] DAYS = {0, 1, 2, 4, 7, 14, 21, 30, 45, 60, 90, 120, 180, 270, 365};
  private static final int MOST_BARS = 48;
  private static final int PERCENT = 100;
  private static final int HUGE = 9;
  private static final int MIDDLE = 4;
  private static final int FRAMES_OF_MIB = 256;
  private static final double WHOLE = 1000;

  private final PrintStream out;

  /**
   * Begins.
   *
   * @param out where to print
   */
  public AgeText(PrintStream out) {
    this.out = out;
  }

  /**
   * Prints all runs side by side.
   *
   * @param results at least one, all of the same days
   */
  public void print(List<AgeResult> results) {
    AgeResult first = results.getFirst();
    out.printf(
        "%s MiB of RAM, %d CPUs, %d days; each midnight %d blocks of order 9 are" + " asked for%n",
        Sizes.count(first.frames() / FRAMES_OF_MIB),
        first.cpus(),
        first.days().size() - 1,
        first.days().getFirst().wanted());
    days("of these, in percent, there were", results, AgeDay::success);
    days("free blocks of order 9 by the provider's own report", results, AgeDay::freeHuge);
    course("there were, in percent, from day 1", results, AgeDay::success, PERCENT);
    course("free huge, from day 1", results, AgeDay::freeHuge, most(results, AgeDay::freeHuge));
    last(results);
  }

  private void days(String what, List<AgeResult> results, ToLongFunction<AgeDay> figure) {
    out.printf("%n%s:%n", what);
    String[] head =
        Stream.concat(Stream.of(">day"), results.stream().map(result -> ">" + result.label()))
            .toArray(String[]::new);
    Table table = new Table(head);
    int end = results.getFirst().days().size() - 1;
    for (int day : shown(end)) {
      List<Object> row = new ArrayList<>(List.of(day));
      results.forEach(result -> row.add(figure.applyAsLong(result.days().get(day))));
      table.row(row.toArray());
    }
    table.print(out);
  }

  // Ever farther apart, as most happens in the first days; always the last one.
  private static List<Integer> shown(int end) {
    List<Integer> days = new ArrayList<>();
    for (int day : DAYS) {
      if (day < end) {
        days.add(day);
      }
    }
    days.add(end);
    return days;
  }

  // Without day 0, beside which all others are low; all runs on one scale.
  private void course(
      String what, List<AgeResult> results, ToLongFunction<AgeDay> figure, long top) {
    out.printf("%n%s, bars from 0 to %d:%n", what, top);
    Table table = new Table("run", ">least", ">greatest", "days");
    for (AgeResult result : results) {
      List<Long> values = result.days().stream().skip(1).map(figure::applyAsLong).toList();
      table.row(
          result.label(),
          values.stream().mapToLong(each -> each).min().orElse(0),
          values.stream().mapToLong(each -> each).max().orElse(0),
          Sparkline.of(means(values), 0, top));
    }
    table.print(out);
  }

  private static long most(List<AgeResult> results, ToLongFunction<AgeDay> figure) {
    return results.stream()
        .flatMap(result -> result.days().stream().skip(1))
        .mapToLong(figure)
        .max()
        .orElse(0);
  }

  private static List<Long> means(List<Long> values) {
    int bars = Math.min(MOST_BARS, values.size());
    List<Long> means = new ArrayList<>();
    for (int bar = 0; bar < bars; bar++) {
      List<Long> part =
          values.subList(values.size() * bar / bars, values.size() * (bar + 1) / bars);
      means.add(Math.round(part.stream().mapToLong(each -> each).average().orElse(0)));
    }
    return means;
  }

  private void last(List<AgeResult> results) {
    out.printf(
        "%nat the end; split, failed and moved of all days (docs/workloads.md defines each):%n");
    Table table =
        new Table("run", ">unus-4", ">unus-9", ">extfrag", ">mixed", ">split", ">failed", ">moved");
    for (AgeResult result : results) {
      AgeDay day = result.days().getLast();
      table.row(
          result.label(),
          thousandths(day.unusable().get(MIDDLE)),
          thousandths(day.unusable().get(HUGE)),
          thousandths(day.external()),
          day.mixed(),
          Sizes.count(sum(result, AgeDay::split)),
          Sizes.count(sum(result, AgeDay::failed)),
          Sizes.count(sum(result, AgeDay::moved)));
    }
    table.print(out);
  }

  private static long sum(AgeResult result, ToLongFunction<AgeDay> figure) {
    return result.days().stream().mapToLong(figure).sum();
  }

  private static String thousandths(long value) {
    return "%.3f".formatted(value / WHOLE);
  }
}
