package allocator.arena;

import allocator.api.Statistic;
import java.util.ArrayList;
import java.util.List;

/**
 * The report {@code ::vmem} of illumos' debugger on arenas of whatever tier, a line each. What the
 * debugger shows as the address of a structure is the arena's number here.
 */
public final class ArenaReport {
  private static final int NAME_WIDTH = 22; // of illumos' mdb, genunix/kmem.c; counts a final zero
  private static final String FORM = " %-" + NAME_WIDTH + "s %10s %12s %9s %5s";

  private ArenaReport() {}

  /**
   * {@return the lines of {@code ::vmem}}
   *
   * @param arenas the arenas
   */
  public static List<String> vmem(List<Arena> arenas) {
    List<String> lines = new ArrayList<>();
    String head = "%-16s" + FORM;
    lines.add(head.formatted("ADDR", "NAME", "INUSE", "TOTAL", "SUCCEED", "FAIL"));
    for (Arena arena : arenas) {
      lines.add(line(lines.size() - 1, arena));
    }
    return lines;
  }

  private static String line(int number, Arena arena) {
    String name = arena.shape().name();
    List<Statistic> figures = arena.statistics();
    String form = "%016x" + FORM;
    return form.formatted(
        number,
        name.substring(0, Math.min(name.length(), NAME_WIDTH - 1)),
        figure(figures, "mem_inuse"),
        figure(figures, "mem_total"),
        figure(figures, "alloc"),
        figure(figures, "fail"));
  }

  private static String figure(List<Statistic> figures, String name) {
    return figures.stream()
        .filter(figure -> figure.name().equals(name))
        .map(figure -> Long.toUnsignedString(figure.value()))
        .findFirst()
        .orElseThrow();
  }
}
