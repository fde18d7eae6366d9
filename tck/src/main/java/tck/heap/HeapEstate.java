package tck.heap;

import allocator.api.CensusCount;
import allocator.api.CensusSummary;
import allocator.api.Estate;
import allocator.api.RangeVisitor;
import java.util.List;

/**
 * What a heap leaves behind, as the kernel writes it down: pages with frames, and blocks.
 *
 * @param ground whose pages
 * @param blocks address and usable size of each live block
 */
record HeapEstate(HeapGround ground, List<long[]> blocks) implements Estate {
  @Override
  public void managed(RangeVisitor visitor) {
    ground.forEachBacked(visitor);
  }

  @Override
  public void live(RangeVisitor visitor) {
    for (long[] block : blocks) {
      if (!visitor.visit(block[0], block[1], 0)) {
        return;
      }
    }
  }

  @Override
  public CensusSummary census() {
    CensusCount count = new CensusCount();
    live(count);
    return count.summary(ground.backedBytes());
  }
}
