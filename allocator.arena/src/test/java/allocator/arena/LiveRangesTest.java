package allocator.arena;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import allocator.api.MisuseException;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Live ranges grow, shrink and are cut; by hand, and against a map of what is live. */
class LiveRangesTest {
  private static final long Q = 0x10;
  private static final long BASE = 0x1000;
  private static final long SIZE = 0x1000;

  private final Arena arena = Arenas.plain(Q, BASE, SIZE);
  private final LiveRanges live = arena.live();
  private final TreeMap<Long, long[]> map = new TreeMap<>(); // base to size and note

  @Test
  void shouldGrowIntoWhatIsFreeBehind() {
    long low = arena.allocate(0, 0x20, Fit.INSTANT);
    long high = arena.allocate(0, 0x20, Fit.INSTANT);
    assertFalse(live.resize(low, 0x21, 0), "the next is live");
    assertEquals(0x20, live.sizeAt(low));
    arena.free(0, high, 0x20);
    assertTrue(live.resize(low, 0x21, 7));
    assertEquals(0x21, live.sizeAt(low));
    assertEquals(7, live.noteAt(low));
    assertTrue(live.resize(low, SIZE, 0), "all of the span");
    assertEquals(0, arena.freeBytes());
    assertFalse(live.resize(low, SIZE + 1, 0));
    assertFalse(live.resize(low, -1, 0), "past 2^64");
    assertTrue(live.resize(low, 1, 0));
    assertEquals(SIZE - Q, arena.freeBytes());
    assertTrue(arena.checkInvariants() > 0);
    arena.free(0, low, 1);
    assertEquals(SIZE, arena.largestFree());
  }

  @Test
  void shouldGrowPastTheRotorAndToTheEndOfAllIntegers() {
    Arena top = Arenas.plain(Q, -0x100, 0x100);
    long base = top.allocate(0, Q, Fit.NEXT); // the rotor stands behind it
    assertTrue(top.live().resize(base, 0x80, 0));
    assertTrue(top.checkInvariants() > 0);
    assertTrue(top.live().resize(base, 0x100, 0));
    assertEquals(0, top.freeBytes());
    assertTrue(top.live().resize(base, 0xef, 0));
    assertEquals(Q, top.freeBytes());
    assertTrue(top.checkInvariants() > 0);
  }

  @Test
  void shouldRefuseWhatIsNotLiveAndChangeNothing() {
    long base = arena.allocate(0, 0x40, Fit.INSTANT);
    String before = arena.statistics().toString();
    assertThrows(MisuseException.class, () -> live.resize(base + Q, Q, 0));
    assertThrows(MisuseException.class, () -> live.resize(base, 0, 0));
    assertThrows(MisuseException.class, () -> live.freePart(base, 0));
    assertThrows(MisuseException.class, () -> live.freePart(base, 0x50));
    assertThrows(MisuseException.class, () -> live.freePart(base + 1, Q));
    assertThrows(MisuseException.class, () -> live.freePart(base + 0x40, Q));
    assertThrows(MisuseException.class, () -> live.freePart(base - Q, 0x20));
    assertThrows(MisuseException.class, () -> live.freePart(-Q, 0x20));
    assertEquals(0, live.sizeAt(base + Q));
    assertEquals(-1, live.noteAt(0));
    String after = arena.statistics().toString();
    assertEquals(
        before.replaceAll("lookup, value=\\d+", ""), after.replaceAll("lookup, value=\\d+", ""));
    assertTrue(arena.checkInvariants() > 0);
  }

  @Test
  void shouldNotTouchWhatAQuantumCacheHolds() {
    Arena cached =
        Arenas.of(
            new ArenaShape("cached", Q, Optional.empty(), 8 * Q, "bytes"), ArenaTuning.DEFAULT);
    cached.addSpan(BASE, SIZE);
    long base = cached.allocate(0, Q, Fit.INSTANT, 5);
    cached.free(0, base, Q);
    assertEquals(Q, cached.cachedBytes());
    assertEquals(0, cached.live().sizeAt(base));
    assertThrows(MisuseException.class, () -> cached.live().resize(base, 2 * Q, 0));
    assertThrows(MisuseException.class, () -> cached.live().freePart(base, Q));
    assertEquals(base, cached.allocateCached(0, Q, 6));
    assertEquals(6, cached.live().noteAt(base), "the new owner's note");
    assertEquals(Arena.NONE, cached.allocateCached(0, Q, 0), "the cache is empty");
    assertEquals(Arena.NONE, cached.allocateCached(0, SIZE, 0), "no cache for it");
  }

  @Test
  void shouldCutARangeAndKeepItsNoteOnBothSides() {
    long base = arena.allocate(0, 0x100, Fit.INSTANT, Arena.NOTE_MAX);
    live.freePart(base + 0x40, 0x20);
    assertEquals(
        "1000+40/%d 1060+a0/%d".formatted(Arena.NOTE_MAX, Arena.NOTE_MAX),
        Arenas.shown(arena::walkAllocated));
    assertTrue(arena.checkInvariants() > 0);
    arena.free(0, base, 0x40);
    arena.free(0, base + 0x60, 0xa0);
    assertEquals(SIZE, arena.largestFree());
  }

  @Test
  void shouldNeedNoTagThatTheLimitForbids() {
    Arena tight = Arenas.of(ArenaShape.of("tight", Q), Arenas.settings("segmentsMax", "6"));
    tight.addSpan(BASE, SIZE);
    long base = tight.allocate(0, 0x100, Fit.INSTANT);
    String before = Arenas.shown(tight::walkAllocated);
    assertThrows(MisuseException.class, () -> tight.live().freePart(base + Q, Q));
    assertEquals(before, Arenas.shown(tight::walkAllocated));
    assertTrue(tight.checkInvariants() > 0);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
  void shouldAgreeWithAMap(long seed) {
    Random random = new Random(seed);
    for (int step = 0; step < 1500; step++) {
      step(random);
      if (step % 10 == 0) {
        assertEquals(shown(), Arenas.shown(arena::walkAllocated), "seed " + seed);
        assertTrue(arena.checkInvariants() > 0);
      }
    }
    map.forEach((base, range) -> arena.freeConstrained(base, range[0]));
    assertEquals(SIZE, arena.freeBytes(), "seed " + seed);
  }

  private void step(Random random) {
    int note = random.nextInt(Arena.NOTE_MAX);
    long any = BASE + random.nextInt((int) (SIZE / Q)) * Q;
    Map.Entry<Long, long[]> near = map.floorEntry(any);
    switch (random.nextInt(5)) {
      case 0, 1 -> {
        long size = 1 + random.nextInt(0x200);
        long base = arena.allocate(0, size, Policies.any(random), note);
        if (base != Arena.NONE) {
          map.put(base, new long[] {size, note});
        }
      }
      case 2 -> {
        if (near != null) {
          arena.freeConstrained(near.getKey(), near.getValue()[0]);
          map.remove(near.getKey());
        }
      }
      case 3 -> {
        if (near != null) {
          resize(near.getKey(), 1 + random.nextInt(0x300), note);
        }
      }
      default -> freePart(any, (1 + random.nextInt(20)) * Q);
    }
  }

  private void resize(long base, long size, int note) {
    Long next = map.higherKey(base);
    long room = (next == null ? BASE + SIZE : next) - base;
    assertEquals(size <= room, live.resize(base, size, note), "room %x, %x".formatted(room, size));
    if (size <= room) {
      map.put(base, new long[] {size, note});
    }
  }

  private void freePart(long from, long size) {
    long end = from + size;
    boolean whole = true;
    for (long at = from; at < end; at += Q) {
      Map.Entry<Long, long[]> entry = map.floorEntry(at);
      whole &= entry != null && at < roundedEnd(entry) && at < BASE + SIZE;
    }
    assertEquals(whole, live.cover(from, size));
    if (!whole) {
      assertThrows(MisuseException.class, () -> live.freePart(from, size));
      return;
    }
    live.freePart(from, size);
    long at = Objects.requireNonNull(map.floorKey(from));
    for (Long key : map.subMap(at, true, end, false).keySet().toArray(Long[]::new)) {
      long[] range = Objects.requireNonNull(map.remove(key));
      if (key < from) {
        map.put(key, new long[] {from - key, range[1]});
      }
      if (key + range[0] > end) {
        map.put(end, new long[] {key + range[0] - end, range[1]});
      }
    }
  }

  private static long roundedEnd(Map.Entry<Long, long[]> entry) {
    return Numbers.roundUp(entry.getKey() + entry.getValue()[0], Q);
  }

  private String shown() {
    StringBuilder text = new StringBuilder();
    map.forEach((base, range) -> {
      text.append(text.isEmpty() ? "" : " ").append("%x+%x".formatted(base, range[0]));
      text.append(range[1] == 0 ? "" : "/" + range[1]);
    });
    return text.toString();
  }
}
