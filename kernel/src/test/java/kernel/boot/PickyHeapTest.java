package kernel.boot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import allocator.api.Estate;
import allocator.api.Settings;
import allocator.api.Tier;
import allocator.api.TransferRefusedException;
import heap.api.HeapContext;
import heap.api.HeapEngine;
import heap.api.HeapPort;
import heap.api.HeapProvider;
import heap.slab.SlabProvider;
import java.lang.reflect.InvocationTargetException;
import kernel.api.BootSpec;
import kernel.api.CheckLine;
import kernel.api.SwapForm;
import kernel.api.SwapRecord;
import kernel.api.SwapRequest;
import org.junit.jupiter.api.Test;

/** A heap that rebuilds in principle, but not from these blocks. */
final class PickyHeapTest {
  /** Opens slab heaps that take over nothing but an empty estate. */
  private static final class PickyProvider implements HeapProvider {
    private final SlabProvider slab = new SlabProvider();

    @Override
    public String model() {
      return "a picky heap";
    }

    @Override
    public HeapEngine open(HeapContext context, Settings settings) {
      HeapEngine raw = slab.open(context, settings);
      return PlainKernel.proxy(
          HeapEngine.class,
          (self, method, arguments) -> {
            if (method.getName().equals("rebuild")) {
              refuseBlocks((Estate) arguments[0]);
              return null;
            }
            try {
              return method.invoke(raw, arguments);
            } catch (InvocationTargetException e) {
              throw e.getCause();
            }
          });
    }

    private static void refuseBlocks(Estate estate) {
      estate.live((base, size, attributes) -> {
        throw new TransferRefusedException("no block pleases, not 0x%x either".formatted(base));
      });
    }
  }

  @Test
  void shouldLetBlocksLodgeThatTheSuccessorRefuses() {
    PlainKernel plain = new PlainKernel();
    plain.heaps("picky", 0, new PickyProvider());
    try (BootedSystemHolder held = new BootedSystemHolder(plain)) {
      HeapPort port = held.system.heap().open(0);
      long block = port.allocate(1000);
      assertNotEquals(0, block);
      SwapRecord record = held.system.swap(SwapRequest.of(Tier.HEAP, "picky"));
      assertTrue(record.done(), record.toString());
      assertEquals(SwapForm.LODGE, record.form());
      assertEquals(1, held.system.lodgings().getFirst().blocks());
      assertTrue(held.system.check().stream().allMatch(CheckLine::good));
      port.free(block);
      assertTrue(held.system.lodgings().isEmpty());
      port.close();
    }
  }

  /** A system that ends with the test. */
  private static final class BootedSystemHolder implements AutoCloseable {
    final StackedSystem system;

    BootedSystemHolder(PlainKernel plain) {
      this.system = (StackedSystem) plain.kernel.boot(BootSpec.of(PlainKernel.map(0, 64L << 20)));
    }

    @Override
    public void close() {
      system.close();
    }
  }
}
