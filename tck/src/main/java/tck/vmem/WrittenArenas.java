package tck.vmem;

import allocator.api.CensusSummary;
import allocator.api.RangeVisitor;
import java.util.ArrayList;
import java.util.List;
import vmem.api.AddressArena;
import vmem.api.AddressEngine;
import vmem.api.AddressEstate;
import vmem.api.ArenaSpec;

/**
 * An engine's arenas, written down: an estate that outlives the engine.
 *
 * @param spans base, size and attributes of each span
 * @param ranges the same of each live range
 * @param arenas the descriptions
 * @param census what the engine said of itself
 */
record WrittenArenas(
    List<long[]> spans, List<long[]> ranges, List<ArenaSpec> arenas, CensusSummary census)
    implements AddressEstate {
  static WrittenArenas of(AddressEngine engine) {
    List<long[]> spans = new ArrayList<>();
    List<long[]> ranges = new ArrayList<>();
    engine.managed(into(spans));
    engine.walk(into(ranges));
    List<ArenaSpec> specs = engine.arenas().stream().map(AddressArena::spec).toList();
    return new WrittenArenas(spans, ranges, specs, engine.census());
  }

  private static RangeVisitor into(List<long[]> list) {
    return (base, size, attributes) -> list.add(new long[] {base, size, attributes});
  }

  @Override
  public void managed(RangeVisitor visitor) {
    show(spans, visitor);
  }

  @Override
  public void live(RangeVisitor visitor) {
    show(ranges, visitor);
  }

  private static void show(List<long[]> list, RangeVisitor visitor) {
    for (long[] each : list) {
      if (!visitor.visit(each[0], each[1], each[2])) {
        return;
      }
    }
  }
}
