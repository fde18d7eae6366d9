package vmem.tree;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import allocator.api.MisuseException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import vmem.api.AddressArena;
import vmem.api.AddressConstraints;
import vmem.api.ArenaSpec;
import vmem.api.FitPolicy;

/** Arenas with spans added by hand, small figures, in both halves of the address space. */
class TreeArenaTest {
  private static final long PAGE = 0x1000;
  private static final long BASE = 0xffff_c900_0000_0000L; // VMALLOC_START of x86-64
  private static final FitPolicy ANY = FitPolicy.INSTANT;

  private final TreeArena arena = Arenas.of("test", PAGE);
  private boolean isClosed;

  @AfterEach
  void invariantsHold() {
    if (!isClosed) {
      assertTrue(arena.checkInvariants() > 5);
    }
  }

  private static TreeArena with(String... settings) {
    return Arenas.of(ArenaSpec.of("kernel", PAGE), Arenas.settings(settings));
  }

  private long allocate(long size) {
    return arena.allocate(0, size, ANY);
  }

  @Test
  void shouldTakeTheLowestThatFitsWhateverThePolicy() {
    arena.addSpan(BASE, 64 * PAGE);
    for (int i = 0; i < 8; i++) {
      assertEquals(BASE + i * 2L * PAGE, allocate(2 * PAGE));
    }
    arena.free(0, BASE + 2 * PAGE, 2 * PAGE);
    arena.free(0, BASE + 8 * PAGE, 2 * PAGE);
    for (FitPolicy policy : FitPolicy.values()) {
      long got = arena.allocate(0, PAGE, policy);
      assertEquals(BASE + 2 * PAGE, got, policy.toString());
      arena.free(0, got, PAGE);
    }
    assertEquals(BASE + 16 * PAGE, allocate(3 * PAGE));
  }

  @Test
  void shouldCountTheFourWaysToFit() {
    arena.addSpan(BASE, 16 * PAGE);
    var sixteenth = AddressConstraints.exactly(BASE + 15 * PAGE, PAGE, PAGE);
    assertEquals(BASE + 15 * PAGE, arena.allocateConstrained(0, PAGE, sixteenth, ANY)); // right
    allocate(PAGE); // left
    var eighth = AddressConstraints.exactly(BASE + 7 * PAGE, PAGE, PAGE);
    arena.allocateConstrained(0, PAGE, eighth, ANY); // none
    allocate(6 * PAGE); // full
    assertEquals("ffffc90000008000+7000", Arenas.shown(arena::walkFree));
    for (String fit : List.of("fit_full", "fit_left", "fit_right", "fit_none")) {
      assertEquals(1, Arenas.figure(arena, fit), fit);
    }
  }

  @Test
  void shouldKeepAGuardBehindEachRange() {
    TreeArena guarded = with();
    guarded.addSpan(BASE, 8 * PAGE);
    assertEquals(BASE, guarded.allocate(0, PAGE, ANY));
    assertEquals(BASE + 2 * PAGE, guarded.allocate(0, 2 * PAGE + 1, ANY));
    assertEquals(2 * PAGE, Arenas.figure(guarded, "guard"));
    assertEquals(3 * PAGE + 1, guarded.allocatedBytes());
    var behind = AddressConstraints.exactly(BASE + PAGE, PAGE, PAGE);
    assertEquals(AddressArena.NONE, guarded.allocateConstrained(0, PAGE, behind, ANY));
    assertEquals(AddressArena.NONE, guarded.allocate(0, 2 * PAGE, ANY)); // no room for its guard
    var last = AddressConstraints.exactly(BASE + 6 * PAGE, PAGE, PAGE); // limits not the guard
    assertEquals(BASE + 6 * PAGE, guarded.allocateConstrained(0, PAGE, last, ANY));
    assertEquals(0, guarded.freeBytes());
    guarded.checkInvariants();
  }

  @Test
  void shouldGiveIdentifiersWithoutGuardAndAtOnceAgain() {
    ArenaSpec spec = new ArenaSpec("pid", 1, Optional.empty(), 0, true);
    TreeArena ids = Arenas.of(spec, TreeSettings.DEFAULT);
    ids.addSpan(1, 100);
    assertEquals(1, ids.allocate(0, 1, ANY));
    assertEquals(2, ids.allocate(0, 1, ANY));
    ids.free(0, 1, 1);
    assertEquals(1, ids.allocate(0, 1, ANY));
  }

  @Test
  void shouldLetFreedAddressesWaitUntilEnoughHaveGathered() {
    TreeArena lazy = with("lazy", "16K", "guard", "off"); // two CPUs: 32 KiB
    lazy.addSpan(BASE, 64 * PAGE);
    for (int i = 0; i < 8; i++) {
      assertEquals(BASE + i * PAGE, lazy.allocate(0, PAGE, ANY));
      lazy.free(0, BASE + i * PAGE, PAGE);
    }
    assertEquals(8 * PAGE, Arenas.figure(lazy, "lazy"));
    assertEquals(1, Arenas.figure(lazy, "lazy_areas"));
    assertEquals(0, Arenas.figure(lazy, "tlb_flush"));
    assertEquals(56 * PAGE, lazy.freeBytes());
    lazy.free(0, lazy.allocate(0, PAGE, ANY), PAGE);
    assertEquals(1, Arenas.figure(lazy, "tlb_flush"));
    assertEquals(9 * PAGE, Arenas.figure(lazy, "purged"));
    assertEquals("ffffc90000000000+40000", Arenas.shown(lazy::walkFree));
    assertEquals(BASE, lazy.allocate(0, PAGE, ANY));
    lazy.checkInvariants();
  }

  @Test
  void shouldPurgeBeforeItGivesUpIfThatMayHelp() {
    TreeArena lazy = with("guard", "off");
    assertEquals(64L << 20, Arenas.figure(lazy, "lazy_max")); // 32 MiB times fls(2)
    lazy.addSpan(BASE, 4 * PAGE);
    for (int i = 0; i < 4; i++) {
      lazy.allocate(0, PAGE, ANY);
    }
    lazy.free(0, BASE + PAGE, PAGE);
    var third = AddressConstraints.exactly(BASE + 2 * PAGE, PAGE, PAGE);
    assertEquals(AddressArena.NONE, lazy.allocateConstrained(0, PAGE, third, ANY));
    assertEquals(0, Arenas.figure(lazy, "tlb_flush"));
    var second = AddressConstraints.exactly(BASE + PAGE, PAGE, PAGE);
    assertEquals(BASE + PAGE, lazy.allocateConstrained(0, PAGE, second, ANY));
    assertEquals(1, Arenas.figure(lazy, "tlb_flush"));
    lazy.free(0, BASE, PAGE);
    lazy.free(0, BASE + 3 * PAGE, PAGE);
    assertEquals(AddressArena.NONE, lazy.allocate(0, 2 * PAGE, ANY));
    assertEquals(2, Arenas.figure(lazy, "tlb_flush"));
    assertEquals(PAGE + 4 * PAGE, Arenas.figure(lazy, "flush_range"));
    lazy.checkInvariants();
  }

  @Test
  void shouldPlaceFromTheTopIfSoSet() {
    TreeArena top = with("placement", "top-down", "guard", "off", "lazy", "0");
    top.addSpan(-16 * PAGE, 16 * PAGE);
    top.addSpan(BASE, 16 * PAGE);
    assertEquals(-2 * PAGE, top.allocate(0, 2 * PAGE, ANY));
    assertEquals(-8 * PAGE, aligned(top, 4 * PAGE, 4 * PAGE));
    assertEquals(-4 * PAGE, top.allocate(0, PAGE + 1, ANY));
    assertEquals(BASE, top.allocate(0, 16 * PAGE, ANY));
    var limited = new AddressConstraints(0, 0, 0, 0, -10 * PAGE);
    assertEquals(-11 * PAGE, top.allocateConstrained(0, PAGE, limited, ANY));
    top.checkInvariants();
  }

  private static long aligned(TreeArena arena, long size, long align) {
    return arena.allocateConstrained(0, size, AddressConstraints.aligned(align), ANY);
  }

  @Test
  void shouldBeginAtARandomPlaceIfSoSetAndUseTheRestLast() {
    Set<Long> bases = new HashSet<>();
    for (String placement : List.of("bottom-up", "top-down")) {
      for (int seed = 1; seed <= 8; seed++) {
        bases.add(displaced(placement, seed));
        assertEquals(displaced(placement, seed), displaced(placement, seed));
      }
    }
    assertTrue(bases.size() > 10, bases.toString());
    assertNotEquals(displaced("bottom-up", 1), displaced("top-down", 1));
  }

  private static long displaced(String placement, int seed) {
    TreeArena random =
        with("placement", placement, "seed", "" + seed, "randomBits", "20", "guard", "off");
    random.addSpan(BASE, 1024 * PAGE);
    long first = random.allocate(0, PAGE, ANY);
    long quanta = (first - BASE) / PAGE;
    assertTrue(placement.equals("bottom-up") ? quanta < 512 : quanta >= 511, "" + quanta);
    for (int i = 1; i < 1024; i++) {
      assertNotEquals(AddressArena.NONE, random.allocate(0, PAGE, ANY));
    }
    assertEquals(0, random.freeBytes());
    random.checkInvariants();
    return first;
  }

  @Test
  void shouldFindAnAlignedPlaceThatTheKernelsSearchPassesBy() {
    arena.addSpan(BASE, 8 * PAGE); // exactly one block of 8 pages: the kernel looks for 15 and 1
    arena.addSpan(BASE + 0x100000, PAGE);
    arena.addSpan(BASE + 0x200000, PAGE);
    assertEquals(BASE, aligned(arena, 8 * PAGE, 8 * PAGE));
  }

  @Test
  void shouldJoinNothingAcrossTheBorderOfTwoSpans() {
    arena.addSpan(BASE, 4 * PAGE);
    arena.addSpan(BASE + 4 * PAGE, 4 * PAGE);
    assertEquals(4 * PAGE, arena.largestFree());
    assertEquals(AddressArena.NONE, allocate(5 * PAGE));
    long low = allocate(4 * PAGE);
    long high = allocate(4 * PAGE);
    arena.free(0, low, 4 * PAGE);
    arena.free(0, high, 4 * PAGE);
    assertEquals(2, Arenas.figure(arena, "free_areas"));
    assertFalse(arena.contains(BASE + 3 * PAGE, 2 * PAGE));
    assertTrue(arena.contains(BASE + 3 * PAGE, PAGE));
  }

  @Test
  void shouldNotMistakeRequestsOfNearly2To64BytesForSmallOnes() {
    arena.addSpan(PAGE, -PAGE);
    assertEquals(AddressArena.NONE, allocate(-1));
    assertEquals(AddressArena.NONE, allocate(-PAGE + 1));
    assertEquals(PAGE, allocate(-2 * PAGE));
    assertEquals(-PAGE, allocate(PAGE));
    assertEquals(AddressArena.NONE, allocate(1));
    TreeArena guarded = with();
    guarded.addSpan(PAGE, -PAGE);
    assertEquals(AddressArena.NONE, guarded.allocate(0, -PAGE, ANY));
    assertEquals(1L << 63, aligned(guarded, 1L << 62, 1L << 63));
    guarded.checkInvariants();
  }

  @Test
  void shouldEndAWalkWhenTheVisitorHasSeenEnoughAndAllowItToCallBack() {
    arena.addSpan(BASE, 8 * PAGE);
    arena.addSpan(PAGE, 8 * PAGE);
    allocate(8 * PAGE);
    allocate(PAGE);
    List<Long> seen = new ArrayList<>();
    arena.walkAllocated((base, size, attributes) -> {
      seen.add(arena.allocatedBytes());
      return false;
    });
    arena.walkSpans((base, size, attributes) -> !seen.add(base));
    arena.walkFree((base, size, attributes) -> !seen.add(base));
    assertEquals(List.of(9 * PAGE, PAGE, BASE + PAGE), seen);
  }

  private void refused(String why, Executable call) {
    String before = Arenas.all(arena);
    String message = assertThrows(MisuseException.class, call).toString();
    assertTrue(message.contains("arena test") && message.contains(why), message);
    assertEquals(before, Arenas.all(arena));
  }

  @Test
  void shouldRefuseMisuseAndChangeNothing() {
    arena.addSpan(BASE, 64 * PAGE);
    long base = allocate(5000);
    long gone = allocate(PAGE);
    arena.free(0, gone, PAGE);
    refused("was allocated with size 0x1388", () -> arena.free(0, base, 4096));
    refused("was allocated with size 0x1388", () -> arena.freeConstrained(0, base, 0));
    refused("is not live: a double free", () -> arena.free(0, gone, PAGE));
    refused("is not live", () -> arena.free(0, base + PAGE, 5000));
    refused("is not live", () -> arena.free(0, 0, 0));
    refused("a request of 0 bytes", () -> allocate(0));
    refused("overlaps the span at 0xffffc90000000000", () -> arena.addSpan(BASE + PAGE, PAGE));
    refused("overlaps", () -> arena.addSpan(BASE - PAGE, 66 * PAGE));
    refused("must have whole quanta of 0x1000", () -> arena.addSpan(PAGE + 1, PAGE));
    refused("must have whole quanta", () -> arena.addSpan(PAGE, 0));
    refused("passes the end", () -> arena.addSpan(-PAGE, 2 * PAGE));
    String before = Arenas.all(arena);
    for (var where :
        List.of(
            new AddressConstraints(3 * PAGE, 0, 0, 0, 0),
            new AddressConstraints(PAGE / 2, 0, 0, 0, 0),
            new AddressConstraints(2 * PAGE, 2 * PAGE, 0, 0, 0),
            new AddressConstraints(0, 0, PAGE, 0, 0))) {
      assertThrows(
          IllegalArgumentException.class, () -> arena.allocateConstrained(0, 2 * PAGE, where, ANY));
    }
    assertEquals(before, Arenas.all(arena));
  }

  @Test
  void shouldAnswerNoneWhenItMayHaveNoMoreAreas() {
    TreeArena few = with("areasMax", "8", "guard", "off");
    few.addSpan(BASE, 64 * PAGE);
    int got = 0;
    while (few.allocate(0, PAGE, ANY) != AddressArena.NONE) {
      got++;
    }
    assertEquals(3, got); // a span, a free area, and four to spare for any request
    few.free(0, BASE, PAGE);
    few.drain();
    assertThrows(MisuseException.class, () -> few.free(0, BASE, PAGE));
    few.checkInvariants();
  }

  @Test
  void shouldRefuseAnAddressThatMeansNoRange() {
    TreeArena bytes = Arenas.of("bytes", 1);
    assertThrows(MisuseException.class, () -> bytes.addSpan(-8, 8));
    bytes.addSpan(-8, 7);
    assertEquals(-8, bytes.allocate(0, 7, ANY));
    bytes.checkInvariants();
  }

  @Test
  void shouldCloseOnlyWithoutLiveRangesAndThenRefuseEverything() {
    arena.addSpan(BASE, 4 * PAGE);
    long base = allocate(1);
    refused("cannot be closed: 1 ranges are live", arena::close);
    arena.free(0, base, 1);
    arena.close();
    isClosed = true;
    List<Executable> calls =
        List.of(
            () -> allocate(1),
            () -> arena.free(0, base, 1),
            () -> arena.addSpan(PAGE, PAGE),
            () -> arena.contains(BASE, 1),
            arena::allocatedBytes,
            arena::statistics,
            arena::checkInvariants,
            () -> arena.walkFree((at, size, attributes) -> true),
            arena::close);
    for (Executable call : calls) {
      String message = assertThrows(MisuseException.class, call).toString();
      assertTrue(message.endsWith("arena test is closed"), message);
    }
  }
}
