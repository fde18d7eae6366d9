package kernel.boot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import allocator.api.Tier;
import heap.api.HeapPort;
import heap.api.HeapProvider;
import heap.dl.DlProvider;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import kernel.api.BootSpec;
import kernel.api.BootedSystem;
import kernel.api.CheckLine;
import kernel.api.ProviderInfo;
import kernel.api.SwapCause;
import kernel.api.SwapRecord;
import kernel.api.SwapRequest;
import kernel.api.SwapState;
import kernel.fault.Fault;
import kernel.fault.Faulty;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import physmem.api.FramePort;
import physmem.api.FrameProvider;
import physmem.buddy.BuddyProvider;
import vmem.api.AddressArena;
import vmem.api.AddressProvider;
import vmem.api.FitPolicy;
import vmem.arena.ArenaProvider;

/** Providers that break their contract: caught, quarantined, replaced, reported. */
final class FaultTest {
  private static final long MIB = 1 << 20;
  private static final int BLOCKS = 200;

  private final PlainKernel plain = new PlainKernel();

  private BootedSystem boot(Tier tier, Fault fault, boolean guarded) {
    plain.frames("badframes", 0, Faulty.provider(FrameProvider.class, new BuddyProvider(), fault));
    plain.addresses(
        "badarena", 0, Faulty.provider(AddressProvider.class, new ArenaProvider(), fault));
    plain.heaps("badheap", 0, Faulty.provider(HeapProvider.class, new DlProvider(), fault));
    String name =
        switch (tier) {
          case PHYSMEM -> "badframes";
          case VMEM -> "badarena";
          case HEAP -> "badheap";
        };
    BootedSystem system =
        plain.kernel.boot(
            new BootSpec(
                PlainKernel.map(0, 64 * MIB),
                true,
                Map.of(Tier.PHYSMEM, "buddy", Tier.VMEM, "arena", Tier.HEAP, "dl"),
                List.of("kernel:swap.timeout=300", "kernel:retire.timeout=300")));
    try (HeapPort port = system.heap().open(0)) {
      port.free(port.allocate(1)); // so that there is something to tell of in every tier
    }
    SwapRecord record = system.swap(SwapRequest.of(tier, name));
    if (fault != Fault.HANGS && fault != Fault.LIES) {
      assertTrue(record.done(), record.toString());
      system.guard(guarded);
    }
    return system;
  }

  private boolean isQuarantined(String name) {
    for (Tier tier : Tier.values()) {
      for (ProviderInfo info : plain.kernel.providers(tier)) {
        if (info.name().equals(name)) {
          return plain.kernel.quarantined(info).isPresent();
        }
      }
    }
    return false;
  }

  private static void good(BootedSystem system) {
    List<CheckLine> lines = system.check();
    assertTrue(lines.stream().allMatch(CheckLine::good), lines.toString());
  }

  private static SwapRecord replacement(BootedSystem system, SwapCause cause) {
    Optional<SwapRecord> found =
        system.swaps().stream().filter(record -> record.cause() == cause).findFirst();
    assertTrue(found.isPresent(), system.swaps().toString());
    assertTrue(found.get().done(), found.get().toString());
    return found.get();
  }

  @ParameterizedTest
  @EnumSource(
      value = Fault.class,
      names = {"OVERLAP", "MISALIGNED", "OUTSIDE", "TWICE", "THROWS"})
  void shouldReplaceAHeapThatHandsOutWhatItMustNot(Fault fault) {
    try (BootedSystem system = boot(Tier.HEAP, fault, true);
        HeapPort port = system.heap().open(0)) {
      List<Long> blocks = new ArrayList<>();
      for (int i = 0; i < BLOCKS; i++) {
        long address = port.allocate(100);
        assertNotEquals(0, address);
        assertFalse(blocks.contains(address));
        system.heap().window().fill(address, 100, (byte) i);
        blocks.add(address);
      }
      assertEquals("dl", system.heap().provider());
      assertTrue(isQuarantined("badheap"));
      SwapRecord record =
          replacement(system, fault == Fault.THROWS ? SwapCause.FAILURE : SwapCause.VIOLATION);
      assertTrue(
          record.who().contains(fault == Fault.THROWS ? "ArrayIndex" : "allocate"), record.who());
      good(system);
      for (int i = 0; i < BLOCKS; i++) {
        for (int at = 0; at < 100; at++) {
          assertEquals((byte) i, system.heap().window().getByte(blocks.get(i) + at));
        }
        port.free(blocks.get(i));
      }
      assertEquals(0, system.heap().census().liveCount());
      assertTrue(system.closeTiers().home());
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Fault.class,
      names = {"OVERLAP", "MISALIGNED", "OUTSIDE", "TWICE", "THROWS"})
  void shouldReplaceAFrameAllocatorThatHandsOutWhatItMustNot(Fault fault) {
    try (BootedSystem system = boot(Tier.PHYSMEM, fault, true);
        FramePort port = system.frames().open(0)) {
      List<Long> frames = new ArrayList<>();
      for (int i = 0; i < BLOCKS; i++) {
        long frame = port.allocate(1, 0);
        assertFalse(frames.contains(frame));
        frames.add(frame);
      }
      assertEquals("buddy", system.frames().provider());
      assertTrue(isQuarantined("badframes"));
      frames.forEach(frame -> port.free(frame, 1));
      good(system);
      assertTrue(system.closeTiers().home());
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Fault.class,
      names = {"OVERLAP", "MISALIGNED", "OUTSIDE", "TWICE", "THROWS"})
  void shouldReplaceAnAddressAllocatorThatHandsOutWhatItMustNot(Fault fault) {
    try (BootedSystem system = boot(Tier.VMEM, fault, true)) {
      AddressArena arena =
          system.addresses().arenas().stream()
              .filter(each -> each.spec().name().equals("kernel"))
              .findFirst()
              .orElseThrow();
      List<Long> bases = new ArrayList<>();
      for (int i = 0; i < BLOCKS; i++) {
        long base = arena.allocate(0, 8192, FitPolicy.INSTANT);
        assertFalse(bases.contains(base));
        bases.add(base);
      }
      assertEquals("arena", system.addresses().provider());
      assertTrue(isQuarantined("badarena"));
      bases.forEach(base -> arena.free(0, base, 8192));
      good(system);
    }
  }

  @ParameterizedTest
  @EnumSource(Tier.class)
  void shouldCallOffAnExchangeToOneThatLies(Tier tier) {
    try (BootedSystem system = boot(tier, Fault.LIES, false);
        HeapPort port = system.heap().open(0)) {
      SwapRecord record = system.swaps().getFirst();
      if (tier != Tier.HEAP) { // what a heap says when it is opened is not asked
        assertEquals(SwapState.ABORTED, record.outcome());
        assertTrue(isQuarantined(tier == Tier.PHYSMEM ? "badframes" : "badarena"));
      }
      long address = port.allocate(50);
      assertNotEquals(0, address);
      port.free(address);
      good(system);
    }
  }

  @ParameterizedTest
  @EnumSource(Tier.class)
  void shouldCallOffAnExchangeToOneThatHangs(Tier tier) {
    try (BootedSystem system = boot(tier, Fault.HANGS, false);
        HeapPort port = system.heap().open(0)) {
      SwapRecord record = system.swaps().getFirst();
      assertEquals(SwapState.ABORTED, record.outcome());
      assertTrue(record.message().contains("did not return in 300 ms"), record.message());
      assertTrue(
          isQuarantined(
              switch (tier) {
                case PHYSMEM -> "badframes";
                case VMEM -> "badarena";
                case HEAP -> "badheap";
              }));
      long address = port.allocate(50);
      assertNotEquals(0, address);
      port.free(address);
    }
  }

  @ParameterizedTest
  @EnumSource(Tier.class)
  void shouldReportOneThatRefusesToClose(Tier tier) {
    try (BootedSystem system = boot(tier, Fault.STAYS_OPEN, false)) {
      SwapRecord record =
          system.swap(
              SwapRequest.of(
                  tier,
                  switch (tier) {
                    case PHYSMEM -> "buddy";
                    case VMEM -> "arena";
                    case HEAP -> "dl";
                  }));
      assertTrue(record.done());
      assertTrue(record.message().contains("will not close"), record.message());
      good(system);
    }
  }

  @Test
  void shouldCatchALyingHeapInTheCheckedModeAndKeepEveryBlock() {
    plain.heaps("liar", 0, Faulty.provider(HeapProvider.class, new DlProvider(), Fault.LIES));
    try (BootedSystem system =
            plain.kernel.boot(
                new BootSpec(
                    PlainKernel.map(0, 64 * MIB), true, Map.of(Tier.HEAP, "liar"), List.of()));
        HeapPort port = system.heap().open(0)) {
      system.guard(true);
      List<Long> blocks = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        blocks.add(port.allocate(64));
      }
      assertEquals(20, system.heap().census().liveCount());
      assertEquals("dl", system.heap().provider());
      assertTrue(isQuarantined("liar"));
      blocks.forEach(port::free);
      good(system);
      assertTrue(system.closeTiers().home());
    }
  }
}
