package tck.vmem;

import allocator.api.AllocatorProvider;
import allocator.api.Tier;
import java.util.List;
import tck.Check;
import tck.Kit;
import tck.Script;
import tck.Trial;
import vmem.api.AddressProvider;

/** What providers of the vmem tier are held to. */
public final class AddressKit implements Kit {
  /** Makes the kit. */
  public AddressKit() {}

  @Override
  public Tier tier() {
    return Tier.VMEM;
  }

  @Override
  public Class<AddressProvider> type() {
    return AddressProvider.class;
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
