package allocator.arena;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import allocator.api.MisuseException;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class QuantumCacheTest {
  private static final long Q = 0x1000;
  private final Arena arena = cached(4, ArenaTuning.DEFAULT);

  private static Arena cached(long sizes, ArenaTuning settings) {
    Arena made =
        Arenas.of(new ArenaShape("cached", Q, Optional.empty(), sizes * Q, "bytes"), settings);
    made.addSpan(Q, 64 * Q);
    return made;
  }

  private long allocate(int cpu, long quanta) {
    return arena.allocate(cpu, quanta * Q, Fit.INSTANT);
  }

  @Test
  void shouldServeTheRangeFreedLastFromTheMagazineOfTheCpu() {
    long first = allocate(0, 1);
    long second = allocate(0, 1);
    arena.free(0, first, Q);
    arena.free(0, second, Q);
    assertEquals(2, Arenas.figure(arena, "alloc"));
    assertEquals(0, Arenas.figure(arena, "free"));
    assertEquals(2, Arenas.figure(arena, "qcache_held"));
    assertTrue(allocate(1, 1) > second);
    assertEquals(second, allocate(0, 1));
    assertEquals(first, allocate(0, 1));
    assertEquals(2, Arenas.figure(arena, "qcache_alloc"));
    arena.checkInvariants();
  }

  @Test
  void shouldCountCachedRangesNeitherLiveNorFree() {
    long range = allocate(0, 2);
    allocate(0, 1);
    arena.free(0, range, 2 * Q);
    assertEquals("3000+1000", Arenas.shown(arena::walkAllocated));
    assertEquals(Q, arena.allocatedBytes());
    assertEquals(61 * Q, arena.freeBytes());
    arena.drain();
    assertEquals(63 * Q, arena.freeBytes());
    assertEquals(0, Arenas.figure(arena, "qcache_held"));
    arena.checkInvariants();
  }

  @Test
  void shouldSeeDoubleFreesAndWrongSizes() {
    long range = allocate(0, 2);
    assertThrows(MisuseException.class, () -> arena.free(0, range, Q));
    assertThrows(MisuseException.class, () -> arena.free(0, range, 3 * Q));
    assertThrows(MisuseException.class, () -> arena.free(0, range + Q, Q));
    arena.free(0, range, 2 * Q);
    assertThrows(MisuseException.class, () -> arena.free(0, range, 2 * Q));
    assertThrows(MisuseException.class, () -> arena.free(1, range, 2 * Q));
    assertThrows(MisuseException.class, () -> arena.freeConstrained(range, 2 * Q));
    assertEquals(1, Arenas.figure(arena, "qcache_held"));
    arena.checkInvariants();
    arena.drain();
    assertThrows(MisuseException.class, () -> arena.free(0, range, 2 * Q));
    arena.checkInvariants();
  }

  @Test
  void shouldPassOddAndLargeSizesBy() {
    long odd = arena.allocate(0, 100, Fit.INSTANT);
    long large = allocate(0, 5);
    arena.free(0, odd, 100);
    arena.free(0, large, 5 * Q);
    assertEquals(0, Arenas.figure(arena, "qcache_held"));
    assertEquals(64 * Q, arena.freeBytes());
  }

  @Test
  void shouldSpillHalfOfAFullMagazine() {
    Arena small = cached(1, Arenas.settings("magazineRounds", "4"));
    for (int i = 0; i < 5; i++) {
      small.allocate(0, Q, Fit.INSTANT);
    }
    for (int i = 0; i < 5; i++) {
      small.free(0, Q * (1 + i), Q);
    }
    assertEquals(3, Arenas.figure(small, "qcache_held"));
    assertEquals(2, Arenas.figure(small, "free"));
    small.checkInvariants();
    small.close();
  }

  @Test
  void shouldDrainTheCachesBeforeItSaysNone() {
    for (int i = 0; i < 64; i++) {
      allocate(0, 1);
    }
    for (int i = 0; i < 8; i++) {
      arena.free(i % 2, Q * (1 + i), Q);
    }
    assertEquals(0, arena.freeBytes());
    assertEquals(Q, allocate(0, 8));
    assertEquals(Arena.NONE, allocate(0, 1));
    arena.free(1, 64 * Q, Q);
    assertEquals(
        64 * Q, arena.allocateConstrained(Q, Constraints.exactly(64 * Q, Q, Q), Fit.INSTANT));
    assertEquals(1, Arenas.figure(arena, "fail"));
    arena.checkInvariants();
  }

  @Test
  void shouldHaveNoCachesIfSwitchedOff() {
    Arena plain = cached(4, Arenas.settings("quantumCaches", "off"));
    long range = plain.allocate(0, Q, Fit.INSTANT);
    plain.free(0, range, Q);
    assertEquals(64 * Q, plain.freeBytes());
  }

  @Test
  void shouldCacheSixteenSizesAtMost() {
    Arena wide = cached(40, ArenaTuning.DEFAULT);
    wide.free(0, wide.allocate(0, 16 * Q, Fit.INSTANT), 16 * Q);
    wide.free(0, wide.allocate(0, 17 * Q, Fit.INSTANT), 17 * Q);
    assertEquals(1, Arenas.figure(wide, "qcache_held"));
  }
}
