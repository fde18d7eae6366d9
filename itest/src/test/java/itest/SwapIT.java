package itest;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import allocator.api.Tier;
import java.util.List;
import kernel.api.BootedSystem;
import kernel.api.SwapRecord;
import kernel.api.SwapRefusedException;
import kernel.api.SwapRequest;
import org.junit.Test;
import workbench.load.Load;

/** Planned exchanges between whatever providers there are, under load. */
public class SwapIT extends UnderLoad {
  private static final int ROUNDS = 20;

  @Test
  public void shouldExchangeEveryOrderedPairOfFrameProviders() throws Exception {
    everyOrderedPair(Tier.PHYSMEM);
  }

  @Test
  public void shouldExchangeEveryOrderedPairOfAddressProviders() throws Exception {
    everyOrderedPair(Tier.VMEM);
  }

  @Test
  public void shouldExchangeEveryOrderedPairOfHeaps() throws Exception {
    assertTrue(names(Tier.HEAP).toString(), names(Tier.HEAP).size() > 1);
    everyOrderedPair(Tier.HEAP);
  }

  private void everyOrderedPair(Tier tier) throws Exception {
    List<String> names = names(tier);
    try (BootedSystem system = boot();
        Load load = load(system)) {
      for (String from : names) {
        for (String to : names) {
          if (!from.equals(to)) {
            serve(system, tier, from);
            progress(load);
            serve(system, tier, to);
            progress(load);
            good(system);
          }
        }
      }
      finish(system, load);
    }
  }

  @Test
  public void shouldExchangeAnEngineForAnotherOfTheSameProvider() throws Exception {
    try (BootedSystem system = boot();
        Load load = load(system)) {
      for (Tier tier : Tier.values()) {
        String name = serving(system, tier);
        SwapRequest same = SwapRequest.of(tier, name);
        assertThrows(SwapRefusedException.class, () -> system.swap(same));
        done(system.swap(new SwapRequest(tier, name, false, true, "test")));
        progress(load);
      }
      finish(system, load);
    }
  }

  @Test
  public void shouldExchangeToAndFroInAllTiersInTurn() throws Exception {
    try (BootedSystem system = boot();
        Load load = load(system)) {
      for (int round = 0; round < ROUNDS; round++) {
        for (Tier tier : Tier.values()) {
          List<String> names = names(tier);
          serve(system, tier, names.get(round % names.size()));
        }
      }
      finish(system, load);
    }
  }

  @Test
  public void shouldOnlyTryWhatIsToBeTried() throws Exception {
    try (BootedSystem system = boot();
        Load load = load(system)) {
      for (Tier tier : Tier.values()) {
        String name = serving(system, tier);
        for (String other : names(tier)) {
          SwapRecord record = system.swap(new SwapRequest(tier, other, true, true, "test"));
          assertEquals(record.toString(), "", record.message());
          assertEquals(name, serving(system, tier));
        }
      }
      finish(system, load);
    }
  }
}
