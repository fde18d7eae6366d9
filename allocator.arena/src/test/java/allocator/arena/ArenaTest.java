package allocator.arena;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import allocator.api.MisuseException;
import org.junit.jupiter.api.Test;

class ArenaTest {
  private static final long Q = 0x1000;
  private static final long BASE = 0x10000;
  private final Arena arena = Arenas.plain(Q, BASE, 16 * Q);

  private long allocate(long quanta) {
    return arena.allocate(0, quanta * Q, Fit.INSTANT);
  }

  private String free() {
    return Arenas.shown(arena::walkFree);
  }

  @Test
  void shouldHandOutDisjointRangesFromTheLowEnd() {
    assertEquals(BASE, allocate(1));
    assertEquals(BASE + Q, allocate(2));
    assertEquals("10000+1000 11000+2000", Arenas.shown(arena::walkAllocated));
    assertEquals("13000+d000", free());
    assertEquals(3 * Q, arena.allocatedBytes());
    assertEquals(13 * Q, arena.freeBytes());
    assertEquals(13 * Q, arena.largestFree());
    assertTrue(arena.checkInvariants() > 20);
  }

  @Test
  void shouldCoalesceWithBothNeighbours() {
    long low = allocate(1);
    long middle = allocate(1);
    long high = allocate(1);
    allocate(1);
    arena.free(0, low, Q);
    arena.free(0, high, Q);
    assertEquals("10000+1000 12000+1000 14000+c000", free());
    arena.free(0, middle, Q);
    assertEquals("10000+3000 14000+c000", free());
    arena.checkInvariants();
  }

  @Test
  void shouldNeverCoalesceAcrossSpans() {
    arena.addSpan(BASE + 16 * Q, 16 * Q);
    assertEquals("10000+10000 20000+10000", free());
    assertEquals(Arena.NONE, allocate(17));
    long all = allocate(16);
    arena.free(0, all, 16 * Q);
    assertEquals("10000+10000 20000+10000", free());
    assertEquals("10000+10000 20000+10000", Arenas.shown(arena::walkSpans));
    arena.checkInvariants();
  }

  @Test
  void shouldKeepTheExactSizeAndUseWholeQuanta() {
    long odd = arena.allocate(0, 1, Fit.INSTANT);
    assertEquals("10000+1", Arenas.shown(arena::walkAllocated));
    assertEquals("11000+f000", free());
    assertEquals(1, arena.allocatedBytes());
    assertThrows(MisuseException.class, () -> arena.free(0, odd, Q));
    arena.free(0, odd, 1);
    assertEquals("10000+10000", free());
  }

  @Test
  void shouldAnswerNoneWhenExhaustedAndCountIt() {
    assertEquals(BASE, allocate(16));
    assertEquals(Arena.NONE, allocate(1));
    assertEquals(1, Arenas.figure(arena, "fail"));
    assertEquals(0, arena.largestFree());
    arena.checkInvariants();
  }

  @Test
  void shouldAnswerNoneToHugeSizes() {
    for (long size : new long[] {-1, -Q, Long.MIN_VALUE, Long.MAX_VALUE, 17 * Q}) {
      for (Fit policy : Fit.values()) {
        assertEquals(Arena.NONE, arena.allocate(0, size, policy), policy + " " + size);
        assertEquals(
            Arena.NONE, arena.allocateConstrained(size, Constraints.aligned(2 * Q), policy));
      }
    }
    assertEquals("10000+10000", free());
    arena.checkInvariants();
  }

  @Test
  void shouldRefuseMisuseAndChangeNothing() {
    long live = allocate(2);
    String before = arena.statistics().toString();
    refuses("not live", () -> arena.free(0, live + Q, Q));
    refuses("was allocated with size 0x2000", () -> arena.free(0, live, Q));
    refuses("not live", () -> arena.free(0, 0x5000, Q));
    refuses("not live", () -> arena.freeConstrained(-Q, Q));
    refuses("0 bytes", () -> arena.allocate(0, 0, Fit.BEST));
    refuses("0 bytes", () -> arena.allocateConstrained(0, Constraints.aligned(Q), Fit.BEST));
    refuses("overlaps the span at 0x10000", () -> arena.addSpan(BASE + 15 * Q, 2 * Q));
    refuses("overlaps the span at 0x10000", () -> arena.addSpan(BASE - Q, 32 * Q));
    refuses("whole quanta", () -> arena.addSpan(BASE + 0x100, Q));
    refuses("whole quanta", () -> arena.addSpan(BASE * 2, 0));
    refuses("passes the end", () -> arena.addSpan(-Q, 2 * Q));
    refuses("1 ranges are live", arena::close);
    assertEquals(before, arena.statistics().toString());
    assertEquals("10000+2000", Arenas.shown(arena::walkAllocated));
    arena.free(0, live, 2 * Q);
    refuses("not live", () -> arena.free(0, live, 2 * Q));
    arena.checkInvariants();
  }

  private static void refuses(String why, Runnable call) {
    String message = assertThrows(MisuseException.class, call::run).toString();
    assertTrue(message.contains(why), message);
  }

  @Test
  void shouldRefuseContradictoryConstraints() {
    long[][] bad = {
      {Q, Q, 0, 0, 0},
      {0, Q, 0, 0, 0},
      {3 * Q, 0, 0, 0, 0},
      {0x800, 0, 0, 0, 0},
      {2 * Q, 0x10, 0, 0, 0},
      {Q, 0, 3 * Q, 0, 0},
      {4 * Q, 0, 2 * Q, 0, 0},
      {Q, 0, Q, 0, 0},
      {4 * Q, 3 * Q, 4 * Q, 0, 0}
    };
    for (long[] c : bad) {
      var where = new Constraints(c[0], c[1], c[2], c[3], c[4]);
      assertThrows(
          IllegalArgumentException.class,
          () -> arena.allocateConstrained(2 * Q, where, Fit.INSTANT),
          where.toString());
    }
    assertEquals("10000+10000", free());
  }

  @Test
  void shouldAnswerNoneIfLimitsAreTooClose() {
    for (long[] limits : new long[][] {{BASE, BASE + Q}, {BASE + 4 * Q, BASE + Q}, {-Q, 0}}) {
      var where = new Constraints(0, 0, 0, limits[0], limits[1]);
      for (Fit policy : Fit.values()) {
        assertEquals(Arena.NONE, arena.allocateConstrained(2 * Q, where, policy));
      }
    }
  }

  @Test
  void shouldAllocateAtAnExactAddress() {
    long wanted = BASE + 5 * Q;
    var where = Constraints.exactly(wanted, 2 * Q, Q);
    assertEquals(wanted, arena.allocateConstrained(2 * Q, where, Fit.INSTANT));
    assertEquals(Arena.NONE, arena.allocateConstrained(2 * Q, where, Fit.INSTANT));
    arena.freeConstrained(wanted, 2 * Q);
    assertEquals("10000+10000", free());
  }

  @Test
  void shouldCycleThroughAllAddressesWithNextFit() {
    for (int round = 0; round < 3; round++) {
      for (int i = 0; i < 16; i++) {
        long got = arena.allocate(0, Q, Fit.NEXT);
        assertEquals(BASE + i * Q, got, "round " + round);
        arena.free(0, got, Q);
        arena.checkInvariants();
      }
    }
  }

  @Test
  void shouldServeTheTopOfTheAddressSpace() {
    Arena top = Arenas.plain(Q, -8 * Q, 8 * Q);
    assertEquals(-8 * Q, top.allocate(0, 4 * Q, Fit.BEST));
    assertEquals(-4 * Q, top.allocate(0, 4 * Q, Fit.NEXT));
    assertEquals(Arena.NONE, top.allocate(0, Q, Fit.INSTANT));
    top.free(0, -4 * Q, 4 * Q);
    var last = new Constraints(0, 0, 0, -Q, 0);
    assertEquals(-Q, top.allocateConstrained(Q, last, Fit.INSTANT));
    assertTrue(top.contains(-8 * Q, 8 * Q));
    assertFalse(top.contains(-8 * Q, 9 * Q));
    top.freeConstrained(-Q, Q);
    top.free(0, -8 * Q, 4 * Q);
    assertEquals(8 * Q, top.largestFree());
    assertEquals(
        Arena.NONE, top.allocateConstrained(Q, new Constraints(16 * Q, 0, 0, 0, 0), Fit.FIRST));
    top.checkInvariants();
  }

  @Test
  void shouldServeASpanThatStraddlesTheSignBitAndAHugeOne() {
    Arena whole = Arenas.plain(Q, Q, -Q); // all addresses but the first quantum
    assertEquals(
        Long.MIN_VALUE,
        whole.allocateConstrained(Q, new Constraints(Long.MIN_VALUE, 0, 0, 0, 0), Fit.INSTANT));
    assertEquals(Q, whole.allocate(0, Long.MAX_VALUE - 2 * Q + 1, Fit.INSTANT));
    assertEquals(Arena.NONE, whole.allocate(0, Long.MIN_VALUE, Fit.BEST));
    assertEquals(Long.MIN_VALUE + Q, whole.allocate(0, Long.MAX_VALUE - Q + 1, Fit.BEST));
    assertEquals(Q, whole.freeBytes());
    whole.checkInvariants();
  }

  @Test
  void shouldServeIdentifiersFromZero() {
    Arena ids = Arenas.of(new ArenaShape("pid", 1, java.util.Optional.empty(), 0, "bytes"));
    ids.addSpan(0, 5);
    for (int i = 0; i < 5; i++) {
      assertEquals(i, ids.allocate(0, 1, Fit.NEXT));
    }
    assertEquals(Arena.NONE, ids.allocate(0, 1, Fit.NEXT));
    ids.free(0, 0, 1);
    assertEquals(0, ids.allocate(0, 1, Fit.NEXT));
    assertThrows(MisuseException.class, () -> ids.addSpan(-2, 2)); // has -1, which means none
    ids.checkInvariants();
  }

  @Test
  void shouldSortSpansAndSayWhatTheyContain() {
    arena.addSpan(0x40000, Q);
    arena.addSpan(0x8000, Q);
    assertEquals("8000+1000 10000+10000 40000+1000", Arenas.shown(arena::walkSpans));
    assertTrue(arena.contains(0x40000, Q));
    assertTrue(arena.contains(0x10800, 1));
    assertFalse(arena.contains(0x8000, 2 * Q));
    assertFalse(arena.contains(0x10000, 0));
    assertEquals(4, Arenas.figure(arena, "contains"));
    arena.checkInvariants();
  }

  @Test
  void shouldEndWalksWhenTheVisitorHasSeenEnough() {
    allocate(1);
    allocate(1);
    int[] seen = {0};
    arena.walkAllocated((base, size, attributes) -> {
      seen[0]++;
      return false;
    });
    assertEquals(1, seen[0]);
  }

  @Test
  void shouldRefuseEveryCallOnceClosed() {
    arena.close();
    assertThrows(MisuseException.class, () -> allocate(1));
    assertThrows(MisuseException.class, arena::freeBytes);
  }

  @Test
  void shouldFailWithoutAChangeWhenTagsRunOut() {
    Arena tight = Arenas.of(ArenaShape.of("tight", 1), Arenas.settings("segmentsMax", "8"));
    tight.addSpan(0x100, 0x100);
    int made = 0;
    while (tight.allocate(0, 1, Fit.INSTANT) != Arena.NONE) {
      made++;
    }
    assertEquals(3, made); // 2 tags for the span and 3 live ones leave fewer than 4
    assertTrue(Arenas.figure(tight, "populate_fail") > 0);
    assertThrows(MisuseException.class, () -> tight.addSpan(0x1000, 1));
    tight.checkInvariants();
    tight.free(0, 0x100, 1);
    tight.free(0, 0x101, 1);
    assertEquals(0x100, tight.allocate(0, 2, Fit.BEST));
    tight.checkInvariants();
  }
}
