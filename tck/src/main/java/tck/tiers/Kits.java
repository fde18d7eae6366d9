package tck.tiers;

import allocator.api.AllocatorProvider;
import allocator.api.Tier;
import java.util.List;
import tck.Kit;
import tck.heap.HeapKit;
import tck.physmem.FrameKit;
import tck.vmem.AddressKit;

/** The kits of all tiers. */
public final class Kits {
  private static final List<Kit> ALL = List.of(new FrameKit(), new AddressKit(), new HeapKit());

  private Kits() {}

  /**
   * {@return a tier's kit}
   *
   * @param tier the tier
   */
  public static Kit of(Tier tier) {
    return ALL.stream().filter(each -> each.tier() == tier).findFirst().orElseThrow();
  }

  /**
   * {@return the kit for a provider, by the interface that it implements}
   *
   * @param provider the provider to be tried
   * @throws IllegalArgumentException if it implements that of no tier
   */
  public static Kit of(AllocatorProvider provider) {
    return ALL.stream()
        .filter(each -> each.type().isInstance(provider))
        .findFirst()
        .orElseThrow(() ->
            new IllegalArgumentException(
                provider.getClass().getName()
                    + " is the provider of no tier: implement physmem.api.FrameProvider,"
                    + " vmem.api.AddressProvider or heap.api.HeapProvider"));
  }
}
