package vmem.bump;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import allocator.api.MisuseException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import vmem.api.AddressArena;
import vmem.api.AddressConstraints;
import vmem.api.ArenaSpec;
import vmem.api.FitPolicy;

/** An arena with spans added by hand, small figures, in both halves of the address space. */
class BumpArenaTest {
  private static final long PAGE = 0x1000;
  private static final long BASE = 0xffff_8000_0000_0000L;
  private static final FitPolicy ANY = FitPolicy.INSTANT;

  private final BumpArena arena = Arenas.of("test", PAGE);
  private boolean isClosed;

  @AfterEach
  void invariantsHold() {
    if (!isClosed) {
      assertTrue(arena.checkInvariants() > 5);
    }
  }

  private long allocate(long size) {
    return arena.allocate(0, size, ANY);
  }

  private long exactly(long base, long size) {
    return arena.allocateConstrained(0, size, AddressConstraints.exactly(base, size, PAGE), ANY);
  }

  @Test
  void shouldNeverHandOutAnAddressAgain() {
    arena.addSpan(BASE, 64 * PAGE);
    Set<Long> seen = new HashSet<>();
    for (FitPolicy policy : FitPolicy.values()) {
      for (int i = 0; i < 16; i++) {
        long base = arena.allocate(0, 100, policy);
        assertTrue(seen.add(base), "0x%x came twice".formatted(base));
        arena.free(0, base, 100);
      }
    }
    assertEquals(AddressArena.NONE, allocate(1));
    assertEquals(0, arena.allocatedBytes());
    assertEquals(0, arena.freeBytes());
    assertEquals(0, arena.largestFree());
    assertEquals("", Arenas.shown(arena::walkFree));
  }

  @Test
  void shouldServeExactlyTheFrontierAndNothingBelow() {
    arena.addSpan(BASE, 64 * PAGE);
    allocate(PAGE);
    assertEquals(BASE + PAGE, exactly(BASE + PAGE, 2 * PAGE));
    arena.freeConstrained(0, BASE + PAGE, 2 * PAGE);
    assertEquals(AddressArena.NONE, exactly(BASE + PAGE, PAGE));
    assertEquals(AddressArena.NONE, exactly(BASE + 2 * PAGE, 2 * PAGE));
    assertEquals(BASE + 3 * PAGE, exactly(BASE + 3 * PAGE, 5)); // the limit is in mid quantum
    assertEquals(0, Arenas.figure(arena, "skipped"));
  }

  @Test
  void shouldGrowInPlaceUpToTheVeryEndOfTheAddressSpace() {
    arena.addSpan(-4 * PAGE, 4 * PAGE);
    assertEquals(-4 * PAGE, allocate(3 * PAGE));
    assertEquals(-PAGE, exactly(-PAGE, PAGE));
    assertEquals(AddressArena.NONE, allocate(1));
    assertEquals(AddressArena.NONE, exactly(0, PAGE));
    assertTrue(arena.contains(-PAGE, PAGE));
    assertFalse(arena.contains(-PAGE, PAGE + 1));
    assertEquals("", Arenas.shown(arena::walkFree));
    assertEquals(0, Arenas.figure(arena, "left"));
  }

  @Test
  void shouldNotMistakeRequestsOfNearly2To64BytesForSmallOnes() {
    arena.addSpan(PAGE, -PAGE);
    assertEquals(AddressArena.NONE, allocate(-1));
    assertEquals(AddressArena.NONE, allocate(-PAGE + 1));
    assertEquals(PAGE, allocate(-2 * PAGE));
    assertEquals(-PAGE, allocate(PAGE));
    assertEquals(AddressArena.NONE, allocate(1));
  }

  @Test
  void shouldKeepAlignmentPhaseBoundaryAndLimits() {
    arena.addSpan(BASE, 1024 * PAGE);
    allocate(PAGE);
    assertEquals(BASE + 16 * PAGE, take(PAGE, AddressConstraints.aligned(16 * PAGE)));
    assertEquals(BASE + 17 * PAGE, take(PAGE, new AddressConstraints(16 * PAGE, PAGE, 0, 0, 0)));
    assertEquals(BASE + 24 * PAGE, take(7 * PAGE, new AddressConstraints(0, 0, 8 * PAGE, 0, 0)));
    var limited = new AddressConstraints(0, 0, 0, BASE + 100 * PAGE, BASE + 102 * PAGE);
    assertEquals(BASE + 100 * PAGE, take(2 * PAGE, limited));
    assertEquals(AddressArena.NONE, take(PAGE, limited));
    long lost = (15 + 6 + 69) * PAGE;
    assertEquals(lost, Arenas.figure(arena, "skipped"));
    assertEquals(102 * PAGE, Arenas.figure(arena, "consumed"));
  }

  private long take(long size, AddressConstraints where) {
    return arena.allocateConstrained(0, size, where, ANY);
  }

  @Test
  void shouldUseTheLowestSpanThatHasRoomAndRestsForShorterRequests() {
    arena.addSpan(0x40000, 4 * PAGE);
    arena.addSpan(0x10000, 4 * PAGE);
    arena.addSpan(0x80000, 16 * PAGE);
    assertEquals(0x10000, allocate(3 * PAGE));
    assertEquals(0x40000, allocate(3 * PAGE));
    assertEquals(0x80000, allocate(5 * PAGE));
    assertEquals(AddressArena.NONE, allocate(12 * PAGE));
    assertEquals(0x13000, allocate(PAGE));
    assertEquals(0x43000, allocate(PAGE));
    assertEquals(0x85000, allocate(PAGE));
    assertEquals("86000+a000", Arenas.shown(arena::walkFree));
    arena.addSpan(0x60000, 16 * PAGE);
    assertEquals(0x60000, allocate(12 * PAGE));
    assertEquals(10 * PAGE, arena.largestFree());
    assertEquals(14 * PAGE, arena.freeBytes());
  }

  @Test
  void shouldGrowTheLatestSpanFirstIfSoSet() {
    BumpArena latest = Arenas.of(ArenaSpec.of("latest", PAGE), Arenas.settings("order", "latest"));
    latest.addSpan(0x40000, 4 * PAGE);
    latest.addSpan(0x10000, 4 * PAGE);
    assertEquals(0x10000, latest.allocate(0, PAGE, ANY));
    var high = new AddressConstraints(0, 0, 0, 0x20000, 0);
    assertEquals(0x40000, latest.allocateConstrained(0, PAGE, high, ANY));
    assertEquals(0x41000, latest.allocate(0, PAGE, ANY));
    latest.addSpan(0x20000, 4 * PAGE); // below it: it has another index now
    assertEquals(0x42000, latest.allocate(0, 2 * PAGE, ANY));
    assertEquals(0x11000, latest.allocate(0, PAGE, ANY));
    latest.checkInvariants();
  }

  @Test
  void shouldLeaveTheGapThatIsSetAndCountIt() {
    BumpArena apart = Arenas.of(ArenaSpec.of("apart", PAGE), Arenas.settings("gap", "2"));
    apart.addSpan(BASE, 8 * PAGE);
    assertEquals(BASE, apart.allocate(0, PAGE, ANY));
    assertEquals(BASE + 3 * PAGE, apart.allocate(0, 4 * PAGE, ANY));
    assertEquals(0, apart.freeBytes()); // of the second gap there was only one page
    assertEquals(3 * PAGE, Arenas.figure(apart, "skipped"));
    apart.checkInvariants();
    BumpArena huge = Arenas.of(ArenaSpec.of("huge", 1L << 60), Arenas.settings("gap", "16"));
    huge.addSpan(1L << 60, 4L << 60);
    assertEquals(1L << 60, huge.allocate(0, 1, ANY));
    assertEquals(0, huge.freeBytes());
    huge.checkInvariants();
  }

  @Test
  void shouldKeepExactSizesAndShowRangesInRisingOrder() {
    arena.addSpan(0x7000, 2 * PAGE);
    arena.addSpan(BASE, 4 * PAGE);
    long low = allocate(5000);
    long high = allocate(1);
    assertEquals(5001, arena.allocatedBytes());
    assertEquals("7000+1388 ffff800000000000+1", Arenas.shown(arena::walkAllocated));
    assertEquals("7000+2000 ffff800000000000+4000", Arenas.shown(arena::walkSpans));
    assertEquals("ffff800000001000+3000", Arenas.shown(arena::walkFree));
    arena.free(0, low, 5000);
    arena.free(0, high, 1);
    assertEquals("", Arenas.shown(arena::walkAllocated));
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

  @Test
  void shouldForecastItsEnd() {
    arena.addSpan(BASE, 100 * PAGE);
    assertEquals(100, Arenas.figure(arena, "calls_left"));
    allocate(PAGE);
    allocate(3 * PAGE);
    assertEquals(48, Arenas.figure(arena, "calls_left"));
    take(PAGE, AddressConstraints.aligned(16 * PAGE)); // 17 pages in three calls
    assertEquals(83 * 3 / 17, Arenas.figure(arena, "calls_left"));
    assertEquals(83 * PAGE, Arenas.figure(arena, "left"));
    allocate(PAGE);
    allocate(2 * PAGE); // 20 pages in five calls
    assertEquals(80 / 4, Arenas.figure(arena, "calls_left"));
    allocate(80 * PAGE);
    assertEquals(AddressArena.NONE, allocate(1));
    assertEquals(0, Arenas.figure(arena, "calls_left"));
    assertEquals(1, Arenas.figure(arena, "fail"));
    assertEquals(6, Arenas.figure(arena, "alloc"));
    assertEquals(6, Arenas.figure(arena, "live"));
    assertEquals(100 * PAGE, Arenas.figure(arena, "mem_total"));
  }

  @Test
  void shouldContainWhatOneSpanCovers() {
    arena.addSpan(0x10000, PAGE);
    arena.addSpan(0x11000, PAGE);
    assertTrue(arena.contains(0x10000, PAGE));
    assertTrue(arena.contains(0x11fff, 1));
    assertFalse(arena.contains(0x10fff, 2));
    assertFalse(arena.contains(0x10000, 0));
    assertFalse(arena.contains(0xffff, 1));
    assertFalse(arena.contains(0x12000, 1));
    assertFalse(arena.contains(0x11000, -1));
    arena.free(0, allocate(PAGE), PAGE);
    assertTrue(arena.contains(0x10000, PAGE));
    assertEquals(8, Arenas.figure(arena, "contains"));
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
    refused("a request of 0 bytes", () -> take(0, AddressConstraints.aligned(3)));
    refused("overlaps the span at 0xffff800000000000", () -> arena.addSpan(BASE + PAGE, PAGE));
    refused("overlaps", () -> arena.addSpan(BASE - PAGE, 66 * PAGE));
    refused("must have whole quanta of 0x1000", () -> arena.addSpan(PAGE + 1, PAGE));
    refused("must have whole quanta", () -> arena.addSpan(PAGE, PAGE - 1));
    refused("must have whole quanta", () -> arena.addSpan(PAGE, 0));
    refused("passes the end", () -> arena.addSpan(-PAGE, 2 * PAGE));
  }

  @Test
  void shouldRefuseAnAddressThatMeansNoRange() {
    BumpArena bytes = Arenas.of("bytes", 1);
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
