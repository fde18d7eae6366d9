package heap.dl;

import allocator.api.Statistic;
import java.util.ArrayList;
import java.util.List;

/** The figures of a space: first those of the original's {@code mallinfo}, by its names. */
final class Figures {
  private final DlSpace space;
  private final Inspect inspect;

  Figures(DlSpace space, Inspect inspect) {
    this.space = space;
    this.inspect = inspect;
  }

  /** {@return what mallinfo tells, in the order of its fields} */
  List<Statistic> mallinfo() {
    Inspect.Totals totals = inspect.totals();
    Growth growth = space.growth;
    return List.of(
        new Statistic("arena", totals.arena(), "bytes"),
        new Statistic("ordblks", totals.freeChunks(), "chunks"),
        new Statistic("smblks", 0, "chunks"),
        new Statistic("hblks", space.direct.count(), "chunks"),
        new Statistic("hblkhd", growth.footprint - totals.arena(), "bytes"),
        new Statistic("usmblks", growth.peak, "bytes"),
        new Statistic("fsmblks", 0, "bytes"),
        new Statistic("uordblks", growth.footprint - totals.freeBytes(), "bytes"),
        new Statistic("fordblks", totals.freeBytes(), "bytes"),
        new Statistic("keepcost", totals.topBytes(), "bytes"));
  }

  /** {@return all of them} */
  List<Statistic> all() {
    Growth growth = space.growth;
    List<Statistic> figures = new ArrayList<>(mallinfo());
    figures.add(new Statistic("footprint", growth.footprint, "bytes"));
    figures.add(new Statistic("segments", space.segments.count(), "segments"));
    figures.add(new Statistic("victim", space.victimSize, "bytes"));
    figures.add(new Statistic("import", growth.imports, "calls"));
    figures.add(new Statistic("release", space.trim.releases, "calls"));
    figures.add(new Statistic("fail", growth.failures, "calls"));
    figures.add(new Statistic("postponed", space.trim.putOff, "calls"));
    return figures;
  }
}
