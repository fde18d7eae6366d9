package heap.dl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import allocator.api.CensusSummary;
import allocator.api.LayoutState;
import allocator.api.MisuseException;
import allocator.api.TransferForm;
import allocator.api.TransferRefusedException;
import heap.api.HeapContext;
import heap.api.HeapEngine;
import heap.api.HeapProvider;
import java.io.IOException;
import java.io.InputStream;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** One heap hands its memory to another, and nobody can tell from the blocks. */
class HandOverTest {
  private static final long KIB = 1024;

  private final Ground ground = new Ground(8L << 20);

  private static DlHeap successor(Ground ground, DlHeap old, String... settings) {
    DlHeap fresh = new DlHeap(ground.successor(), Ground.settings(settings));
    fresh.adopt(old.exportState(old.exportForms().getFirst()));
    return fresh;
  }

  private static DlHeap succeed(Ground ground, DlHeap old, String... settings) {
    DlHeap fresh = successor(ground, old, settings);
    old.handedOver();
    old.close();
    old.close();
    return fresh;
  }

  /** The same calls on two heaps, with the same answers. */
  private static final class Twins {
    final Random random;
    final List<Long> live = new ArrayList<>();
    HeapEngine left;
    HeapEngine right;

    Twins(HeapEngine left, HeapEngine right, long seed) {
      this.left = left;
      this.right = right;
      this.random = new Random(seed);
    }

    private long size() {
      return switch (random.nextInt(6)) {
        case 0 -> random.nextInt(60_000);
        case 1, 2 -> random.nextInt(3000);
        default -> random.nextInt(300);
      };
    }

    private long any() {
      return live.remove(random.nextInt(live.size()));
    }

    private void born(long expected, long found) {
      assertEquals(expected, found, "placement");
      if (expected != 0) {
        live.add(expected);
      }
    }

    void step() {
      long bytes = size();
      long align = 1L << random.nextInt(13);
      switch (live.size() < 4 ? 0 : random.nextInt(12)) {
        case 0, 1, 2, 3 -> born(right.allocate(0, bytes), left.allocate(0, bytes));
        case 4 ->
            born(right.allocateAligned(0, align, bytes), left.allocateAligned(0, align, bytes));
        case 5, 6 -> resize(any(), bytes);
        case 7 -> bulk(any(), any());
        case 8 -> assertEquals(right.trim(bytes), left.trim(bytes), "trimmed");
        default -> {
          long block = any();
          right.free(0, block);
          left.free(0, block);
        }
      }
    }

    private void resize(long block, long bytes) {
      long now = right.resize(0, block, bytes);
      assertEquals(now, left.resize(0, block, bytes), "resized");
      live.add(now == 0 ? block : now);
    }

    private void bulk(long one, long other) {
      right.freeBulk(0, new long[] {one, 0, other}, 0, 3);
      left.freeBulk(0, new long[] {one, 0, other}, 0, 3);
    }

    void compare() {
      assertTrue(left.checkInvariants() > 0);
      assertEquals(right.checkInvariants(), left.checkInvariants(), "facts");
      assertEquals(right.statistics(), left.statistics());
      assertEquals(right.census(), left.census());
      assertEquals(right.peakFootprint(), left.peakFootprint());
      assertEquals(right.footprintLimit(), left.footprintLimit());
    }
  }

  @ParameterizedTest(name = "seed {0}: {1}")
  @CsvSource({
    "1, granularity=0",
    "2, footers=on",
    "3, contiguous=off release.checks=7",
    "4, mmap.threshold=16000",
    "5, mmap.threshold=16000 footers=on contiguous=off release.checks=20",
    "6, mode=fixed capacity=500000",
    "7, granularity=64K trim.threshold=70000",
    "8, footprint.limit=400000",
    "9, trim.threshold=0",
    "10, trim.threshold=off lock=off"
  })
  void shouldGoOnAsAnUndisturbedHeapDoes(long seed, String text) {
    String[] settings = text.split("[ =]", -1);
    Ground still = new Ground(8L << 20);
    still.gap = ground.gap = (int) seed % 3;
    DlHeap first = ground.heap(settings);
    Twins twins = new Twins(first, still.heap(settings), seed);
    try {
      for (int step = 0; step < 2500; step++) {
        twins.step();
        if (step % 125 == 60) {
          twins.left = succeed(ground, (DlHeap) twins.left, settings);
          twins.compare();
        }
      }
      twins.compare();
      assertEquals(still.takenBytes(), ground.takenBytes());
      assertNotSame(first, twins.left);
    } catch (RuntimeException | AssertionError e) {
      throw new AssertionError("seed " + seed, e);
    }
  }

  @Test
  void shouldHandOverAHeapThatWasNeverUsed() {
    DlHeap fresh = succeed(ground, ground.heap());
    assertEquals(0, fresh.footprint());
    assertEquals(16, fresh.allocate(0, 1) - ground.base);
    assertTrue(fresh.checkInvariants() > 0);
  }

  @Test
  void shouldLeaveThePredecessorEmptyHanded() {
    DlHeap old = ground.heap("mmap.threshold", "64K");
    long block = old.allocate(0, 100);
    old.allocate(0, 100 * KIB);
    DlHeap fresh = succeed(ground, old, "mmap.threshold", "64K");
    assertEquals(0, old.footprint());
    assertEquals(0, old.census().liveCount());
    assertThrows(MisuseException.class, () -> old.free(0, block));
    assertTrue(old.checkInvariants() > 0);
    assertEquals(2, fresh.census().liveCount());
    fresh.free(0, block);
  }

  @Test
  void shouldLeaveThePredecessorAsItWasIfTheSwapIsGivenUp() {
    DlHeap old = ground.heap("contiguous", "off", "mmap.threshold", "64K");
    List<Long> blocks = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      blocks.add(old.allocate(0, 3000L * i));
    }
    for (int i = 0; i < 40; i += 3) {
      old.free(0, blocks.get(i));
    }
    CensusSummary before = old.census();
    DlHeap fresh = successor(ground, old, "mmap.threshold", "64K");
    assertEquals(before, fresh.census());
    fresh.close();
    assertEquals(before, old.census());
    assertTrue(old.checkInvariants() > 0);
    for (int i = 1; i < 40; i += 3) {
      old.free(0, blocks.get(i));
    }
    assertTrue(old.checkInvariants() > 0);
  }

  @Test
  void shouldApplySettingsThatNothingInMemoryDependsOn() {
    DlHeap old = ground.heap("granularity", "4K");
    long block = old.allocate(0, 3000);
    DlHeap fresh =
        succeed(
            ground,
            old,
            "granularity",
            "64K",
            "trim.threshold",
            "16K",
            "footprint.limit",
            "1M",
            "contiguous",
            "off",
            "mmap.threshold",
            "128K");
    assertEquals(1 << 20, fresh.footprintLimit());
    long large = fresh.allocate(0, 200 * KIB);
    assertEquals(204 * KIB + 4096, fresh.footprint(), "a span of its own");
    fresh.free(0, large);
    fresh.allocate(0, 60 * KIB);
    assertEquals(64 * KIB + 4096, fresh.footprint(), "the new granules");
    assertTrue(fresh.checkInvariants() > 0);
    fresh.free(0, block);
  }

  @Test
  void shouldKeepALimitThatWasSetMeanwhile() {
    DlHeap old = ground.heap("footprint.limit", "64K");
    old.footprintLimit(128 * KIB);
    DlHeap second = succeed(ground, old, "footprint.limit", "1M");
    assertEquals(128 * KIB, second.footprintLimit());
    second.footprintLimit(1 << 20);
    assertEquals(1 << 20, second.footprintLimit());
    DlHeap third = succeed(ground, second, "footprint.limit", "2M");
    assertEquals(2 << 20, third.footprintLimit(), "as configured, so the new configuration");
  }

  @Test
  void shouldRecogniseBlocksByThePredecessorsFooter() {
    DlHeap old = ground.heap("footers", "on");
    long block = old.allocate(0, 100);
    DlHeap fresh = succeed(ground, old, "footers", "on");
    long younger = fresh.allocate(0, 100);
    fresh.free(0, block);
    fresh.free(0, younger);
    assertEquals(0, fresh.census().liveCount());
    assertTrue(fresh.checkInvariants() > 0);
  }

  @Test
  void shouldGoOnCountingLargeFrees() {
    DlHeap old = ground.heap("contiguous", "off", "release.checks", "3");
    ground.gap = 1;
    long[] blocks = new long[5];
    for (int i = 0; i < 5; i++) {
      blocks[i] = old.allocate(0, 3000);
    }
    old.free(0, blocks[0]);
    old.free(0, blocks[1]);
    DlHeap fresh = succeed(ground, old, "contiguous", "off", "release.checks", "3");
    assertEquals(5, OracleTest.statistic(fresh, "segments"));
    fresh.free(0, blocks[2]);
    assertEquals(2, OracleTest.statistic(fresh, "segments"));
  }

  // ------------------------------------------------------------------------------------ refusals

  private void refused(DlHeap fresh, LayoutState state, String... words) {
    long footprint = fresh.footprint();
    long facts = fresh.checkInvariants();
    Exception thrown =
        assertThrows(
            TransferRefusedException.class, () -> fresh.adopt(state), String.join(" ", words));
    for (String word : words) {
      assertTrue(String.valueOf(thrown.getMessage()).contains(word), thrown.getMessage());
    }
    assertEquals(footprint, fresh.footprint());
    assertEquals(facts, fresh.checkInvariants());
  }

  private DlHeap used(String... settings) {
    DlHeap heap = ground.heap(settings);
    long[] blocks = new long[60];
    for (int i = 0; i < blocks.length; i++) {
      blocks[i] = heap.allocate(0, 40 + 30L * i);
    }
    for (int i = 0; i < blocks.length; i += 2) {
      heap.free(0, blocks[i]);
    }
    heap.allocate(0, 20); // leaves a victim
    return heap;
  }

  @Test
  void shouldRefuseAnotherLayoutOrVersion() {
    DlHeap old = used();
    assertThrows(
        TransferRefusedException.class, () -> old.exportState(new TransferForm("heap.dl", 2)));
    LayoutState state = old.exportState(new TransferForm("heap.dl", 1));
    for (String name : new String[] {"heap.dl", "heap.other"}) {
      TransferForm form = new TransferForm(name, 2);
      LayoutState other = new LayoutState(form, state.segments(), state.figures());
      refused(ground.heap(), other, "heap.dl/1", name + "/2");
    }
  }

  @Test
  void shouldRefuseSettingsThatMemoryContradicts() {
    LayoutState plain = used().exportState(new TransferForm("heap.dl", 1));
    refused(ground.heap("footers", "on"), plain, "footers is 0 there and 1 here");
    refused(ground.heap("mode", "fixed"), plain, "mode fixed is 0 there and 1 here");
    LayoutState fixed =
        used("mode", "fixed", "capacity", "256K").exportState(new TransferForm("heap.dl", 1));
    refused(ground.heap(), fixed, "mode fixed");
    refused(
        ground.heap("mode", "fixed", "capacity", "512K"), fixed, "capacity is 262144", "524288");
    Ground large = new Ground(1 << 20);
    large.pageBytes = 8192;
    refused(large.heap(), plain, "page is 4096 there and 8192 here");
  }

  @Test
  void shouldRefuseIfItHoldsSomethingItself() {
    DlHeap old = used();
    DlHeap mine = ground.heap();
    long block = mine.allocate(0, 100);
    refused(mine, old.exportState(new TransferForm("heap.dl", 1)), "4096 bytes of its own");
    mine.free(0, block);
  }

  @Test
  void shouldRefuseIfAnyFigureIsMissingOrDoesNotAgree() {
    DlHeap old = used("mmap.threshold", "64K");
    old.allocate(0, 100 * KIB);
    LayoutState state = old.exportState(new TransferForm("heap.dl", 1));
    assertTrue(state.figures().size() > 30, state.figures().toString());
    for (String name : state.figures().keySet()) {
      Map<String, Long> without = new HashMap<>(state.figures());
      without.remove(name);
      refused(ground.heap(), new LayoutState(state.form(), state.segments(), without), name);
    }
    List<String> free =
        List.of( // of them nothing in memory knows
            "peak",
            "limit",
            "limit.configured",
            "trim.check",
            "trim.threshold",
            "release.checks",
            "contiguous",
            "imports",
            "releases",
            "failures",
            "postponed",
            "footer");
    for (String name : state.figures().keySet()) {
      for (long change : new long[] {1, 16, -16, 1L << 40, -1L << 62}) {
        Map<String, Long> wrong = new HashMap<>(state.figures());
        wrong.merge(name, change, Long::sum);
        boolean bounds = name.equals("least") || name.equals("extent"); // wider ones agree as well
        boolean flags = name.equals("newest.flags") && change >>> 32 == 0;
        if (!free.contains(name) && !bounds && !flags) {
          LayoutState bad = new LayoutState(state.form(), state.segments(), wrong);
          DlHeap fresh = ground.heap();
          assertThrows(
              TransferRefusedException.class, () -> fresh.adopt(bad), name + " by " + change);
          refused(fresh, bad);
        }
      }
    }
    refused(ground.heap(), new LayoutState(state.form(), List.of(), state.figures()), "1 chunks");
    assertTrue(old.checkInvariants() > 0);
  }

  @Test
  void shouldRefuseMemoryThatDoesNotAgree() {
    DlHeap old = ground.heap("contiguous", "off");
    ground.gap = 1;
    for (int i = 0; i < 5; i++) {
      old.allocate(0, 3000);
    }
    LayoutState state = old.exportState(new TransferForm("heap.dl", 1));
    long record = state.figures().getOrDefault("newest.next", 0L);
    assertNotEquals(0, record);
    for (int word = 0; word < 3; word++) {
      for (long wrong : new long[] {-1, 1, 4097, 1L << 50, record}) {
        long at = record + 8L * word;
        long right = ground.memory.getLong(at);
        ground.memory.putLong(at, wrong);
        refused(ground.heap(), state);
        ground.memory.putLong(at, right);
      }
    }
    succeed(ground, old).checkInvariants();
  }

  // ------------------------------------------------------------------------------------- bundles

  /** Loads this module's classes anew, as an updated bundle does, and the rest from its parent. */
  private static final class Bundle extends ClassLoader {
    Bundle() {
      super(HandOverTest.class.getClassLoader());
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      synchronized (getClassLoadingLock(name)) {
        Class<?> loaded = findLoadedClass(name);
        if (loaded != null || !name.startsWith("heap.dl.") || name.contains("Ground")) {
          return loaded != null ? loaded : super.loadClass(name, resolve);
        }
        try (InputStream in = getResourceAsStream(name.replace('.', '/') + ".class")) {
          if (in == null) {
            throw new ClassNotFoundException(name);
          }
          byte[] code = in.readAllBytes();
          return defineClass(name, code, 0, code.length);
        } catch (IOException e) {
          throw new ClassNotFoundException(name, e);
        }
      }
    }

    HeapEngine open(HeapContext context, String... settings) throws ReflectiveOperationException {
      Class<?> provider = loadClass("heap.dl.DlProvider");
      Object made = provider.getConstructor().newInstance();
      return ((HeapProvider) made).open(context, Ground.settings(settings));
    }
  }

  @Test
  void shouldHandOverFromOneBundleToTheNextAndBackAndHoldNoneOfThem()
      throws ReflectiveOperationException, InterruptedException {
    String[] settings = {"mmap.threshold", "20000", "footers", "on"};
    Ground still = new Ground(8L << 20);
    List<WeakReference<?>> gone = new ArrayList<>();
    Twins twins = new Twins(new Bundle().open(ground, settings), still.heap(settings), 99);
    assertNotSame(DlHeap.class, twins.left.getClass());
    gone.add(new WeakReference<>(twins.left.getClass()));
    for (int bundle = 0; bundle < 4; bundle++) {
      for (int step = 0; step < 300; step++) {
        twins.step();
      }
      HeapEngine old = twins.left;
      HeapEngine next = new Bundle().open(ground.successor(), settings);
      next.adopt(old.exportState(next.importForms().getFirst()));
      old.handedOver();
      old.close();
      twins.left = next;
      gone.add(new WeakReference<>(next.getClass()));
      twins.compare();
    }
    gone.removeLast();
    for (int i = 0; i < 100 && gone.stream().anyMatch(each -> each.get() != null); i++) {
      System.gc();
      Thread.sleep(10);
    }
    assertEquals(0, gone.stream().filter(each -> each.get() != null).count(), "classes held");
    assertTrue(twins.left.checkInvariants() > 0);
  }
}
