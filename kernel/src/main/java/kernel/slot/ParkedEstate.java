package kernel.slot;

import allocator.api.CensusCount;
import allocator.api.CensusSummary;
import allocator.api.RangeVisitor;
import java.util.List;
import java.util.function.Consumer;
import vmem.api.AddressEstate;
import vmem.api.ArenaSpec;

/**
 * What an engine manages and what of it is live, written down: independent of the engine, so that
 * its bundle can go, and cheap to read several times.
 */
public final class ParkedEstate implements AddressEstate {
  private final RangeList managed = new RangeList();
  private final RangeList live = new RangeList();
  private final List<ArenaSpec> arenas;
  private final CensusSummary census;

  /**
   * Writes down.
   *
   * @param managedRanges shows what is held from below
   * @param liveRanges shows what is live
   * @param arenas the arenas of a vmem engine, in order; else empty
   */
  public ParkedEstate(
      Consumer<RangeVisitor> managedRanges,
      Consumer<RangeVisitor> liveRanges,
      List<ArenaSpec> arenas) {
    this.arenas = List.copyOf(arenas);
    long[] sum = {0};
    managedRanges.accept((base, size, attributes) -> {
      sum[0] += size;
      return managed.visit(base, size, attributes);
    });
    CensusCount count = new CensusCount();
    liveRanges.accept((base, size, attributes) -> {
      count.visit(base, size, attributes);
      return live.visit(base, size, attributes);
    });
    this.census = count.summary(sum[0]);
  }

  @Override
  public void managed(RangeVisitor visitor) {
    managed.forEach(visitor);
  }

  @Override
  public void live(RangeVisitor visitor) {
    live.forEach(visitor);
  }

  @Override
  public CensusSummary census() {
    return census;
  }

  @Override
  public List<ArenaSpec> arenas() {
    return arenas;
  }
}
