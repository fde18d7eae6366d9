package itest;

import static org.junit.Assert.assertTrue;

import allocator.api.Tier;
import kernel.api.BootedSystem;
import org.junit.Test;

/** Requests that make no sense, of whatever providers there are, guarded and not. */
public class BadRequestsIT extends UnderLoad {
  private static final int FEWEST = 20;

  @Test
  public void shouldRefuseThemInEveryHeapAndChangeNothing() {
    ofEach(Tier.HEAP);
  }

  @Test
  public void shouldRefuseThemInEveryFrameAllocatorAndChangeNothing() {
    ofEach(Tier.PHYSMEM);
  }

  @Test
  public void shouldRefuseThemInEveryAddressAllocatorAndChangeNothing() {
    ofEach(Tier.VMEM);
  }

  private void ofEach(Tier tier) {
    for (String name : names(tier)) {
      try (BootedSystem system = boot()) {
        serve(system, tier, name);
        BadRequests requests = new BadRequests(system, name);
        for (boolean guarded : new boolean[] {false, true}) {
          system.guard(guarded);
          switch (tier) {
            case PHYSMEM -> requests.ofFrames();
            case VMEM -> requests.ofAddresses();
            case HEAP -> requests.ofHeap();
          }
        }
        assertTrue(name + ": " + requests.made(), requests.made() > FEWEST);
      }
    }
  }
}
