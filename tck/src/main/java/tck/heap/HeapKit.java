package tck.heap;

import allocator.api.AllocatorProvider;
import allocator.api.Tier;
import heap.api.HeapProvider;
import java.util.List;
import tck.Check;
import tck.Kit;
import tck.Script;
import tck.Trial;

/** What providers of the heap tier are held to. */
public final class HeapKit implements Kit {
  /** Makes the kit. */
  public HeapKit() {}

  @Override
  public Tier tier() {
    return Tier.HEAP;
  }

  @Override
  public Class<HeapProvider> type() {
    return HeapProvider.class;
  }

  @Override
  public List<Check> checks(AllocatorProvider provider) {
    return List.of();
  }

  @Override
  public void play(AllocatorProvider provider, Script script, Trial trial) {
    throw new IllegalArgumentException("no steps are known yet");
  }
}
