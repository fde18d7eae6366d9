package allocator.arena;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** A million segments: the table grows and shrinks, and no search gets longer. */
class LargeTest {
  private static final int SEGMENTS = 1_000_000;
  private static final long Q = 0x1000;

  @Test
  void shouldServeAMillionSegmentsInConstantTime() {
    Arena arena = Arenas.plain(Q, Q, (long) SEGMENTS * Q);
    for (int i = 0; i < SEGMENTS; i++) {
      assertEquals(Q * (1 + i), arena.allocate(0, Q, Fit.INSTANT));
    }
    assertEquals(Arena.NONE, arena.allocate(0, Q, Fit.INSTANT));
    assertTrue(Arenas.figure(arena, "hash_buckets") >= SEGMENTS);
    for (int i = 0; i < SEGMENTS; i += 2) {
      arena.free(0, Q * (1 + i), Q);
    }
    assertEquals(SEGMENTS / 2 * Q, arena.freeBytes());
    assertTrue(arena.checkInvariants() > 2L * SEGMENTS);
    for (int i = 1; i < SEGMENTS; i += 2) {
      arena.free(0, Q * (1 + i), Q);
    }
    assertEquals(SEGMENTS * Q, arena.largestFree());
    assertTrue(Arenas.figure(arena, "hash_buckets") <= 128, "the table shrinks");
    assertTrue(Arenas.figure(arena, "lookup") < SEGMENTS, "chains are short");
    assertTrue(Arenas.figure(arena, "search") < 100, "instant fit does not search");
    arena.checkInvariants();
  }

  @Test
  void shouldKeepChainsShortForAnyStride() {
    for (int shift = 0; shift < 52; shift++) {
      Tags tags = new Tags(1 << 20);
      LiveTable table = new LiveTable(tags, 0x1000, 16);
      int count = Math.min(2000, 1 << Math.min(30, 52 - shift));
      int[] made = new int[count];
      for (int i = 0; i < count; i++) {
        assertTrue(tags.reserve());
        long start = ((long) i << shift) * 0x1000;
        made[i] = tags.create(Tags.ANCHOR, start, start + 0x1000, Tags.LIVE);
        table.insert(made[i]);
      }
      for (int i = 0; i < count; i++) {
        assertEquals(made[i], table.find(((long) i << shift) * 0x1000));
        assertEquals(made[i], table.peek(((long) i << shift) * 0x1000));
      }
      assertTrue(table.lookups() <= 2L * count, "shift " + shift + ": " + table.lookups());
      for (int tag : made) {
        table.remove(tag);
      }
      assertEquals(0, table.recount());
    }
  }
}
