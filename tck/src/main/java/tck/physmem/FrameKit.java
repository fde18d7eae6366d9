package tck.physmem;

import allocator.api.AllocatorProvider;
import allocator.api.Tier;
import java.util.List;
import physmem.api.FrameProvider;
import tck.Check;
import tck.Kit;
import tck.Script;
import tck.Trial;

/** What providers of the physmem tier are held to. */
public final class FrameKit implements Kit {
  /** Makes the kit. */
  public FrameKit() {}

  @Override
  public Tier tier() {
    return Tier.PHYSMEM;
  }

  @Override
  public Class<FrameProvider> type() {
    return FrameProvider.class;
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
