package allocator.arena;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import allocator.api.TransferRefusedException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.StringJoiner;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What an arena takes over is checked first and then stands there as if it had grown. */
class HeritageTest {
  private static final long Q = 0x10;

  private final Heritage heritage = new Heritage(ArenaShape.of("left", Q), 1000);

  private Arena settled() {
    heritage.check();
    Arena arena = Arenas.of(heritage.shape(), Arenas.settings("allocator", "instant"));
    arena.adopt(heritage);
    assertTrue(arena.checkInvariants() > 0);
    return arena;
  }

  private void refused(String... words) {
    Exception thrown = assertThrows(TransferRefusedException.class, heritage::check);
    for (String word : words) {
      assertTrue(String.valueOf(thrown.getMessage()).contains(word), thrown.getMessage());
    }
  }

  @Test
  void shouldBuildEachGapOnceAndServeTheLowestFirst() {
    heritage.addSpan(0x1000, 0x100, false);
    heritage.addSpan(0x2000, 0x100, false);
    heritage.addLive(0x2010, 0x11); // the rest of its second quantum is waste
    heritage.addLive(0x1000, Q);
    heritage.addLive(0x1020, Q);
    heritage.addLive(0x2030, 0xd0); // up to the end
    Arena arena = settled();
    assertEquals("1000+10 1020+10 2010+11 2030+d0", Arenas.shown(arena::walkAllocated));
    assertEquals("1010+10 1030+d0 2000+10", Arenas.shown(arena::walkFree));
    assertEquals("1000+100 2000+100", Arenas.shown(arena::walkSpans));
    assertEquals(0x1010, arena.allocate(0, Q, Fit.INSTANT));
    assertEquals(0x2000, arena.allocate(0, Q, Fit.INSTANT));
    arena.free(0, 0x2010, 0x11);
    assertEquals("1030+d0 2010+20", Arenas.shown(arena::walkFree));
    arena.addSpan(0x1800, 0x100);
    assertTrue(arena.checkInvariants() > 0);
  }

  @Test
  void shouldReachTheEndOfTheAddressSpace() {
    heritage.addSpan(-0x100, 0x100, false);
    heritage.addLive(-0x10, 0x9);
    Arena arena = settled();
    assertEquals(0xf0, arena.freeBytes());
    assertEquals(-0x100, arena.allocate(0, 0xf0, Fit.INSTANT));
    arena.free(0, -0x10, 0x9);
    assertEquals(-0x10, arena.allocate(0, Q, Fit.INSTANT));
  }

  @Test
  void shouldContinueNextFitFromTheBottom() {
    heritage.addSpan(0x1000, 0x100, false);
    heritage.addLive(0x1010, Q);
    Arena arena = settled();
    assertEquals(0x1000, arena.allocate(0, Q, Fit.NEXT));
    assertEquals(0x1020, arena.allocate(0, Q, Fit.NEXT));
    assertTrue(arena.checkInvariants() > 0);
  }

  @Test
  void shouldNameARangeThatLiesInNoSpan() {
    heritage.addSpan(0x1000, 0x100, false);
    heritage.addLive(0x1000, Q);
    heritage.addLive(0x1100, Q);
    refused("arena left", "live range at 0x1100 of 0x10 bytes", "no span");
  }

  @Test
  void shouldNameARangeBelowEverySpan() {
    heritage.addSpan(0x1000, 0x100, false);
    heritage.addLive(0x1000, Q);
    heritage.addLive(0x800, Q);
    refused("0x800");
  }

  @Test
  void shouldNameARangeThatGoesOnPastItsSpan() {
    heritage.addSpan(0x1000, 0x100, false);
    heritage.addSpan(0x1100, 0x100, true);
    heritage.addLive(0x10f0, Q + 1);
    refused("0x10f0 of 0x11 bytes", "no span");
  }

  @Test
  void shouldNameASpanThatAnImportedOneOverlaps() {
    heritage.addSpan(0x1000, 0x100, false);
    heritage.addSpan(0x10f0, 0x100, true);
    refused("span at 0x10f0", "overlaps");
  }

  @Test
  void shouldNameASpanOfBrokenQuanta() {
    heritage.addSpan(0x1000, 0x108, false);
    refused("span at 0x1000", "misaligned");
  }

  @Test
  void shouldNameARangeOfTheQuantumBelow() {
    heritage.addSpan(0x1000, 0x100, false);
    heritage.addLive(0x1010, 0x11);
    heritage.addLive(0x1020, Q); // the byte before it is waste of the one below
    refused("live range at 0x1020", "overlaps the one below");
  }

  @Test
  void shouldRefuseEmptyAndWrappingRanges() {
    heritage.addSpan(0x1000, 0x100, false);
    heritage.addLive(0x1000, 0);
    refused("0x1000 of 0x0");
    Heritage wrapping = new Heritage(ArenaShape.of("wrap", Q), 1000);
    wrapping.addSpan(-0x10, 0x20, false);
    assertThrows(TransferRefusedException.class, wrapping::check);
  }

  @Test
  void shouldKnowBeforehandThatItsTagsDoNotSuffice() {
    for (int most = 1; most < 8; most++) {
      Heritage tight = new Heritage(ArenaShape.of("tight", Q), most);
      tight.addSpan(0x1000, 0x100, false);
      tight.addLive(0x1010, Q);
      tight.addLive(0x1030, Q); // a span, two live, three gaps
      if (most < 6) {
        Exception thrown = assertThrows(TransferRefusedException.class, tight::check);
        assertTrue(String.valueOf(thrown.getMessage()).contains("6 boundary tags"));
      } else {
        tight.check();
      }
    }
  }

  /** A source of pages upward from 2^20. */
  private static final class Pages implements SpanSource {
    private long next = 1 << 20;
    private long out;

    @Override
    public long quantum() {
      return 0x100;
    }

    @Override
    public long importSpan(long size, Fit policy) {
      out += size;
      next += size + 0x100;
      return next - size;
    }

    @Override
    public void releaseSpan(long base, long size) {
      out -= size;
    }
  }

  /** Fills an arena at random; what is live is returned as base, size and whether constrained. */
  private static List<long[]> churn(Arena arena, Random random, List<long[]> live, int steps) {
    for (int step = 0; step < steps; step++) {
      long size = 1 + random.nextInt(0x90);
      boolean constrained = random.nextInt(4) == 0;
      long base =
          constrained
              ? arena.allocateConstrained(size, Constraints.aligned(0x40), Policies.any(random))
              : arena.allocate(0, size, Policies.any(random));
      if (base != Arena.NONE) {
        live.add(new long[] {base, size, constrained ? 1 : 0});
      }
      while (!live.isEmpty() && random.nextInt(9) < 4) {
        release(arena, live.remove(random.nextInt(live.size())));
      }
    }
    return live;
  }

  private static void release(Arena arena, long[] each) {
    if (each[2] == 0) {
      arena.free(0, each[0], each[1]);
    } else {
      arena.freeConstrained(each[0], each[1]);
    }
  }

  /** The free segments that must be: what of each span no live range covers. */
  private static String gaps(Arena arena) {
    List<long[]> live = new ArrayList<>();
    arena.walkAllocated((base, size, none) -> live.add(new long[] {base, size}));
    StringJoiner text = new StringJoiner(" ");
    arena.walkSpans((base, size, imported) -> {
      long free = base;
      for (long[] each : live) {
        if (each[0] >= base && each[0] < base + size) {
          gap(text, free, each[0]);
          free = Numbers.roundUp(each[0] + each[1], Q);
        }
      }
      gap(text, free, base + size);
      return true;
    });
    return text.toString();
  }

  private static void gap(StringJoiner text, long from, long to) {
    if (from != to) {
      text.add("%x+%x".formatted(from, to - from));
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void shouldServeOnWhateverItTookOverInWhateverOrder(long seed) {
    Random random = new Random(seed);
    Pages pages = new Pages();
    ArenaShape spec = new ArenaShape("grown", Q, Optional.of(pages), 0, "bytes");
    Arena old = Arenas.of(spec);
    old.addSpan(0x1000, 0x800);
    List<long[]> live = churn(old, random, new ArrayList<>(), 800);
    List<long[]> ranges = new ArrayList<>();
    old.walkAllocated((base, size, none) -> ranges.add(new long[] {base, size}));
    List<long[]> spans = new ArrayList<>();
    old.walkSpans((base, size, imported) -> spans.add(new long[] {base, size, imported}));
    for (int round = 0; round < 2; round++) {
      Heritage left = new Heritage(spec, 100_000);
      spans.forEach(s -> left.addSpan(s[0], s[1], s[2] != 0));
      ranges.forEach(r -> left.addLive(r[0], r[1]));
      left.check();
      Arena fresh = Arenas.of(spec);
      fresh.adopt(left);
      assertTrue(fresh.checkInvariants() > 0, "seed " + seed);
      assertEquals(Arenas.shown(old::walkAllocated), Arenas.shown(fresh::walkAllocated));
      assertEquals(Arenas.shown(old::walkSpans), Arenas.shown(fresh::walkSpans), "seed " + seed);
      assertEquals(gaps(old), Arenas.shown(fresh::walkFree), "seed " + seed);
      if (round == 1) {
        serveOn(fresh, random, live, pages, seed);
      }
      Collections.shuffle(ranges, random);
      Collections.shuffle(spans, random);
    }
  }

  private static void serveOn(
      Arena fresh, Random random, List<long[]> live, Pages pages, long seed) {
    churn(fresh, random, live, 800);
    assertTrue(fresh.checkInvariants() > 0, "seed " + seed);
    live.forEach(each -> release(fresh, each));
    fresh.close();
    assertEquals(0, pages.out, "all imports are home, seed " + seed);
  }

  @Test
  void shouldSortByTheUnsignedBaseAndKeepSizesWithTheirBases() {
    Random random = new Random(77);
    for (int bits = 1; bits <= 64; bits += 7) {
      Ranges ranges = new Ranges();
      int count = random.nextInt(300);
      for (int i = 0; i < count; i++) {
        long base = random.nextLong() >>> (64 - bits);
        ranges.add(base, ~base, (int) base);
      }
      ranges.sort();
      assertEquals(count, ranges.count());
      for (int i = 0; i < count; i++) {
        assertEquals(~ranges.base(i), ranges.size(i), "seed 77, bits " + bits);
        assertEquals((int) ranges.base(i), ranges.note(i), "seed 77, bits " + bits);
        assertTrue(i == 0 || !Numbers.below(ranges.base(i), ranges.base(i - 1)), "seed 77");
      }
    }
  }
}
