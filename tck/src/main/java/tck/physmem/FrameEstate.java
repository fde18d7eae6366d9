package tck.physmem;

import allocator.api.CensusCount;
import allocator.api.CensusSummary;
import allocator.api.Estate;
import allocator.api.RangeVisitor;
import java.util.ArrayList;
import java.util.List;
import physmem.api.FrameEngine;
import physmem.api.FrameFlags;

/**
 * An engine's ranges, written down.
 *
 * @param managed ranges in service: base, size and attributes each
 * @param ranges live ranges, as those
 * @param census of both
 */
record FrameEstate(List<long[]> managed, List<long[]> ranges, CensusSummary census)
    implements Estate {
  static FrameEstate of(FrameEngine engine) {
    List<long[]> managed = new ArrayList<>();
    List<long[]> ranges = new ArrayList<>();
    engine.managed(into(managed));
    engine.walk(into(ranges));
    return new FrameEstate(managed, ranges, engine.census());
  }

  private static RangeVisitor into(List<long[]> list) {
    return (base, size, attributes) -> list.add(new long[] {base, size, attributes});
  }

  private static FrameEstate counted(List<long[]> managed, List<long[]> ranges) {
    CensusCount count = new CensusCount();
    show(ranges, count);
    long frames = managed.stream().mapToLong(range -> range[1]).sum();
    return new FrameEstate(managed, ranges, count.summary(frames));
  }

  /** {@return the same with frames out of service} */
  FrameEstate without(long from, long to) {
    List<long[]> left = new ArrayList<>();
    for (long[] range : managed) {
      long end = range[0] + range[1];
      add(left, range[0], Math.min(end, from), range[2]);
      add(left, Math.max(range[0], to), end, range[2]);
    }
    return counted(left, ranges);
  }

  private static void add(List<long[]> list, long from, long to, long attributes) {
    if (from < to) {
      list.add(new long[] {from, to - from, attributes});
    }
  }

  /** {@return the same with one more live run} */
  FrameEstate with(long frame, long count) {
    List<long[]> more = new ArrayList<>(ranges);
    more.add(new long[] {frame, count, FrameFlags.attributes(FrameFlags.RUN, 0)});
    return counted(managed, more);
  }

  /** {@return whether an engine shows the same live ranges, in whatever order} */
  boolean isShownBy(FrameEngine engine) {
    List<long[]> shown = new ArrayList<>();
    engine.walk(into(shown));
    return texts(shown).equals(texts(ranges));
  }

  private static List<String> texts(List<long[]> list) {
    return list.stream().map(java.util.Arrays::toString).sorted().toList();
  }

  @Override
  public void managed(RangeVisitor visitor) {
    show(managed, visitor);
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
