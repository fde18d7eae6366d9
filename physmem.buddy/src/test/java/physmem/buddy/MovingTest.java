package physmem.buddy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import allocator.api.MisuseException;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import physmem.api.FrameConstraints;
import physmem.api.FrameEngine;
import physmem.api.FrameFlags;
import physmem.api.FrameSpan;

/** Compaction, offline and online with an owner that knows what lies in each of its blocks. */
class MovingTest {
  private static final long BASE = 1 << 20;
  private static final int FRAMES = 16384;

  private final BuddyFrames engine = TestRam.spans(2, BASE, FRAMES).open();
  private final Map<Long, Integer> owned = new HashMap<>(); // first frame to order

  private boolean move(long from, long to, int order) {
    assertEquals(order, owned.remove(from), "block at " + from);
    assertFalse(owned.containsKey(to), "room at " + to);
    owned.put(to, order);
    return true;
  }

  private void scatter(long seed) {
    Random random = new Random(seed);
    for (int i = 0; i < FRAMES; i++) {
      int order = random.nextInt(4) == 0 ? random.nextInt(3) : 0;
      long frame = engine.allocate(0, order, FrameFlags.MOVABLE);
      if (frame != FrameEngine.NONE) {
        owned.put(frame, order);
      }
    }
    for (Long frame : owned.keySet().toArray(Long[]::new)) {
      if (random.nextInt(3) != 0) {
        engine.free(0, frame, Objects.requireNonNull(owned.remove(frame)));
      }
    }
    engine.drain();
  }

  private void assertOwned() {
    engine.checkInvariants();
    Map<Long, Long> sizes = new HashMap<>();
    owned.forEach((frame, order) -> sizes.put(frame, 1L << order));
    Map<Long, Long> seen = new HashMap<>();
    engine.walk((base, size, attributes) -> seen.put(base, size) == null);
    assertEquals(sizes, seen);
  }

  @Test
  void shouldMakeALargeBlockByMovingSmallOnes() {
    scatter(42);
    assertEquals(FrameEngine.NONE, tryLargest(), "scattered");
    long moved = engine.compact(10, this::move);
    assertTrue(moved > 0, "moved " + moved);
    assertOwned();
    assertTrue(tryLargest() >= 0, "compacted");
  }

  private long tryLargest() {
    return engine.allocate(0, 10, 0);
  }

  @Test
  void shouldLeaveBlocksWhoseOwnerRefuses() {
    scatter(43);
    assertEquals(0, engine.compact(10, (from, to, order) -> false));
    assertOwned();
  }

  @Test
  void shouldNotMoveWhatIsNotMovable() {
    long[] frames = new long[FRAMES];
    int count = engine.allocateBulk(0, 0, FrameFlags.UNMOVABLE, frames, 0, FRAMES);
    for (int i = 0; i < count; i += 2) {
      engine.free(0, frames[i], 0);
    }
    assertEquals(0, engine.compact(9, this::move));
  }

  @Test
  void shouldTakeFramesOutOfServiceAndBack() {
    scatter(44);
    long free = engine.freeFrames();
    FrameSpan span = new FrameSpan(BASE + 100, 3000, 0);
    assertTrue(engine.offline(span, this::move));
    assertOwned();
    assertEquals(free - 3000, engine.freeFrames());
    assertEquals(FRAMES - 3000, engine.zones().getFirst().managed());
    assertEquals(FRAMES, engine.zones().getFirst().spanned());
    owned.keySet().forEach(frame -> assertFalse(frame >= span.start() && frame < span.end()));
    assertFalse(engine.allocateAt(0, BASE + 200, 1, 0), "out of service");
    assertTrue(engine.online(span));
    assertFalse(engine.online(span), "it is there");
    assertOwned();
    assertEquals(free, engine.freeFrames());
  }

  @Test
  void shouldTakeAndPutBackFramesOfTwoZones() {
    TestRam ram = TestRam.spans(2, 256, 7680);
    BuddyFrames two = ram.open();
    FrameSpan span = new FrameSpan(3884, 213, 0); // DMA ends at 4096
    assertTrue(two.offline(span, this::move));
    assertEquals(7680 - 213, two.freeFrames());
    assertFalse(two.allocateAt(0, 4095, 1, 0));
    assertFalse(two.allocateAt(0, 4096, 1, 0));
    assertTrue(two.online(span));
    assertEquals(7680, two.freeFrames());
    assertTrue(two.allocateAt(0, 4095, 2, 0));
    assertTrue(two.checkInvariants() > 0);
  }

  @Test
  void shouldTakeAndPutBackFramesOfOneNodeOnly() {
    BuddyFrames two =
        TestRam.of(2, new FrameSpan(BASE, 1024, 0), new FrameSpan(BASE + 1024, 1024, 1)).open();
    assertFalse(two.offline(new FrameSpan(BASE + 1000, 100, 0), this::move), "goes into node 1");
    assertFalse(two.offline(new FrameSpan(BASE, 100, 1), this::move), "is on node 0");
    assertEquals(2048, two.freeFrames());
    assertTrue(two.offline(new FrameSpan(BASE + 1024, 100, 1), this::move));
    assertTrue(two.online(new FrameSpan(BASE + 1024, 100, 1)));
    assertTrue(two.checkInvariants() > 0);
  }

  @Test
  void shouldNotPutAFrameWithAFaultBack() {
    assertTrue(engine.allocateAt(0, BASE + 5, 1, FrameFlags.MOVABLE));
    assertFalse(engine.poison(BASE + 5, MovingTest::refuse), "in use");
    engine.freeRange(0, BASE + 5, 1);
    assertFalse(engine.offline(new FrameSpan(BASE, 10, 0), this::move), "one is gone");
    long single = engine.allocate(0, 0, FrameFlags.MOVABLE);
    owned.put(single, 0);
    assertFalse(engine.poison(single, MovingTest::refuse), "in use");
    FrameSpan span = new FrameSpan(single, 1, 0);
    assertTrue(engine.offline(span, this::move));
    assertFalse(engine.online(span), "it has a fault");
    assertTrue(engine.checkInvariants() > 0);
  }

  @Test
  void shouldKeepFramesInServiceThatCannotBeFreed() {
    scatter(45);
    assertTrue(engine.allocateAt(0, firstFree(), 1, FrameFlags.UNMOVABLE));
    long free = engine.freeFrames();
    assertFalse(engine.offline(new FrameSpan(BASE, FRAMES, 0), this::move));
    assertFalse(engine.offline(new FrameSpan(BASE - 1, 2, 0), this::move), "not there");
    assertEquals(free, engine.freeFrames());
    engine.checkInvariants();
  }

  private long firstFree() {
    long frame = BASE;
    while (!engine.allocateAt(0, frame, 1, 0)) {
      frame++;
    }
    engine.freeRange(0, frame, 1);
    return frame;
  }

  @Test
  void shouldUndoAnOfflineThatTheOwnerStops() {
    scatter(46);
    long free = engine.freeFrames();
    int[] calls = {0};
    assertFalse(
        engine.offline(
            new FrameSpan(BASE, 2048, 0),
            (from, to, order) -> calls[0]++ < 10 && move(from, to, order)));
    assertEquals(11, calls[0]);
    assertEquals(free, engine.freeFrames());
    engine.drain();
    assertOwned();
  }

  @Test
  void shouldGrowIntoTheRoomLeftForIt() {
    BuddyFrames small = TestRam.spans(1, BASE, 1024).open("hotplugRoom", "64M");
    assertFalse(small.online(new FrameSpan(BASE + 100_000, 1024, 0)), "past the room");
    assertFalse(small.online(new FrameSpan(BASE + 1024, 1024, 1)), "another node");
    assertTrue(small.online(new FrameSpan(BASE + 1024, 2000, 0)));
    assertEquals(3024, small.freeFrames());
    assertEquals(3024, small.zones().getFirst().spanned());
    small.checkInvariants();
  }

  private long managed() {
    return engine.zones().stream().mapToLong(zone -> zone.managed()).sum();
  }

  private static boolean refuse(long from, long to, int order) {
    return false;
  }

  @Test
  void shouldTakeAFreeFrameOutForGood() {
    assertTrue(engine.poison(BASE + 77, MovingTest::refuse));
    assertEquals(FRAMES - 1, managed());
    assertEquals(FRAMES, engine.zones().getFirst().present(), "still present");
    for (int i = 0; i < FRAMES - 1; i++) {
      assertNotEquals(BASE + 77, engine.allocate(0, 0, FrameFlags.UNMOVABLE));
    }
    assertEquals(FrameEngine.NONE, engine.allocate(0, 0, FrameFlags.UNMOVABLE));
    assertThrows(MisuseException.class, () -> engine.poison(BASE + 77, this::move), "twice");
    assertThrows(MisuseException.class, () -> engine.poison(1L << 40, this::move), "foreign");
    assertTrue(engine.checkInvariants() > 0);
  }

  @Test
  void shouldMoveTheContentsOfAPoisonedFrame() {
    scatter(11);
    long block = owned.keySet().iterator().next();
    int order = Objects.requireNonNull(owned.get(block));
    int before = owned.size();
    assertTrue(engine.poison(block + (1L << order) - 1, this::move));
    assertFalse(owned.containsKey(block));
    assertEquals(before, owned.size());
    assertEquals(FRAMES - 1, managed());
    assertTrue(engine.checkInvariants() > 0);
  }

  @Test
  void shouldTakeAPoisonedFrameWhenItsOwnerFreesIt() {
    long single = engine.allocate(0, 0, FrameFlags.UNMOVABLE);
    long block = engine.allocate(0, 3, FrameFlags.UNMOVABLE);
    long run = engine.allocateContiguous(0, 20, FrameConstraints.ANYWHERE, 0);
    long moving = engine.allocate(0, 0, FrameFlags.MOVABLE);
    for (long frame : new long[] {single, block + 5, run + 9, moving}) {
      assertFalse(engine.poison(frame, MovingTest::refuse), "in use");
    }
    assertEquals(FRAMES, managed());
    engine.free(0, single, 0);
    engine.freeBulk(0, 3, new long[] {block}, 0, 1);
    engine.freeRange(0, run + 5, 10);
    engine.free(0, moving, 0);
    assertEquals(FRAMES - 4, managed());
    engine.freeRange(0, run, 5);
    engine.freeRange(0, run + 15, 5);
    assertEquals(FRAMES - 4, engine.freeFrames());
    assertTrue(engine.checkInvariants() > 0);
    Set<Long> gone = Set.of(single, block + 5, run + 9, moving);
    for (int i = 0; i < FRAMES - 4; i++) {
      assertFalse(gone.contains(engine.allocate(0, 0, FrameFlags.MOVABLE)));
    }
    assertEquals(FrameEngine.NONE, engine.allocate(0, 0, FrameFlags.MOVABLE));
  }
}
