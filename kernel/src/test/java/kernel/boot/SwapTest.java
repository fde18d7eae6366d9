package kernel.boot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import allocator.api.CorruptionException;
import allocator.api.MisuseException;
import allocator.api.Tier;
import allocator.api.TierVacantException;
import hardware.api.Window;
import heap.api.CacheSpec;
import heap.api.HeapPort;
import heap.api.ObjectCache;
import heap.dl.DlProvider;
import heap.slab.SlabProvider;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import kernel.api.BootSpec;
import kernel.api.BootedSystem;
import kernel.api.CheckLine;
import kernel.api.SwapForm;
import kernel.api.SwapRecord;
import kernel.api.SwapRefusedException;
import kernel.api.SwapRequest;
import kernel.api.SwapState;
import kernel.api.TierStatus;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import physmem.buddy.BuddyProvider;
import physmem.llfree.LlfreeProvider;
import vmem.arena.ArenaProvider;
import vmem.bump.BumpProvider;

/** Exchanges on a small machine, without the framework. */
final class SwapTest {
  private static final long MIB = 1 << 20;

  private final PlainKernel plain = new PlainKernel();
  private final StackedSystem system;
  private final HeapPort port;

  SwapTest() {
    plain.heaps("slab", 0, new SlabProvider());
    plain.frames("llfree", 0, new LlfreeProvider());
    plain.addresses("bump", 0, new BumpProvider());
    system = (StackedSystem) plain.kernel.boot(BootSpec.of(PlainKernel.map(0, 64 * MIB)));
    port = system.heap().open(0);
  }

  @AfterEach
  void allIsHomeAtTheEnd() {
    good();
    assertTrue(system.closeTiers().home(), () -> system.closeTiers().toString());
    system.close();
    assertThrows(TierVacantException.class, () -> port.allocate(1));
  }

  private void good() {
    List<CheckLine> lines = system.check();
    assertTrue(lines.stream().allMatch(CheckLine::good), lines.toString());
  }

  private SwapRecord swap(Tier tier, String to) {
    SwapRecord record = system.swap(SwapRequest.of(tier, to));
    assertTrue(record.done(), record.toString());
    assertEquals(record.before(), record.after());
    assertEquals(SwapState.RETIRED, record.outcome());
    return record;
  }

  /** A block with a pattern of its own. */
  private long block(long bytes) {
    long address = port.allocate(bytes);
    assertNotEquals(0, address);
    system.heap().window().fill(address, bytes, (byte) address);
    return address;
  }

  private void verify(long address, long bytes) {
    for (long at = 0; at < bytes; at++) {
      assertEquals((byte) address, system.heap().window().getByte(address + at));
    }
  }

  private TierStatus status(Tier tier) {
    return system.tiers().stream()
        .filter(status -> status.tier() == tier)
        .findFirst()
        .orElseThrow();
  }

  private String serving(Tier tier) {
    return status(tier).provider();
  }

  @Test
  void shouldKeepBlocksAsLodgersAndSendTheirPagesHomeWithTheLast() {
    List<Long> blocks = new ArrayList<>();
    for (int i = 0; i < 1000; i++) {
      blocks.add(block(100));
    }
    SwapRecord record = swap(Tier.HEAP, "slab");
    assertEquals(SwapForm.LODGE, record.form());
    assertEquals(1000, record.before().liveCount());
    assertEquals(1000, system.lodgings().getFirst().blocks());
    assertEquals(1000, system.heap().census().liveCount());
    good();
    for (long block : blocks) {
      assertTrue(port.usableSize(block) >= 100);
      verify(block, 100);
      port.free(block);
    }
    assertTrue(system.lodgings().isEmpty());
    assertEquals(0, system.heap().census().liveCount());
  }

  @Test
  void shouldAllocateManyAtOnceFromAnyHeapAndUnderTheGuard() {
    long[] sizes = {10, 1, 5000, 70, 100_000};
    for (String name : List.of("slab", "dl")) {
      swap(Tier.HEAP, name);
      for (boolean on : new boolean[] {true, false}) {
        system.guard(on);
        long[] blocks = new long[sizes.length];
        assertTrue(port.allocateAll(sizes, true, blocks));
        for (int i = 0; i < sizes.length; i++) {
          assertTrue(port.usableSize(blocks[i]) >= sizes[i]);
          assertEquals(0, system.heap().window().getByte(blocks[i] + sizes[i] - 1));
        }
        assertFalse(port.allocateAll(new long[] {10, 1L << 40}, false, new long[2]));
        assertThrows(
            IllegalArgumentException.class,
            () -> port.allocateAll(new long[] {10, -1}, false, new long[2]));
        assertEquals(sizes.length, system.heap().census().liveCount());
        port.freeBulk(blocks, 0, blocks.length);
      }
    }
    good();
  }

  @Test
  void shouldResizeALodgerIntoTheHeapThatServes() {
    long address = block(1000);
    swap(Tier.HEAP, "slab");
    assertTrue(port.resizeInPlace(address, 900));
    assertFalse(port.resizeInPlace(address, 100_000));
    assertEquals(address, port.resize(address, 990));
    long moved = port.resize(address, 5000);
    assertNotEquals(address, moved);
    for (int i = 0; i < 990; i++) {
      assertEquals((byte) address, system.heap().window().getByte(moved + i));
    }
    assertTrue(system.lodgings().isEmpty());
    port.free(moved);
  }

  @Test
  void shouldRefuseASecondFreeOfALodgerAndWhatIsNone() {
    long address = block(64);
    long other = block(64);
    swap(Tier.HEAP, "slab");
    port.free(address);
    assertThrows(MisuseException.class, () -> port.free(address));
    assertThrows(MisuseException.class, () -> port.free(other + 16));
    assertThrows(MisuseException.class, () -> port.usableSize(address));
    assertEquals(1, system.heap().census().liveCount());
    port.free(other);
  }

  @Test
  void shouldSwapEveryTierToAndFroUnderLoadWithoutLosingAByte() throws Exception {
    AtomicBoolean stop = new AtomicBoolean();
    List<CompletableFuture<Long>> clients = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      long seed = i;
      clients.add(
          CompletableFuture.supplyAsync(
              () -> new Client(system, seed).run(stop), Thread::startVirtualThread));
    }
    String[][] names = {{"llfree", "buddy"}, {"bump", "arena"}, {"slab", "dl"}};
    Random random = new Random(7);
    int[] turn = new int[3];
    Tier[] tiers = Tier.values();
    for (int i = 0; i < 120; i++) {
      int tier = random.nextInt(3);
      swap(tiers[tier], names[tier][turn[tier]++ & 1]);
    }
    good(); // beside the load
    stop.set(true);
    for (CompletableFuture<Long> client : clients) {
      assertTrue(client.get() > 0);
    }
    assertEquals(0, system.heap().census().liveCount());
    assertTrue(system.lodgings().isEmpty(), () -> system.lodgings().toString());
  }

  @Test
  void shouldCallTheExchangeOffFromEveryStateBeforeTheSwitch() {
    long address = block(300);
    for (Tier tier : Tier.values()) {
      String to = tier == Tier.HEAP ? "slab" : tier == Tier.VMEM ? "bump" : "llfree";
      abortable().forEach(state -> callOffAt(tier, to, state));
    }
    verify(address, 300);
    port.free(address);
  }

  private void callOffAt(Tier tier, String to, SwapState state) {
    system
        .coordinator()
        .observe(now -> {
          if (now == state) {
            throw new IllegalStateException("injected at " + state);
          }
        });
    String from = serving(tier);
    SwapRecord record = system.swap(new SwapRequest(tier, to, false, true, "test"));
    system.coordinator().observe(now -> {});
    assertEquals(SwapState.ABORTED, record.outcome());
    assertEquals(state, record.reached());
    assertTrue(record.message().contains("injected at " + state), record.message());
    assertEquals(from, serving(tier));
    good();
  }

  private static List<SwapState> abortable() {
    return Arrays.stream(SwapState.values())
        .filter(state -> state.mayAbort() && state != SwapState.IDLE)
        .toList();
  }

  @Test
  void shouldCallOffAnAdoptionFromEveryState() {
    swap(Tier.PHYSMEM, "llfree");
    long address = block(300);
    for (SwapState state : abortable()) {
      callOffAt(Tier.HEAP, "dl", state);
      callOffAt(Tier.PHYSMEM, "llfree", state);
    }
    verify(address, 300);
    for (Tier tier : List.of(Tier.HEAP, Tier.PHYSMEM)) {
      SwapRecord record = system.swap(new SwapRequest(tier, serving(tier), false, true, "test"));
      assertTrue(record.done(), record.toString());
      assertEquals(SwapForm.ADOPT, record.form());
    }
    good();
    assertTrue(system.lodgings().isEmpty());
    verify(address, 300);
    assertNotEquals(0, port.usableSize(address));
    port.free(address);
  }

  @Test
  void shouldServeOnWhenParkingIsCalledOffAndSaySo() {
    long address = block(300);
    plain.depart("slab");
    for (SwapState state : abortable()) {
      system
          .coordinator()
          .observe(now -> {
            if (now == state) {
              throw new IllegalStateException("injected at " + state);
            }
          });
      plain.depart("dl");
      system.coordinator().observe(now -> {});
      SwapRecord record = system.swaps().getLast();
      assertEquals(SwapState.ABORTED, record.outcome());
      assertEquals(state, record.reached());
      assertEquals("departed", status(Tier.HEAP).state());
      long other = port.allocate(10);
      port.free(other);
      plain.heaps("dl", 0, new DlProvider());
      assertEquals("active", status(Tier.HEAP).state()); // who arrives takes over from who is gone
    }
    verify(address, 300);
    port.free(address);
  }

  @Test
  void shouldKeepCachedObjectsThroughEveryExchange() {
    Window window = system.heap().window();
    List<Long> destructed = new ArrayList<>();
    CacheSpec spec =
        new CacheSpec(
            "files",
            72,
            0,
            Optional.of((memory, address) -> memory.putLong(address, 0x1234)),
            Optional.of((memory, address) -> destructed.add(address)));
    try (ObjectCache cache = system.heap().createCache(spec)) {
      List<Long> objects = new ArrayList<>();
      for (String name : List.of("slab", "dl", "slab")) {
        for (int i = 0; i < 50; i++) {
          objects.add(cache.allocate(0));
        }
        swap(Tier.HEAP, name);
        system.guard(true);
        objects.add(cache.allocate(1));
        system.guard(false);
      }
      for (long object : objects) {
        assertEquals(0x1234, window.getLong(object));
        cache.free(0, object);
      }
      assertThrows(MisuseException.class, () -> cache.free(0, objects.getFirst()));
      cache.reap();
    }
    assertEquals(0, system.heap().census().liveCount());
    assertTrue(destructed.size() >= 100, () -> destructed.size() + " destructed");
  }

  @Test
  void shouldSwitchTheCheckedModeUnderLoad() throws Exception {
    AtomicBoolean stop = new AtomicBoolean();
    CompletableFuture<Long> client =
        CompletableFuture.supplyAsync(() -> new Client(system, 3).run(stop));
    for (int i = 0; i < 6; i++) {
      system.guard(i % 2 == 0);
      assertEquals(i % 2 == 0 ? "guarded" : "active", status(Tier.HEAP).state());
      swap(Tier.HEAP, i % 2 == 0 ? "slab" : "dl");
      swap(Tier.PHYSMEM, i % 2 == 0 ? "llfree" : "buddy");
      swap(Tier.VMEM, i % 2 == 0 ? "bump" : "arena");
      good();
    }
    system.guard(false);
    stop.set(true);
    assertTrue(client.get() > 0);
    assertEquals(0, system.heap().census().liveCount());
  }

  @Test
  void shouldFindAnOverrunByItsCanary() {
    system.guard(true);
    long address = block(100);
    byte kept = system.heap().window().getByte(address + 100);
    system.heap().window().putByte(address + 100, (byte) ~kept);
    assertThrows(CorruptionException.class, () -> port.free(address));
    system.heap().window().putByte(address + 100, kept);
    port.free(address);
    system.guard(false);
  }

  @Test
  void shouldTryWithoutChangingAnything() {
    long address = block(10);
    for (String[] each :
        new String[][] {{"physmem", "llfree"}, {"vmem", "bump"}, {"heap", "slab"}}) {
      Tier tier = Tier.valueOf(each[0].toUpperCase(java.util.Locale.ROOT));
      SwapRecord record = system.swap(new SwapRequest(tier, each[1], true, false, "test"));
      assertEquals("", record.message());
      assertEquals(SwapState.TRANSFERRED, record.reached());
      assertNotEquals(each[1], serving(tier));
    }
    port.free(address);
  }

  @Test
  void shouldRefuseWhatMakesNoSense() {
    assertThrows(SwapRefusedException.class, () -> system.swap(SwapRequest.of(Tier.HEAP, "dl")));
    assertThrows(
        kernel.api.BootException.class, () -> system.swap(SwapRequest.of(Tier.HEAP, "body")));
    SwapRecord forced = system.swap(new SwapRequest(Tier.HEAP, "dl", false, true, "test"));
    assertTrue(forced.done() && forced.forced());
  }

  @Test
  void shouldNameTheThreadThatDoesNotLeaveAndServeOn() throws Exception {
    CountDownLatch inside = new CountDownLatch(1);
    CountDownLatch wake = new CountDownLatch(1);
    plain.heaps("sleepy", 0, Sleepy.provider(new DlProvider(), inside, wake));
    try (BootedSystem impatient =
        plain.kernel.boot(
            new BootSpec(
                PlainKernel.map(0, 16 * MIB),
                true,
                Map.of(Tier.HEAP, "sleepy"),
                List.of("kernel:swap.timeout=50")))) {
      Thread sleeper =
          Thread.ofPlatform()
              .name("sleeper")
              .start(() -> {
                try (HeapPort own = impatient.heap().open(1)) {
                  own.free(own.allocate(Sleepy.SIZE));
                }
              });
      inside.await();
      SwapRecord record = impatient.swap(SwapRequest.of(Tier.HEAP, "dl"));
      assertEquals(SwapState.ABORTED, record.outcome());
      assertEquals(SwapState.FORWARDING, record.reached());
      assertTrue(record.message().contains("thread sleeper is inside"), record.message());
      assertTrue(record.message().contains("CountDownLatch.await"), record.message());
      assertEquals("sleepy", impatient.heap().provider());
      wake.countDown();
      sleeper.join();
      assertTrue(impatient.swap(SwapRequest.of(Tier.HEAP, "dl")).done());
    }
    plain.depart("sleepy");
  }

  @Test
  void shouldReplaceAProviderThatGoesAndParkWhenThereIsNoOther() throws Exception {
    long address = block(500);
    plain.depart("dl");
    assertEquals("slab", system.heap().provider());
    verify(address, 500);
    assertEquals(SwapForm.LODGE, system.swaps().getLast().form());
    assertEquals(1, system.heap().census().liveCount());
    port.free(address);
  }

  @Test
  void shouldParkAndHandOnToTheNextThatArrives() throws Exception {
    long address = block(500);
    plain.depart("buddy");
    assertEquals("llfree", system.frames().provider());
    for (String name : List.of("llfree", "slab", "dl", "bump", "arena")) {
      plain.depart(name);
    }
    assertEquals("", system.frames().provider());
    assertEquals("", system.addresses().provider());
    assertEquals("", system.heap().provider());
    good();
    CompletableFuture<Long> waiting = CompletableFuture.supplyAsync(() -> port.usableSize(address));
    plain.frames("buddy", 0, new BuddyProvider());
    plain.addresses("arena", 0, new ArenaProvider());
    assertFalse(waiting.isDone());
    plain.heaps("dl", 0, new DlProvider());
    assertTrue(waiting.get() >= 500);
    verify(address, 500);
    port.free(address);
    assertEquals(0, system.heap().census().liveCount());
  }
}
